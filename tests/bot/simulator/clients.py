"""One script run by two clients of the Bot API, each by polling and by webhook.

Both name calls and parameters alike (`send_message(chat_id=..., text=...)`); a Kit holds what
they name otherwise.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import aiogram
import aiogram.types
import telegram
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramAPIError
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import web
from telegram.ext import Application, TypeHandler

from bot.simulator.server import Simulator
from bot.simulator.world import TOKEN

SECRET = "a-secret_1"
# Not the bot's own standing: aiogram is ahead of Bot API 10.0, and cannot read an administrator
# without a right that came later.
KINDS = ["message", "edited_message", "callback_query"]


@dataclass
class Kit:
    """A client: its bot, its types, the root of its errors, files as it takes and gives them."""

    bot: Any
    types: ModuleType
    error: type[Exception]
    file: Callable[[bytes, str], Any]
    download: Callable[[str], Awaitable[bytes]]


Script = Callable[[Kit, Any], Awaitable[None]]
Running = Callable[[Simulator, Script], Any]


# -- python-telegram-bot


def _application(simulator: Simulator, script: Script) -> tuple[Any, Kit]:
    builder = Application.builder().token(TOKEN).base_url(f"{simulator.url}/bot")
    application = builder.base_file_url(f"{simulator.url}/file/bot").build()

    async def download(file_id: str) -> bytes:
        return bytes(await (await application.bot.get_file(file_id)).download_as_bytearray())

    kit = Kit(
        application.bot,
        telegram,
        telegram.error.TelegramError,
        lambda content, name: telegram.InputFile(content, filename=name),
        download,
    )

    async def run(update: Any, _context: object) -> None:
        await script(kit, update)

    application.add_handler(TypeHandler(telegram.Update, run))
    return application, kit


@asynccontextmanager
async def telegram_by_polling(simulator: Simulator, script: Script) -> AsyncIterator[Kit]:
    """python-telegram-bot's own Updater, on its default transport."""
    application, kit = _application(simulator, script)
    async with application:
        await application.start()
        await application.updater.start_polling(timeout=5, allowed_updates=KINDS)
        try:
            yield kit
        finally:
            await application.updater.stop()
            await application.stop()


@asynccontextmanager
async def telegram_by_webhook(simulator: Simulator, script: Script) -> AsyncIterator[Kit]:
    """python-telegram-bot behind a handler of a few lines, for its own needs another server."""
    application, kit = _application(simulator, script)

    async def push(request: web.Request) -> web.Response:
        assert request.headers["X-Telegram-Bot-Api-Secret-Token"] == SECRET
        update = telegram.Update.de_json(await request.json(), application.bot)
        await application.process_update(update)
        return web.Response()

    app = web.Application()
    app.router.add_post("/push", push)
    async with application, _served(app) as url:
        await application.bot.set_webhook(f"{url}/push", secret_token=SECRET, allowed_updates=KINDS)
        try:
            yield kit
        finally:
            await application.bot.delete_webhook()


# -- aiogram


def _dispatcher(simulator: Simulator, script: Script) -> tuple[aiogram.Dispatcher, Kit]:
    session = AiohttpSession(api=TelegramAPIServer.from_base(simulator.url))
    bot = aiogram.Bot(TOKEN, session=session)

    async def download(file_id: str) -> bytes:
        found = await bot.download(file_id)
        assert found is not None
        return found.read()

    kit = Kit(bot, aiogram.types, TelegramAPIError, aiogram.types.BufferedInputFile, download)
    dispatcher = aiogram.Dispatcher()

    async def run(_handler: object, update: Any, _data: object) -> bool:
        await script(kit, update)
        return True

    dispatcher.update.outer_middleware(run)
    return dispatcher, kit


@asynccontextmanager
async def aiogram_by_polling(simulator: Simulator, script: Script) -> AsyncIterator[Kit]:
    """aiogram's own polling, one update after the other."""
    dispatcher, kit = _dispatcher(simulator, script)
    options = {"handle_signals": False, "handle_as_tasks": False, "polling_timeout": 5}
    options |= {"allowed_updates": KINDS}
    polling = asyncio.create_task(dispatcher.start_polling(kit.bot, **options))
    try:
        yield kit
    finally:
        await dispatcher.stop_polling()
        await polling


@asynccontextmanager
async def aiogram_by_webhook(simulator: Simulator, script: Script) -> AsyncIterator[Kit]:
    """aiogram's own request handler on aiohttp."""
    dispatcher, kit = _dispatcher(simulator, script)
    app = web.Application()
    options = {"secret_token": SECRET, "handle_in_background": False}
    SimpleRequestHandler(dispatcher, kit.bot, **options).register(app, "/push")
    async with _served(app) as url:
        await kit.bot.set_webhook(f"{url}/push", secret_token=SECRET, allowed_updates=KINDS)
        try:
            yield kit
        finally:
            await kit.bot.delete_webhook()
            await kit.bot.session.close()


@asynccontextmanager
async def _served(app: web.Application) -> AsyncIterator[str]:
    runner = web.AppRunner(app, shutdown_timeout=1.0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


CLIENTS: tuple[Running, ...] = (
    telegram_by_polling,
    telegram_by_webhook,
    aiogram_by_polling,
    aiogram_by_webhook,
)
