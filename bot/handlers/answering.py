"""Answers that go straight to Telegram: to a button press, and to what went wrong."""

import logging

from telegram import CallbackQuery, Update
from telegram.error import TelegramError

from bot.cards.buttons import ForgedButtonError
from bot.desk.errors import RefusedError
from bot.desk.members import language_of, notify
from bot.desk.placing import is_group
from bot.desk.standing import show_now
from bot.handlers.parts import Context, chat_id_of, name_and_language, parts_of

log = logging.getLogger(__name__)
# Telegram's limit for the text of answerCallbackQuery.
ALERT_LIMIT = 200
FAILED = "failed"
# Buttons that serve no more: what serves now is shown beside.
SPENT = frozenset({"stale_button", "wrong_stage", "offer_ended"})


async def answer(query: CallbackQuery, text: str = "") -> None:
    """Stop the button's spinner. A query too old to be answered is no error: the work is done."""
    try:
        await query.answer(text[:ALERT_LIMIT], show_alert=bool(text))
    except TelegramError as error:
        log.info("callback not answered: %s", type(error).__name__)


async def on_error(update: object, context: Context) -> None:
    """The one place where errors end: a refusal is told in words, the rest goes to the lane.

    What is not a refusal is kept in `bot_data[FAILED]` under the update's id, for the lane to
    try again and in the end to quarantine.
    """
    error = context.error
    if not isinstance(update, Update) or update.effective_chat is None:
        return
    if isinstance(error, ForgedButtonError):
        error = RefusedError("stale_button")
    if isinstance(error, RefusedError):
        await _refuse(update, context, error)
    else:
        context.bot_data[FAILED][update.update_id] = error


async def _refuse(update: Update, context: Context, error: RefusedError) -> None:
    parts, chat_id = parts_of(context), chat_id_of(update)
    _, spoken = name_and_language(update)
    if update.callback_query is None:
        values = {"language_code": spoken, **error.values}
        await parts.transactions.commit(notify, chat_id, error.code, **values)
        return
    if error.code in SPENT and not is_group(chat_id):
        number = error.values.get("consultation", 0)
        await parts.transactions.commit(show_now, chat_id, number)
    language = await parts.transactions.read(language_of, chat_id, spoken)
    await answer(update.callback_query, parts.cards.sentence(error.code, error.values, language))
