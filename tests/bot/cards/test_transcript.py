"""What stands on the page of a transcript beside the messages."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.cards.transcript import as_page, told
from bot.desk.similar import UsedLine
from bot.desk.transcribing import TranscriptView
from bot.desk.views import DetailLine, Words

NOW, ZONE = datetime(2026, 11, 23, 2, 0, tzinfo=UTC), ZoneInfo("Asia/Shanghai")
NOBODY, NAME = Words("", ""), Words("林岚", "Lin Lan")
GONE = UsedLine(NOW, NOBODY, NOBODY, NOBODY)


def page(language: str, *used: UsedLine) -> str:
    view = TranscriptView(
        consultation=12,
        stage="resolved",
        question="气孔怎么办",
        asker=NAME,
        enterprise=NOBODY,
        mentor=NAME,
        organisation=NOBODY,
        asked_at=NOW,
        accepted_at=NOW,
        ended_at=NOW,
        rating=None,
        lines=(),
        before=(DetailLine("什么合金？<b>", "ADC12 & 铜", "answered"),),
        used=used,
    )
    return as_page(told(view, {}, {}), language, ZONE)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_was_asked_before_stands_on_it_and_is_no_markup(language: str) -> None:
    shown = page(language)
    assert "什么合金？&lt;b&gt;" in shown
    assert "ADC12 &amp; 铜" in shown


def test_an_earlier_answer_stands_with_its_author_and_its_time() -> None:
    shown = page("zh", UsedLine(NOW, Words("露气孔", ""), Words("先抽真空", ""), NAME))
    assert "露气孔 · 林岚" in shown
    assert "先抽真空" in shown
    assert "2026-11-23 10:00:00" in shown


def test_of_one_taken_back_it_says_so() -> None:
    assert "已被作者撤回" in page("zh", GONE)
    assert "Taken back since." in page("en", GONE)
