"""The durable edge on PostgreSQL: the same promises, with several transactions at once."""

import asyncio
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, SQLModel, select

from bot.delivery import inbox
from bot.delivery.committer import COLLISIONS
from bot.delivery.lanes import Lanes
from bot.delivery.outbox import owe_copy
from bot.delivery.tables import Delivery, DeliveryState, InboxUpdate, MessagePair
from bot.delivery.transactions import CurrentUpdate, Transactions, UpdateDoneError, current_update
from knowledge.database import open_engine
from tests.bot.delivery.conftest import Clock, Rows, until
from tests.bot.delivery.sending import Post


@pytest.fixture
def engine(postgres_url: str) -> Iterator[Engine]:
    engine = open_engine(postgres_url)
    SQLModel.metadata.create_all(engine)
    yield engine
    engine.dispose()


def text(number: int, chat: int) -> dict[str, Any]:
    return {"update_id": number, "message": {"chat": {"id": chat}}}


def owe(session: Session, chat: int, message: int, *, now: datetime) -> None:
    owe_copy(session, chat, (1, message), now=now, thread=1)


def test_an_update_given_twice_is_kept_once(engine: Engine, clock: Clock) -> None:
    with Session(engine) as session:
        first = inbox.store(session, [text(1, 5), text(2, 5), text(2, 5)], clock.now)
        again = inbox.store(session, [text(2, 5), text(3, 6)], clock.now)
        session.commit()
        assert [one.update_id for one in first + again] == [1, 2, 3]
        assert inbox.waiting_lanes(session) == [5, 6]
        assert [one.update_id for one in inbox.waiting_in(session, 5, 9, clock.now)] == [1, 2]


async def test_from_the_inbox_to_the_recorded_pair_in_order(
    engine: Engine, clock: Clock, rows: Rows
) -> None:
    post = Post(engine, clock)

    async def treat(update_id: int, raw: dict[str, Any]) -> None:
        await post.transactions.commit(owe, raw["message"]["chat"]["id"], update_id)

    await post.start()
    lanes = Lanes(post.transactions, treat)
    await lanes.start()
    updates = [text(number, number % 4) for number in range(1, 41)]
    lanes.offer(await post.transactions.write(lambda s, now: inbox.store(s, updates, now)))
    await until(lambda: len(rows(MessagePair)) == 40)
    for chat in range(4):
        expected = [f"copy {number}" for number in range(1, 41) if number % 4 == chat]
        assert post.telegram.to(chat) == expected
    assert all(row.done_at for row in rows(InboxUpdate))
    await lanes.stop()
    await post.close()


async def test_an_end_between_the_call_and_its_record_repeats_that_one_alone(
    engine: Engine, clock: Clock, rows: Rows
) -> None:
    post = Post(engine, clock)
    post.telegram.held[5] = asyncio.Event()
    await post.start()
    await post.copy(5, 31)
    await post.copy(5, 32)
    await until(lambda: post.telegram.made)
    await post.kill()
    post.telegram.held = {}
    await post.start()
    await until(lambda: all(row.state is DeliveryState.SENT for row in rows(Delivery)))
    assert post.telegram.to(5) == ["copy 31", "copy 31", "copy 32"]
    await post.close()


async def test_transactions_that_collide_are_tried_again(
    transactions: Transactions, rows: Rows
) -> None:
    """Two that lock the same rows crosswise: one is sent back by the server, and passes then."""
    await transactions.commit(owe, 5, 1)
    await transactions.commit(owe, 6, 2)
    tries: list[tuple[int, int]] = []

    def lock(session: Session, first: int, second: int, *, now: datetime) -> None:
        tries.append((first, second))
        for number in (first, second):
            row = session.exec(
                select(Delivery).where(Delivery.id == number).with_for_update()
            ).one()
            row.attempts += 1
            session.add(row)
            session.flush()
            session.connection().exec_driver_sql("SELECT pg_sleep(0.05)")

    await asyncio.gather(transactions.commit(lock, 1, 2), transactions.commit(lock, 2, 1))
    assert len(tries) > 2
    assert [row.attempts for row in rows(Delivery)] == [2, 2]


async def test_one_that_collides_for_ever_is_its_callers_error(
    engine: Engine, clock: Clock
) -> None:
    transactions = Transactions(engine, clock, wait=lambda _: None)
    tries = 0

    def collide(session: Session, *, now: datetime) -> None:
        nonlocal tries
        tries += 1
        session.connection().exec_driver_sql(
            "DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$"
        )

    with pytest.raises(OperationalError):
        await transactions.commit(collide)
    await transactions.close()
    assert tries == COLLISIONS


async def test_a_server_that_ends_our_connections_costs_nothing(
    transactions: Transactions, postgres_url: str, rows: Rows
) -> None:
    await transactions.commit(owe, 5, 1)
    with psycopg.connect(postgres_url, autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    await asyncio.gather(*(transactions.commit(owe, 5, number) for number in range(2, 12)))
    assert sorted(row.source_message for row in rows(Delivery)) == list(range(1, 12))


async def test_an_update_done_before_is_not_done_again(
    transactions: Transactions, rows: Rows
) -> None:
    await transactions.write(lambda s, now: inbox.store(s, [text(7, 5)], now))
    for _ in range(2):
        current_update.set(CurrentUpdate(7))
        try:
            await transactions.commit(owe, 5, 1)
        except UpdateDoneError:
            break
    else:
        pytest.fail("it was done twice")
    assert len(rows(Delivery)) == 1


async def test_a_read_may_not_change_rows(transactions: Transactions, rows: Rows) -> None:
    def change(session: Session) -> None:
        owe(session, 5, 1, now=datetime.fromisoformat("2026-03-02T09:00Z"))

    with pytest.raises(Exception, match="read-only transaction"):
        await transactions.read(change)
    assert rows(Delivery) == []
