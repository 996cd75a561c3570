"""Bare echo bots, as their libraries' own first examples: nothing durable, nothing kept.

python -m benchmarks.echo python-telegram-bot|aiogram URL
"""

import asyncio
import logging
import sys
from typing import Any

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters

from bot.simulator.world import TOKEN


def echo_by_python_telegram_bot(url: str) -> None:
    async def echo(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        await update.message.reply_text(update.message.text or "")

    application = Application.builder().token(TOKEN).base_url(f"{url}/bot").build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.run_polling()


def echo_by_aiogram(url: str) -> None:
    dispatcher = Dispatcher()

    @dispatcher.message()
    async def echo(message: Any) -> None:
        await message.answer(message.text)

    session = AiohttpSession(api=TelegramAPIServer.from_base(url))
    asyncio.run(dispatcher.start_polling(Bot(TOKEN, session=session)))


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    echoes = {"python-telegram-bot": echo_by_python_telegram_bot, "aiogram": echo_by_aiogram}
    echoes[sys.argv[1]](sys.argv[2])
