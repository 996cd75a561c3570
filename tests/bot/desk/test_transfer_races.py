"""A talk changes its mentor at the moment something else happens to it, on PostgreSQL."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, SQLModel, select

from bot.delivery.tables import Delivery
from bot.desk import closing, giving_up, talking, transferring
from bot.desk.tables import Consultation, Stage, Transfer, TransferState
from knowledge.database import open_engine
from tests.bot.desk.conftest import ASKER, DAY, MENTORS, NOW, Office, furnish
from tests.bot.desk.test_races import beside

OLD, NEW, _ = MENTORS


@pytest.fixture
def engine(postgres_url: str) -> Iterator[Engine]:
    made = open_engine(postgres_url)
    SQLModel.metadata.create_all(made)
    yield made
    made.dispose()


@pytest.fixture
def offered(engine: Engine) -> Iterator[tuple[Office, int, int]]:
    """An office, a talk, and its transfer to which the asker has agreed; all committed."""
    with Session(engine) as session:
        office = furnish(session)
        number = office.talk()
        giving_up.choose(session, OLD, number, office.people[NEW], DAY, now=NOW)
        transfer = session.exec(select(Transfer.id)).one() or 0
        transferring.answer(session, ASKER, transfer, 1, DAY, now=NOW)
        session.commit()
        yield office, number, transfer


def sent_to(engine: Engine, message: int) -> list[int]:
    with Session(engine) as session:
        owed = select(Delivery.chat_id).where(Delivery.source_message == message)
        return sorted(session.exec(owed))


def test_what_the_asker_writes_while_it_is_taken_on_reaches_the_new_mentor_alone(
    postgres_url: str, engine: Engine, offered: tuple[Office, int, int]
) -> None:
    office, number, transfer = offered
    heard = office.heard(ASKER, "还有一点")

    def take(session: Session) -> None:
        transferring.take(session, NEW, transfer, now=NOW)

    assert beside(postgres_url, engine, take, talking.relay, heard, number).refused == ""
    assert sent_to(engine, heard.message_id) == [NEW]


def test_what_the_asker_wrote_just_before_reached_the_old_mentor_and_is_handed_on(
    postgres_url: str, engine: Engine, offered: tuple[Office, int, int]
) -> None:
    office, number, transfer = offered
    heard = office.heard(ASKER, "还有一点")

    def write(session: Session) -> None:
        talking.relay(session, heard, number, now=NOW)

    beside(postgres_url, engine, write, transferring.take, NEW, transfer)
    assert sent_to(engine, heard.message_id) == [OLD, NEW]  # the newer one has the whole thread


def test_what_the_old_mentor_writes_while_it_is_taken_on_is_refused_in_words(
    postgres_url: str, engine: Engine, offered: tuple[Office, int, int]
) -> None:
    office, number, transfer = offered
    heard = office.heard(OLD, "再补充")

    def take(session: Session) -> None:
        transferring.take(session, NEW, transfer, now=NOW)

    late = beside(postgres_url, engine, take, talking.relay, heard, number)
    assert late.refused == "transferred_away"
    assert sent_to(engine, heard.message_id) == []


def test_what_the_old_mentor_wrote_just_before_is_kept_for_both(
    postgres_url: str, engine: Engine, offered: tuple[Office, int, int]
) -> None:
    office, number, transfer = offered
    heard = office.heard(OLD, "再补充")

    def write(session: Session) -> None:
        talking.relay(session, heard, number, now=NOW)

    beside(postgres_url, engine, write, transferring.take, NEW, transfer)
    assert sent_to(engine, heard.message_id) == [ASKER, NEW]


def test_closed_while_it_is_taken_on_it_is_closed_with_one_mentor(
    postgres_url: str, engine: Engine, offered: tuple[Office, int, int]
) -> None:
    office, number, transfer = offered

    def close(session: Session) -> None:
        closing.settle(session, ASKER, number, True, now=NOW)

    late = beside(postgres_url, engine, close, transferring.take, NEW, transfer)
    assert late.refused == "transfer_over"
    with Session(engine) as session:
        consultation = session.get_one(Consultation, number)
        assert (consultation.stage, consultation.mentor_id) == (
            Stage.RESOLVED,
            office.people[OLD],
        )


def test_taken_on_while_it_is_closed_it_is_closed_with_the_new_mentor(
    postgres_url: str, engine: Engine, offered: tuple[Office, int, int]
) -> None:
    office, number, transfer = offered

    def take(session: Session) -> None:
        transferring.take(session, NEW, transfer, now=NOW)

    late = beside(postgres_url, engine, take, closing.settle, ASKER, number, True)
    assert late.refused == ""
    with Session(engine) as session:
        consultation = session.get_one(Consultation, number)
        assert (consultation.stage, consultation.mentor_id) == (
            Stage.RESOLVED,
            office.people[NEW],
        )
        seen = Office(session)
        assert "closed_mentor" in seen.cards(NEW)
        assert "closed_mentor" not in seen.cards(OLD)


def test_called_off_while_it_is_taken_on_has_one_outcome(
    postgres_url: str, engine: Engine, offered: tuple[Office, int, int]
) -> None:
    office, number, transfer = offered

    def take(session: Session) -> None:
        transferring.take(session, NEW, transfer, now=NOW)

    late = beside(postgres_url, engine, take, transferring.call_off, OLD, transfer)
    assert late.refused == "transfer_over"
    with Session(engine) as session:
        assert session.get_one(Transfer, transfer).state is TransferState.ACCEPTED
        assert session.get_one(Consultation, number).mentor_id == office.people[NEW]


def test_lapsing_while_it_is_taken_on_changes_nothing(
    postgres_url: str, engine: Engine, offered: tuple[Office, int, int]
) -> None:
    _, _number, transfer = offered

    def take(session: Session) -> None:
        transferring.take(session, NEW, transfer, now=NOW)

    assert beside(postgres_url, engine, take, transferring.end_due).refused == ""
    with Session(engine) as session:
        assert session.get_one(Transfer, transfer).state is TransferState.ACCEPTED


def test_proposed_twice_at_once_one_is_under_way(
    postgres_url: str, engine: Engine, offered: tuple[Office, int, int]
) -> None:
    office, number, transfer = offered
    with Session(engine) as session:
        transferring.decline(session, NEW, transfer, now=NOW)
        session.commit()
    to = office.people[NEW]

    def propose(session: Session) -> None:
        giving_up.choose(session, OLD, number, to, DAY, now=NOW)

    late = beside(postgres_url, engine, propose, giving_up.choose, OLD, number, to, DAY)
    assert late.refused == "transfer_under_way"
