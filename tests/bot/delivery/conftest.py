"""A database in a file, a clock that moves when told to, and transactions on both."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine
from sqlmodel import Session, SQLModel, select

import bot.delivery.tables  # noqa: F401 (the tables it makes)
from bot.delivery.transactions import Transactions


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
    engine = create_engine(f"sqlite:///{tmp_path / 'delivery.db'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode=WAL")
        SQLModel.metadata.create_all(connection)
    yield engine
    engine.dispose()


@pytest.fixture
async def transactions(engine: Engine, clock: Clock) -> AsyncIterator[Transactions]:
    made = Transactions(engine, clock)
    yield made
    await made.close()


@pytest.fixture
def rows(engine: Engine) -> Callable[..., list[Any]]:
    """The rows of a table (or of a select), as they stand in the database now."""

    def found(what: Any, *where: Any) -> list[Any]:
        with Session(engine) as session:
            return list(session.exec(select(what).where(*where)))

    return found


# A condition of other tasks has no event of its own.
async def until(true: Callable[[], object]) -> None:
    """Let other tasks run until something holds; the test's time limit ends a vain wait."""
    while not true():  # noqa: ASYNC110
        await asyncio.sleep(0.001)
