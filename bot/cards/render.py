"""A card's name and its view become text and buttons, in the reader's language."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.cards.buttons import Button, pack
from bot.cards.catalogue import locale_of, translations
from bot.cards.keyboards import KEYBOARDS
from bot.cards.sentences import SENTENCES
from bot.cards.weeks import city, week_words
from bot.cards.words import INDUSTRY_NAMES, REGION_NAMES, WORDS

PUNCTUATION = {
    "zh_CN": {"colon": "：", "comma": "，", "stop": "。", "gap": ""},
    "en": {"colon": ": ", "comma": ", ", "stop": ".", "gap": " "},
}
TEMPLATES = Path(__file__).parent / "templates"
Rendered = dict[str, Any]


class Cards:
    """Renders every card. `key` signs the buttons, `zone` is where people's clocks stand."""

    def __init__(self, key: bytes, zone: ZoneInfo, bot_username: str) -> None:
        self._key = key
        self._zone = zone
        self._bot = bot_username

    def render(self, card: str, values: Mapping[str, Any], language: str, chat_id: int) -> Rendered:
        """The parameters of sendMessage: text (HTML), parse_mode, reply_markup.

        Raises jinja2.TemplateError where the card or a value is missing.
        """
        locale = locale_of(language)
        template = environment(locale, self._zone.key).get_template(f"{card}.j2")
        text = template.render(values, link=self.link).strip()
        rendered: Rendered = {
            "text": re.sub(r"\n{3,}", "\n\n", text),
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
        }
        keyboard = KEYBOARDS.get(card)
        rows = keyboard(values, language) if keyboard else []
        if rows or keyboard:
            rendered["reply_markup"] = {
                "inline_keyboard": [
                    [self._button(button, chat_id) for button in row] for row in rows
                ]
            }
        return rendered

    def sentence(self, code: str, values: Mapping[str, Any], language: str) -> str:
        """One sentence as plain text, for the answer to a button."""
        return translations(locale_of(language)).ugettext(SENTENCES[code]) % dict(values)

    def link(self, token: str) -> str:
        """Opens the private chat with the bot, which is started with `token`."""
        return f"https://t.me/{self._bot}?start={token}"

    def _button(self, button: Button, chat_id: int) -> dict[str, str]:
        if button.url:
            return {"text": button.label, "url": button.url}
        return {"text": button.label, "callback_data": pack(button, chat_id, self._key)}


@cache
def environment(locale: str, zone: str) -> Environment:
    """Templates for one locale: escaped by default, and no value may be missing."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    # The extension adds this method at run time; the type does not tell.
    made.install_gettext_translations(translations(locale), newstyle=True)  # type: ignore[attr-defined]
    made.filters.update(_filters(locale, ZoneInfo(zone)))
    made.globals["sentences"] = SENTENCES
    made.globals["reads"] = locale[:2]  # whoever is to read the card
    made.globals.update(PUNCTUATION[locale])
    return made


def _filters(locale: str, zone: ZoneInfo) -> dict[str, Callable[..., str]]:
    gettext = translations(locale).ugettext
    language = locale[:2]

    def say(words: Mapping[str, str] | None) -> str:
        """The words in the reader's language, or else in the other."""
        if not words:
            return ""
        return words[language] or words["zh"] or words["en"]

    def when(instant: str) -> str:
        moment = datetime.fromisoformat(instant).astimezone(zone)
        pattern = "M月d日 HH:mm" if language == "zh" else "d MMM HH:mm"
        return format_datetime(moment, pattern, locale=locale)

    def moment(instant: str, there: str = "") -> str:
        """With its weekday, where the reader is: in the zone named `there`, or else the desk's."""
        local = datetime.fromisoformat(instant).astimezone(ZoneInfo(there) if there else zone)
        pattern = "M月d日EEE HH:mm" if language == "zh" else "EEE d MMM HH:mm"
        return format_datetime(local, pattern, locale=locale)

    def day(text: str) -> str:
        return format_date(date.fromisoformat(text), "medium", locale=locale)

    def region(name: str) -> str:
        return REGION_NAMES[language].get(name, name)

    return {
        "say": say,
        "when": when,
        "moment": moment,
        "week": lambda written: week_words(written, language),
        "city": lambda name: city(name, language),
        "day": day,
        "clip": clip,
        "word": lambda word: gettext(WORDS[word]),
        "term": lambda word: gettext(WORDS[word]) if word in WORDS else word,
        "industry": lambda letter: INDUSTRY_NAMES[language].get(letter, ""),
        "region": region,
    }


def clip(text: str, length: int) -> str:
    """At most `length` characters, the cut shown by an ellipsis."""
    text = " ".join(text.split())
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
