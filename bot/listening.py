"""Where updates come from: Telegram calls the webhook, or is asked again and again."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial

from aiohttp import web
from telegram.error import InvalidToken, NetworkError, RetryAfter
from yarl import URL

from bot.delivery.api import BotApi, RefusedCallError
from bot.delivery.backoff import Backoff
from bot.delivery.lanes import Lanes
from bot.delivery.polling import ALLOWED_UPDATES, Poller
from bot.delivery.shares import Shares
from bot.delivery.transactions import Transactions
from bot.settings import Settings, SettingsError
from bot.web.watch import Watch
from bot.web.webhook import webhook_app

# Telegram opens at most so many connections to the webhook at once.
WEBHOOK_CONNECTIONS = 40


async def listen(
    settings: Settings,
    api: BotApi,
    transactions: Transactions,
    lanes: Lanes,
    clock: Callable[[], datetime],
    watch: Watch,
    shares: Shares,
) -> None:
    """Until cancelled. One worker alone polls: Telegram gives updates to no two."""
    if settings.webhook_url:
        await listen_by_webhook(settings, api, transactions, lanes, clock, watch, shares)
    else:
        await shares.leading()
        await Poller(api, transactions, lanes.offer, clock=clock).run()


async def listen_by_webhook(
    settings: Settings,
    api: BotApi,
    transactions: Transactions,
    lanes: Lanes,
    clock: Callable[[], datetime],
    watch: Watch,
    shares: Shares,
) -> None:
    """Serve the webhook and who watches, and wait until cancelled; who leads tells Telegram."""
    address = URL(settings.webhook_url)
    app = webhook_app(transactions, lanes.offer, settings.webhook_password(), address.path)
    runner = web.AppRunner(watch.add_to(app), access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, settings.webhook_host, settings.webhook_port).start()
        asked = {
            "url": settings.webhook_url,
            "secret_token": settings.webhook_password(),
            "allowed_updates": list(ALLOWED_UPDATES),
            "max_connections": WEBHOOK_CONNECTIONS,
        }
        await shares.leading()
        await patiently(partial(api.call, "setWebhook", asked), clock)
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()


async def patiently(
    connect: Callable[[], Awaitable[object]], clock: Callable[[], datetime]
) -> None:
    """Until Telegram takes it, however long it is away. Raises SettingsError for a false token."""
    backoff = Backoff("the start waits")
    while True:
        try:
            await connect()
        except InvalidToken as error:
            raise SettingsError(
                "Telegram refuses TELEGRAM_TOKEN: copy it again from @BotFather"
            ) from error
        except (NetworkError, RetryAfter, RefusedCallError) as error:
            # A refusal's words are Telegram's; a network error's may name the address, and so
            # the token.
            why = str(error) if isinstance(error, RefusedCallError) else type(error).__name__
            now = clock().timestamp()
            await asyncio.sleep(max(backoff.failed(why, now) - now, _asked_to_wait(error)))
        else:
            backoff.passed()
            return


def _asked_to_wait(error: Exception) -> float:
    """Seconds: whoever asks again sooner is made to wait longer."""
    if isinstance(error, RetryAfter):
        # A plain number or a timedelta, by the library's version and environment.
        asked = error.retry_after
        return asked.total_seconds() if isinstance(asked, timedelta) else float(asked)
    return error.retry_after if isinstance(error, RefusedCallError) else 0.0
