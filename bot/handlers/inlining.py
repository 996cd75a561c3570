""" "@bot question", typed anywhere: public entries, answered straight to Telegram.

An inline query is worth nothing after seconds, so its answer is not owed: what can't be answered
now is dropped, and typing on asks again.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    MessageEntity,
    Update,
)
from telegram.error import TelegramError

from bot.cards.catalogue import locale_of, translations
from bot.cards.render import Cards, clip
from bot.cards.words import WORDS
from bot.delivery.outbox import plain
from bot.desk import showing_inline
from bot.desk.errors import RefusedError
from bot.desk.showing_inline import MOST, Ready, Shown
from bot.desk.views import Found
from bot.handlers.parts import Context, Parts, parts_of

log = logging.getLogger(__name__)
# Shorter than this finds chance alone; Telegram gives at most 256 characters.
SHORTEST = 2
# By person: the language and the ready answers are theirs. Short, for answers are withdrawn.
CACHE_SECONDS = 60
# What the button above the results starts the private chat with; an entry's link adds its id.
START = "ask"
ENTRY = "entry_"
_NAME, _LINE = 60, 120


@dataclass(frozen=True)
class Asked:
    """An inline query. `private`: typed in the chat with the bot, where it can be carried."""

    person: int
    text: str
    language_code: str
    private: bool


async def on_inline(update: Update, context: Context) -> None:
    query, parts = update.inline_query, parts_of(context)
    assert query is not None
    user = query.from_user
    asked = Asked(
        user.id, query.query.strip(), user.language_code or "zh", query.chat_type == "sender"
    )
    language, results = await results_for(parts, asked)
    button = InlineQueryResultsButton(
        parts.cards.sentence("ask_here", {}, language), start_parameter=START
    )
    try:
        await query.answer(results, cache_time=CACHE_SECONDS, is_personal=True, button=button)
    except TelegramError as error:
        log.info("inline query not answered: %s", type(error).__name__)


async def results_for(parts: Parts, asked: Asked) -> tuple[str, Sequence[InlineQueryResultArticle]]:
    """The reader's language, and what stands on the list."""
    read, person = parts.transactions.read, asked.person
    language = await read(showing_inline.language_for, person, asked.language_code)
    # A ready answer is carried where it is written to the bot; elsewhere it has no business.
    ready = await read(showing_inline.ready_for, person, asked.text) if asked.private else []
    shown = await read(showing_inline.entries_among, await _found(parts, asked.text))
    results = [_ready(one) for one in ready]
    results += [_entry(parts.cards, one, language, person) for one in shown]
    return language, results[:MOST]


async def _found(parts: Parts, text: str) -> Sequence[Found]:
    if len(text) < SHORTEST:
        return ()
    try:
        return await parts.find(text)
    except RefusedError:  # before the first load there is nothing to show
        return ()


def entry_in(payload: str) -> int:
    """The id of the entry that a link names; nought where it names none."""
    number = payload.removeprefix(ENTRY)
    return int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0


def _ready(one: Ready) -> InlineQueryResultArticle:
    entities = [MessageEntity.de_json(dict(entity)) for entity in one.entities]
    return InlineQueryResultArticle(
        f"ready-{one.number}",
        clip(one.name, _NAME),
        InputTextMessageContent(one.text, entities=entities),
        description=clip(one.text, _LINE),
    )


def _entry(cards: Cards, one: Shown, language: str, person: int) -> InlineQueryResultArticle:
    rendered: dict[str, Any] = cards.render("inline_entry", plain(one), language, person)
    label = cards.sentence("ask_about", {}, language)
    markup = InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, url=cards.link(f"{ENTRY}{one.entry}"))]]
    )
    words = one.person if one.kind == "expert" else one.title
    kind = translations(locale_of(language)).ugettext(WORDS[one.kind])
    said = words.zh if language == "zh" else words.en
    about = one.title if one.kind == "expert" else one.summary
    line = (about.zh if language == "zh" else about.en) or about.zh or about.en
    return InlineQueryResultArticle(
        f"entry-{one.entry}",
        clip(said or words.zh or words.en, _NAME),
        InputTextMessageContent(rendered["text"], parse_mode="HTML"),
        description=clip(f"{kind} · {line}", _LINE),
        reply_markup=markup,
    )
