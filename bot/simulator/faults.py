"""Things that go wrong between a bot and Telegram; all of them off until a test asks for them."""

from __future__ import annotations

import time
from collections import defaultdict, deque
from dataclasses import dataclass
from typing import Any, Literal

from bot.simulator.errors import ApiError, refuse
from bot.simulator.messages import Json

_NOT_SENDING = frozenset(
    {"getUpdates", "answerCallbackQuery", "getMe", "getFile", "sendChatAction"}
)


@dataclass(slots=True)
class Fault:
    """One rule; `times` counts down, None means until cleared."""

    kind: Literal["flood", "failure", "drop", "slow"]
    method: str | None
    chat_id: int | None
    times: int | None
    value: float

    def takes(self, method: str, chat_id: Any) -> bool:
        """Whether this call is one it spoils."""
        return self.method in (None, method) and self.chat_id in (None, chat_id)


class Faults:
    """Rules in order of their making; a call meets the first that takes it.

    A rule without `method` takes every method but getUpdates.
    """

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Let everything go well again."""
        self._rules: list[Fault] = []
        self._repeats = 0
        self._reversals = 0
        self._overall: tuple[int, float] | None = None
        self._per_chat: tuple[int, float] | None = None
        self._sent: deque[float] = deque()
        self._sent_to: defaultdict[int, deque[float]] = defaultdict(deque)

    # -- what a test asks for

    def flood(
        self,
        retry_after: int,
        *,
        chat_id: int | None = None,
        method: str | None = None,
        times: int | None = 1,
    ) -> None:
        """Answer 429 with this many seconds, to one chat's calls or to all."""
        self._rules.append(Fault("flood", method, chat_id, times, retry_after))

    def fail(
        self,
        code: Literal[500, 502] = 502,
        *,
        chat_id: int | None = None,
        method: str | None = None,
        times: int | None = 1,
    ) -> None:
        """Answer 500 or 502 and do nothing."""
        self._rules.append(Fault("failure", method, chat_id, times, code))

    def drop_answer(
        self, *, chat_id: int | None = None, method: str | None = None, times: int | None = 1
    ) -> None:
        """Do what is asked, then cut the connection without an answer."""
        self._rules.append(Fault("drop", method, chat_id, times, 0))

    def slow(
        self,
        seconds: float,
        *,
        chat_id: int | None = None,
        method: str | None = None,
        times: int | None = 1,
    ) -> None:
        """Do what is asked, and answer only after a while."""
        self._rules.append(Fault("slow", method, chat_id, times, seconds))

    def limit(
        self,
        *,
        overall: tuple[int, float] | None = (30, 1.0),
        per_chat: tuple[int, float] | None = (20, 60.0),
    ) -> None:
        """Answer 429 beyond so many messages in so many seconds, as Telegram does of its own."""
        self._overall, self._per_chat = overall, per_chat

    def repeat_updates(self, times: int = 1) -> None:
        """Give each update of the next batches (or webhook calls) twice."""
        self._repeats += times

    def reorder_updates(self, times: int = 1) -> None:
        """Give the next batches of getUpdates in reverse."""
        self._reversals += times

    # -- what the server asks

    def meet(self, method: str, chat_id: Any) -> Fault | None:
        """The fault of this call, if any; raises ApiError for those that refuse it."""
        if self._overall or self._per_chat:
            self._count(method, chat_id)
        for rule in self._rules:
            if not rule.takes(method, chat_id) or (method == "getUpdates" and rule.method is None):
                continue
            if rule.times is not None:
                rule.times -= 1
                if rule.times <= 0:
                    self._rules.remove(rule)
            if rule.kind == "flood":
                raise _flood(int(rule.value))
            if rule.kind == "failure":
                raise refuse("internal" if rule.value == 500 else "bad_gateway")
            return rule
        return None

    def batch(self, updates: list[Json]) -> list[Json]:
        """The updates as this call of getUpdates gives them."""
        if not updates:
            return updates
        if self._reversals:
            self._reversals -= 1
            updates = updates[::-1]
        if self.repeats():
            updates = [update for update in updates for _ in range(2)]
        return updates

    def repeats(self) -> bool:
        """Whether this batch (or webhook call) is to be given twice; counts down."""
        if not self._repeats:
            return False
        self._repeats -= 1
        return True

    def _count(self, method: str, chat_id: Any) -> None:
        if not method.startswith(("send", "copy", "forward", "edit")) or method in _NOT_SENDING:
            return
        now = time.monotonic()
        windows = [(self._sent, self._overall), (self._sent_to[chat_id], self._per_chat)]
        for sent, limit in windows:
            if limit is None:
                continue
            most, seconds = limit
            while sent and sent[0] <= now - seconds:
                sent.popleft()
            if len(sent) >= most:
                raise _flood(max(1, round(sent[0] + seconds - now)))
        for sent, _ in windows:
            sent.append(now)


def _flood(retry_after: int) -> ApiError:
    parameters = {"retry_after": retry_after}
    return refuse("too_many_requests", parameters=parameters, retry_after=retry_after)
