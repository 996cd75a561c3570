"""By which workers on one PostgreSQL call each other, and are known to be there."""

import asyncio
import logging
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress

import psycopg

from bot.delivery.shares import Box
from bot.delivery.workers import ALIVE, CHANNEL

log = logging.getLogger(__name__)
RETRY_SECONDS = 1.0
# A payload may have 8,000 bytes; no id is longer than twenty characters.
CHATS_IN_A_CALL = 350
# Said of no box: shares are free, look again at who owns what.
MOVED = "moved"


class Bell:
    """A connection of its own that hears what other workers say.

    It holds a lock that its session's end frees: one whose process is killed is missed at once.
    `there`: the lock is held.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self.there = False

    async def listen(self, worker: int, heard: Callable[[str], object]) -> None:
        """Until cancelled. `heard` is given each payload, and "" whenever it begins or ends to
        hear: what was said meanwhile is lost."""
        while True:
            try:
                await self._hear(worker, heard)
            except psycopg.Error as error:
                log.info("what other workers say is not heard: %s", type(error).__name__)
                await asyncio.sleep(RETRY_SECONDS)

    async def _hear(self, worker: int, heard: Callable[[str], object]) -> None:
        # One on which nothing is said must not be taken for dead by what lies between.
        connecting = psycopg.AsyncConnection.connect(
            self._url, autocommit=True, connect_timeout=10, keepalives_idle=30
        )
        async with await connecting as connection:
            try:
                await connection.execute(f"LISTEN {CHANNEL}")
                locked = await connection.execute(
                    "SELECT pg_try_advisory_lock(%s, %s)", [ALIVE, worker]
                )
                self.there = bool((await locked.fetchone() or (False,))[0])
                heard("")
                async for word in connection.notifies():
                    heard(word.payload)
            finally:
                if self.there:
                    self.there = False
                    heard("")


def worded(box: Box, chats: Collection[int]) -> Iterator[str]:
    """The payloads that call the owners of these chats."""
    ids = sorted(chats)
    for begin in range(0, len(ids), CHATS_IN_A_CALL):
        yield f"{box}{','.join(map(str, ids[begin : begin + CHATS_IN_A_CALL]))}"


def understood(payload: str) -> tuple[Box, list[int]] | None:
    """None for what calls nobody, or was said by another version."""
    with suppress(ValueError):
        return Box(payload[:1]), [int(chat) for chat in payload[1:].split(",")]
    return None
