"""The queue of updates that wait for the bot, by polling or by webhook."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
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
        self.pending: deque[PendingUpdate] = deque()
        self.allowed: frozenset[str] = DEFAULT_KINDS
        self.created = 0
        self._next_id = first_id
        self._arrived = asyncio.Event()
        self._listeners: list[Callable[[], None]] = []

    def put(self, kind: str, payload: Json, order_key: int) -> PendingUpdate | None:
        """Queue an update; None where the bot did not ask for its kind."""
        if kind not in self.allowed:
            return None
        update = PendingUpdate(
            self._next_id, order_key, {"update_id": self._next_id, kind: payload}
        )
        self._next_id += 1
        self.created += 1
        self.pending.append(update)
        self._wake()
        return update

    def allow(self, kinds: Sequence[str] | None) -> None:
        """Keep this list from now on; None leaves the last one, empty means the defaults."""
        if kinds is None:
            return
        known = frozenset(kinds) & frozenset(UPDATE_KINDS)
        self.allowed = known or DEFAULT_KINDS

    def acknowledge(self, offset: int) -> None:
        """Forget what is before the offset; a negative one keeps only so many from the end."""
        if offset < 0:
            while len(self.pending) > -offset:
                self.pending.popleft()
            return
        while self.pending and self.pending[0].id < offset:
            self.pending.popleft()

    def remove(self, update: PendingUpdate) -> None:
        """Forget one update (a webhook took it); nothing happens if it is gone already."""
        if self.pending and self.pending[0] is update:
            self.pending.popleft()
        elif update in self.pending:
            self.pending.remove(update)

    def reorder(self, order: Callable[[list[PendingUpdate]], list[PendingUpdate]]) -> None:
        """Change what stands in the queue, for fault injection alone."""
        self.pending = deque(order(list(self.pending)))
        self._wake()

    def clear(self) -> None:
        """Drop everything that waits."""
        self.pending.clear()

    def listen(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call the listener whenever an update arrives; the returned call ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def interrupt(self) -> None:
        """Wake whoever waits, to look again at whether waiting still makes sense."""
        self._wake()

    async def arrival(self) -> None:
        """Wait until something arrives or the wait is interrupted."""
        await self._arrived.wait()

    def _wake(self) -> None:
        self._arrived.set()
        self._arrived = asyncio.Event()
        for listener in tuple(self._listeners):
            listener()
