"""Those who stand behind a liaison follow: stages always, words where they may, and never write."""

from datetime import timedelta

import pytest
from sqlmodel import select

from bot.delivery.tables import Delivery
from bot.desk import (
    accepting,
    beside,
    choosing,
    closing,
    confiding,
    escalating,
    failing,
    reacting,
    reading_along,
    removing,
    routing,
    supervising,
    talking,
    transferring,
    undelivered,
)
from bot.desk.reacting import Reacted
from bot.desk.tables import Consultation, Follow, Level
from bot.desk.undertaking import VERSION
from bot.desk.views import Heard
from knowledge.tables import Dispatch
from tests.bot.desk.conftest import ASKER, DAY, LIAISON, MENTORS, NOW, Office

SUPERVISOR, MENTOR, OWN = 501, MENTORS[0], MENTORS[2]
LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def office(office: Office) -> Office:
    """With a liaison whom a professor and the enterprise's own mentor supervise."""
    office.dispatch()
    office.appoint(mentor=2)
    professor = office.join(SUPERVISOR, "校内导师", "mentor")
    office.session.exec(select(Dispatch)).one().supervisor_id = professor
    return office


def asked(office: Office, level: str = "public") -> int:
    number = office.ask()
    choosing.choose_nobody(office.session, ASKER, number, now=NOW)
    if level != "public":
        confiding.choose_level(office.session, ASKER, number, level, now=NOW)
    office.confirm(number)
    return number


def accepted(office: Office, level: str = "public") -> int:
    """Its liaison has accepted."""
    number = asked(office)
    office.consultation(number).level = Level(level)
    if level == "nda":
        offer = office.offer(number).id or 0
        accepting.undertake(office.session, LIAISON, offer, VERSION, now=NOW)
    else:
        accepting.accept(office.session, LIAISON, office.offer(number).id or 0, now=NOW)
    return number


def follow(office: Office, number: int, chat_id: int = SUPERVISOR) -> None:
    supervising.follow(office.session, chat_id, number, now=NOW)


def write(office: Office, chat_id: int, number: int, text: str = "你好") -> Heard:
    heard = office.heard(chat_id, text)
    talking.relay(office.session, heard, number, now=NOW)
    return heard


def turn(office: Office) -> None:
    office.deliver()
    reading_along.keep_up(office.session, now=LATER)


def codes(office: Office, chat_id: int) -> list[str]:
    return [owed.values["code"] for owed in office.owed(chat_id) if owed.card == "notice"]


def row(office: Office, chat_id: int = SUPERVISOR) -> Follow:
    found = select(Follow).where(Follow.person_id == office.people[chat_id])
    return office.session.exec(found).one()


def test_both_supervisors_may_follow_what_their_student_accepts(office: Office) -> None:
    accepted(office)
    for chat in (SUPERVISOR, OWN):
        view = office.last(chat, "follow")
        assert (view["state"], view["followed_as"], view["escalated"]) == (
            "invited",
            "supervisor",
            False,
        )
        assert view["liaison"]["zh"] == "联络员"
    assert "follow" not in office.cards(LIAISON)


def test_what_anybody_else_accepts_concerns_no_supervisor(office: Office) -> None:
    number = office.ask()
    office.send(number)
    accepting.accept(office.session, MENTOR, office.offer(number).id or 0, now=NOW)
    assert office.cards(SUPERVISOR) == []


def test_what_the_liaison_gives_away_they_may_follow_too(office: Office) -> None:
    number = asked(office)
    offer, person = office.offer(number).id or 0, office.people[MENTOR]
    escalating.escalate(office.session, LIAISON, offer, person, DAY, now=NOW)
    assert office.last(LIAISON, "follow")["followed_as"] == "liaison"
    assert office.last(SUPERVISOR, "follow")["escalated"]
    follow(office, number, LIAISON)
    accepting.accept(office.session, MENTOR, office.offer(number).id or 0, now=NOW)
    turn(office)
    assert codes(office, LIAISON)[-1] == "follow_active"


def test_a_supervisor_who_is_asked_to_answer_is_not_asked_to_follow_too(office: Office) -> None:
    number = asked(office)
    offer, person = office.offer(number).id or 0, office.people[OWN]
    escalating.escalate(office.session, LIAISON, offer, person, DAY, now=NOW)
    assert "follow" not in office.cards(OWN)
    assert "follow" in office.cards(SUPERVISOR)
    accepting.decline(office.session, OWN, office.offer(number).id or 0, "no_time", DAY, now=NOW)
    offer = office.offer(number)
    whose = next(chat for chat, one in office.people.items() if one == offer.person_id)
    accepting.accept(office.session, whose, offer.id or 0, now=NOW)
    assert office.cards(OWN).count("follow") == 1
    assert office.cards(SUPERVISOR).count("follow") == 1


