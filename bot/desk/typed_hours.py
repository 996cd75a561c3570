"""Working hours as people type them: Mon-Fri 9-17:30, 周一至周五 9点到17点半, 9-5 Berlin."""

import re
import unicodedata
from dataclasses import dataclass

from bot.desk.zones import zone_named
from bot.worktime import DAY_NAMES, Week

_DAYS = [name.lower() for name in DAY_NAMES]
_CHINESE_DAYS = "一二三四五六日"
_SETS = (
    (r"weekdays?|workdays?|working days?|工作日", range(5)),
    (r"weekends?|周末", range(5, 7)),
    (r"every\s?day|daily|每天|天天", range(7)),
)
_ALWAYS = re.compile(r"any ?time|always|24/7|随时|任何时间|任意时间|不限(?:时间)?")
_TIME = (
    r"(上午|早上|早|下午|晚上|中午)?\s*(\d{1,2})(?:[:.](\d\d)|\s*[点时]\s*(?:(半)|(\d\d)分?)?)?"
    r"(?:\s*([ap])\.?m\.?)?"
)
_TO = r"(?:-|–|—|~|至|到|\bto\b|\buntil\b)"
_SPAN = re.compile(rf"{_TIME}\s*{_TO}\s*{_TIME}(?![\d:])")
_TOKEN = re.compile(
    rf"\s*(?:(?P<day>(?:{'|'.join(_DAYS)})[a-z]*|[一二三四五六日天])|(?P<to>{_TO})|[,;、和及与&]|and)\s*"
)
_NOON, _DAY = 12 * 60, 24 * 60


@dataclass(frozen=True)
class Typed:
    """What somebody said of it; None for what they left open. `always`: at any time."""

    days: frozenset[int] | None = None
    span: tuple[int, int] | None = None
    zone: str | None = None
    always: bool = False

    def week(self, before: Week | None) -> Week | None:
        """With what they had before, where they said less than a whole week."""
        if self.always:
            return None
        if self.days is None and self.span is None:
            return before
        base = before or Week(frozenset(range(5)), 9 * 60, 18 * 60)
        opens, closes = self.span or (base.opens, base.closes)
        return Week(self.days or base.days, opens, closes)


def hours_in(typed: str) -> Typed | None:
    """None where any part of it can't be read, or it closes before it opens."""
    text = " ".join(unicodedata.normalize("NFKC", typed).lower().split())
    if zone := zone_named(text):
        return Typed(zone=zone)
    if always := _ALWAYS.match(text):
        return _there(Typed(always=True), text[always.end() :])
    found = _SPAN.search(text)
    if found is None:
        days = _days(text)
        return Typed(days=days) if days else None
    days, span = _days(text[: found.start()].strip(" ,:;")), _span(found)
    if days is None or span is None:
        return None
    return _there(Typed(days=days or None, span=span), text[found.end() :])


def _there(said: Typed, rest: str) -> Typed | None:
    """Where a zone follows, there."""
    name = rest.strip(" ,:;()")
    if not name:
        return said
    zone = zone_named(name)
    return Typed(said.days, said.span, zone, said.always) if zone else None


def _span(found: re.Match[str]) -> tuple[int, int] | None:
    parts = found.groups()
    opens, closes = _minutes(*parts[:6]), _minutes(*parts[6:])
    if opens is None or closes is None:
        return None
    marked = parts[6] or parts[11]
    if closes <= opens < _NOON and closes + _NOON <= _DAY and not marked:
        closes += _NOON  # 9-5 is until five in the afternoon
    return (opens, closes) if opens < closes else None


def _minutes(
    part: str | None,
    hour: str,
    minute: str | None,
    half: str | None,
    chinese: str | None,
    half_day: str | None,
) -> int | None:
    hours, minutes = int(hour), 30 if half else int(minute or chinese or 0)
    if half_day and hours <= 12:
        hours = hours % 12 + (12 if half_day == "p" else 0)
    elif part in ("下午", "晚上") and hours < 12:
        hours += 12
    total = hours * 60 + minutes
    return total if minutes < 60 and total <= _DAY else None


def _days(text: str) -> frozenset[int] | None:
    """Empty where none are named; None where something else is said."""
    for pattern, days in _SETS:
        if re.fullmatch(pattern, text):
            return frozenset(days)
    text = re.sub(r"周|星期|礼拜", " ", text).strip()
    found: list[int] = []
    ranging, place = False, 0
    while place < len(text):
        token = _TOKEN.match(text, place)
        if token is None:
            return None
        place = token.end()
        if token["day"]:
            day = _day(token["day"])
            found += _range(found[-1], day) if ranging and found else [day]
        ranging = token["to"] is not None
    return frozenset(found)


def _day(name: str) -> int:
    chinese = _CHINESE_DAYS.find(name.replace("天", "日"))
    return chinese if chinese >= 0 else _DAYS.index(name[:3])


def _range(first: int, last: int) -> list[int]:
    """Over the weekend too: from Sunday to Thursday."""
    return [(first + step) % 7 for step in range((last - first) % 7 + 1)]
