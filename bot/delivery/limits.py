"""Telegram's flood limits, kept by ourselves: better not asked than refused."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Rates:
    """Messages a second over all and to one chat, a minute to one group; a chat may take a burst.

    The defaults are Telegram's own advice.
    """

    overall: float = 30.0
    chat: float = 1.0
    group_minute: float = 20.0
    chat_burst: float = 3.0


class Bucket:
    """Fills at `rate` a second up to `size`; each message takes one. Times are in seconds."""

    __slots__ = ("_at", "_level", "_rate", "_size")

    def __init__(self, rate: float, size: float, now: float) -> None:
        self._rate = rate
        self._size = max(size, 1.0)
        self._level = self._size
        self._at = now

    def wait(self, now: float) -> float:
        """Seconds until the next message may go; 0 for now."""
        # A clock set back must not take anything away.
        self._level = min(self._size, self._level + max(0.0, now - self._at) * self._rate)
        self._at = now
        # The tolerance is for sums of floats that end a hair below one.
        return 0.0 if self._level > 1.0 - 1e-9 else (1.0 - self._level) / self._rate

    def take(self) -> None:
        self._level -= 1.0

    def change(self, rate: float, size: float) -> None:
        """From now on; what it holds above its new size is lost."""
        self._rate, self._size = rate, max(size, 1.0)
        self._level = min(self._level, self._size)

    @property
    def full(self) -> bool:
        return self._level >= self._size


class Limits:
    """Who may be written to now. Group ids are negative."""

    def __init__(self, rates: Rates, now: float) -> None:
        self._rates = rates
        # A tenth of a second's worth at once: bursts over all are what Telegram counts first.
        self._overall = Bucket(rates.overall, rates.overall / 10, now)
        self._chats: dict[int, tuple[Bucket, ...]] = {}

    def part(self, share: float, now: float) -> None:
        """So much of the limit over all is ours, the rest others'."""
        self._overall.wait(now)
        rate = self._rates.overall * max(share, 1e-6)
        self._overall.change(rate, rate / 10)

    def wait_overall(self, now: float) -> float:
        """Seconds until anybody may be written to."""
        return self._overall.wait(now)

    def wait(self, chat_id: int, now: float) -> float:
        """Seconds until this chat may be written to, the limit over all aside."""
        return max(bucket.wait(now) for bucket in self._buckets(chat_id, now))

    def take(self, chat_id: int, now: float) -> None:
        """Count a message to this chat."""
        self._overall.take()
        for bucket in self._buckets(chat_id, now):
            bucket.take()

    def forget_idle(self, now: float) -> None:
        """Drop the chats that have not been written to lately: a full bucket says nothing."""
        idle = [
            chat
            for chat, buckets in self._chats.items()
            if all(bucket.wait(now) == 0 and bucket.full for bucket in buckets)
        ]
        for chat in idle:
            del self._chats[chat]

    def _buckets(self, chat_id: int, now: float) -> tuple[Bucket, ...]:
        found = self._chats.get(chat_id)
        if found is None:
            rates, burst = self._rates, self._rates.chat_burst
            found = (Bucket(rates.chat, max(burst, rates.chat / 10), now),)
            if chat_id < 0:
                a_second = rates.group_minute / 60
                found += (Bucket(a_second, max(burst, a_second / 10), now),)
            self._chats[chat_id] = found
        return found
