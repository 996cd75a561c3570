"""What is written in a lab's group is carried as its mentor's side."""

import pytest
from sqlmodel import select

from bot.delivery.tables import Delivery, DeliveryState, Priority
from bot.delivery.topics import close_topics
from bot.desk import binding, failing, lab_talk, members, talking
from bot.desk.tables import LabEnd, LabState, Level, Message
from tests.bot.desk.conftest import ADMIN, ASKER, MENTORS, NOW, Office
from tests.bot.desk.rooms import GROUP, OWNER, bind, lab, opened, topics

MENTOR, STUDENT = MENTORS[0], 555


@pytest.fixture
def number(office: Office) -> int:
    """A talk of a mentor whose lab's group is bound."""
    bind(office)
    return office.talk()


def write(office: Office, number: int, chat_id: int = STUDENT, name: str = "李博士") -> None:
    """Somebody writes in the consultation's topic."""
    topic = next(one.number for one in topics(office, GROUP) if one.thread == number)
    heard = office.heard(GROUP, topic=topic or opened(office, GROUP, number))
    lab_talk.hear(office.session, heard, chat_id, name, now=NOW)


def writers(office: Office) -> list[str]:
    return [owed.values["name"] for owed in office.owed(ASKER) if owed.card == "lab_writes"]


def test_each_consultation_has_a_topic_in_the_labs_group(office: Office, number: int) -> None:
    second = office.talk()
    assert [(topic.thread, topic.name) for topic in topics(office, GROUP)] == [
        (number, f"#{number} 王老板 · 宏达"),
        (second, f"#{second} 王老板 · 宏达"),
    ]
    assert not topics(office, MENTOR)


def test_the_asker_is_told_that_a_lab_reads_along(office: Office, number: int) -> None:
    told = [owed.values for owed in office.owed(ASKER) if owed.card == "notice"]
    assert told == [{"code": "lab_reads", "values": {"consultation": number}}]


def test_what_an_asker_writes_is_read_in_the_group_and_not_beside(
    office: Office, number: int
) -> None:
    heard = office.heard(ASKER)
    talking.relay(office.session, heard, number, now=NOW)
    assert office.copies(GROUP) == [heard.message_id]
    assert not office.copies(MENTOR)


def test_the_group_sees_whom_it_talks_with_and_how_it_ends(office: Office, number: int) -> None:
    intro = [owed for owed in office.owed(GROUP) if owed.card == "accepted_mentor"]
    assert [(owed.thread, owed.priority) for owed in intro] == [(number, Priority.MESSAGE)]
    office.consultation(number)
    view = {"consultation": number}
    person = office.people[MENTOR]
    members.tell(office.session, person, "not_yet", view, now=NOW, thread=number)
    members.tell(office.session, person, "asked_asker", view, now=NOW, thread=number)
    assert office.cards(GROUP)[-1] == "not_yet"
    assert office.cards(MENTOR)[-2:] == ["not_yet", "asked_asker"]


def test_whoever_writes_in_the_topic_is_carried_with_their_name(
    office: Office, number: int
) -> None:
    write(office, number)
    assert office.cards(ASKER)[-2:] == ["lab_writes", "copyMessage"]
    assert writers(office) == ["李博士"]
    kept = office.session.exec(select(Message)).one()
    assert (kept.by_asker, kept.chat_id, kept.writer) == (False, GROUP, "李博士")


def test_it_is_said_who_writes_each_time_that_changes(office: Office, number: int) -> None:
    write(office, number, MENTOR, "导师0")
    for name in ("李博士", "李博士", "陈同学"):
        write(office, number, STUDENT, name)
    write(office, number, MENTOR, "导师0")
    assert writers(office) == ["李博士", "陈同学", ""]


def test_the_line_that_says_who_goes_just_before_the_message(office: Office, number: int) -> None:
    write(office, number)
    line, copy = office.owed(ASKER)[-2:]
    assert (line.priority, line.thread) == (copy.priority, copy.thread)


def test_what_the_mentor_writes_in_their_own_chat_the_lab_reads_too(
    office: Office, number: int
) -> None:
    heard = office.heard(MENTOR)
    talking.relay(office.session, heard, number, now=NOW)
    assert office.copies(ASKER) == office.copies(GROUP) == [heard.message_id]


def test_the_rest_of_the_group_is_its_own_affair(office: Office, number: int) -> None:
    for topic in (None, 12):
        heard = office.heard(GROUP, topic=topic)
        lab_talk.hear(office.session, heard, STUDENT, "李博士", now=NOW)
    assert not office.copies(ASKER)
    assert number


def test_a_closed_consultation_says_so_in_its_topic(office: Office, number: int) -> None:
    office.consultation(number).resolve(True, NOW)
    with office.refuses("closed", consultation=number):
        write(office, number)


def test_a_lab_whose_mentor_has_it_no_more_reaches_nobody(office: Office, number: int) -> None:
    opened(office, GROUP, number)
    office.consultation(number).mentor_id = office.people[MENTORS[1]]
    with office.refuses("lab_not_here", consultation=number):
        write(office, number)


