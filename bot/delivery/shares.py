"""Which chats this process works for: all of them, or those of the shares that it owns."""

import asyncio
import math
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from enum import StrEnum

from sqlalchemy import ColumnElement, true

from bot.delivery.tables import Priority

# Chats are dealt into so many shares by the last bits of their ids: a power of two. Fixed for
# good, for processes that count differently would both think a chat their own.
SHARES = 64
ALL = frozenset(range(SHARES))
# What is done once for all is done by whoever owns this share.
LEADING = 0


def share_of(chat_id: int) -> int:
    """Group ids, which are negative, have their two's complement's last bits, here and in SQL."""
    return chat_id & (SHARES - 1)


def among(column: ColumnElement[int], shares: Collection[int]) -> ColumnElement[bool]:
    """The condition that a chat is of these shares."""
    if len(shares) == SHARES:
        return true()
    return column.bitwise_and(SHARES - 1).in_(sorted(shares))


class Box(StrEnum):
    """What of a chat its owner is to look at: updates, what people owe it, what is less urgent."""

    INBOX = "i"
    MESSAGES = "m"
    NOTICES = "n"


def box_of(priority: int) -> Box:
    """Of a delivery."""
    return Box.MESSAGES if priority <= Priority.MESSAGE else Box.NOTICES


Ring = Callable[[Box, Collection[int]], None]


class Shares:
    """What this process owns, and what of it is under way.

    Where one process does it all, nothing of this costs anything. `alone`: it is so.
    """

    def __init__(
        self,
        owned: Collection[int] = ALL,
        *,
        alone: bool = True,
        clock: Callable[[], float] | None = None,
    ) -> None:
        self.alone = alone
        self.owned = frozenset(owned)
        self._clock = clock or boot_seconds
        self.ring: Ring = ring_nobody
        self._under_way: Counter[int] = Counter()
        self._settled = asyncio.Event()
        self._led = asyncio.Event()
        self._sure_until = math.inf
        self._renewed = asyncio.Event()
        self._note_leading()

    def owns(self, chat_id: int) -> bool:
        return self.alone or share_of(chat_id) in self.owned

    def part(self, chats: Iterable[int], box: Box) -> list[int]:
        """Those of the chats that are its own; the owners of the others are told of theirs."""
        mine: list[int] = []
        others: list[int] = []
        for chat_id in chats:
            (mine if self.owns(chat_id) else others).append(chat_id)
        if others:
            self.ring(box, others)
        return mine

    @property
    def part_of_all(self) -> float:
        """Of what is limited over all, so much is its own."""
        return 1.0 if self.alone else len(self.owned) / SHARES

    # -- what is under way

    def begin(self, chat_id: int) -> None:
        """Something of this chat is begun, and no other process may have it until `end`."""
        self._under_way[share_of(chat_id)] += 1

    def end(self, chat_id: int) -> None:
        share = share_of(chat_id)
        self._under_way[share] -= 1
        if not self._under_way[share]:
            del self._under_way[share]
            self._settled.set()

    def busy(self, share: int) -> bool:
        return share in self._under_way

    async def settled(self, shares: Collection[int]) -> None:
        """Until nothing of these shares is under way."""
        while any(share in self._under_way for share in shares):
            self._settled.clear()
            await self._settled.wait()

    # -- what is owned

    def take(self, shares: Collection[int]) -> None:
        self.owned |= frozenset(shares)
        self._note_leading()

    def leave(self, shares: Collection[int]) -> None:
        """Nothing more of these is begun; what is under way goes on to its end."""
        self.owned -= frozenset(shares)
        self._note_leading()

    @property
    def leads(self) -> bool:
        """Whether what is done once for all is to be done here."""
        return self.alone or LEADING in self.owned

    async def leading(self) -> None:
        """Until it leads."""
        await self._led.wait()

    # -- how sure that is

    def renew(self, until: float) -> None:
        """Until then nobody else is given what is owned here."""
        self._sure_until = until
        self._renewed.set()
        self._renewed.clear()

    async def sure(self) -> None:
        """Until it is sure that nobody else has what is owned here: a process that was asleep
        finds out first whether it was taken for dead."""
        while self._clock() >= self._sure_until:
            await self._renewed.wait()

    def _note_leading(self) -> None:
        (self._led.set if self.leads else self._led.clear)()


def boot_seconds() -> float:
    """They go on while the machine sleeps, where the system counts so; nobody sets them back."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def ring_nobody(_: Box, __: Collection[int]) -> None:
    """Nobody else is there."""
