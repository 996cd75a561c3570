"""What observers of the world are told: the page pushes it on, tests wait for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeVar

if TYPE_CHECKING:
    from bot.simulator.chats import SimulatedCallback, SimulatedChat
    from bot.simulator.messages import SimulatedMessage

T = TypeVar("T")

EventKind = Literal[
    "message",  # a new message, whoever wrote it
    "edited",  # text, caption or media changed
    "markup",  # only the inline keyboard changed
    "deleted",
    "reaction",
    "action",  # detail: action ("typing" ...), thread_id
    "draft",  # detail: draft_id, thread_id, text, entities: a message that is still being written
    "callback_answered",  # detail: text, show_alert, url
    "inline_answered",  # detail: query, the SimulatedInlineQuery with its answer
    "topic",  # detail: the topic's thread_id, name, closed, deleted
    "chat",  # members, rights, block, migration: look at the chat again
]


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened in one chat."""

    kind: EventKind
    chat: SimulatedChat
    message: SimulatedMessage | None = None
    callback: SimulatedCallback | None = None
    detail: dict[str, Any] = field(default_factory=dict)


Observer = Callable[[Event], None]


class Events:
    """Subscribers and waiters; observers are called at once, in the order they came."""

    def __init__(self) -> None:
        self._observers: list[Observer] = []
        self._waiting: set[asyncio.Future[None]] = set()

    def subscribe(self, observer: Observer) -> Callable[[], None]:
        """Call the observer with each event from now on; the returned call ends it."""
        self._observers.append(observer)
        return lambda: self._observers.remove(observer)

    def publish(self, event: Event) -> None:
        """Tell every observer, then wake whoever waits."""
        for observer in tuple(self._observers):
            observer(event)
        while self._waiting:
            waiter = self._waiting.pop()
            if not waiter.done():
                waiter.set_result(None)

    async def until(self, predicate: Callable[[], T], timeout: float = 10) -> T:  # noqa: ASYNC109
        """Wait for a truthy answer of the predicate, asked again after every event.

        Raises TimeoutError, saying what was waited for.
        """
        try:
            async with asyncio.timeout(timeout):
                while not (found := predicate()):
                    waiter = asyncio.get_running_loop().create_future()
                    self._waiting.add(waiter)
                    await waiter
                return found
        except TimeoutError:
            name = getattr(predicate, "__qualname__", repr(predicate))
            raise TimeoutError(f"{name} did not come true within {timeout} s") from None
