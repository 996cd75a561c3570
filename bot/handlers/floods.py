"""How much one person may do in a minute: what is more waits, and they are told so once."""

from bot.delivery.limits import Bucket
from bot.desk.policy import Policy

# So many chats are remembered before those that do little are forgotten.
REMEMBERED = 2000


class Floods:
    """A bucket for each chat and kind of act. Times are in seconds.

    Kept in memory: a restart forgives what was too much before it, and loses nothing.
    """

    def __init__(self, policy: Policy) -> None:
        self._a_minute = {"message": policy.messages_a_minute, "press": policy.presses_a_minute}
        self._buckets: dict[tuple[int, str], Bucket] = {}
        self._told: set[tuple[int, str]] = set()

    def wait(self, chat_id: int, kind: str, now: float) -> float:
        """Seconds until this chat may do one more of this kind; 0 for now, and it is counted."""
        bucket = self._bucket(chat_id, kind, now)
        seconds = bucket.wait(now)
        if bucket.full:
            self._told.discard((chat_id, kind))
        if seconds == 0:
            bucket.take()
        return seconds

    def tells(self, chat_id: int, kind: str) -> bool:
        """Whether they are to be told now: once, until they have been quiet for a minute."""
        told = (chat_id, kind) in self._told
        self._told.add((chat_id, kind))
        return not told

    def _bucket(self, chat_id: int, kind: str, now: float) -> Bucket:
        found = self._buckets.get((chat_id, kind))
        if found is None:
            if len(self._buckets) >= REMEMBERED:
                self._forget_quiet(now)
            a_minute = self._a_minute[kind]
            found = self._buckets[chat_id, kind] = Bucket(a_minute / 60, a_minute, now)
        return found

    def _forget_quiet(self, now: float) -> None:
        """A full bucket says nothing."""
        quiet = [key for key, one in self._buckets.items() if one.wait(now) == 0 and one.full]
        for key in quiet:
            del self._buckets[key]
        self._told.difference_update(quiet)
