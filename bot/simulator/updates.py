"""The queue of updates that wait for the bot, by polling or by webhook."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bot.simulator.messages import Json

UPDATE_KINDS = (
    *("message", "edited_message", "channel_post", "edited_channel_post", "business_connection"),
    *("business_message", "edited_business_message", "deleted_business_messages", "guest_message"),
    *("message_reaction", "message_reaction_count", "inline_query", "chosen_inline_result"),
    *("callback_query", "shipping_query", "pre_checkout_query", "purchased_paid_media", "poll"),
    *("poll_answer", "my_chat_member", "chat_member", "chat_join_request", "chat_boost"),
    *("removed_chat_boost", "managed_bot"),
)
# "Specify an empty list to receive all update types except ..." (getUpdates).
ASKED_FOR_ONLY = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
DEFAULT_KINDS = frozenset(UPDATE_KINDS) - ASKED_FOR_ONLY


@dataclass(frozen=True, slots=True)
class PendingUpdate:
    """An update not yet acknowledged; `order_key` is the chat (or user) whose order is kept."""

    id: int
    order_key: int
    written: Json


class UpdateQueue:
    """Updates in order of their ids; what the bot did not ask for is never queued."""

    def __init__(self, first_id: int = 100_000_001) -> None:
        self.allowed: frozenset[str] = DEFAULT_KINDS
        self._pending: OrderedDict[int, PendingUpdate] = OrderedDict()
        self._next_id = first_id
        self._arrived = asyncio.Event()
        self._listeners: list[Callable[[PendingUpdate], None]] = []

    def __len__(self) -> int:
        return len(self._pending)

    def __iter__(self) -> Iterator[PendingUpdate]:
        return iter(self._pending.values())

    def put(self, kind: str, payload: Json, order_key: int) -> PendingUpdate | None:
        """Queue an update; None where the bot did not ask for its kind."""
        if kind not in self.allowed:
            return None
        written = {"update_id": self._next_id, kind: payload}
        update = PendingUpdate(self._next_id, order_key, written)
        self._pending[update.id] = update
        self._next_id += 1
        for listener in tuple(self._listeners):
            listener(update)
        self.interrupt()
        return update

    def allow(self, kinds: Sequence[str] | None) -> None:
        """Keep this list from now on; None leaves the last one, empty means the defaults."""
        if kinds is not None:
            self.allowed = frozenset(kinds) & frozenset(UPDATE_KINDS) or DEFAULT_KINDS

    def acknowledge(self, offset: int) -> None:
        """Forget what is before the offset; a negative one keeps only so many from the end."""
        if offset < 0:
            while len(self._pending) > -offset:
                self._pending.popitem(last=False)
            return
        while self._pending and next(iter(self._pending)) < offset:
            self._pending.popitem(last=False)

    def remove(self, update: PendingUpdate) -> None:
        """Forget one update (a webhook took it); nothing happens if it is gone already."""
        self._pending.pop(update.id, None)

    def holds(self, update: PendingUpdate) -> bool:
        """Whether the update still waits."""
        return update.id in self._pending

    def clear(self) -> None:
        """Drop everything that waits."""
        self._pending.clear()

    def listen(self, listener: Callable[[PendingUpdate], None]) -> Callable[[], None]:
        """Call the listener with each update that arrives; the returned call ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def interrupt(self) -> None:
        """Wake whoever waits, to look again."""
        self._arrived.set()
        self._arrived = asyncio.Event()

    async def arrival(self) -> None:
        """Wait until something arrives or the wait is interrupted."""
        await self._arrived.wait()
