"""Longer and longer pauses while Telegram is away, and a line in the log at both ends."""

import logging

log = logging.getLogger(__name__)
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0


class Backoff:
    """`meanwhile` says in the log what becomes of the work. Times are in seconds."""

    def __init__(self, meanwhile: str) -> None:
        self._meanwhile = meanwhile
        self._failures = 0
        self._until = 0.0

    def failed(self, reason: str, now: float) -> float:
        """Until when to pause. What fails during a pause does not lengthen it."""
        if now >= self._until:
            if self._failures == 0:
                log.warning("Telegram does not answer (%s): %s", reason, self._meanwhile)
            self._until = now + min(FIRST_PAUSE * 2**self._failures, LONGEST_PAUSE)
            self._failures = min(self._failures + 1, 16)
        return self._until

    def passed(self) -> None:
        if self._failures:
            log.warning("Telegram answers again")
        self._failures, self._until = 0, 0.0
