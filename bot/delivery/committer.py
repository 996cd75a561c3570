"""Threads that run transactions off the event loop, many of them in one commit on SQLite."""

import asyncio
import logging
import queue
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from bot.delivery.faults import is_away, is_collision, named
from bot.delivery.owed import Owed
from knowledge.database import DatabaseAwayError, read_only

log = logging.getLogger(__name__)
# How often one transaction may collide with others before its error is its caller's.
COLLISIONS = 8
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 5.0
# How many transactions share a commit: past this the first of them waits too long for the last.
TOGETHER = 32
POSTGRES_THREADS = 4


class ClosedError(Exception):
    """Closed before this transaction could run; nothing of it was kept."""


@dataclass(slots=True)
class Outcome:
    """What a transaction returned, or why it was rolled back; `owed` is what it left to be sent."""

    result: Any = None
    error: Exception | None = None
    owed: Sequence[Owed] = ()


@dataclass(frozen=True, slots=True)
class Job:
    """Work for one transaction. It may run more than once, so it touches the session alone.

    `done` is called on the committer's thread.
    """

    work: Callable[[Session], Any]
    done: Callable[[Outcome], None]
    writes: bool = True


class Committer:
    """Runs each job in a transaction of its own, or in one commit with those waiting beside it.

    On SQLite there is one thread (there is one writer anyway) and what waits is committed together:
    one fsync for all. If any of them fails, all are rolled back and each runs again on its own, so
    that nobody's failure is another's. On PostgreSQL a few threads run one transaction each.

    While the database is away the job waits, however long; collisions are tried again a few times.
    """

    def __init__(
        self,
        engine: Engine,
        wait: Callable[[float], object] | None = None,
        *,
        single: bool = False,
    ) -> None:
        """`single`: one thread, one job a transaction, whatever the database."""
        self._engine = engine
        sqlite = engine.dialect.name == "sqlite"
        self._together = TOGETHER if sqlite and not single else 1
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._closing = threading.Event()
        self._wait = wait or self._closing.wait
        self._away = False
        self._threads = [
            threading.Thread(target=self._work, name=f"committer-{number}", daemon=True)
            for number in range(1 if sqlite or single else POSTGRES_THREADS)
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, job: Job) -> None:
        """Raises ClosedError after `close`."""
        if self._closing.is_set():
            raise ClosedError
        self._jobs.put(job)

    async def run(self, work: Callable[[Session], Any], *, writes: bool = True) -> Outcome:
        """Of one transaction, awaited on the event loop. Raises what the work raises."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Outcome] = loop.create_future()

        def deliver(outcome: Outcome) -> None:
            if not future.done():
                future.set_result(outcome)

        def done(outcome: Outcome) -> None:
            with suppress(RuntimeError):  # the loop has ended: nobody waits any more
                loop.call_soon_threadsafe(deliver, outcome)

        self.submit(Job(work, done, writes))
        outcome = await future
        if outcome.error is not None:
            raise outcome.error
        return outcome

    def close(self) -> None:
        """Run what was submitted, then end; with the database away, jobs end in ClosedError."""
        self._closing.set()
        for _ in self._threads:
            self._jobs.put(None)
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        connections = _Connections(self._engine)
        while (job := self._jobs.get()) is not None:
            jobs = [job, *self._waiting()]
            outcomes = self._try_together(connections, jobs) if len(jobs) > 1 else None
            if outcomes is None:
                outcomes = [self._alone(connections, job) for job in jobs]
            for job, outcome in zip(jobs, outcomes, strict=True):
                job.done(outcome)
        connections.drop()

    def _waiting(self) -> list[Job]:
        found: list[Job] = []
        while len(found) < self._together - 1:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                break
            if job is None:
                self._jobs.put(None)
                break
            found.append(job)
        return found

    def _try_together(self, connections: "_Connections", jobs: list[Job]) -> list[Outcome] | None:
        """The outcomes in one commit, or None where any of them failed."""
        try:
            return connections.run(jobs)
        except Exception as error:  # each meets its own when it runs alone
            log.debug("a shared commit was rolled back: %s", named(error))
            return None

    def _alone(self, connections: "_Connections", job: Job) -> Outcome:
        pause, collisions = FIRST_PAUSE, 0
        while True:
            try:
                outcome = connections.run([job])[0]
            except Exception as error:  # it is its caller's, who awaits it
                collisions += is_collision(error)
                if not is_away(error) and not (is_collision(error) and collisions < COLLISIONS):
                    return Outcome(error=error)
                if is_away(error):
                    self._say_away(error)
                if self._closing.is_set():
                    return Outcome(error=ClosedError())
                self._wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            else:
                self._say_back()
                return outcome

    def _say_away(self, error: Exception) -> None:
        if not self._away:
            reason = error if isinstance(error, DatabaseAwayError) else named(error)
            log.warning("The database is away, and is waited for: nothing is lost. %s", reason)
        self._away = True

    def _say_back(self) -> None:
        if self._away:
            log.warning("The database is back")
        self._away = False


class _Kept:
    """One connection, kept between transactions and opened anew after a failure."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None

    def run(self, jobs: list[Job]) -> list[Outcome]:
        """All in one transaction, committed once; any error rolls all back and is raised."""
        try:
            if self._connection is None:
                self._connection = self._engine.connect()
            with self._connection.begin():
                return [_run(self._connection, job) for job in jobs]
        except BaseException:
            self.drop()
            raise

    def drop(self) -> None:
        """Give the connection back to the pool, rolled back."""
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.close()
            except (DBAPIError, DatabaseAwayError) as error:
                log.debug("a lost connection could not be closed: %s", named(error))


class _Connections:
    """A thread's connections: one that writes, and one that neither writes nor waits for a lock."""

    def __init__(self, engine: Engine) -> None:
        self._writing = _Kept(engine)
        self._reading = _Kept(read_only(engine))

    def run(self, jobs: list[Job]) -> list[Outcome]:
        """See _Kept.run."""
        writes = any(job.writes for job in jobs)
        return (self._writing if writes else self._reading).run(jobs)

    def drop(self) -> None:
        self._writing.drop()
        self._reading.drop()


def _run(connection: Connection, job: Job) -> Outcome:
    # The transaction around is ours: the session neither ends it nor begins one.
    with Session(
        connection, expire_on_commit=False, join_transaction_mode="rollback_only"
    ) as session:
        result = job.work(session)
        if job.writes:
            session.flush()
        elif session.new or session.dirty or session.deleted:
            raise RuntimeError("a read may not change rows: use Transactions.commit")
        return Outcome(result, owed=session.info.get("owed", ()))
