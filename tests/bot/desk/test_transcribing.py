"""Either side may have all that was said."""

from dataclasses import replace
from datetime import timedelta

from sqlmodel import col, select

from bot.delivery.tables import Delivery, DeliveryState
from bot.desk import closing, talking, transcribing
from bot.desk.tables import Message, Transcript, TranscriptState
from tests.bot.desk.conftest import ADMIN, ASKER, MENTORS, NOW, Office

MENTOR = MENTORS[0]


def said(office: Office) -> int:
    number = office.talk()
    first = office.heard(ASKER, "看图", kind="photo", file={"id": "F1", "size": 900})
    talking.relay(office.session, first, number, now=NOW)
    answer = office.heard(
        MENTOR, "先查排气", entities=({"type": "bold", "offset": 0, "length": 2},)
    )
    talking.relay(office.session, answer, number, now=NOW)
    again = office.heard(ASKER, "查了", reply_to=first.message_id, quote={"text": "看"})
    talking.relay(office.session, again, number, now=NOW)
    return number


def test_it_holds_all_that_was_said_in_order_with_names(office: Office) -> None:
    number = said(office)
    view = transcribing.transcript_of(office.session, number)
    assert [(line.number, line.name.zh, line.text) for line in view.lines] == [
        (1, "王老板", "看图"),
        (2, "导师0", "先查排气"),
        (3, "王老板", "查了"),
    ]
    assert view.lines[0].file["id"] == "F1"
    assert view.lines[1].entities[0]["type"] == "bold"
    assert (view.lines[2].answers, view.lines[2].quote) == (1, "看")
    assert (view.asker.zh, view.mentor.zh, view.enterprise.zh) == ("王老板", "导师0", "宏达")


def test_a_reply_to_what_the_other_side_wrote_says_which(office: Office) -> None:
    number = said(office)
    office.deliver()
    copy = next(one for one in office.owed(MENTOR) if one.method.startswith("copy"))
    reply = office.heard(MENTOR, "看到了", reply_to=copy.sent_message)
    talking.relay(office.session, reply, number, now=NOW)
    assert transcribing.transcript_of(office.session, number).lines[-1].answers == 1


def test_what_was_taken_back_or_edited_stands_as_it_is_now(office: Office) -> None:
    number = said(office)
    first, second, _ = office.session.exec(select(Message).order_by(col(Message.id))).all()
    first.removed_at, first.text, first.file = NOW, "", {}
    second.edited_at, second.text = NOW, "先查排气槽"
    office.session.flush()
    one, two, _ = transcribing.transcript_of(office.session, number).lines
    assert (one.removed, one.text, one.file) == (True, "", {})
    assert (two.edited_at, two.text) == (NOW, "先查排气槽")


def test_either_side_asks_once_and_gets_it(office: Office) -> None:
    number = said(office)
    closing.settle(office.session, ASKER, number, True, now=NOW)
    for chat_id in (ASKER, MENTOR):
        for _ in range(2):  # tapped twice
            transcribing.want(office.session, chat_id, number, now=NOW)
    rows = office.session.exec(select(Transcript)).all()
    assert [row.chat_id for row in rows] == [ASKER, MENTOR]
    job = transcribing.begin_next(office.session, now=NOW)
    assert job is not None
    transcribing.finish(office.session, job.id, "/var/1.zip", now=NOW)
    transcribing.finish(office.session, job.id, "/var/1.zip", now=NOW)  # repeated after a crash
    sent = [owed for owed in office.owed(ASKER) if owed.method == "sendDocument"]
    assert [owed.attachment for owed in sent] == ["/var/1.zip"]


def test_nobody_else_gets_it_not_even_an_admin(office: Office) -> None:
    number = said(office)
    for chat_id in (MENTORS[1], ADMIN):
        with office.refuses("not_yours"):
            transcribing.want(office.session, chat_id, number, now=NOW)
    with office.refuses("not_yours"):
        transcribing.want(office.session, ASKER, 10**9, now=NOW)


def test_before_anybody_accepted_there_is_nothing_to_be_had(office: Office) -> None:
    number = office.ask()
    office.send(number)
    with office.refuses("wrong_stage"):
        transcribing.want(office.session, ASKER, number, now=NOW)


def test_each_beginning_counts_and_one_that_fails_gives_way_to_the_next(office: Office) -> None:
    number = said(office)
    for chat_id in (ASKER, MENTOR):
        transcribing.want(office.session, chat_id, number, now=NOW)
    jobs: list[tuple[int, bool]] = []
    while len(jobs) < 2 * transcribing.ATTEMPTS:
        job = transcribing.begin_next(office.session, now=NOW)
        assert job is not None
        office.session.flush()
        jobs.append((job.attempt, job.last))
    assert [attempt for attempt, _ in jobs] == [1, 1, 2, 2, 3, 3]
    assert [last for _, last in jobs] == [False] * 4 + [True] * 2
    assert job is not None
    transcribing.fail(office.session, job.id, now=NOW)
    assert office.cards(MENTOR)[-1] == "transcript_failed"


def test_a_file_is_swept_once_it_was_sent_and_not_before(office: Office) -> None:
    number = said(office)
    transcribing.want(office.session, ASKER, number, now=NOW)
    job = transcribing.begin_next(office.session, now=NOW)
    assert job is not None
    transcribing.finish(office.session, job.id, "/var/1.zip", now=NOW)
    assert transcribing.sweep(office.session, now=NOW) == []
    owed = office.session.exec(select(Delivery).where(Delivery.attachment == "/var/1.zip")).one()
    for waiting in (DeliveryState.SENDING, DeliveryState.HELD):
        owed.state = waiting
        office.session.flush()
        assert transcribing.sweep(office.session, now=NOW) == []
    assert transcribing.sweep(office.session, now=NOW + timedelta(days=31)) == ["/var/1.zip"]
    row = office.session.exec(select(Transcript)).one()
    row.state, owed.state = TranscriptState.MADE, DeliveryState.SENT
    office.session.flush()
    assert transcribing.sweep(office.session, now=NOW) == ["/var/1.zip"]
    assert transcribing.sweep(office.session, now=NOW) == []


def test_a_lab_that_answers_is_named_by_its_mentor(office: Office) -> None:
    number = said(office)
    heard = replace(office.heard(MENTOR, "组里看过了"), by="小陈")
    talking.relay(office.session, heard, number, now=NOW)
    last = transcribing.transcript_of(office.session, number).lines[-1]
    assert (last.name.zh, last.writer) == ("导师0", "小陈")
