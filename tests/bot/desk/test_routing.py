"""Where a message goes, found before anything is changed; a recipient is never guessed."""

import pytest

from bot.desk import (
    accepting,
    appointing,
    asking,
    choosing,
    closing,
    introducing,
    offering,
    parking,
    routing,
    talking,
)
from bot.desk.tables import Awaiting
from bot.desk.views import Route
from tests.bot.desk.conftest import ADMIN, ASKER, DAY, MENTORS, NOW, Office


def route(office: Office, chat_id: int, text: str = "好的", **more: object) -> Route:
    return routing.route(office.session, office.heard(chat_id, text, **more))


def test_a_stranger_and_who_has_not_agreed_are_known_as_such(office: Office) -> None:
    assert route(office, 999).to == "stranger"
    office.chat(ASKER).consent_version = 0
    assert route(office, ASKER).to == "consent"


def test_an_askers_words_are_a_question_where_nothing_is_open(office: Office) -> None:
    assert route(office, ASKER).to == "question"
    assert route(office, ASKER, "", kind="photo").to == "question"


def test_words_go_to_the_one_talk_there_is(office: Office) -> None:
    number = office.talk()
    for chat_id in (ASKER, MENTORS[0]):
        found = route(office, chat_id)
        assert (found.to, found.consultation) == ("talk", number)


def test_while_a_question_is_on_offer_its_asker_is_asked_where_words_belong(
    office: Office,
) -> None:
    office.send(office.ask())
    assert route(office, ASKER).to == "choice"


def test_a_mentor_in_one_talk_who_answers_another_offer_reaches_nobody(office: Office) -> None:
    """Their words would else go to the wrong asker."""
    office.join(101, "李老板", "asker")
    office.talk(0)
    second = office.ask(101)
    office.send(second)
    office.deliver()
    reply = route(office, MENTORS[0], "降低模温", reply_to=office.shown(MENTORS[0], "offer"))
    assert (reply.to, reply.consultation) == ("offered", second)


def test_a_reply_to_an_offer_that_has_passed_on_reaches_nobody(office: Office) -> None:
    office.join(101, "李老板", "asker")
    office.talk(0)
    second = office.ask(101)
    office.send(second)
    offer = office.offer(second).id or 0
    accepting.decline(office.session, MENTORS[0], offer, "no_time", DAY, now=NOW)
    office.deliver()
    reply = route(office, MENTORS[0], reply_to=office.shown(MENTORS[0], "offer"))
    assert reply.to == "offered"


def test_a_reply_to_ones_own_draft_reaches_no_other_mentor(office: Office) -> None:
    office.talk(0)
    office.ask()
    office.deliver()
    reply = route(office, ASKER, "选第二位", reply_to=office.shown(ASKER, "shortlist"))
    assert reply.to == "choice"


def test_a_reply_to_the_question_as_it_was_asked_finds_its_consultation(office: Office) -> None:
    first, second = office.talk(0), office.talk(1)
    for number in (first, second):
        asked = office.consultation(number).asked_message
        assert route(office, ASKER, reply_to=asked).consultation == number


def test_a_reply_to_ones_own_words_finds_them_before_they_are_sent_on(office: Office) -> None:
    office.talk(0)
    second = office.talk(1)
    heard = office.heard(ASKER, "给第二位")
    talking.relay(office.session, heard, second, now=NOW)
    assert route(office, ASKER, reply_to=heard.message_id).consultation == second


@pytest.mark.parametrize(("chat_id", "card"), [(ASKER, "rate"), (MENTORS[0], "closed_mentor")])
def test_a_reply_to_something_closed_reaches_nobody_else(
    office: Office, chat_id: int, card: str
) -> None:
    office.join(101, "李老板", "asker")
    first = office.talk(0)
    office.talk(1)
    office.talk(0, chat_id=101)
    closing.settle(office.session, ASKER, first, True, now=NOW)
    office.deliver()
    reply = route(office, chat_id, reply_to=office.shown(chat_id, card))
    assert (reply.to, reply.consultation) == ("closed", first)


