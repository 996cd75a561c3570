"""Handlers that only call one use case with a person's chat, made from the use case itself."""

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from telegram import Update

from bot.cards.buttons import Press
from bot.desk.views import Heard
from bot.handlers.parts import Context, Parts, chat_id_of, parts_of

UseCase = Callable[..., Any]
Command = Callable[[Update, Context], Coroutine[Any, Any, None]]
Action = Callable[[Parts, int, Press], Awaitable[object]]
Form = Callable[[Parts, Heard], Awaitable[object]]


def command(use_case: UseCase) -> Command:
    """A slash command: `use_case(session, chat_id)`."""

    async def handle(update: Update, context: Context) -> None:
        await parts_of(context).transactions.commit(use_case, chat_id_of(update))

    return handle


def form(use_case: UseCase) -> Form:
    """A text that was asked for: `use_case(session, chat_id, text)`."""

    async def fill(parts: Parts, heard: Heard) -> object:
        return await parts.transactions.commit(use_case, heard.chat_id, heard.text)

    return fill


def plain(use_case: UseCase) -> Action:
    """A button without arguments: `use_case(session, chat_id)`."""

    async def act(parts: Parts, chat_id: int, _: Press) -> object:
        return await parts.transactions.commit(use_case, chat_id)

    return act


def numbered(use_case: UseCase, count: int = 1) -> Action:
    """A button that carries `count` numbers: `use_case(session, chat_id, *numbers)`."""

    async def act(parts: Parts, chat_id: int, press: Press) -> object:
        numbers = [press.number(place) for place in range(count)]
        return await parts.transactions.commit(use_case, chat_id, *numbers)

    return act


def worded(use_case: UseCase) -> Action:
    """A button that carries a word: `use_case(session, chat_id, word)`."""

    async def act(parts: Parts, chat_id: int, press: Press) -> object:
        return await parts.transactions.commit(use_case, chat_id, press.word(0))

    return act
