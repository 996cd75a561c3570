"""Telegram's webhook: an update is in the inbox before Telegram is told that it came."""

import asyncio
import hmac
import json
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from aiohttp import web

from bot.delivery import inbox
from bot.delivery.committer import ClosedError
from bot.delivery.inbox import Received
from bot.delivery.transactions import Transactions

log = logging.getLogger(__name__)
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 (a header's name)
# An update carries no file; the longest message is 4096 characters, with its reply and entities.
LARGEST_UPDATE = 2**20
# Telegram takes an answer this late for none at all; by then it had better try again.
PATIENCE = 20.0


def webhook_app(
    transactions: Transactions,
    offer: Callable[[Sequence[Received]], None],
    secret: str,
    path: str,
    patience: float = PATIENCE,
) -> web.Application:
    """POST `path` takes updates that come with `secret`."""
    app = web.Application(client_max_size=LARGEST_UPDATE)
    app.router.add_post(path or "/", Webhook(transactions, offer, secret, patience).receive)
    return app


class Webhook:
    """Answers 200 once the update is kept, 503 while the database is away (Telegram comes again).

    403 without the secret, 400 for what is no update, 413 for what is too large to be one.
    """

    def __init__(
        self,
        transactions: Transactions,
        offer: Callable[[Sequence[Received]], None],
        secret: str,
        patience: float,
    ) -> None:
        self._transactions = transactions
        self._offer = offer
        self._secret = secret.encode()
        self._patience = patience
        self._keeping: set[asyncio.Task[bool]] = set()

    async def receive(self, request: web.Request) -> web.Response:
        given = request.headers.get(SECRET_HEADER, "").encode(errors="surrogateescape")
        if not hmac.compare_digest(given, self._secret):
            return web.Response(status=403)
        update = _parsed(await request.read())
        if update is None:
            return web.Response(status=400)
        # Shielded: what is committed after the answer was given up is still handed on.
        keeping = asyncio.create_task(self._keep(update))
        self._keeping.add(keeping)
        keeping.add_done_callback(self._keeping.discard)
        kept = False
        with suppress(TimeoutError):
            async with asyncio.timeout(self._patience):
                kept = await asyncio.shield(keeping)
        if not kept:
            log.warning("an update could not be kept: Telegram is asked to send it again")
        return web.Response(status=200 if kept else 503)

    async def _keep(self, update: dict[str, Any]) -> bool:
        try:
            received = await self._transactions.receive([update])
        except ClosedError:
            return False
        self._offer(received)
        return True


def _parsed(body: bytes) -> dict[str, Any] | None:
    try:
        update = json.loads(body)
    except (ValueError, RecursionError):  # no update is nested so deep
        return None
    return update if inbox.is_update(update) else None
