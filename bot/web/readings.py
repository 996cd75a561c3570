"""What the database says of the desk's work, read for whoever watches."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from bot.delivery.backlog import Backlog, backlog
from bot.delivery.faults import named
from bot.desk.gauging import Tally, tally
from knowledge.database import DatabaseAwayError, read_only

# Who asks more often than this is shown the same figures again.
FRESH = timedelta(seconds=2)
PATIENCE = 3.0


class UnreadError(Exception):
    """The database did not answer; the text says why, and holds nobody's words."""


@dataclass(frozen=True)
class Reading:
    """At one moment."""

    at: datetime
    backlog: Backlog
    tally: Tally


class Readings:
    """Reads beside the desk's own transactions, one reading at a time however many ask."""

    def __init__(
        self, engine: Engine, clock: Callable[[], datetime], patience: float = PATIENCE
    ) -> None:
        self._engine, self._clock, self._patience = read_only(engine), clock, patience
        self._newest: Reading | None = None
        self._reading: asyncio.Task[Reading] | None = None

    async def take(self) -> Reading:
        """Raises UnreadError; a reading that takes too long goes on for the next who ask."""
        now = self._clock()
        if self._newest is not None and timedelta() <= now - self._newest.at < FRESH:
            return self._newest
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(asyncio.to_thread(self._read, now))
        done, _ = await asyncio.wait({self._reading}, timeout=self._patience)
        if not done:
            raise UnreadError(f"The database has not answered for {self._patience:g} seconds.")
        try:
            self._newest = self._reading.result()
        except DatabaseAwayError as error:
            raise UnreadError(str(error)) from error
        except SQLAlchemyError as error:
            raise UnreadError(f"The database refuses a reading: {named(error)}.") from error
        return self._newest

    def _read(self, now: datetime) -> Reading:
        with Session(self._engine) as session:
            return Reading(now, backlog(session, now), tally(session, now=now))
