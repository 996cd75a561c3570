"""What every update of a private chat passes before its handler: limits, returns, bans."""

import re
from collections.abc import Callable
from datetime import datetime

from telegram import Update
from telegram.constants import ChatType

from bot.delivery.lanes import LaterError
from bot.delivery.transactions import Transactions
from bot.desk import admitting, banning, undelivered
from bot.desk.policy import Policy
from bot.handlers.answering import answer
from bot.handlers.floods import Floods
from bot.handlers.parts import name_and_language

_COMMAND = re.compile(r"/([a-zA-Z_]+)")


class Gate:
    """What it does for itself leaves the update to be done; only a ban is its last word."""

    def __init__(
        self, transactions: Transactions, policy: Policy, clock: Callable[[], datetime]
    ) -> None:
        self._transactions, self._clock = transactions, clock
        self._floods = Floods(policy)

    async def admits(self, update: Update) -> bool:
        """False where a ban was its answer. Raises LaterError for what is over the limit."""
        chat = update.effective_chat
        kind = _kind(update)
        if chat is None or chat.type != ChatType.PRIVATE or not kind:
            return True
        await self._count(update, chat.id, kind)
        found = await self._transactions.read(admitting.admission, chat.id)
        if not found.here:
            await self._transactions.beside(undelivered.chat_back, chat.id)
        if not found.bars(_command(update), _press(update)):
            return True
        await self._transactions.commit(banning.say_banned, chat.id)
        if update.callback_query is not None:
            await answer(update.callback_query)
        return False

    async def _count(self, update: Update, chat_id: int, kind: str) -> None:
        seconds = self._floods.wait(chat_id, kind, self._clock().timestamp())
        if not seconds:
            return
        if self._floods.tells(chat_id, kind):
            _, language = name_and_language(update)
            await self._transactions.beside(admitting.say_slowly, chat_id, language)
        raise LaterError(seconds)


def _kind(update: Update) -> str:
    if update.callback_query is not None:
        return "press"
    return "message" if update.effective_message is not None else ""


def _command(update: Update) -> str:
    message = update.message
    found = _COMMAND.match((message.text or "") if message is not None else "")
    return found.group(1).lower() if found else ""


def _press(update: Update) -> str:
    query = update.callback_query
    return (query.data or "").partition("~")[0].partition(":")[0] if query is not None else ""
