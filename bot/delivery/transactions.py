"""One update is one transaction: a use case, what it owes, and its inbox row done."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Engine
from sqlmodel import Session

from bot.delivery import inbox
from bot.delivery.committer import Committer, Outcome
from bot.delivery.inbox import Json, Received
from bot.delivery.owed import Owed
from bot.delivery.place import PLACE, Place

log = logging.getLogger(__name__)
T = TypeVar("T")
Listener = Callable[[Sequence[Owed]], None]
Hold = Callable[[Session], object]


def hold_nothing(_: Session) -> None:
    """One process does it all: nobody could take it away."""


class UpdateDoneError(Exception):
    """The update's row was done already: its effects are in the database, and are not repeated."""


@dataclass(slots=True)
class CurrentUpdate:
    """The update that the running task handles, and whether a commit has marked it done.

    `place`: the topic in which it came.
    """

    update_id: int
    done: bool = False
    place: Place | None = None


current_update: ContextVar[CurrentUpdate | None] = ContextVar("current_update", default=None)


class Transactions:
    """Runs use cases, each in one transaction, off the event loop.

    `known`: what use cases may learn of the bot itself from their session's `info`.

    The current update's inbox row is marked done by the **first** commit that runs while it is
    handled, in the same transaction; a handler therefore makes the commit that matters its first.
    What a later commit does is not repeated after a crash.

    A use case may run more than once before its commit holds (a collision, a database that was
    away), so it touches its session alone.
    """

    def __init__(
        self,
        engine: Engine,
        clock: Callable[[], datetime],
        wait: Callable[[float], object] | None = None,
        hold: Hold | None = None,
    ) -> None:
        """`hold` begins each transaction that writes; what it raises ends it."""
        self._committer = Committer(engine, wait)
        self._aside = Committer(engine, wait, single=True)
        self._clock = clock
        self._hold = hold or hold_nothing
        self._listeners: list[Listener] = []
        self.known: dict[str, Any] = {}

    def now(self) -> datetime:
        """The moment that a use case would be given."""
        return self._clock()

    def listen(self, listener: Listener) -> None:
        """`listener` is called on the event loop with what each commit left owed."""
        self._listeners.append(listener)

    async def commit(self, use_case: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """What `use_case(session, *args, now=..., **kwargs)` returns, once it is committed.

        Raises what the use case raises, rolled back; UpdateDoneError where the update was done
        before; ClosedError while closing. A database that is away is waited for.
        """
        handled = current_update.get()
        marked = handled if handled is not None and not handled.done else None

        def work(session: Session) -> T:
            self._hold(session)
            now = self._clock()
            session.info.update(self.known)
            if handled is not None and handled.place is not None:
                session.info[PLACE] = handled.place
            if marked is not None and not inbox.mark_done(session, marked.update_id, now):
                raise UpdateDoneError(marked.update_id)
            return use_case(session, *args, now=now, **kwargs)

        outcome = await self._run(work)
        if marked is not None:
            marked.done = True
            _log_done(use_case, outcome.owed)
        if outcome.owed:
            for listener in self._listeners:
                listener(outcome.owed)
        result: T = outcome.result
        return result

    async def beside(self, use_case: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """As `commit`, for what is not the doing of the current update: that stays to be done."""
        token = current_update.set(None)
        try:
            return await self.commit(use_case, *args, **kwargs)
        finally:
            current_update.reset(token)

    async def write(self, work: Callable[[Session, datetime], T]) -> T:
        """A transaction of the durable edge itself: it belongs to no update and wakes nobody."""

        def held(session: Session) -> T:
            self._hold(session)
            return work(session, self._clock())

        result: T = (await self._run(held)).result
        return result

    async def receive(self, updates: Sequence[Json]) -> list[Received]:
        """Keep updates in the inbox, whoever is to treat them; those not kept before."""
        outcome = await self._run(lambda session: inbox.store(session, updates, self._clock()))
        received: list[Received] = outcome.result
        return received

    async def read(self, query: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """What `query(session, *args, **kwargs)` returns. Raises RuntimeError if it changes rows.

        Rows must not leave it: only views and plain values do.
        """
        return await self._read(self._committer, query, args, kwargs)

    async def read_aside(self, query: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """As `read`, for what takes long: on a thread of its own, so that no update waits."""
        return await self._read(self._aside, query, args, kwargs)

    async def close(self) -> None:
        """Finish what was begun; with the database away, callers get ClosedError."""
        for committer in (self._committer, self._aside):
            await asyncio.to_thread(committer.close)

    async def _read(
        self, by: Committer, query: Callable[..., T], args: Any, kwargs: dict[str, Any]
    ) -> T:
        def work(session: Session) -> T:
            session.info.update(self.known)
            with session.no_autoflush:
                return query(session, *args, **kwargs)

        outcome = await self._run(work, by, writes=False)
        result: T = outcome.result
        return result

    async def _run(
        self, work: Callable[[Session], Any], by: Committer | None = None, *, writes: bool = True
    ) -> Outcome:
        return await (by or self._committer).run(work, writes=writes)


def _log_done(use_case: Callable[..., object], owed: Sequence[Owed]) -> None:
    """What became of an update, and which consultation it moved."""
    if log.isEnabledFor(logging.INFO):
        threads = {one.thread for one in owed if one.thread is not None}
        about = {"consultation": threads.pop()} if len(threads) == 1 else {}
        name = getattr(use_case, "__name__", "done")
        log.info("%s, %d owed", name, len(owed), extra={"ids": about})
