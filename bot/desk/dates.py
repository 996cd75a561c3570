"""A day as people type it: 5.3, 2 weeks, next Friday, 下周五, 两周."""

import re
from calendar import monthrange
from datetime import date, timedelta

_NUMERALS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8}
_NUMERALS |= {"九": 9, "十": 10, "a": 1, "an": 1, "one": 1, "two": 2, "three": 3}
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CHINESE_WEEKDAYS = "一二三四五六日"
_NAMED = {"tomorrow": 1, "明天": 1, "后天": 2, "大后天": 3}

_WHOLE = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*[日号]?")
_PART = re.compile(r"(\d{1,2})\s*([-./月])\s*(\d{1,2})\s*[日号]?")
_SPAN = re.compile(
    r"(\d{1,3}|[一二两三四五六七八九十]|an?|one|two|three)\s*个?\s*"
    r"(days?|weeks?|months?|天|日|周|星期|礼拜|月)"
)
_CHINESE_DAY = re.compile(r"(下下|下|这|本)?个?(?:周|星期|礼拜)([一二三四五六日天])")
_ENGLISH_DAY = re.compile(r"(next\s+)?(mon|tue|wed|thu|fri|sat|sun)[a-z]*")
_LEADING = re.compile(r"^(?:(?:until|till|to|for|on)\s+|(?:直到|到|至)\s*)")


def day_of(typed: str, today: date, language: str) -> date | None:
    """The day meant, None where none is; without a year the next one that comes.

    With a slash or a dot a Chinese reader means month and day, an English one day and month where
    both can be.
    """
    text = _LEADING.sub("", " ".join(typed.lower().split()))
    text = re.sub(r"(?:为止|前|回来|后)$", "", text).strip()
    if text in _NAMED:
        return today + timedelta(days=_NAMED[text])
    for pattern, read in (
        (_WHOLE, _whole),
        (_SPAN, _span),
        (_CHINESE_DAY, _chinese_day),
        (_ENGLISH_DAY, _english_day),
    ):
        if found := pattern.fullmatch(text):
            return read(found, today)
    if found := _PART.fullmatch(text):
        return _part(found, today, language)
    return None


def _whole(found: re.Match[str], _: date) -> date | None:
    return _date(int(found[1]), int(found[2]), int(found[3]))


def _part(found: re.Match[str], today: date, language: str) -> date | None:
    first, second = int(found[1]), int(found[3])
    orders = [(first, second), (second, first)]
    if found[2] in "-月":
        orders = orders[:1]
    elif language != "zh":
        orders.reverse()
    for month, day in orders:
        for year in (today.year, today.year + 1):
            meant = _date(year, month, day)
            if meant is not None and meant > today:
                return meant
    return None


def _span(found: re.Match[str], today: date) -> date | None:
    number = int(found[1]) if found[1].isdigit() else _NUMERALS.get(found[1], 1)
    unit = found[2]
    if unit == "月" or unit.startswith("month"):
        return _months_later(today, number)
    weeks = unit in ("周", "星期", "礼拜") or unit.startswith("week")
    return today + timedelta(days=number * 7 if weeks else number)


def _months_later(today: date, number: int) -> date:
    year, month = divmod(today.year * 12 + today.month - 1 + number, 12)
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))


def _chinese_day(found: re.Match[str], today: date) -> date | None:
    weekday = _CHINESE_WEEKDAYS.index(found[2].replace("天", "日"))
    weeks = {"下下": 2, "下": 1}.get(found[1] or "")
    return _weekday(weekday, today, weeks)


def _english_day(found: re.Match[str], today: date) -> date | None:
    return _weekday(_WEEKDAYS.index(found[2]), today, 1 if found[1] else None)


def _weekday(weekday: int, today: date, weeks: int | None) -> date:
    """Of a week counted from this one, which begins on Monday; or else the next that comes."""
    if weeks is None:
        return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
    return today + timedelta(days=7 * weeks + weekday - today.weekday())


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
