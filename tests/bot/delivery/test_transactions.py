"""One update is one transaction."""

import asyncio
import logging
import sqlite3
import threading
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, func, select

from bot.delivery.committer import ClosedError
from bot.delivery.inbox import store
from bot.delivery.outbox import owe_copy
from bot.delivery.tables import Delivery, InboxUpdate
from bot.delivery.transactions import (
    CurrentUpdate,
    Transactions,
    UpdateDoneError,
    current_update,
)
from tests.bot.delivery.conftest import Clock, Rows

MESSAGE = {"update_id": 7, "message": {"chat": {"id": 1}, "text": "hello"}}


def owe(session: Session, chat_id: int, *, now: datetime) -> int:
    owe_copy(session, chat_id, (1, 2), now=now, thread=3)
    return chat_id


def owe_and_fail(session: Session, *, now: datetime) -> None:
    owe(session, 5, now=now)
    session.flush()
    raise KeyError("after the flush")


def count(session: Session) -> int:
    return session.exec(select(func.count()).select_from(Delivery)).one()


async def test_a_commit_keeps_what_the_use_case_did_and_returns_what_it_returned(
    transactions: Transactions, rows: Rows, clock: Clock
) -> None:
    assert await transactions.commit(owe, 42) == 42
    (owed,) = rows(Delivery)
    assert (owed.chat_id, owed.owed_at) == (42, clock.now)


async def test_a_use_case_that_raises_leaves_nothing_behind(
    transactions: Transactions, rows: Rows
) -> None:
    with pytest.raises(KeyError):
        await transactions.commit(owe_and_fail)
    assert rows(Delivery) == []


async def test_the_inbox_row_is_done_in_the_transaction_of_the_first_commit(
    transactions: Transactions, rows: Rows, clock: Clock
) -> None:
    await transactions.commit(store_one)
    current_update.set(handled := CurrentUpdate(7))
    await transactions.commit(owe, 42)
    assert handled.done
    assert rows(InboxUpdate)[0].done_at == clock.now
    await transactions.commit(owe, 43)
    assert [owed.chat_id for owed in rows(Delivery)] == [42, 43]


async def test_a_failed_first_commit_leaves_the_inbox_row_to_the_next(
    transactions: Transactions, rows: Rows
) -> None:
    await transactions.commit(store_one)
    current_update.set(handled := CurrentUpdate(7))
    with pytest.raises(KeyError):
        await transactions.commit(owe_and_fail)
    assert not handled.done
    assert rows(InboxUpdate)[0].done_at is None
    await transactions.commit(owe, 42)
    assert rows(InboxUpdate)[0].done_at is not None


async def test_an_update_that_was_done_before_is_not_done_again(
    transactions: Transactions, rows: Rows
) -> None:
    await transactions.commit(store_one)
    current_update.set(CurrentUpdate(7))
    await transactions.commit(owe, 42)
    current_update.set(CurrentUpdate(7))
    with pytest.raises(UpdateDoneError):
        await transactions.commit(owe, 42)
    assert len(rows(Delivery)) == 1


async def test_what_is_owed_is_told_only_once_it_is_committed(
    transactions: Transactions, rows: Rows
) -> None:
    told: list[list[Any]] = []
    transactions.listen(lambda owed: told.append([list(owed), rows(Delivery)]))
    with pytest.raises(KeyError):
        await transactions.commit(owe_and_fail)
    assert told == []
    await transactions.commit(owe, 42)
    ((owed, committed),) = told
    assert [delivery.id for delivery in owed] == [delivery.id for delivery in committed]


async def test_commits_side_by_side_each_keep_their_own_fate(
    transactions: Transactions, rows: Rows
) -> None:
    calls = [owe if number % 3 else owe_and_fail for number in range(60)]
    running = [
        transactions.commit(call, *([number] if call is owe else []))
        for number, call in enumerate(calls)
    ]
    results = await asyncio.gather(*running, return_exceptions=True)
    kept = {number for number in range(60) if number % 3}
    assert {owed.chat_id for owed in rows(Delivery)} == kept
    assert [isinstance(result, KeyError) for result in results] == [
        number not in kept for number in range(60)
    ]


async def test_what_waits_side_by_side_shares_a_commit(
    engine: Engine, clock: Clock, tmp_path: Path
) -> None:
    commits: list[int] = []
    event.listen(engine, "commit", lambda connection: commits.append(1))
    transactions = Transactions(engine, clock)
    await asyncio.gather(*(transactions.commit(owe, number) for number in range(64)))
    await transactions.close()
    assert len(commits) < 64


async def test_a_read_may_not_change_rows(transactions: Transactions, rows: Rows) -> None:
    def changes(session: Session) -> None:
        session.add(InboxUpdate(update_id=1, lane=1, raw="", received_at=Clock().now))

    with pytest.raises(RuntimeError, match="commit"):
        await transactions.read(changes)
    assert rows(InboxUpdate) == []
    await transactions.commit(owe, 42)
    assert await transactions.read(count) == 1


async def test_a_long_read_aside_keeps_nobody_waiting(
    transactions: Transactions, rows: Rows
) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def long(session: Session) -> int:
        before = count(session)
        begun.set()
        go_on.wait()
        return before + count(session)

    reading = asyncio.create_task(transactions.read_aside(long))
    await asyncio.to_thread(begun.wait)
    await transactions.commit(owe, 42)
    assert await transactions.read(count) == 1
    go_on.set()
    # It goes on seeing the database as it was when it began.
    assert await reading == 0


async def test_a_database_that_is_away_is_waited_for_and_named_once(
    engine: Engine, clock: Clock, tmp_path: Path, rows: Rows, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "delivery.db"
    engine.dispose()
    aside = path.rename(tmp_path / "aside.db")
    path.mkdir()
    waited: list[float] = []

    def wait(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == 3:
            path.rmdir()
            aside.rename(path)

    transactions = Transactions(engine, clock, wait)
    with caplog.at_level(logging.WARNING):
        assert await transactions.commit(owe, 42) == 42
    await transactions.close()
    assert [owed.chat_id for owed in rows(Delivery)] == [42]
    assert waited == sorted(waited)
    assert ["is away" in line or "is back" in line for line in caplog.messages] == [True, True]


async def test_a_locked_database_is_waited_for(
    engine: Engine, clock: Clock, tmp_path: Path, rows: Rows
) -> None:
    other = sqlite3.connect(tmp_path / "delivery.db", check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    transactions = Transactions(engine, clock, lambda _: other.rollback())
    assert await transactions.commit(owe, 42) == 42
    await transactions.close()
    other.close()
    assert len(rows(Delivery)) == 1


async def test_closing_with_the_database_away_ends_what_waits_without_keeping_it(
    engine: Engine, clock: Clock, tmp_path: Path
) -> None:
    engine.dispose()
    (tmp_path / "delivery.db").rename(tmp_path / "aside.db")
    (tmp_path / "delivery.db").mkdir()
    transactions = Transactions(engine, clock)
    waiting = asyncio.create_task(transactions.commit(owe, 42))
    await asyncio.sleep(0)
    await transactions.close()
    with pytest.raises(ClosedError):
        await waiting
    with pytest.raises(ClosedError):
        await transactions.commit(owe, 42)


async def test_a_fault_of_ours_is_raised_and_not_waited_out(
    transactions: Transactions, engine: Engine
) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE delivery")
    with pytest.raises(OperationalError, match="no such table"):
        await transactions.commit(owe, 42)


def store_one(session: Session, *, now: datetime) -> None:
    store(session, [MESSAGE], now)
