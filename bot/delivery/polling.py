"""Long polling: updates go to the inbox as they came, and are acknowledged only then."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any

from telegram.error import NetworkError

from bot.delivery import inbox
from bot.delivery.api import BotApi, RefusedCallError
from bot.delivery.backoff import Backoff
from bot.delivery.inbox import Json, Received
from bot.delivery.transactions import Transactions

log = logging.getLogger(__name__)
# What the desk listens to. Telegram keeps this list for the bot until another one is sent.
ALLOWED_UPDATES = (
    "message",
    "edited_message",
    "callback_query",
    "inline_query",
    "my_chat_member",
    "chat_member",
    "message_reaction",
)
BATCH = 100
# How long Telegram holds a poll open where there is nothing, and how much longer we wait for it.
POLL_SECONDS, GRACE_SECONDS = 25, 10
# Another poller has the token: look again now and then, it may be an old process on its way out.
CONFLICT_PAUSE = 5.0
Offer = Callable[[Sequence[Received]], None]
Pause = Callable[[float], Awaitable[object]]


class TokenRefusedError(Exception):
    """Telegram does not know the token."""


class Poller:
    """Asks for updates, commits them raw, and only then asks past them.

    Nothing is parsed here, so that no malformed update holds up another. It begins without an
    offset, whatever the inbox holds: Telegram then gives what was never acknowledged, and what is
    in the inbox is recognised. (After a quiet week ids begin anew at random: an offset remembered
    could acknowledge updates that nobody has seen.)
    """

    def __init__(
        self,
        api: BotApi,
        transactions: Transactions,
        offer: Offer,
        *,
        clock: Callable[[], datetime],
        allowed: Sequence[str] = ALLOWED_UPDATES,
        pause: Pause = asyncio.sleep,
    ) -> None:
        self._api = api
        self._transactions = transactions
        self._offer = offer
        self._allowed = list(allowed)
        self._pause = pause
        self._clock = clock
        self._backoff = Backoff("it is asked again")
        self._conflict = False

    async def run(self) -> None:
        """Until cancelled: what was received by then is kept. Raises TokenRefusedError."""
        await self._patiently(self._api.call, "deleteWebhook", {"drop_pending_updates": False})
        offset: int | None = None
        while True:
            updates = await self._patiently(self._ask, offset)
            offset = await asyncio.shield(self._keep(updates, offset))

    async def _ask(self, offset: int | None) -> list[Any]:
        asked: Json = {
            "limit": BATCH,
            "timeout": POLL_SECONDS,
            "allowed_updates": self._allowed,
        }
        if offset is not None:
            asked["offset"] = offset
        patience = POLL_SECONDS + GRACE_SECONDS
        updates: list[Any] = await self._api.call("getUpdates", asked, patience=patience)
        return updates

    async def _keep(self, updates: list[Any], offset: int | None) -> int | None:
        """Commit a batch and hand it on; the offset that acknowledges it."""
        if not updates:
            return offset
        named = [update for update in updates if inbox.is_update(update)]
        if len(named) < len(updates):
            log.error("%d updates came without an id and were left out", len(updates) - len(named))
        named.sort(key=lambda update: update["update_id"])
        self._offer(await self._transactions.receive(named))
        return max((update["update_id"] + 1 for update in named), default=offset)

    async def _patiently(self, call: Callable[..., Awaitable[Any]], *args: Any) -> Any:
        """The call's result, however long Telegram is away."""
        while True:
            try:
                result = await call(*args)
            except RefusedCallError as error:
                await self._pause(self._refused(error))
            except NetworkError as error:
                await self._pause(self._away(error))
            else:
                self._back()
                return result

    def _refused(self, error: RefusedCallError) -> float:
        """Seconds to wait. Raises TokenRefusedError."""
        if error.code in (401, 404):
            raise TokenRefusedError(
                "Telegram refuses TELEGRAM_TOKEN: copy it again from @BotFather (it may have been"
                " revoked), and look at TELEGRAM_API_URL if you use another server"
            ) from error
        if error.code == 409:
            if not self._conflict:
                log.warning(
                    "Another process polls with this token; this one waits until that one ends"
                )
            self._conflict = True
            return CONFLICT_PAUSE
        return max(error.retry_after, self._away(error))

    def _away(self, error: Exception) -> float:
        now = self._clock().timestamp()
        pause = self._backoff.failed(type(error).__name__, now) - now
        return pause * random.uniform(1.0, 1.5)  # noqa: S311 (jitter, not a secret)

    def _back(self) -> None:
        self._backoff.passed()
        if self._conflict:
            log.warning("No other process polls any more")
        self._conflict = False
