"""No text lacks a translation."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from bot.cards.catalogue import FOLDER, LOCALES, locale_of, translations

CARDS = Path(__file__).parents[3] / "bot" / "cards"
PLACEHOLDER = re.compile(r"%\(\w+\)s|%s")


def texts() -> set[str]:
    methods = [("**.py", "python"), ("**.j2", "jinja2")]
    options = {"**.j2": {"trimmed": "true", "silent": "false"}}
    keywords = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
    found = extract_from_dir(CARDS, methods, options, keywords)
    return {message for _, _, message, *_ in found if isinstance(message, str)}


@pytest.mark.parametrize("locale", sorted(LOCALES.values()))
def test_every_text_has_a_translation_and_no_translation_is_left_over(locale: str) -> None:
    with (FOLDER / locale / "LC_MESSAGES" / "messages.po").open("rb") as source:
        catalogue = {m.id: m.string for m in read_po(source, locale=locale) if m.id}
    assert texts() == set(catalogue)
    assert [text for text, translation in catalogue.items() if not translation] == []


@pytest.mark.parametrize("locale", sorted(LOCALES.values()))
def test_a_translation_fills_the_same_places(locale: str) -> None:
    for text in texts():
        translated = translations(locale).ugettext(text)
        assert sorted(PLACEHOLDER.findall(translated)) == sorted(PLACEHOLDER.findall(text)), text


def test_a_language_we_do_not_speak_is_served_in_english() -> None:
    assert locale_of("fr") == "en"


@pytest.mark.parametrize("word", ["提问人", "旁阅"])
def test_one_word_is_used_for_one_thing(word: str) -> None:
    """提问者 is who asks, everywhere; 抄送 is what a follower has of a talk."""
    catalogue = FOLDER / "zh_CN" / "LC_MESSAGES" / "messages.po"
    assert word not in catalogue.read_text("utf-8")