@pytest.mark.parametrize("level", [Level.MATCH_ONLY, Level.NDA])
def test_what_an_asker_keeps_from_others_is_kept_from_the_lab(office: Office, level: Level) -> None:
    bind(office)
    kept = office.ask()
    office.consultation(kept).level = level
    office.session.flush()
    office.consultation(kept).stage = office.consultation(kept).stage.OFFERED
    office.consultation(kept).accept(office.people[MENTOR], NOW)
    office.session.flush()
    heard = office.heard(ASKER)
    talking.relay(office.session, heard, kept, now=NOW)
    assert office.copies(MENTOR) == [heard.message_id]
    assert not topics(office, GROUP)


def test_a_group_is_answered_in_its_mentors_language(office: Office, number: int) -> None:
    members.notify(
        office.session, GROUP, "closed", now=NOW, language_code="en", consultation=number
    )
    assert office.owed(GROUP)[-1].language == "zh"
    members.notify(office.session, -5, "private_only", now=NOW, language_code="en")
    assert office.owed(-5)[-1].language == "en"


def failed(office: Office) -> Delivery:
    """The last copy owed to the group, refused."""
    return [owed for owed in office.owed(GROUP) if owed.source_chat][-1]


def test_what_a_group_does_not_take_goes_to_its_mentor(office: Office, number: int) -> None:
    heard = office.heard(ASKER)
    talking.relay(office.session, heard, number, now=NOW)
    assert lab_talk.taken_back(office.session, failed(office), "no_topic", now=NOW)
    assert office.copies(MENTOR) == [heard.message_id]
    assert lab(office).state is LabState.BOUND


@pytest.mark.parametrize("reason", ["kicked", "deleted", "forbidden"])
def test_a_group_that_threw_the_bot_out_is_bound_no_more(
    office: Office, number: int, reason: str
) -> None:
    heard = office.heard(ASKER)
    talking.relay(office.session, heard, number, now=NOW)
    assert lab_talk.taken_back(office.session, failed(office), reason, now=NOW)
    assert (lab(office).state, lab(office).reason) == (LabState.ENDED, LabEnd.KICKED)
    assert office.copies(MENTOR) == [heard.message_id]
    later = office.heard(ASKER)
    talking.relay(office.session, later, number, now=NOW)
    assert office.copies(MENTOR) == [heard.message_id, later.message_id]


def test_where_the_bot_may_open_no_topic_the_group_is_bound_no_more(
    office: Office, number: int
) -> None:
    (opens,) = [owed for owed in office.owed(GROUP) if owed.method == "createForumTopic"]
    reason = "Bad Request: not enough rights to create a topic"
    assert lab_talk.taken_back(office.session, opens, reason, now=NOW)
    assert (lab(office).state, lab(office).reason) == (LabState.ENDED, LabEnd.NO_RIGHTS)
    assert number


def test_what_is_refused_for_itself_is_told_to_its_writer(office: Office, number: int) -> None:
    talking.relay(office.session, office.heard(ASKER), number, now=NOW)
    reason = "Bad Request: message to copy not found"
    assert not lab_talk.taken_back(office.session, failed(office), reason, now=NOW)
    assert not office.copies(MENTOR)


def test_an_edit_that_a_group_refuses_is_left_to_be_made_otherwise(
    office: Office, number: int
) -> None:
    edit = Delivery(chat_id=GROUP, method="editMessageText", thread=number, owed_at=NOW)
    assert not lab_talk.taken_back(office.session, edit, "no_topic", now=NOW)


def test_of_what_a_lab_wrote_its_mentor_decides_whether_it_goes_again(
    office: Office, number: int
) -> None:
    write(office, number)
    copy = next(owed for owed in office.owed(ASKER) if owed.source_chat)
    copy.state = DeliveryState.FAILED
    office.session.flush()
    for chat_id in (ASKER, MENTORS[1]):
        with office.refuses("not_yours"):
            failing.retry(office.session, chat_id, copy.id or 0, now=NOW)
    failing.retry(office.session, MENTOR, copy.id or 0, now=NOW)
    assert len(office.copies(ASKER)) == 2
    assert "resent" in office.cards(GROUP)


def test_a_mentor_gets_no_copy_of_their_own_words(office: Office, number: int) -> None:
    talking.relay(office.session, office.heard(MENTOR), number, now=NOW)
    assert lab_talk.taken_back(office.session, failed(office), "no_topic", now=NOW)
    assert not office.copies(MENTOR)


def test_another_chats_refusal_is_none_of_the_labs(office: Office, number: int) -> None:
    talking.relay(office.session, office.heard(MENTOR), number, now=NOW)
    copy = [owed for owed in office.owed(ASKER) if owed.source_chat][-1]
    assert not lab_talk.taken_back(office.session, copy, "blocked", now=NOW)


def test_a_topic_that_was_never_opened_leaves_the_talk_with_the_mentor(
    office: Office, number: int
) -> None:
    close_topics(office.session, GROUP, [number])
    heard = office.heard(ASKER)
    talking.relay(office.session, heard, number, now=NOW)
    assert office.copies(MENTOR) == [heard.message_id]
    assert not office.copies(GROUP)


def test_a_refused_group_sees_nothing(office: Office) -> None:
    binding.ask(office.session, GROUP, "群", MENTOR, OWNER, now=NOW)
    binding.refuse(office.session, ADMIN, lab(office).id or 0, now=NOW)
    office.talk()
    assert not topics(office, GROUP)
