"""A day is read as it is typed, in either language."""

from datetime import date

import pytest

from bot.desk.dates import day_of

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("typed", "language", "meant"),
    [
        ("2 weeks", "en", date(2026, 12, 7)),
        ("a week", "en", date(2026, 11, 30)),
        ("3 days", "en", date(2026, 11, 26)),
        ("until next Friday", "en", date(2026, 12, 4)),
        ("friday", "en", date(2026, 11, 27)),
        ("monday", "en", date(2026, 11, 30)),
        ("tomorrow", "en", date(2026, 11, 24)),
        ("下周五", "zh", date(2026, 12, 4)),
        ("到下周五为止", "zh", date(2026, 12, 4)),
        ("周日", "zh", date(2026, 11, 29)),
        ("下下周一", "zh", date(2026, 12, 7)),
        ("两周", "zh", date(2026, 12, 7)),
        ("三天", "zh", date(2026, 11, 26)),
        ("1个月", "zh", date(2026, 12, 23)),
        ("后天", "zh", date(2026, 11, 25)),
        ("5.3", "zh", date(2027, 5, 3)),
        ("5.3", "en", date(2027, 3, 5)),
        ("5月3日", "zh", date(2027, 5, 3)),
        ("12月1号", "zh", date(2026, 12, 1)),
        ("25.12", "en", date(2026, 12, 25)),
        ("12/25", "en", date(2026, 12, 25)),
        ("25.12", "zh", date(2026, 12, 25)),
        ("2026-12-01", "en", date(2026, 12, 1)),
        ("2026年12月1日", "zh", date(2026, 12, 1)),
    ],
)
def test_a_day_is_read_as_people_type_it(typed: str, language: str, meant: date) -> None:
    assert day_of(typed, MONDAY, language) == meant


@pytest.mark.parametrize("typed", ["", "soon", "99.99", "2026-02-30", "改天", "3", "0000-01-01"])
def test_what_names_no_day_is_none(typed: str) -> None:
    assert day_of(typed, MONDAY, "zh") is None


def test_a_month_ends_where_it_ends() -> None:
    assert day_of("1 month", date(2027, 1, 31), "en") == date(2027, 2, 28)
