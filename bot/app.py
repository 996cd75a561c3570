"""Settings become parts, parts a running desk. The only clock of the desk stands here."""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web
from sqlalchemy import Engine
from telegram.ext import ApplicationBuilder

import bot.desk.tables  # noqa: F401 (a migration needs every table)
from bot.cards.render import Cards
from bot.delivery.api import BotApi
from bot.delivery.lanes import Lanes
from bot.delivery.limits import Limits
from bot.delivery.polling import Poller
from bot.delivery.sender import Sender
from bot.delivery.transactions import Transactions
from bot.delivery.transport import AiohttpRequest
from bot.desk import offering, undelivered
from bot.handlers.answering import on_error
from bot.handlers.finding import Finder
from bot.handlers.loading import Loader, TelegramFiles
from bot.handlers.parts import PARTS, DeskApplication, Parts
from bot.handlers.table import handlers
from bot.handlers.treating import Treatment
from bot.indexing import snapshots
from bot.settings import Settings
from bot.web.webhook import webhook_app
from knowledge.database import open_engine
from knowledge.migrations import upgrade

log = logging.getLogger(__name__)
# How often deadlines are looked at: an offer ends at most this much late.
DEADLINE_SECONDS = 5.0
# How often the index of another process (`xiaoqi reload`) is looked for.
REFRESH_SECONDS = 2.0


def utc_now() -> datetime:
    return datetime.now(UTC)


def prepare_database(url: str) -> Engine:
    """An engine whose schema is the newest. Raises DatabaseAwayError."""
    engine = open_engine(url)
    upgrade(engine)
    return engine


@dataclass
class Running:
    """The parts of a desk that is being served, for the background tasks."""

    settings: Settings
    transactions: Transactions
    finder: Finder
    loader: Loader
    lanes: Lanes
    sender: Sender


async def serve(settings: Settings, *, clock: Callable[[], datetime] = utc_now) -> None:
    """Run the desk until SIGTERM or SIGINT; what is under way is finished first.

    Raises DatabaseAwayError, TokenRefusedError, OSError for a port in use.
    """
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    engine = await asyncio.to_thread(prepare_database, settings.database_url)
    async with AsyncExitStack() as stack:
        stack.callback(engine.dispose)
        await _serve(settings, engine, clock, stopping, stack)


async def _serve(
    settings: Settings,
    engine: Engine,
    clock: Callable[[], datetime],
    stopping: asyncio.Event,
    stack: AsyncExitStack,
) -> None:
    transport = AiohttpRequest(settings.telegram_proxy)
    await transport.initialize()
    stack.push_async_callback(transport.shutdown)
    token = settings.telegram_token.get_secret_value()
    api = BotApi(transport, settings.telegram_api_url, token)
