"""What was approved or withdrawn in a chat reaches the index, without anybody loading it."""

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot.delivery.transactions import Transactions
from bot.desk import approving
from retrieval.errors import EncoderError, SnapshotError
from retrieval.snapshot import Snapshot

log = logging.getLogger(__name__)
# A build that failed rarely succeeds sooner.
PAUSE = timedelta(minutes=1)


class Publishing:
    """Builds the index anew where an answer is not in it as it stands; only new texts are
    embedded. What failed is tried again, for what waits is in the tables."""

    def __init__(
        self,
        transactions: Transactions,
        rebuild: Callable[[], Awaitable[Snapshot]],
        refresh: Callable[[], Awaitable[object]],
        clock: Callable[[], datetime],
    ) -> None:
        self._transactions, self._rebuild, self._refresh = transactions, rebuild, refresh
        self._clock = clock
        self._not_before: datetime | None = None

    async def turn(self) -> None:
        waiting = await self._transactions.read(approving.unindexed)
        now = self._clock()
        if not waiting or (self._not_before is not None and now < self._not_before):
            return
        self._not_before = now + PAUSE
        try:
            await self._rebuild()
        except (OSError, SnapshotError, EncoderError) as error:
            log.error("an answer waits for the index: %s", type(error).__name__)
            return
        await self._refresh()
        await self._transactions.commit(approving.note_indexed, waiting)
        self._not_before = None
