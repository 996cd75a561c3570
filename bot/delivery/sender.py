"""Sends what is owed: in order within a chat, side by side across chats, recorded in batches."""

import asyncio
import logging
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import cast

from bot.delivery import ledger
from bot.delivery.about import about
from bot.delivery.backoff import Backoff
from bot.delivery.batch import Batch, Begun
from bot.delivery.calls import Calls
from bot.delivery.committer import ClosedError
from bot.delivery.faults import placed
from bot.delivery.hooks import Hooks
from bot.delivery.ledger import Claimed
from bot.delivery.limits import Limits, Rates
from bot.delivery.observing import Nobody, Observer
from bot.delivery.outgoing import HELD_IN_CHAT, Outgoing
from bot.delivery.owed import Owed
from bot.delivery.shares import Box, Shares, box_of
from bot.delivery.tables import Priority
from bot.delivery.transactions import Transactions
from bot.delivery.undelivered import GivenUp, Undelivered
from bot.delivery.verdicts import (
    Again,
    Migrated,
    Sent,
    SentAlbum,
    Separate,
    SlowDown,
    TopicGone,
    Uncertain,
)

log = logging.getLogger(__name__)
# What the next batch records; the rest is told to somebody, in a transaction of its own.
Settled = Sent | SentAlbum | Separate | SlowDown | Again
CONCURRENCY = 32
# Deliveries that another process owes are found this late.
SWEEP_SECONDS = 5.0
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0  # of one chat, after an error of Telegram's
STOP_SECONDS = 10.0
# Chats loaded in one transaction.
LOADED_TOGETHER = 32


