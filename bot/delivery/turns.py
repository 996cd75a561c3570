"""Whose update is next: lanes take turns, and what is held in memory is bounded."""

import asyncio
from collections import deque
from collections.abc import Sequence

from bot.delivery.inbox import Received

# Held in memory: so many updates of one lane, and of all; what is more waits in the database.
HELD_IN_LANE, HELD = 16, 2000


class Turns:
    """Queues by lane. A lane stands in line once, takes one update a turn, and lines up again.

    A lane is *behind* while the database holds updates of it that are not held here. It takes no
    newer ones until its queue is empty and it was loaded again, so that its order is kept. One that
    *rests* is not in line at all.
    """

    def __init__(self, held_in_lane: int = HELD_IN_LANE, held: int = HELD) -> None:
        self._most_in_lane = held_in_lane
        self._most = held
        self.held = 0
        self._queues: dict[int, deque[Received]] = {}
        self._behind: set[int] = set()
        self._loading: set[int] = set()
        self._resting: set[int] = set()
        self._line: asyncio.Queue[int | None] = asyncio.Queue()

    def offer(self, received: Sequence[Received]) -> None:
        """Take updates just kept in the inbox, or note that their lanes are behind."""
        for one in received:
            if one.lane in self._resting:
                continue
            queue = self._line_up(one.lane)
            full = len(queue) >= self._most_in_lane or self.held >= self._most
            if full or one.lane in self._behind or one.lane in self._loading:
                self._behind.add(one.lane)
            else:
                queue.append(one)
                self.held += 1

    def fall_behind(self, lane: int) -> None:
        """The database holds updates of this lane."""
        if lane in self._resting:
            return
        self._line_up(lane)
        self._behind.add(lane)

    async def next(self) -> int | None:
        """The lane whose turn it is, until its `done`; None after `end`."""
        return await self._line.get()

    def take(self, lane: int) -> Received | None:
        """The lane's first update; None where it is behind, and to be loaded first."""
        queue = self._queues[lane]
        if not queue:
            return None
        self.held -= 1
        return queue.popleft()

    def begin_loading(self, lane: int) -> int:
        """How many of the lane's updates to load. What is offered meanwhile keeps it behind."""
        self._behind.discard(lane)
        self._loading.add(lane)
        return max(1, min(self._most_in_lane, self._most - self.held))

    def loaded(self, lane: int, found: Sequence[Received], asked: int) -> None:
        """The lane's first updates, as the database has them."""
        self._loading.discard(lane)
        self._queues[lane].extend(found)
        self.held += len(found)
        if len(found) == asked:
            self._behind.add(lane)

    def rest(self, lane: int) -> None:
        """Within its turn: the lane stands aside until `wake`; its updates are in the database."""
        self._resting.add(lane)
        self.drop(lane)

    @property
    def lanes(self) -> list[int]:
        """Those in line, and those whose turn it is."""
        return list(self._queues)

    def drop(self, lane: int) -> None:
        """Forget what is held of a lane that is in line or in its turn, and that there is more."""
        self._behind.discard(lane)
        self.held -= len(self._queues[lane])
        self._queues[lane].clear()

    def wake(self, lane: int) -> None:
        """A lane that rested lines up again."""
        self._resting.discard(lane)
        self.fall_behind(lane)

    def done(self, lane: int) -> None:
        """The turn is over: to the end of the line, or out of it."""
        if self._queues[lane] or lane in self._behind:
            self._line.put_nowait(lane)
        else:
            del self._queues[lane]

    def end(self, takers: int) -> None:
        """Send the `takers` who call `next` home, before any lane that stands in line."""
        while not self._line.empty():
            self._line.get_nowait()
        for _ in range(takers):
            self._line.put_nowait(None)

    def _line_up(self, lane: int) -> deque[Received]:
        queue = self._queues.get(lane)
        if queue is None:
            queue = self._queues[lane] = deque()
            self._line.put_nowait(lane)
        return queue
