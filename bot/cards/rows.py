"""What every keyboard is built with: rows of buttons, and words in the reader's language."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.cards.buttons import Button
from bot.cards.catalogue import locale_of, translations

Values = Mapping[str, Any]
Rows = list[list[Button]]
Keyboard = Callable[[Values, str], Rows]

# Of a name on a button, in characters.
NAME_LENGTH = 24


def _(message: str, language: str) -> str:
    text: str = translations(locale_of(language)).ugettext(message)
    return text


def say(words: Mapping[str, str], language: str) -> str:
    return words[language] or words["zh"] or words["en"]


def in_rows(buttons: Sequence[Button], width: int) -> Rows:
    return [list(buttons[start : start + width]) for start in range(0, len(buttons), width)]
