"""Updates of one chat in order, different chats side by side, each seen to its end."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event
from sqlmodel import Session

from bot.delivery import inbox
from bot.delivery.lanes import ATTEMPTS, Lanes, LaterError
from bot.delivery.outbox import owe_copy
from bot.delivery.tables import Delivery, InboxUpdate
from bot.delivery.transactions import Transactions
from bot.delivery.turns import Turns
from knowledge.database import DatabaseAwayError
from tests.bot.delivery.conftest import Clock, Rows, until


def text(number: int, chat: int = 1) -> dict[str, Any]:
    return {"update_id": number, "message": {"chat": {"id": chat}, "text": "秘密 secret"}}


async def no_pause(_: float) -> None:
    """Later is now."""


def owe(session: Session, chat_id: int, *, now: datetime) -> None:
    owe_copy(session, chat_id, (chat_id, 1), now=now, thread=1)


class Bench:
    """Lanes over a treatment that a test writes; `seen` are the updates in their order."""

    def __init__(self, transactions: Transactions) -> None:
        self.transactions = transactions
        self.seen: list[int] = []
        self.treat: Callable[[int, dict[str, Any]], Awaitable[object]] = self.note
        self.lanes = self.new_lanes()

    async def note(self, update_id: int, raw: dict[str, Any]) -> None:
        self.seen.append(update_id)

    def new_lanes(self, **options: Any) -> Lanes:
        async def treat(update_id: int, raw: dict[str, Any]) -> None:
            await self.treat(update_id, raw)

        self.lanes = Lanes(self.transactions, treat, **{"pause": no_pause, **options})
        return self.lanes

    async def receive(self, *updates: dict[str, Any]) -> None:
        self.lanes.offer(
            await self.transactions.write(
                lambda session, now: inbox.store(session, list(updates), now)
            )
        )


@pytest.fixture
async def bench(transactions: Transactions) -> AsyncIterator[Bench]:
    made = Bench(transactions)
    yield made
    await made.lanes.stop()


@pytest.fixture
def undone(rows: Rows) -> Callable[[], list[int]]:
    return lambda: [row.update_id for row in rows(InboxUpdate) if row.done_at is None]


async def test_updates_of_a_chat_are_treated_in_order_whatever_each_takes(
    bench: Bench, undone: Callable[[], list[int]]
) -> None:
    order: defaultdict[int, list[int]] = defaultdict(list)

    async def treat(update_id: int, raw: dict[str, Any]) -> None:
        for _ in range(update_id * 7 % 5):
            await asyncio.sleep(0)
        order[raw["message"]["chat"]["id"]].append(update_id)

    bench.treat = treat
    await bench.lanes.start()
    for begin in range(0, 200, 40):
        await bench.receive(*(text(number, number * 13 % 6) for number in range(begin, begin + 40)))
    await until(lambda: sum(map(len, order.values())) == 200 and not undone())
    assert all(numbers == sorted(numbers) for numbers in order.values())


async def test_a_chat_that_takes_long_holds_up_no_other(bench: Bench) -> None:
    gate = asyncio.Event()

    async def treat(update_id: int, raw: dict[str, Any]) -> None:
        if raw["message"]["chat"]["id"] == 1:
            await gate.wait()
        bench.seen.append(update_id)

    bench.treat = treat
    await bench.lanes.start()
    await bench.receive(text(1, 1), text(2, 1), text(3, 2), text(4, 3))
    await until(lambda: {3, 4} <= set(bench.seen))
    assert not {1, 2} & set(bench.seen)
    gate.set()
    await until(lambda: len(bench.seen) == 4)
    assert [number for number in bench.seen if number < 3] == [1, 2]


async def test_an_update_treated_without_a_commit_is_done_all_the_same(
    bench: Bench, undone: Callable[[], list[int]]
) -> None:
    await bench.lanes.start()
    await bench.receive(text(1))
    await until(lambda: bench.seen and not undone())


async def test_a_treatment_that_fails_is_tried_again_and_then_set_aside_while_the_lane_goes_on(
    bench: Bench, rows: Rows, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[tuple[int, str]] = []

    def tell(session: Session, update_id: int, error: str, *, now: datetime) -> None:
        told.append((update_id, error))
        owe(session, 99, now=now)

    async def treat(update_id: int, raw: dict[str, Any]) -> None:
        bench.seen.append(update_id)
        if update_id == 1:
            raise ValueError(raw["message"]["text"])

    bench.treat = treat
    await bench.new_lanes(on_quarantine=tell).start()
    with caplog.at_level(logging.DEBUG):
        await bench.receive(text(1), text(2))
        await until(lambda: 2 in bench.seen)
    assert bench.seen == [1] * ATTEMPTS + [2]
    poison = rows(InboxUpdate, InboxUpdate.update_id == 1)[0]
    assert poison.quarantined
    assert poison.attempts == ATTEMPTS
    assert poison.error.startswith("ValueError")
    assert poison.raw
    assert told == [(1, poison.error)]
    assert [owed.chat_id for owed in rows(Delivery)] == [99]
    assert "secret" not in caplog.text + poison.error


async def test_each_attempt_waits_longer_than_the_one_before(bench: Bench) -> None:
    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    async def treat(update_id: int, raw: dict[str, Any]) -> None:
        bench.seen.append(update_id)
        if update_id == 1:
            raise KeyError

    bench.treat = treat
    await bench.new_lanes(pause=pause).start()
    await bench.receive(text(1), text(2))
    await until(lambda: 2 in bench.seen)
    assert len(pauses) == ATTEMPTS - 1
    assert pauses == sorted(set(pauses))


async def test_an_update_is_set_aside_even_where_telling_fails(bench: Bench, rows: Rows) -> None:
    def tell(session: Session, update_id: int, error: str, *, now: datetime) -> None:
        owe(session, 99, now=now)
        raise LookupError("no admin")

    async def treat(update_id: int, raw: dict[str, Any]) -> None:
        raise KeyError

    bench.treat = treat
    await bench.new_lanes(on_quarantine=tell).start()
    await bench.receive(text(1))
    await until(lambda: rows(InboxUpdate)[0].quarantined)
    assert rows(Delivery) == []


async def test_a_failure_after_the_commit_repeats_nothing(bench: Bench, rows: Rows) -> None:
    async def treat(update_id: int, raw: dict[str, Any]) -> None:
        bench.seen.append(update_id)
        await bench.transactions.commit(owe, update_id)
        if update_id == 1:
            raise KeyError

    bench.treat = treat
    await bench.lanes.start()
    await bench.receive(text(1), text(2))
    await until(lambda: len(rows(Delivery)) == 2)
    assert bench.seen == [1, 2]
    assert not any(row.quarantined or row.attempts for row in rows(InboxUpdate))


async def test_a_start_picks_up_every_update_that_was_not_done(bench: Bench, rows: Rows) -> None:
    bench.new_lanes()
    await bench.receive(*(text(number, number % 3) for number in range(1, 40)))
    await bench.transactions.write(lambda session, now: inbox.mark_done(session, 5, now))
    await bench.new_lanes().start()
    await until(lambda: len(bench.seen) == 38)
    for lane in range(3):
        numbers = [number for number in bench.seen if number % 3 == lane]
        assert numbers == [n for n in range(1, 40) if n % 3 == lane and n != 5]


async def test_a_process_killed_before_the_commit_does_the_update_at_the_next_start(
    bench: Bench, rows: Rows
) -> None:
    reached = asyncio.Event()

    async def dies(update_id: int, raw: dict[str, Any]) -> None:
        reached.set()
        await asyncio.Event().wait()

    bench.treat = dies
    await bench.lanes.start()
    await bench.receive(text(1))
    await reached.wait()
    kill(bench.lanes)

    async def treat(update_id: int, raw: dict[str, Any]) -> None:
        await bench.transactions.commit(owe, update_id)

    bench.treat = treat
    await bench.new_lanes().start()
    await until(lambda: rows(InboxUpdate)[0].done_at)
    assert [owed.chat_id for owed in rows(Delivery)] == [1]


async def test_a_process_killed_after_the_commit_does_not_do_the_update_again(
    bench: Bench, rows: Rows
) -> None:
    reached = asyncio.Event()

    async def dies(update_id: int, raw: dict[str, Any]) -> None:
        await bench.transactions.commit(owe, update_id)
        reached.set()
        await asyncio.Event().wait()

    bench.treat = dies
    await bench.lanes.start()
    await bench.receive(text(1))
    await reached.wait()
    kill(bench.lanes)
    bench.treat = bench.note
    await bench.new_lanes().start()
    await bench.receive(text(1), text(2))
    await until(lambda: 2 in bench.seen)
    assert bench.seen == [2]
    assert len(rows(Delivery)) == 1


async def test_an_update_that_kills_the_process_each_time_is_set_aside(
    bench: Bench, rows: Rows, clock: Clock
) -> None:
    bench.new_lanes()
    await bench.receive(text(1), text(2))
    clock.advance(1)
    for _ in range(ATTEMPTS):
        reached = asyncio.Event()

        async def dies(update_id: int, raw: dict[str, Any], reached: Any = reached) -> None:
            reached.set()
            await asyncio.Event().wait()

        bench.treat = dies
        await bench.new_lanes().start()
        await reached.wait()
        kill(bench.lanes)
    bench.treat = bench.note
    await bench.new_lanes().start()
    await until(lambda: bench.seen)
    assert bench.seen == [2]
    assert rows(InboxUpdate, InboxUpdate.update_id == 1)[0].quarantined


async def test_a_backlog_is_not_all_held_in_memory(bench: Bench) -> None:
    gate = asyncio.Event()

    async def treat(update_id: int, raw: dict[str, Any]) -> None:
        await gate.wait()
        bench.seen.append(update_id)

    bench.treat = treat
    turns = Turns(held_in_lane=4, held=10)
    bench.new_lanes(turns=turns, concurrency=2)
    await bench.lanes.start()
    for begin in range(1, 301, 100):
        await bench.receive(*(text(n, n % 5) for n in range(begin, begin + 100)))
        assert turns.held <= 10
    gate.set()
    await until(lambda: len(bench.seen) == 300)
    for lane in range(5):
        numbers = [number for number in bench.seen if number % 5 == lane]
        assert numbers == sorted(numbers)


async def test_a_stop_finishes_what_is_under_way_and_leaves_the_rest_for_the_next_start(
    bench: Bench, undone: Callable[[], list[int]]
) -> None:
    gate, reached = asyncio.Event(), asyncio.Event()

    async def treat(update_id: int, raw: dict[str, Any]) -> None:
        reached.set()
        await gate.wait()
        bench.seen.append(update_id)

    bench.treat = treat
    await bench.lanes.start()
    await bench.receive(text(1), text(2))
    await reached.wait()
    stopping = asyncio.create_task(bench.lanes.stop())
    await asyncio.sleep(0)
    gate.set()
    await stopping
    assert bench.seen == [1]
    assert undone() == [2]


async def test_nothing_is_set_aside_because_the_database_was_away(
    engine: Engine, clock: Clock, rows: Rows
) -> None:
    away: list[float] = []

    def wait(seconds: float) -> None:
        away.append(seconds)

    bench = Bench(Transactions(engine, clock, wait))

    @event.listens_for(engine, "begin")
    def refuse(_: Connection) -> None:
        if bench.seen == [1] and len(away) < 3 * ATTEMPTS:
            raise DatabaseAwayError("The database is restarting")

    async def treat(update_id: int, raw: dict[str, Any]) -> None:
        bench.seen.append(update_id)
        await bench.transactions.commit(owe, update_id)

    bench.treat = treat
    await bench.lanes.start()
    await bench.receive(text(1), text(2))
    await until(lambda: len(away) >= 3 * ATTEMPTS and len(rows(Delivery)) == 2)
    await bench.lanes.stop()
    await bench.transactions.close()
    assert bench.seen == [1, 2]
    assert len(away) == 3 * ATTEMPTS
    assert not any(row.quarantined or row.attempts for row in rows(InboxUpdate))


def kill(lanes: Lanes) -> None:
    """What SIGKILL leaves: nothing goes on, nothing is put in order."""
    for worker in lanes._workers:
        worker.cancel()


async def test_what_is_to_be_done_later_waits_with_its_lane_and_nobody_elses(
    bench: Bench, undone: Callable[[], list[int]]
) -> None:
    opened, pauses = asyncio.Event(), []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)
        await opened.wait()

    async def treat(update_id: int, raw: dict[str, Any]) -> None:
        if update_id == 2 and not opened.is_set():
            raise LaterError(7.0)
        bench.seen.append(update_id)

    bench.treat = treat
    lanes = bench.new_lanes(pause=pause)
    await lanes.start()
    await bench.receive(text(1), text(2), text(3), text(4, chat=2))
    await until(lambda: sorted(bench.seen) == [1, 4] and pauses == [7.0])
    await bench.receive(text(5))
    assert undone() == [2, 3, 5]
    opened.set()
    await until(lambda: undone() == [])
    assert [number for number in bench.seen if number != 4] == [1, 2, 3, 5]


async def test_to_wait_is_no_attempt_not_even_after_a_restart(bench: Bench, rows: Rows) -> None:
    waits = 3 * ATTEMPTS

    async def treat(update_id: int, raw: dict[str, Any]) -> None:
        nonlocal waits
        waits -= 1
        if waits:
            raise LaterError(1.0)
        bench.seen.append(update_id)

    bench.treat = treat
    await bench.receive(text(1))
    await bench.new_lanes().start()
    await until(lambda: bench.seen == [1])
    await until(lambda: rows(InboxUpdate)[0].done_at is not None)
    assert not rows(InboxUpdate)[0].quarantined


async def test_a_stop_does_not_wait_for_a_lane_that_rests(
    bench: Bench, undone: Callable[[], list[int]]
) -> None:
    rests = asyncio.Event()

    async def treat(update_id: int, raw: dict[str, Any]) -> None:
        rests.set()
        raise LaterError(3600.0)

    bench.treat = treat
    lanes = bench.new_lanes(pause=asyncio.sleep)
    await lanes.start()
    await bench.receive(text(1))
    await rests.wait()
    await lanes.stop()
    assert undone() == [1]
