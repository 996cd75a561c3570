"""A database in a file, a clock that moves when told to, and transactions on both."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, SQLModel, select

import bot.delivery.tables  # noqa: F401 (the tables it makes)
from bot.delivery.transactions import Transactions
from bot.simulator.people import SimulatedPerson
from bot.simulator.server import Simulator
from bot.simulator.world import World
from knowledge.database import open_engine, read_only
from tests.bot.simulator.honesty import Honesty

Rows = Callable[..., list[Any]]


class Clock:
    """An aware UTC instant that moves only when told to."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{tmp_path / 'delivery.db'}?timeout=0.01")
    SQLModel.metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
async def transactions(engine: Engine, clock: Clock) -> AsyncIterator[Transactions]:
    made = Transactions(engine, clock)
    yield made
    await made.close()


@pytest.fixture
def rows(engine: Engine) -> Rows:
    """The rows of a table (or of a select), as they stand in the database now."""

    def found(what: Any, *where: Any) -> list[Any]:
        # Reading waits for no writer.
        with Session(read_only(engine)) as session:
            return list(session.exec(select(what).where(*where)))

    return found


async def until(true: Callable[[], object]) -> None:
    """Let other tasks run until something holds; the test's time limit ends a vain wait."""
    while not true():  # noqa: ASYNC110 (a condition of other tasks has no event of its own)
        await asyncio.sleep(0.001)


@pytest.fixture
def world() -> World:
    return World(time.time)


@pytest.fixture
def asker(world: World) -> SimulatedPerson:
    return world.add_person("王芳", started=True)


@pytest.fixture
async def sim(world: World, honesty: Honesty) -> AsyncIterator[Simulator]:
    """A simulated Telegram on the real clock; what it does not know fails the test."""
    async with Simulator(world, observer=honesty, webhook_pause=0.01) as simulator:
        yield simulator
    assert simulator.refused == []