class Sender:
    """Sends deliveries and records what became of each.

    A delivery is claimed in one commit, sent, and recorded in the next; each commit takes what has
    gathered while the one before ran. In a chat one delivery is under way at a time, and the next
    is claimed with the commit that records it: a process that ends at any instant leaves at most
    one delivery of a chat unrecorded, which is sent again (see ledger.recover).
    """

    def __init__(
        self,
        transactions: Transactions,
        calls: Calls,
        *,
        clock: Callable[[], datetime],
        rates: Rates | None = None,
        hooks: Hooks | None = None,
        concurrency: int = CONCURRENCY,
        observer: Observer | None = None,
        shares: Shares | None = None,
    ) -> None:
        self._transactions = transactions
        self._calls = calls
        self._clock = clock
        self._undelivered = Undelivered(transactions, hooks or Hooks())
        self._concurrency = concurrency
        self._shares = shares or Shares()
        self._observer = observer or Nobody()
        self._limits = Limits(rates or Rates(), clock().timestamp())
        self._outgoing = Outgoing(self._limits)
        self._backoff = Backoff("what is owed waits")
        self._answers: list[tuple[Claimed, Settled]] = []
        self._sending: set[asyncio.Task[None]] = set()
        self._wake = asyncio.Event()
        self._swept = clock().timestamp()
        self._stopping = False
        self._loop: asyncio.Task[None] | None = None
        transactions.listen(self._on_owed)

    async def start(self) -> None:
        """Queue again what was under way when the process ended, then send."""
        if self._shares.owned:
            await self.inherit(self._shares.owned)
            await self.take_up(self._shares.owned)
        self._loop = asyncio.create_task(self._run())

    async def inherit(self, shares: Collection[int]) -> None:
        """Whoever had these shares' chats has ended, or put them down: nothing is under way."""
        repeated = await self._transactions.write(
            lambda session, now: ledger.recover(session, now, shares)
        )
        if repeated:
            log.warning("%d deliveries were under way at the end and are sent again", repeated)

    async def take_up(self, shares: Collection[int]) -> None:
        """Find what is owed to the chats of these shares."""
        self._outgoing.fall_behind(await self._transactions.read(ledger.waiting_chats, shares))
        self._limits.part(self._shares.part_of_all, self._clock().timestamp())
        self._wake.set()

    def put_down(self) -> None:
        """Forget what is not owned any more; deliveries under way go on to their end."""
        self._outgoing.leave(lambda chat_id: not self._shares.owns(chat_id))
        self._limits.part(self._shares.part_of_all, self._clock().timestamp())

    def look(self, box: Box, chats: Iterable[int]) -> None:
        """The database holds more for these chats; what isn't owned is left alone."""
        if box is Box.INBOX:
            return
        priority = Priority.MESSAGE if box is Box.MESSAGES else Priority.NOTICE
        for chat_id in chats:
            if self._shares.owns(chat_id):
                self._outgoing.look_again(chat_id, priority)
        self._wake.set()

    async def wait(self) -> None:
        """Until `stop`. Raises what ended the sending, which nothing but a fault of ours does."""
        if self._loop is not None:
            await asyncio.shield(self._loop)

    async def stop(self) -> None:
        """Record what is under way, and begin nothing more."""
        self._stopping = True
        self._wake.set()
        if self._loop is not None:
            await asyncio.wait([self._loop], timeout=STOP_SECONDS)
            for task in (*self._sending, self._loop):
                task.cancel()

    def wake(self) -> None:
        """Look again at what may be sent (a clock was moved, a row was owed elsewhere)."""
        self._wake.set()

    @property
    def busy(self) -> bool:
        """Whether anything waits to be sent, or is under way."""
        return bool(self._sending or self._outgoing.held)

    def _on_owed(self, owed: Sequence[Owed]) -> None:
        """Beside other workers all is read from the database in its order: one that another owed
        to the same chat may not be known here yet."""
        if self._shares.alone:
            self._outgoing.offer(owed)
            self._wake.set()
            return
        for box in (Box.MESSAGES, Box.NOTICES):
            chats = {one.chat_id for one in owed if box_of(one.priority) is box}
            self.look(box, self._shares.part(chats, box))

    async def _run(self) -> None:
        with suppress(ClosedError):
            while not self._stopping or self._sending or self._answers:
                await self._rest()
                if batch := self._next_batch():
                    self._begin(batch, await self._transactions.write(batch.run))
                    for chat_id in batch.settled:
                        self._shares.end(chat_id)

    async def _rest(self) -> None:
        """Until something happened, or something is due."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._delay()):
                await self._wake.wait()
        self._wake.clear()

    def _delay(self) -> float | None:
        if self._stopping:
            return None
        now = self._clock().timestamp()
        due = self._swept + SWEEP_SECONDS
        if len(self._sending) < self._concurrency:
            due = min(due, self._outgoing.due(now) or due)
        return max(0.0, due - now)

    def _next_batch(self) -> Batch:
        now = self._clock()
        seconds = now.timestamp()
        batch = Batch()
        answers, self._answers = self._answers, []
        for claimed, verdict in answers:
            self._file(batch, claimed, verdict, now)
        if self._stopping:
            return batch
        batch.hungry = self._outgoing.hungry(LOADED_TOGETHER)
        batch.picked = self._picked(seconds)
        if seconds - self._swept >= SWEEP_SECONDS:
            self._swept, batch.sweep = seconds, self._shares.owned
            self._limits.forget_idle(seconds)
        return batch

    def _picked(self, seconds: float) -> list[Owed]:
        picked = []
        for owed in self._outgoing.pick(seconds, self._concurrency - len(self._sending)):
            if self._shares.owns(owed.chat_id):
                self._shares.begin(owed.chat_id)
                picked.append(owed)
            else:
                self._outgoing.drop(owed.chat_id)
        return picked

    def _file(self, batch: Batch, claimed: Claimed, verdict: Settled, now: datetime) -> None:
        """Into the batch, and the chat is free again or waits."""
        owed, seconds = claimed.owed, now.timestamp()
        batch.settled.append(owed.chat_id)
        if isinstance(verdict, (Sent, SentAlbum)):
            self._backoff.passed()
            ids = verdict.message_ids if isinstance(verdict, SentAlbum) else (verdict.message_id,)
            batch.sent.extend(zip(claimed.parts, ids, strict=True))
            self._outgoing.free(owed.chat_id)
        elif isinstance(verdict, Separate):
            batch.separated.append((claimed.parts, verdict.reason))
            self._outgoing.fall_behind([owed.chat_id])
            self._outgoing.free(owed.chat_id)
        elif isinstance(verdict, SlowDown):
            until = now + timedelta(seconds=verdict.seconds)
            batch.returned.extend((part, "slow_down", until) for part in claimed.parts)
            self._outgoing.slow_down(owed, verdict.seconds, seconds)
        else:
            tried = [replace(part, attempts=part.attempts + 1) for part in claimed.parts]
            pause = self._pause(tried[0], verdict, seconds)
            until = now + timedelta(seconds=pause)
            batch.returned.extend((part, verdict.reason, until) for part in tried)
            back = next(part for part in tried if part.id == owed.id)
            self._outgoing.back(back, seconds + pause)

    def _pause(self, tried: Owed, verdict: Again, now: float) -> float:
        """Seconds until a delivery that did not get through is tried again."""
        if not verdict.everywhere:
            return float(min(FIRST_PAUSE * 2 ** min(tried.attempts - 1, 16), LONGEST_PAUSE))
        until = self._backoff.failed(verdict.reason, now)
        self._outgoing.pause(until)
        return until - now

    def _begin(self, batch: Batch, begun: Begun) -> None:
        for chat_id, found in begun.loaded.items():
            self._outgoing.loaded(chat_id, found, HELD_IN_CHAT)
        self._outgoing.fall_behind(begun.swept)
        for owed, until in begun.early:
            self._outgoing.back(owed, until.timestamp())
        claimed, early = {one.owed.id for one in begun.claimed}, {one.id for one, _ in begun.early}
        for owed in batch.picked:
            if owed.id not in claimed:
                self._shares.end(owed.chat_id)
                if owed.id not in early:
                    self._outgoing.free(owed.chat_id)
        for one in begun.claimed:
            if one.album:
                self._outgoing.forget(one.owed.chat_id, [part.id for part in one.album])
            self._sending.add(asyncio.create_task(self._send(one)))

    async def _send(self, claimed: Claimed) -> None:
        owed = claimed.owed
        with about(delivery=owed.id, lane=owed.chat_id, consultation=owed.thread):
            await self._see_sent(claimed)

    async def _see_sent(self, claimed: Claimed) -> None:
        owed = claimed.owed
        await self._shares.sure()
        try:
            verdict = await self._calls.make(claimed)
        except Exception as error:  # a fault of ours: whether the call was made is unknown
            log.error("delivery %d: %s", owed.id, placed(error))
            verdict = Uncertain(placed(error))
        if not isinstance(verdict, (Sent, SentAlbum)):
            self._observer.failed("delivery", type(verdict).__name__)
        log.info("%s: %s", owed.card or owed.method, type(verdict).__name__)
        if isinstance(verdict, Settled):
            self._answers.append((claimed, verdict))
        else:
            with suppress(ClosedError):
                await self._give_up(claimed, verdict)
        self._sending.discard(cast("asyncio.Task[None]", asyncio.current_task()))
        self._wake.set()

    async def _give_up(self, claimed: Claimed, verdict: GivenUp) -> None:
        chat_id = claimed.owed.chat_id
        await self._undelivered.settle(claimed.parts, verdict)
        self._shares.end(chat_id)
        if isinstance(verdict, Migrated):
            self._outgoing.drop(chat_id)
            self._outgoing.fall_behind(self._shares.part([verdict.to], Box.MESSAGES))
        elif isinstance(verdict, TopicGone):  # it is queued again, after the call for another topic
            self._outgoing.drop(chat_id)
            self._outgoing.fall_behind([chat_id])
        else:
            self._outgoing.free(chat_id)
