"""This process as one of several workers on one PostgreSQL."""

import asyncio
import logging
import os
import socket
from collections.abc import Callable, Collection, Sequence
from typing import Any, Protocol, TypeVar

from sqlalchemy import Engine, event
from sqlmodel import Session

from bot.delivery import workers
from bot.delivery.bell import MOVED, Bell, understood, worded
from bot.delivery.committer import Committer, Job
from bot.delivery.shares import LEADING, Box, Shares, boot_seconds
from bot.delivery.workers import LeaseLostError, Standing

log = logging.getLogger(__name__)
T = TypeVar("T")
# A lease is renewed so many times in its length.
BEATS_IN_A_LEASE = 5
# Longer than almost every call to Telegram takes.
PATIENCE = 10.0


class Party(Protocol):
    """What works for the chats of the shares owned."""

    async def inherit(self, shares: Collection[int]) -> None:
        """Before they are owned: put in order what their last owner left."""

    async def take_up(self, shares: Collection[int]) -> None:
        """They are owned: find what waits in them."""

    def put_down(self) -> None:
        """Some are not owned any more: begin nothing more in them."""

    def look(self, box: Box, chats: Sequence[int]) -> None:
        """Something waits for these chats."""


class Membership:
    """Joins, renews its lease, takes its fair part of the shares and gives back what is too much.

    Every transaction that writes begins with `hold`. `lost`: this worker was taken for dead; it has
    to begin anew, as another one.
    """

    def __init__(
        self,
        engine: Engine,
        lease: float,
        clock: Callable[[], float] = boot_seconds,
        patience: float = PATIENCE,
    ) -> None:
        """`lease`: seconds after which a worker that has not renewed it is dead. `patience`: how
        long a share that is to be given back waits for what is under way in it."""
        self.shares = Shares((), alone=False, clock=clock)
        self.shares.ring = self._ring
        self.lost = False
        self._lease, self._clock, self._patience = lease, clock, patience
        end_idle_transactions(engine, 2 * lease)
        self._committer = Committer(engine, single=True)
        url = engine.url.set(drivername="postgresql")
        self._bell = Bell(url.render_as_string(hide_password=False))
        self._number = 0
        self._steady_since = clock()
        self._sure_until = clock()
        self._taking: frozenset[int] = frozenset()
        self._leaving: frozenset[int] = frozenset()
        self._running: asyncio.Task[None] | None = None
        self._early = asyncio.Event()
        self._words: dict[Box, set[int]] = {}
        self._rung = asyncio.Event()

    async def start(self, *parties: Party) -> None:
        """From here on a fair part of the shares is its own, as soon as others give it back."""
        self._number = await self._do(self._join)
        self._running = asyncio.create_task(self._run(parties))

    def _join(self, session: Session) -> int:
        workers.say(session, [MOVED])
        return workers.join(session, f"{socket.gethostname()} {os.getpid()}", self._lease)

    def hold(self, session: Session) -> None:
        """Raises LeaseLostError; else this worker is not buried before the transaction ends."""
        try:
            workers.hold(session, self._number)
        except LeaseLostError:
            self.lost = True
            raise

    async def wait(self) -> None:
        """Until `close`. Raises LeaseLostError."""
        if self._running is not None:
            await asyncio.shield(self._running)

    async def close(self) -> None:
        """Free what is owned, for others to take at once; with the database away it lapses.

        Until then the lease is renewed: what is under way when the process stops has its time.
        """
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)
        self._committer.submit(Job(self._leave, lambda _: None))
        await asyncio.to_thread(self._committer.close)

    async def _run(self, parties: Sequence[Party]) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._bell.listen(self._number, self._hearer(parties)))
                group.create_task(self._call())
                while True:
                    await self._beat(group, parties)
                    await self._until_next()
        except ExceptionGroup as errors:
            raise errors.exceptions[0] from None

    def _leave(self, session: Session) -> None:
        workers.leave(session, self._number)
        workers.say(session, [MOVED])

    # -- shares

    async def _beat(self, group: asyncio.TaskGroup, parties: Sequence[Party]) -> None:
        standing = await self._do(self._renewed)
        gained = standing.owned - self.shares.owned - self._taking - self._leaving
        if gained:
            self._taking |= gained
            group.create_task(self._take(gained, parties))
        chosen = self._chosen(standing.excess - len(self._leaving))
        self._leaving |= chosen
        busy = frozenset(filter(self.shares.busy, chosen))
        for excess in filter(None, (chosen - busy, busy)):
            group.create_task(self._give_back(excess, parties))

    def _chosen(self, number: int) -> frozenset[int]:
        """So many to give back, those first in which nothing is under way.

        The leader stays the leader as long as it lives: what it does once for all may take long.
        """
        mine = self.shares.owned - self._leaving - {LEADING}
        chosen = sorted(mine, key=lambda share: (self.shares.busy(share), -share))
        return frozenset(chosen[: max(0, number)])

    def _renewed(self, session: Session) -> Standing:
        asked = self._clock()
        if asked >= self._sure_until:
            # It could not ask for long, and may be the first to ask again: nor could the others.
            self._steady_since = asked
        try:
            workers.renew(session, self._number, self._lease, there=self._bell.there)
        except LeaseLostError:
            self.lost = True
            raise
        workers.begin_dealing(session)
        steady = asked - self._steady_since >= self._lease
        if steady or not self.shares.owned:
            workers.end_asleep(session, 2 * self._lease)
            buried = workers.bury(session, self._number)
            if buried:
                log.warning("%d workers are dead: others do their work", len(buried))
                workers.say(session, [MOVED])
        self._sure_until = asked + self._lease
        return workers.deal(session, self._number)

    async def _take(self, gained: frozenset[int], parties: Sequence[Party]) -> None:
        for party in parties:
            await party.inherit(gained)
        self._taking -= gained
        await self._own(gained, parties)

    async def _own(self, shares: frozenset[int], parties: Sequence[Party]) -> None:
        self.shares.take(shares)
        for party in parties:
            await party.take_up(shares)

    async def _give_back(self, excess: frozenset[int], parties: Sequence[Party]) -> None:
        self.shares.leave(excess)
        for party in parties:
            party.put_down()
        try:
            async with asyncio.timeout(self._patience):
                await self.shares.settled(excess)
        except TimeoutError:  # other chats of theirs have waited long enough
            self._leaving -= excess
            await self._own(excess, parties)
            return

        def freed(session: Session) -> None:
            workers.give_back(session, self._number, excess)
            workers.say(session, [MOVED])

        await self._do(freed)
        self._leaving -= excess

    async def _until_next(self) -> None:
        self.shares.renew(self._sure_until)
        try:
            async with asyncio.timeout(self._lease / BEATS_IN_A_LEASE):
                await self._early.wait()
        except TimeoutError:
            pass
        self._early.clear()

    # -- what is said

    def _hearer(self, parties: Sequence[Party]) -> Callable[[str], None]:
        def heard(payload: str) -> None:
            called = understood(payload)
            if called is None:
                self._early.set()
            else:
                for party in parties:
                    party.look(*called)

        return heard

    def _ring(self, box: Box, chats: Collection[int]) -> None:
        self._words.setdefault(box, set()).update(chats)
        self._rung.set()

    async def _call(self) -> None:
        """What gathers while one call is made goes with the next."""
        while True:
            await self._rung.wait()
            self._rung.clear()
            gathered, self._words = self._words, {}
            words = [word for box, chats in gathered.items() for word in worded(box, chats)]
            await self._do(workers.say, words)

    async def _do(self, work: Callable[..., T], *args: Any) -> T:
        result: T = (await self._committer.run(lambda session: work(session, *args))).result
        return result


def end_idle_transactions(engine: Engine, seconds: float) -> None:
    """The server ends a transaction in which nothing was asked for so long: of a process that
    sleeps in the middle of one, which no other could succeed to."""

    def limit(connection: Any, _: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SET application_name = '{workers.APPLICATION}'")
            cursor.execute(f"SET idle_in_transaction_session_timeout = {round(seconds * 1000)}")
        connection.commit()

    event.listen(engine, "connect", limit)
    engine.dispose()
