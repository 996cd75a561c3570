"""Which delivery is next: each chat's in its order, one under way at a time."""

import heapq
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence

from bot.delivery.limits import Limits
from bot.delivery.owed import Owed
from bot.delivery.tables import Priority

# Held in memory: so many deliveries of one chat, and of all; what is more waits in the database.
HELD_IN_CHAT, HELD = 16, 5000
# So many chats told to slow down within so many seconds mean that we are too fast over all.
SLOWED_CHATS, SLOWED_WITHIN = 3, 1.0


class _Chat:
    """A chat's deliveries by priority and id.

    `behind`: the database holds deliveries that are not held here, all of them later ones.
    `busy`: one is under way, or the chat is being loaded. `waiting`: for a time to come.
    """

    __slots__ = ("behind", "busy", "heap", "waiting")

    def __init__(self) -> None:
        self.heap: list[tuple[tuple[int, int], Owed]] = []
        self.behind = False
        self.busy = False
        self.waiting = False

    def takes(self, one: Owed, full: bool) -> bool:
        """Whether to hold it: not where something that goes before it is still in the database."""
        if not self.behind and not full:
            return True
        return bool(self.heap) and one.key < max(key for key, _ in self.heap)


class Outgoing:
    """Chats with something to send; people's messages first, then notices, then broadcasts.

    Times are in seconds, given with each call.
    """

    def __init__(self, limits: Limits, held_in_chat: int = HELD_IN_CHAT, held: int = HELD) -> None:
        self._limits = limits
        self._most_in_chat = held_in_chat
        self._most = held
        self.held = 0
        self._chats: dict[int, _Chat] = {}
        self._ready: dict[int, OrderedDict[int, None]] = {
            priority: OrderedDict() for priority in sorted(Priority)
        }
        self._hungry: OrderedDict[int, None] = OrderedDict()
        self._waiting: list[tuple[float, int]] = []
        self._slowed: dict[int, float] = {}
        self._paused_until = 0.0

    def offer(self, owed: Iterable[Owed]) -> None:
        """Take deliveries that were just committed, or note that their chats are behind."""
        for one in owed:
            chat = self._chats.setdefault(one.chat_id, _Chat())
            if chat.takes(one, len(chat.heap) >= self._most_in_chat or self.held >= self._most):
                self._hold(chat, one)
            else:
                chat.behind = True
            self._line_up(one.chat_id)

    def fall_behind(self, chats: Iterable[int]) -> None:
        """The database may hold deliveries of these chats."""
        for chat_id in chats:
            self._chats.setdefault(chat_id, _Chat()).behind = True
            self._line_up(chat_id)

    def look_again(self, chat_id: int, priority: int) -> None:
        """The database holds more of this chat: what is held goes back where it would go later."""
        chat = self._chats.setdefault(chat_id, _Chat())
        if any(key[0] > priority for key, _ in chat.heap):
            self._empty(chat)
        chat.behind = True
        self._line_up(chat_id)

    def leave(self, foreign: Callable[[int], bool]) -> None:
        """Forget these chats, but for what is under way or waits: that is dropped at its end."""
        for chat_id, chat in list(self._chats.items()):
            if foreign(chat_id):
                self._empty(chat)
                chat.behind = False
                self._stand_aside(chat_id)
                self._hungry.pop(chat_id, None)
                if not chat.busy and not chat.waiting:
                    del self._chats[chat_id]

    def hungry(self, most: int) -> list[int]:
        """Chats to load, at most so many; each stands aside until `loaded`."""
        chats = [self._hungry.popitem(last=False)[0] for _ in range(min(most, len(self._hungry)))]
        for chat_id in chats:
            chat = self._chats[chat_id]
            chat.busy, chat.behind = True, False
        return chats

    def loaded(self, chat_id: int, found: Sequence[Owed], asked: int) -> None:
        """The chat's first deliveries, as the database has them; it was asked for `asked`."""
        chat = self._chats[chat_id]
        known = {one.key: one for one in found} | dict(chat.heap)
        if len(found) == asked:
            # What was offered meanwhile may have others before it in the database.
            chat.behind = True
            known = {key: one for key, one in known.items() if key <= found[-1].key}
        self.held += len(known) - len(chat.heap)
        chat.heap = sorted(known.items(), key=lambda item: item[0])
        self.free(chat_id)

    def pick(self, now: float, most: int) -> list[Owed]:
        """Heads that may go now, at most so many; each chat is busy until `free` or `back`."""
        self._end_waits(now)
        picked: list[Owed] = []
        for ready in self._ready.values():
            while ready and len(picked) < most and self._go(now):
                chat_id, _ = ready.popitem(last=False)
                free_at = max(
                    now + self._limits.wait(chat_id, now),
                    self._chats[chat_id].heap[0][1].not_before_seconds,
                )
                if free_at > now:
                    self._wait(chat_id, free_at)
                else:
                    picked.append(self._take(chat_id, now))
        return picked

    def due(self, now: float) -> float | None:
        """When `pick` may find something next, unless something happens before; None for never."""
        if self._hungry:
            return now
        times = [self._waiting[0][0]] if self._waiting else []
        if any(self._ready.values()):
            times.append(now + self._limits.wait_overall(now))
        return max(min(times), self._paused_until) if times else None

    def free(self, chat_id: int) -> None:
        """What was under way in this chat is settled."""
        chat = self._chats[chat_id]
        chat.busy = False
        if chat.heap or chat.behind:
            self._line_up(chat_id)
        elif not chat.waiting:
            del self._chats[chat_id]

    def back(self, one: Owed, until: float) -> None:
        """It did not go: its chat waits with it."""
        chat = self._chats[one.chat_id]
        self._hold(chat, one)
        chat.busy = False
        self._wait(one.chat_id, until)

    def forget(self, chat_id: int, ids: Iterable[int]) -> None:
        """These went along with another delivery of the chat."""
        chat, gone = self._chats[chat_id], set(ids)
        kept = [item for item in chat.heap if item[1].id not in gone]
        self.held -= len(chat.heap) - len(kept)
        heapq.heapify(kept)
        chat.heap = kept

    def slow_down(self, one: Owed, seconds: float, now: float) -> None:
        """Telegram had too much. That chat waits; where several are told so at once, all do."""
        self.back(one, now + seconds)
        self._slowed = {
            chat: at for chat, at in self._slowed.items() if now - at < SLOWED_WITHIN
        } | {one.chat_id: now}
        if len(self._slowed) >= SLOWED_CHATS:
            self.pause(now + seconds)

    def pause(self, until: float) -> None:
        """Nobody is written to before then."""
        self._paused_until = max(self._paused_until, until)

    def drop(self, chat_id: int) -> None:
        """Forget what is held for this chat: the database says something else now."""
        chat = self._chats[chat_id]
        self._empty(chat)
        chat.behind = False
        self.free(chat_id)

    def _go(self, now: float) -> bool:
        return now >= self._paused_until and self._limits.wait_overall(now) == 0

    def _take(self, chat_id: int, now: float) -> Owed:
        self._limits.take(chat_id, now)
        chat = self._chats[chat_id]
        chat.busy = True
        self.held -= 1
        return heapq.heappop(chat.heap)[1]

    def _hold(self, chat: _Chat, one: Owed) -> None:
        if any(key == one.key for key, _ in chat.heap):
            return  # the chat was loaded before it was told that this one is committed
        heapq.heappush(chat.heap, (one.key, one))
        self.held += 1

    def _empty(self, chat: _Chat) -> None:
        self.held -= len(chat.heap)
        chat.heap = []

    def _wait(self, chat_id: int, until: float) -> None:
        self._chats[chat_id].waiting = True
        heapq.heappush(self._waiting, (until, chat_id))

    def _end_waits(self, now: float) -> None:
        while self._waiting and self._waiting[0][0] <= now:
            _, chat_id = heapq.heappop(self._waiting)
            self._chats[chat_id].waiting = False
            self.free(chat_id)

    def _line_up(self, chat_id: int) -> None:
        """To where the chat belongs now: its head may have changed."""
        chat = self._chats[chat_id]
        if chat.busy or chat.waiting:
            return
        self._stand_aside(chat_id)
        if chat.heap:
            priority = chat.heap[0][1].priority
            self._ready[priority].setdefault(chat_id)
        elif chat.behind:
            self._hungry.setdefault(chat_id)

    def _stand_aside(self, chat_id: int) -> None:
        for ready in self._ready.values():
            ready.pop(chat_id, None)