def test_the_supervisor_named_at_the_enterprise_follows_before_its_mentor(office: Office) -> None:
    inside = office.join(502, "企业导师", "mentor")
    office.session.exec(select(Dispatch)).one().enterprise_supervisor_id = inside
    accepted(office)
    assert "follow" in office.cards(502)
    assert "follow" in office.cards(SUPERVISOR)
    assert "follow" not in office.cards(OWN)


def test_a_follower_learns_each_stage_once(office: Office) -> None:
    number = accepted(office)
    follow(office, number)
    closing.say_answered(office.session, LIAISON, number, now=NOW)
    turn(office)
    turn(office)
    closing.settle(office.session, ASKER, number, True, now=NOW)
    turn(office)
    turn(office)
    assert codes(office, SUPERVISOR) == ["follow_answered", "follow_resolved"]
    assert not reading_along.due(office.session)


def test_in_public_a_follower_reads_along_from_now_on(office: Office) -> None:
    number = accepted(office)
    before = write(office, ASKER, number)
    follow(office, number)
    assert office.last(ASKER, "follower")["reading"] == "allowed"
    said = [write(office, chat, number) for chat in (ASKER, LIAISON, LIAISON)]
    turn(office)
    turn(office)
    assert before.message_id not in office.copies(SUPERVISOR)
    assert office.copies(SUPERVISOR) == [heard.message_id for heard in said]
    marks = [
        owed.values["by_asker"] for owed in office.owed(SUPERVISOR) if owed.card == "read_along"
    ]
    assert marks == [True, False]


@pytest.mark.parametrize("level", ["match_only", "nda"])
def test_in_confidence_nothing_is_read_along_without_the_askers_yes(
    office: Office, level: str
) -> None:
    number = accepted(office, level)
    follow(office, number)
    if level == "nda":
        assert "follower" not in office.cards(ASKER)
        supervising.pledge_follow(office.session, SUPERVISOR, number, VERSION, now=NOW)
    write(office, ASKER, number)
    turn(office)
    assert office.last(ASKER, "follower")["reading"] == "asked"
    assert office.copies(SUPERVISOR) == []
    supervising.let_read(office.session, ASKER, row(office).id or 0, 1, now=NOW)
    turn(office)
    assert office.copies(SUPERVISOR) == []  # what was said before was said to others
    heard = write(office, ASKER, number)
    turn(office)
    assert office.copies(SUPERVISOR) == [heard.message_id]


def test_the_asker_may_say_no_and_change_their_mind_at_any_time(office: Office) -> None:
    number = accepted(office)
    follow(office, number)
    supervising.let_read(office.session, ASKER, row(office).id or 0, 0, now=NOW)
    write(office, ASKER, number)
    turn(office)
    assert office.copies(SUPERVISOR) == []
    assert office.last(SUPERVISOR, "follow")["reading"] == "refused"
    supervising.unfollow(office.session, SUPERVISOR, number, now=NOW)
    follow(office, number)  # does not turn a no into a yes
    write(office, ASKER, number)
    turn(office)
    assert office.copies(SUPERVISOR) == []


def test_nobody_but_its_asker_lets_others_read(office: Office) -> None:
    number = accepted(office, "match_only")
    follow(office, number)
    for chat in (SUPERVISOR, LIAISON):
        with office.refuses("not_yours"):
            supervising.let_read(office.session, chat, row(office).id or 0, 1, now=NOW)


def test_in_confidence_who_has_not_agreed_to_changed_words_reads_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = accepted(office, "nda")
    supervising.pledge_follow(office.session, SUPERVISOR, number, VERSION, now=NOW)
    supervising.let_read(office.session, ASKER, row(office).id or 0, 1, now=NOW)
    monkeypatch.setattr("bot.desk.undertaking.VERSION", VERSION + 1)
    write(office, ASKER, number)
    turn(office)
    assert office.copies(SUPERVISOR) == []


def test_a_message_is_read_along_once_the_other_side_has_it(office: Office) -> None:
    number = accepted(office)
    follow(office, number)
    heard = write(office, ASKER, number)
    reading_along.keep_up(office.session, now=LATER)
    assert office.copies(SUPERVISOR) == []
    closing.settle(office.session, ASKER, number, True, now=NOW)
    reading_along.keep_up(office.session, now=LATER)
    assert codes(office, SUPERVISOR) == []  # first what was said, then what became of it
    turn(office)
    assert office.copies(SUPERVISOR) == [heard.message_id]
    assert codes(office, SUPERVISOR) == ["follow_resolved"]


