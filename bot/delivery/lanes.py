"""Updates of one chat in order, different chats side by side, each seen to its end."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from datetime import datetime
from typing import Protocol

from sqlmodel import Session

from bot.delivery import inbox
from bot.delivery.about import about
from bot.delivery.committer import ClosedError
from bot.delivery.faults import named, placed
from bot.delivery.inbox import Json, Received
from bot.delivery.observing import Nobody, Observer
from bot.delivery.place import place_of
from bot.delivery.shares import Box, Shares, share_of
from bot.delivery.transactions import (
    CurrentUpdate,
    Transactions,
    UpdateDoneError,
    current_update,
)
from bot.delivery.turns import Turns

log = logging.getLogger(__name__)
CONCURRENCY = 32
ATTEMPTS = 4
# Seconds before the second attempt; each later one waits three times as long.
FIRST_PAUSE = 0.2
# How long a stop waits for the updates under way.
STOP_SECONDS = 10.0
Treat = Callable[[int, Json], Awaitable[object]]
Pause = Callable[[float], Awaitable[object]]


class LaterError(Exception):
    """Raised by a treatment before it does anything: the update, and its lane with it, waits."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"not for {seconds:.1f} s")
        self.seconds = seconds


class OnQuarantine(Protocol):
    """A use case run in the transaction that sets an update aside, so that an admin is told."""

    def __call__(
        self, session: Session, update_id: int, error: str, *, now: datetime
    ) -> object: ...


