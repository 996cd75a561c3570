"""One update from the inbox, through python-telegram-bot's handlers, to its end."""

from typing import Any

from telegram import Update

from bot.handlers.answering import FAILED
from bot.handlers.gate import Gate
from bot.handlers.parts import DeskApplication


class Treatment:
    """What a lane does with an update: the handlers run; what they could not do is raised.

    python-telegram-bot hands a handler's error to the error handler and goes on; the lane must
    know of it, so that the update is tried again and in the end set aside.
    """

    def __init__(self, application: DeskApplication, gate: Gate | None = None) -> None:
        """`gate`: what an update passes before its handler."""
        self._application, self._gate = application, gate
        application.bot_data[FAILED] = {}

    async def __call__(self, update_id: int, raw: dict[str, Any]) -> None:
        update = Update.de_json(raw, self._application.bot)
        _require_numbers(update)
        if self._gate is not None and not await self._gate.admits(update):
            return
        await self._application.process_update(update)
        error = self._application.bot_data[FAILED].pop(update_id, None)
        if error is not None:
            raise error


class MalformedError(Exception):
    """An update names a chat, a person or a message by something that is no number."""


def _require_numbers(update: Update) -> None:
    """python-telegram-bot takes whatever stands there; kept, it would stop whoever reads it.

    Raises MalformedError.
    """
    parts = (update.effective_chat, update.effective_user)
    numbers = [part.id for part in parts if part is not None]
    message, reacted = update.effective_message, update.message_reaction
    numbers += [one.message_id for one in (message, reacted) if one is not None]
    if any(type(number) is not int for number in numbers):
        raise MalformedError
