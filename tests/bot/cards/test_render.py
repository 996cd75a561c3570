"""Every card, in both languages, as Telegram would take it."""

import re
from html.parser import HTMLParser
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.cards.buttons import DATA_LIMIT
from bot.cards.keyboards import KEYBOARDS
from bot.cards.render import TEMPLATES, Cards
from bot.cards.sentences import SENTENCES
from tests.bot.cards.examples import EXAMPLES
from tests.bot.cards.handing_examples import OTHER_MOMENTS

ALLOWED = {"b", "i", "u", "s", "code", "pre", "a", "blockquote", "tg-spoiler"}
CHINESE = re.compile(r"[\u4e00-\u9fff]")


class Markup(HTMLParser):
    """The text after entity parsing, and the tags it needed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = ""
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.feed(text)

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.open.append(tag)
        self.tags.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def cards() -> Cards:
    return Cards(b"key", ZoneInfo("Asia/Shanghai"), "xiaoqi_bot")


def test_every_template_has_an_example() -> None:
    assert {path.stem for path in TEMPLATES.glob("*.j2")} == set(EXAMPLES)
    assert set(KEYBOARDS) <= set(EXAMPLES)


MOMENTS = [*EXAMPLES.items(), *OTHER_MOMENTS]
NAMES = [f"{card}-{place}" for place, (card, _) in enumerate(MOMENTS)]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("card", "values"), MOMENTS, ids=NAMES)
def test_a_card_fits_telegram_in_both_languages(
    cards: Cards, card: str, values: dict[str, Any], language: str
) -> None:
    rendered = cards.render(card, values, language, chat_id=5_000_000_001)
    markup = Markup(rendered["text"])
    assert not markup.open
    assert markup.tags <= ALLOWED
    assert 0 < len(markup.text.encode("utf-16-le")) // 2 <= 4096
    assert "\n\n\n" not in rendered["text"]
    buttons = [
        button
        for row in rendered.get("reply_markup", {}).get("inline_keyboard", [])
        for button in row
    ]
    for button in buttons:
        assert 0 < len(button["text"]) <= 64
        assert len(button.get("callback_data", "").encode()) <= DATA_LIMIT


@pytest.mark.parametrize("card", sorted(EXAMPLES))
def test_what_people_wrote_is_never_markup(cards: Cards, card: str) -> None:
    text = cards.render(card, EXAMPLES[card], "zh", chat_id=1)["text"]
    assert "<script>" not in text
    assert "<怎么办>" not in text
    assert "林<b>岚" not in text


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_a_sentence_fits_an_alert(cards: Cards, code: str) -> None:
    values = {"consultation": 12, "limit": 2000, "length": 10000, "years": 5}
    values |= {"days": 60, "minutes": 10, "number": 12, "title": "Lab", "most": 50}
    assert 0 < len(cards.sentence(code, values, "zh")) <= 200
    assert CHINESE.search(cards.sentence(code, values, "zh"))
    assert not CHINESE.search(cards.sentence(code, values, "en"))


def test_a_deadline_is_shown_on_the_readers_clock(cards: Cards) -> None:
    assert "11月24日周二 10:30" in cards.render("sent", EXAMPLES["sent"], "zh", chat_id=1)["text"]
    assert "24 Nov 10:30" in cards.render("sent", EXAMPLES["sent"], "en", chat_id=1)["text"]


def test_a_mentors_deadline_is_shown_where_they_are(cards: Cards) -> None:
    """WHEN is half past ten in Shanghai."""
    offer = EXAMPLES["offer"] | {"zone": "Europe/London", "opens_at": None}
    assert "11月24日周二 02:30 前答复" in cards.render("offer", offer, "zh", chat_id=1)["text"]
    assert "by Tue 24 Nov 02:30" in cards.render("offer", offer, "en", chat_id=1)["text"]
    queue = cards.render("queue", EXAMPLES["queue"], "zh", chat_id=1)["text"]
    assert "11月24日周二 02:30 前答复" in queue


def test_working_hours_are_written_in_the_readers_language(cards: Cards) -> None:
    hours = EXAMPLES["hours"]
    assert "周一至周三、周五 09:00-17:30 · 伦敦" in cards.render("hours", hours, "zh", 1)["text"]
    assert "Mon to Wed, Fri 09:00-17:30 · London" in cards.render("hours", hours, "en", 1)["text"]
    daily = hours | {"week": "Mon-Sun 08:00-20:00", "zone": "Asia/Shanghai"}
    assert "每天 08:00-20:00 · 上海" in cards.render("hours", daily, "zh", 1)["text"]


def test_a_sample_person_is_marked_as_invented(cards: Cards) -> None:
    assert "虚构" in cards.render("shortlist", EXAMPLES["shortlist"], "zh", chat_id=1)["text"]
    assert "invented" in cards.render("shortlist", EXAMPLES["shortlist"], "en", chat_id=1)["text"]


@pytest.mark.parametrize(("card", "values"), MOMENTS, ids=NAMES)
def test_after_a_colon_there_is_a_space_in_english_and_none_in_chinese(
    cards: Cards, card: str, values: dict[str, Any]
) -> None:
    chinese, english = (
        Markup(cards.render(card, values, language, chat_id=5)["text"]).text
        for language in ("zh", "en")
    )
    assert not re.search("： ", chinese)
    assert not re.search(r"[a-z]:[^\s/]", english.replace("https:", ""))
