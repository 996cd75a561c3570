"""A mentor sees what waits for them, and whose turn it is."""

from datetime import timedelta
from typing import Any

from bot.delivery.tables import DeliveryState
from bot.desk import offering, queueing, talking
from bot.desk.tables import MentorDesk
from tests.bot.desk.conftest import ASKER, DAY, MENTORS, NOW, Office

FIRST, SECOND, _ = MENTORS


def queue(office: Office, chat_id: int = FIRST, hours: int = 0) -> dict[str, Any]:
    queueing.show_queue(office.session, chat_id, now=NOW + timedelta(hours=hours))
    return office.last(chat_id, "queue")


def test_open_offers_stand_oldest_first_with_the_time_that_is_left(office: Office) -> None:
    first, second = office.ask(), office.ask()
    office.send(first)
    office.send(second, now=NOW + timedelta(hours=1))
    found = queue(office, hours=2)["offers"]
    assert [one["consultation"] for one in found] == [first, second]
    assert [one["minutes"] for one in found] == [22 * 60, 23 * 60]


def test_a_talk_says_whose_turn_it_is_and_owed_answers_come_first(office: Office) -> None:
    first, second = office.talk(), office.talk()
    later = NOW + timedelta(hours=1)
    talking.relay(office.session, office.heard(FIRST, "先看排气"), first, now=later)
    found = queue(office, hours=2)["talks"]
    assert [(one["consultation"], one["owed"]) for one in found] == [
        (second, True),
        (first, False),
    ]
    talking.relay(office.session, office.heard(ASKER, "看过了"), first, now=later)
    assert [one["owed"] for one in queue(office, hours=2)["talks"]] == [True, True]


def test_an_empty_queue_says_so_and_an_asker_has_none(office: Office) -> None:
    assert queue(office)["offers"] == queue(office)["talks"] == []
    with office.refuses("for_mentors"):
        queueing.show_queue(office.session, ASKER, now=NOW)


def test_nobody_elses_work_is_in_it(office: Office) -> None:
    office.send(office.ask())
    office.talk(1)
    found = queue(office)
    assert (len(found["offers"]), len(found["talks"])) == (1, 0)


def test_a_long_queue_is_cut_and_counted(office: Office) -> None:
    for _ in range(10):
        office.send(office.ask())
    found = queue(office)
    assert (len(found["offers"]), found["more"]) == (8, 2)


def test_deadlines_are_shown_where_the_mentor_is(office: Office) -> None:
    office.session.add(MentorDesk(person_id=office.people[FIRST], time_zone="Europe/London"))
    number = office.ask()
    office.send(number)
    waiting = queue(office)["offers"][0]
    assert waiting["zone"] == "Europe/London"
    assert waiting["until"] == (NOW + DAY).isoformat()
    queueing.show_offer_again(office.session, FIRST, office.offer(number).id or 0, now=NOW)
    assert office.last(FIRST, "offer_again")["zone"] == "Europe/London"


def test_an_offer_is_shown_again_in_answer_to_its_card(office: Office) -> None:
    number = office.ask()
    office.send(number)
    office.deliver()
    card = office.shown(FIRST, "offer")
    for owed in office.owed(FIRST):
        owed.state = DeliveryState.SENT
    offer = office.offer(number).id or 0
    queueing.show_offer_again(office.session, FIRST, offer, now=NOW)
    again = office.owed(FIRST)[-1]
    assert (again.card, again.reply_message, again.thread) == ("offer_again", card, number)


def test_an_offer_that_ended_or_is_anothers_is_not_shown_again(office: Office) -> None:
    number = office.ask()
    office.send(number)
    offer = office.offer(number).id or 0
    with office.refuses("not_yours"):
        queueing.show_offer_again(office.session, SECOND, offer, now=NOW)
    offering.withdraw(office.session, ASKER, number, now=NOW)
    with office.refuses("offer_ended", consultation=number):
        queueing.show_offer_again(office.session, FIRST, offer, now=NOW)


def test_a_talk_is_jumped_to_by_its_last_message(office: Office) -> None:
    number = office.talk()
    heard = office.heard(ASKER, "补充一张图")
    talking.relay(office.session, heard, number, now=NOW)
    queueing.jump(office.session, FIRST, number, now=NOW)
    card = office.owed(FIRST)[-1]
    assert (card.card, card.thread) == ("queue_talk", number)
    assert (card.reply_chat, card.reply_message) == (ASKER, heard.message_id)


def test_a_talk_of_somebody_else_is_not_jumped_to(office: Office) -> None:
    number = office.talk()
    with office.refuses("not_yours"):
        queueing.jump(office.session, SECOND, number, now=NOW)
