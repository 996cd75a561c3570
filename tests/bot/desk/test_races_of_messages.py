"""What happens to one message at the same moment, on PostgreSQL."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, SQLModel, col, select

from bot.delivery.tables import Delivery, DeliveryState
from bot.desk import accepting, failing, receipts, removing, talking
from knowledge.database import open_engine
from tests.bot.desk.conftest import ASKER, DAY, MENTORS, NOW, Office, furnish
from tests.bot.desk.test_races import beside


@pytest.fixture
def engine(postgres_url: str) -> Iterator[Engine]:
    made = open_engine(postgres_url)
    SQLModel.metadata.create_all(made)
    yield made
    made.dispose()


@pytest.fixture
def office(engine: Engine) -> Iterator[Office]:
    with Session(engine) as session:
        yield furnish(session)


def copies(engine: Engine) -> list[Delivery]:
    query = select(Delivery).where(col(Delivery.method) == "copyMessage")
    with Session(engine) as session:
        return list(session.exec(query.order_by(col(Delivery.id))))


def test_a_message_taken_back_while_a_mentor_accepts_is_not_carried(
    postgres_url: str, engine: Engine, office: Office
) -> None:
    number = office.ask()
    office.send(number)
    heard = office.heard(ASKER)
    talking.relay(office.session, heard, number, now=NOW)
    offer = office.offer(number).id or 0
    office.session.commit()

    def accept(session: Session) -> None:
        accepting.accept(session, MENTORS[0], offer, now=NOW)

    taken = beside(postgres_url, engine, accept, removing.remove, ASKER, heard.message_id)
    assert taken.refused == ""
    assert [one.state for one in copies(engine)] == [DeliveryState.SUPERSEDED]


def test_retry_pressed_twice_at_once_sends_it_once(
    postgres_url: str, engine: Engine, office: Office
) -> None:
    number = office.talk()
    talking.relay(office.session, office.heard(ASKER), number, now=NOW)
    owed = office.owed(MENTORS[0])[-1]
    owed.state = DeliveryState.FAILED
    office.session.add(owed)
    failing.failed(office.session, owed, "Bad Request: no", now=NOW)
    failed = owed.id or 0
    office.session.commit()

    def retry(session: Session) -> None:
        failing.retry(session, ASKER, failed, now=NOW)

    second = beside(postgres_url, engine, retry, failing.retry, ASKER, failed)
    assert second.refused == "decided"
    assert len(copies(engine)) == 2


def test_marks_that_are_due_are_found_and_noted(
    postgres_url: str, engine: Engine, office: Office
) -> None:
    number = office.talk()
    talking.relay(office.session, office.heard(ASKER), number, now=NOW)
    office.session.commit()
    with Session(engine) as session:
        marks = receipts.due(session, 20, NOW + DAY)
        assert [mark.chat_id for mark in marks] == [ASKER]
        receipts.shown(session, marks, now=NOW + DAY)
        assert receipts.due(session, 20, NOW + DAY) == []
