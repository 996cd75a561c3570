"""An index that can't be read is named, and built anew from the tables."""

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from retrieval.errors import (
    BrokenSnapshotError,
    EncoderError,
    ForeignSnapshotError,
    SnapshotError,
)
from retrieval.snapshot import Snapshot

log = logging.getLogger(__name__)
# A rebuild that failed costs minutes of a core each time, and rarely mends itself sooner.
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)


class Mending:
    """Takes up newer indexes turn by turn; meanwhile the former one serves, if there is one."""

    def __init__(
        self,
        refresh: Callable[[], Awaitable[SnapshotError | None]],
        rebuild: Callable[[], Awaitable[Snapshot]],
        clock: Callable[[], datetime],
    ) -> None:
        self._refresh, self._rebuild, self._clock = refresh, rebuild, clock
        self._pause = FIRST_PAUSE
        self._until: datetime | None = None

    async def turn(self) -> None:
        """A snapshot that is only out of reach is left alone: nothing is wrong with it."""
        error = await self._refresh()
        if not isinstance(error, BrokenSnapshotError | ForeignSnapshotError):
            self._pause, self._until = FIRST_PAUSE, None
        elif self._until is None or self._clock() >= self._until:
            await self._mend(error)

    async def _mend(self, error: SnapshotError) -> None:
        # Set first, so that a failure of whatever kind is followed by a pause.
        pause, self._pause = self._pause, min(self._pause * 2, LONGEST_PAUSE)
        self._until = self._clock() + pause
        log.warning("the index is built anew from the tables: %s", error)
        try:
            snapshot = await self._rebuild()
        except (OSError, SnapshotError, EncoderError) as failure:
            self._until = self._clock() + pause
            log.error("the index could not be built anew, next try in %s: %s", pause, failure)
        else:
            await self._refresh()
            log.warning("the index was built anew: snapshot %s", snapshot.name)