class Lanes:
    """Hands every update to `treat(update_id, raw)`, in the order of its lane, and sees it done.

    An update is done with the first commit made for it (see Transactions), or when its treatment
    ends without any. A treatment that raises before a commit is tried again, `ATTEMPTS` times in
    all; then the update is quarantined and its lane goes on. The attempts are kept in the database.
    One that was waiting when the process ended counts its next attempt before it is made: an update
    that kills the process is set aside as well. A LaterError lets its lane rest, and is no attempt.
    """

    def __init__(
        self,
        transactions: Transactions,
        treat: Treat,
        *,
        on_quarantine: OnQuarantine | None = None,
        concurrency: int = CONCURRENCY,
        turns: Turns | None = None,
        pause: Pause = asyncio.sleep,
        observer: Observer | None = None,
        shares: Shares | None = None,
    ) -> None:
        self._transactions = transactions
        self._treat = treat
        self._on_quarantine = on_quarantine
        self._concurrency = concurrency
        self._turns = turns or Turns()
        self._pause = pause
        self._observer = observer or Nobody()
        self._shares = shares or Shares()
        self._began: dict[int, datetime] = {}
        self._workers: list[asyncio.Task[None]] = []
        self._resting: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Pick up every update that is not done, then take turns."""
        await self.inherit(self._shares.owned)
        await self.take_up(self._shares.owned)
        self._workers = [asyncio.create_task(self._work()) for _ in range(self._concurrency)]

    async def inherit(self, shares: Collection[int]) -> None:
        """What waits in them from now on is not what their last owner may have died of."""
        self._began |= dict.fromkeys(shares, self._transactions.now())

    async def take_up(self, shares: Collection[int]) -> None:
        """Pick up every update of these shares that is not done."""
        for lane in await self._transactions.read(inbox.waiting_lanes, shares):
            self._turns.fall_behind(lane)

    async def sweep(self) -> None:
        """Find what was kept by another process whose word of it was lost."""
        await self.take_up(self._shares.owned)

    def look(self, box: Box, lanes: Iterable[int]) -> None:
        """The database holds updates of these lanes; what isn't owned is left alone."""
        for lane in lanes:
            if box is Box.INBOX and self._shares.owns(lane):
                self._turns.fall_behind(lane)

    def put_down(self) -> None:
        """Forget what is not owned any more; updates under way go on to their end."""
        for lane in self._turns.lanes:
            self._drop_foreign(lane)

    async def wait(self) -> None:
        """Until `stop`. Raises what ended a worker, which nothing but a fault of ours does."""
        await asyncio.gather(*map(asyncio.shield, self._workers))

    async def stop(self) -> None:
        """Finish the updates under way; the others stay in the inbox for the next start."""
        for resting in self._resting:
            resting.cancel()
        self._turns.end(len(self._workers))
        if self._workers:
            _, late = await asyncio.wait(self._workers, timeout=STOP_SECONDS)
            for worker in late:
                worker.cancel()

    def offer(self, received: Sequence[Received]) -> None:
        """Take updates that were just committed to the inbox.

        Beside other workers they are read from the inbox in their order: one of the same lane that
        another has received may not be known here yet.
        """
        if self._shares.alone:
            self._turns.offer(received)
        else:
            lanes = self._shares.part({one.lane for one in received}, Box.INBOX)
            self.look(Box.INBOX, lanes)

    async def _work(self) -> None:
        while (lane := await self._turns.next()) is not None:
            self._drop_foreign(lane)
            self._shares.begin(lane)
            try:
                await self._turn(lane)
            except ClosedError:
                return
            finally:
                self._shares.end(lane)
            self._drop_foreign(lane)
            self._turns.done(lane)

    def _drop_foreign(self, lane: int) -> None:
        if not self._shares.owns(lane):
            self._turns.drop(lane)

    async def _turn(self, lane: int) -> None:
        if not self._shares.owns(lane):
            return
        received = self._turns.take(lane)
        if received is None:
            await self._load(lane)
            received = self._turns.take(lane)
        if received is None:
            return
        try:
            with about(update=received.update_id, lane=lane):
                await self._see_done(received)
        except LaterError as later:
            if received.inherited:  # to wait is no attempt
                await self._count(received.update_id, received.attempts)
            self._turns.rest(lane)
            resting = asyncio.create_task(self._rest(lane, later.seconds))
            self._resting.add(resting)
            resting.add_done_callback(self._resting.discard)

    async def _rest(self, lane: int, seconds: float) -> None:
        await self._pause(seconds)
        self._turns.wake(lane)

    async def _load(self, lane: int) -> None:
        asked = self._turns.begin_loading(lane)
        began = self._began[share_of(lane)]
        found = await self._transactions.read(inbox.waiting_in, lane, asked, began)
        self._turns.loaded(lane, found, asked)

    async def _see_done(self, received: Received) -> None:
        error = "the process ended while it was under way"
        for attempt in range(received.attempts + 1, ATTEMPTS + 1):
            if received.inherited:
                await self._count(received.update_id, attempt)
            failure = await self._attempt(received)
            if failure is None:
                return
            error = placed(failure)
            log.warning("update %d failed, attempt %d: %s", received.update_id, attempt, error)
            self._observer.failed("update", named(failure))
            await self._count(received.update_id, attempt)
            if attempt < ATTEMPTS:
                await self._pause(FIRST_PAUSE * 3 ** (attempt - 1))
        await self._quarantine(received.update_id, error)

    async def _attempt(self, received: Received) -> Exception | None:
        """None once the update is done. Raises ClosedError and LaterError."""
        handled = CurrentUpdate(received.update_id, place=place_of(received.raw))
        token = current_update.set(handled)
        try:
            await self._treat(received.update_id, received.raw)
        except (ClosedError, LaterError):
            raise
        except UpdateDoneError:
            return None
        except Exception as error:
            if not handled.done:
                return error
            log.warning("update %d failed after its commit: %s", handled.update_id, placed(error))
            self._observer.failed("update", named(error))
        finally:
            current_update.reset(token)
        if not handled.done:
            await self._finish(received.update_id)
        return None

    async def _finish(self, update_id: int) -> None:
        """The treatment ended without a commit: nothing was to be done."""
        await self._transactions.write(
            lambda session, now: inbox.mark_done(session, update_id, now)
        )

    async def _count(self, update_id: int, attempts: int) -> None:
        await self._transactions.write(
            lambda session, _: inbox.count_attempt(session, update_id, attempts)
        )

    async def _quarantine(self, update_id: int, error: str) -> None:
        log.error("update %d is quarantined: %s", update_id, error)
        self._observer.failed("quarantine", "set_aside")
        told = self._on_quarantine

        def set_aside(session: Session, *, now: datetime) -> None:
            inbox.quarantine(session, update_id, error, now)
            if told is not None:
                told(session, update_id, error, now=now)

        try:
            await self._transactions.commit(set_aside)
        except ClosedError:
            raise
        except Exception as failure:
            # Telling failed: the lane must go on all the same.
            log.error("nobody could be told of update %d: %s", update_id, placed(failure))
            await self._transactions.write(
                lambda session, now: inbox.quarantine(session, update_id, error, now)
            )
