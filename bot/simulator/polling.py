"""getUpdates: one poller at a time, acknowledgement by offset, waiting for what is new."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from itertools import islice

from bot.simulator.errors import refuse
from bot.simulator.faults import Faults
from bot.simulator.messages import Json
from bot.simulator.updates import UpdateQueue

LONGEST_WAIT = 50  # seconds; the real server cuts longer ones


class Polling:
    """The bot's long poll."""

    def __init__(self, queue: UpdateQueue, faults: Faults) -> None:
        self._queue = queue
        self._faults = faults
        self._turn = 0
        self._ended_by_webhook = False
        self._closed = False
        self._waits = asyncio.Event()

    async def waits(self) -> None:
        """Return as soon as a poll waits for something new: a test's cue to make news."""
        await self._waits.wait()

    async def next(
        self,
        offset: int,
        limit: int,
        seconds: float,
        allowed: Sequence[str] | None,
    ) -> list[Json]:
        """Up to `limit` updates from the offset on; waits so many seconds for the first.

        A second call ends the one that waits with 409.
        """
        self._ended_by_webhook = False
        self._turn += 1
        turn = self._turn
        self._queue.interrupt()
        self._queue.allow(allowed)
        if offset:
            self._queue.acknowledge(offset)
        await self._wait(turn, min(max(seconds, 0), LONGEST_WAIT))
        if turn != self._turn:
            name = "poll_ended_by_webhook" if self._ended_by_webhook else "second_poller"
            raise refuse(name)
        limit = min(max(limit, 1), 100)
        batch = [update.written for update in islice(self._queue, limit)]
        return self._faults.batch(batch)

    async def _wait(self, turn: int, seconds: float) -> None:
        if not seconds:
            return
        deadline = asyncio.get_running_loop().time() + seconds
        try:
            async with asyncio.timeout_at(deadline):
                while not self._queue and turn == self._turn and not self._closed:
                    self._waits.set()
                    await self._queue.arrival()
        except TimeoutError:
            return  # nothing new: an empty answer, as asked
        finally:
            if turn == self._turn:
                self._waits.clear()

    def end_by_webhook(self) -> None:
        """End the poll that waits: a webhook is being set."""
        self._turn += 1
        self._ended_by_webhook = True
        self._queue.interrupt()

    def close(self) -> None:
        """Let the poll that waits answer at once, for the server stops."""
        self._closed = True
        self._queue.interrupt()