def test_what_was_taken_back_is_not_read_and_its_copy_goes_too(office: Office) -> None:
    number = accepted(office)
    follow(office, number)
    first, second = write(office, ASKER, number), write(office, ASKER, number)
    removing.remove(office.session, ASKER, first.message_id, now=NOW)
    turn(office)
    assert office.copies(SUPERVISOR) == [second.message_id]
    office.deliver()
    removing.remove(office.session, ASKER, second.message_id, now=NOW)
    assert office.owed(SUPERVISOR)[-1].method == "deleteMessage"


def test_what_a_follower_replies_reaches_nobody_and_is_answered(office: Office) -> None:
    number = accepted(office)
    follow(office, number)
    write(office, ASKER, number)
    turn(office)
    office.deliver()
    copy = [owed for owed in office.owed(SUPERVISOR) if owed.source_message][-1].sent_message
    heard = office.heard(SUPERVISOR, "我来说两句", reply_to=copy)
    found = routing.route(office.session, heard)
    assert (found.to, found.consultation) == ("offered", number)
    with office.refuses("follower_reads", consultation=number):
        beside.refuse_reply(office.session, SUPERVISOR, number)
    with office.refuses("follower_reads"):
        talking.relay(office.session, heard, number, now=NOW)


def test_a_followers_reaction_is_shown_to_nobody(office: Office) -> None:
    number = accepted(office)
    follow(office, number)
    write(office, ASKER, number)
    turn(office)
    office.deliver()
    copy = [owed for owed in office.owed(SUPERVISOR) if owed.source_message][-1].sent_message
    before = len(office.owed(ASKER))
    reacting.react(office.session, Reacted(SUPERVISOR, copy or 0, "👍"), now=NOW)
    assert len(office.owed(ASKER)) == before


def test_what_becomes_of_a_followers_copy_does_not_concern_its_writer(office: Office) -> None:
    number = accepted(office)
    follow(office, number)
    write(office, ASKER, number)
    turn(office)
    copy = [owed for owed in office.owed(SUPERVISOR) if owed.source_message][-1]
    before = office.cards(ASKER)
    failing.failed(office.session, copy, "can't be copied", now=NOW)
    failing.uncertain(office.session, copy, "", now=NOW)
    undelivered.copy_failed(office.session, copy, "unreachable", now=NOW)
    undelivered.refused(office.session, copy, "blocked", DAY, now=NOW)
    assert office.cards(ASKER) == before


def test_who_stops_following_hears_nothing_more_and_may_come_back(office: Office) -> None:
    number = accepted(office)
    follow(office, number)
    supervising.unfollow(office.session, SUPERVISOR, number, now=NOW)
    assert office.last(ASKER, "follower")["reading"] == "left"
    write(office, ASKER, number)
    closing.say_answered(office.session, LIAISON, number, now=NOW)
    turn(office)
    assert (office.copies(SUPERVISOR), codes(office, SUPERVISOR)) == ([], [])
    with office.refuses("stale_button"):
        supervising.unfollow(office.session, SUPERVISOR, number, now=NOW)
    follow(office, number)
    with office.refuses("following_already"):
        follow(office, number)
    heard = write(office, ASKER, number)
    turn(office)
    assert office.copies(SUPERVISOR) == [heard.message_id]


def test_nobody_follows_who_was_not_invited(office: Office) -> None:
    number = accepted(office)
    for chat in (MENTOR, ASKER):
        with office.refuses("not_yours"):
            follow(office, number, chat)


def test_a_closed_consultation_is_not_followed_any_more(office: Office) -> None:
    number = accepted(office)
    closing.settle(office.session, ASKER, number, True, now=NOW)
    with office.refuses("closed"):
        follow(office, number)


def test_a_follower_to_whom_it_is_transferred_is_its_mentor_and_follows_no_more(
    office: Office,
) -> None:
    number = accepted(office)
    follow(office, number)
    follow(office, number, OWN)
    consultation = office.session.get_one(Consultation, number)
    to, by = office.people[OWN], office.people[LIAISON]
    transferring.begin(office.session, consultation, to, by, DAY, "", NOW)
    transferring.answer(office.session, ASKER, 1, 1, DAY, now=NOW)
    transferring.take(office.session, OWN, 1, now=NOW)
    turn(office)
    assert row(office, OWN).state == "left"
    assert codes(office, SUPERVISOR) == ["follow_transferred"]
    heard = write(office, OWN, number)  # as its mentor
    assert office.copies(ASKER)[-1] == heard.message_id


def test_nothing_that_is_read_along_is_owed_to_anybody_else(office: Office) -> None:
    number = accepted(office)
    follow(office, number)
    heard = write(office, ASKER, number)
    turn(office)
    owed = select(Delivery.chat_id).where(Delivery.source_message == heard.message_id)
    assert sorted(office.session.exec(owed)) == sorted([LIAISON, SUPERVISOR])
