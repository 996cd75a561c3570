"""Two updates at once about the end of a consultation, on PostgreSQL."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from bot.desk import approving, closing, reopening, silence, talking
from bot.desk.silence import Patience
from bot.desk.tables import Answer, AnswerState, Consultation, Stage
from knowledge.tables import Entry, EntryKind
from tests.bot.desk.conftest import ASKER, DAY, MENTORS, NOW, Office
from tests.bot.desk.test_races import beside
from tests.bot.desk.test_races import committed as committed  # noqa: PLC0414 (a fixture)
from tests.bot.desk.test_races import engine as engine  # noqa: PLC0414

MENTOR = MENTORS[0]
ANSWERED = "先查排气槽，再把浇口速度提到45 m/s，保压加3秒"


def talked(office: Office, *, solved: bool = False) -> int:
    number = office.talk()
    talking.relay(office.session, office.heard(MENTOR, ANSWERED), number, now=NOW)
    if solved:
        closing.settle(office.session, ASKER, number, True, now=NOW)
    office.session.commit()
    return number


def test_what_is_written_while_the_silence_ends_keeps_it_open(
    postgres_url: str, engine: Engine, committed: Office
) -> None:
    number, patience = talked(committed), Patience(DAY / 4, DAY / 4)
    silence.end_silences(committed.session, patience, now=NOW + DAY / 4)
    committed.session.commit()
    heard = committed.heard(ASKER, "还在试")

    def write(session: Session) -> None:
        talking.relay(session, heard, number, now=NOW + DAY)

    beside(postgres_url, engine, write, silence.end_silences, patience)
    with Session(engine) as session:
        assert session.get_one(Consultation, number).stage is Stage.ACTIVE


def test_reopened_twice_at_once_it_is_reopened_once(
    postgres_url: str, engine: Engine, committed: Office
) -> None:
    number = talked(committed, solved=True)

    def reopen(session: Session) -> None:
        reopening.reopen(session, ASKER, number, DAY, now=NOW)

    late = beside(postgres_url, engine, reopen, reopening.reopen, ASKER, number, DAY)
    assert late.refused == "wrong_stage"


def test_both_who_approve_at_once_make_one_entry(
    postgres_url: str, engine: Engine, committed: Office
) -> None:
    talked(committed, solved=True)
    seen = committed.last(MENTOR, "answer")
    approved = (seen["answer"], seen["version"])

    def approve(session: Session) -> None:
        approving.approve(session, MENTOR, *approved, now=NOW)

    late = beside(postgres_url, engine, approve, approving.approve, ASKER, *approved)
    assert late.refused == ""
    with Session(engine) as session:
        assert session.exec(select(Answer)).one().state is AnswerState.PUBLIC
        born = session.exec(select(Entry).where(Entry.kind == EntryKind.ANSWER)).all()
        assert [entry.key for entry in born] == [f"desk:answer-{approved[0]}"]


@pytest.mark.parametrize("first", ["approve", "reopen"])
def test_an_approval_and_a_reopening_at_once_leave_one_of_both_in_words(
    postgres_url: str, engine: Engine, committed: Office, first: str
) -> None:
    number = talked(committed, solved=True)
    seen = committed.last(MENTOR, "answer")
    approved = (seen["answer"], seen["version"])
    approving.approve(committed.session, MENTOR, *approved, now=NOW)
    committed.session.commit()

    def approve(session: Session) -> None:
        approving.approve(session, ASKER, *approved, now=NOW)

    def reopen(session: Session) -> None:
        reopening.reopen(session, ASKER, number, DAY, now=NOW)

    if first == "approve":
        late = beside(postgres_url, engine, approve, reopening.reopen, ASKER, number, DAY)
        expected, refused = AnswerState.PUBLIC, ""
    else:
        late = beside(postgres_url, engine, reopen, approving.approve, ASKER, *approved)
        expected, refused = AnswerState.SHELVED, "answer_moved"
    assert late.refused == refused
    with Session(engine) as session:
        assert session.exec(select(Answer)).one().state is expected
        assert session.get_one(Consultation, number).stage is Stage.ACTIVE


def test_an_approval_of_words_that_are_being_changed_is_refused(
    postgres_url: str, engine: Engine, committed: Office
) -> None:
    talked(committed, solved=True)
    seen = committed.last(MENTOR, "answer")
    approved = (seen["answer"], seen["version"])
    approving.edit_question(committed.session, MENTOR, *approved, now=NOW)
    committed.session.commit()

    def rewrite(session: Session) -> None:
        later = NOW + timedelta(seconds=1)
        approving.rewrite_question(session, MENTOR, "压铸件有气孔怎么办", now=later)

    late = beside(postgres_url, engine, rewrite, approving.approve, ASKER, *approved)
    assert late.refused == "answer_changed"