def test_a_reply_to_a_notice_finds_its_consultation(office: Office) -> None:
    first, _ = office.talk(0), office.talk(1)
    office.block(MENTORS[0])
    talking.relay(office.session, office.heard(ASKER), first, now=NOW)
    office.deliver()
    reply = route(office, ASKER, reply_to=office.shown(ASKER, "notice"))
    assert reply.consultation == first


def test_a_reply_goes_to_its_consultation_though_a_form_is_open(office: Office) -> None:
    number = office.talk()
    office.deliver()
    introducing.ask_enterprise(office.session, ASKER, now=NOW)
    reply = route(office, ASKER, "谢谢老师", reply_to=office.shown(ASKER, "accepted_asker"))
    assert (reply.to, reply.consultation) == ("talk", number)
    assert route(office, ASKER, "宏达压铸").to == "form"


def test_a_question_typed_for_the_enterprises_name_is_a_question(office: Office) -> None:
    introducing.ask_enterprise(office.session, ASKER, now=NOW)
    assert route(office, ASKER, "铝压铸件有气孔怎么办").to == "question"
    assert route(office, ASKER, "宏达压铸厂").to == "form"


def test_a_picture_does_not_slip_past_a_form_to_somebody_else(office: Office) -> None:
    office.talk()
    asking.invite_question(office.session, ASKER, now=NOW)
    assert route(office, ASKER, "", kind="photo").to == "form"


def test_writing_to_the_other_side_leaves_the_introduction(office: Office) -> None:
    number = office.talk()
    introducing.ask_enterprise(office.session, ASKER, now=NOW)
    talking.relay(office.session, office.heard(ASKER, "还是有气孔，怎么办"), number, now=NOW)
    assert office.awaiting(ASKER) is Awaiting.NOTHING


def test_after_accepting_the_next_words_are_for_the_asker(office: Office) -> None:
    number = office.ask(found=0)
    choosing.choose_nobody(office.session, ASKER, number, now=NOW)
    office.confirm(number)
    appointing.ask_mentor(office.session, ADMIN, now=NOW)
    introducing.ask_enterprise(office.session, ASKER, now=NOW)
    accepting.accept(office.session, ADMIN, office.offer(number).id or 0, now=NOW)
    for chat_id in (ADMIN, ASKER):
        assert route(office, chat_id).to == "talk"


@pytest.mark.parametrize("form", ["question", "edit"])
def test_accepting_leaves_the_asker_the_form_of_another_question(office: Office, form: str) -> None:
    """What they are typing may be meant for nobody but another mentor."""
    number = office.ask()
    office.send(number)
    second = office.ask()
    office.choose(second, mentor=1)
    if form == "question":
        asking.invite_question(office.session, ASKER, now=NOW)
    else:
        choosing.edit(office.session, ASKER, second, now=NOW)
    accepting.accept(office.session, MENTORS[0], office.offer(number).id or 0, now=NOW)
    assert route(office, ASKER).to == "form"


def test_who_is_asker_here_and_mentor_there_is_asked_which(office: Office) -> None:
    office.join(101, "李老板", "asker")
    office.give_role(MENTORS[0], "asker")
    as_mentor, as_asker = office.talk(0, chat_id=101), office.talk(1, chat_id=MENTORS[0])
    assert route(office, MENTORS[0]).to == "choice"
    heard = office.heard(MENTORS[0], "请看一下")
    talking.park(office.session, heard, now=NOW)
    parked = office.last(MENTORS[0], "which")
    sides = {option["consultation"]: option["as_asker"] for option in parked["options"]}
    assert sides == {as_mentor: False, as_asker: True}
    talking.settle(office.session, MENTORS[0], parked["parked"], as_asker, now=NOW)
    assert office.copies(MENTORS[1]) == [heard.message_id]
    assert office.copies(101) == []


def test_nothing_is_lost_where_a_withdrawn_question_was_meant(office: Office) -> None:
    number = office.ask()
    office.send(number)
    talking.park(office.session, office.heard(ASKER, "补充"), now=NOW)
    parked = office.last(ASKER, "which")["parked"]
    offering.withdraw(office.session, ASKER, number, now=NOW)
    with office.refuses("closed", consultation=number):
        talking.settle(office.session, ASKER, parked, number, now=NOW)
    assert parking.parked_heard(office.session, ASKER, parked).text == "补充"
