"""When somebody works, and deadlines counted in the time they work. Pure arithmetic."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from holidays import country_holidays, list_supported_countries

DAY_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
WORKDAYS = frozenset(range(5))
ANY_TIME = "any time"
_DAY, _MIDNIGHT = timedelta(days=1), 24 * 60
_NAME = f"(?:{'|'.join(DAY_NAMES)})"
_RANGE = rf"{_NAME}(?:-{_NAME})?"
_WRITTEN = re.compile(rf"({_RANGE}(?:,{_RANGE})*) (\d\d):(\d\d)-(\d\d):(\d\d)")


@dataclass(frozen=True)
class Week:
    """Days as date.weekday() counts them; from when to when, in minutes since midnight."""

    days: frozenset[int]
    opens: int
    closes: int

    def __post_init__(self) -> None:
        if not self.days or not 0 <= self.opens < self.closes <= _MIDNIGHT:
            raise ValueError("no such hours: it closes after it opens, on the same day")

    @classmethod
    def of(cls, written: str) -> "Week | None":
        """As `Mon-Fri 09:00-18:00`, `Mon,Wed 10:00-24:00`, or `any time` (None).

        Raises ValueError.
        """
        if written == ANY_TIME:
            return None
        found = _WRITTEN.fullmatch(written)
        if found is None or max(found[3], found[5]) >= "60":
            raise ValueError(f"write it as Mon-Fri 09:00-18:00, or {ANY_TIME}")
        days = frozenset(day for part in found[1].split(",") for day in _days(part))
        return cls(days, _minutes(found[2], found[3]), _minutes(found[4], found[5]))

    def __str__(self) -> str:
        """As `of` reads it."""
        return f"{','.join(self._parts())} {clock(self.opens)}-{clock(self.closes)}"

    def runs(self) -> list[tuple[int, int]]:
        """First and last of the days that follow each other; a pair of days is no run."""
        found: list[tuple[int, int]] = []
        for day in sorted(self.days):
            if found and found[-1][1] == day - 1:
                found[-1] = found[-1][0], day
            else:
                found.append((day, day))
        return found

    def _parts(self) -> Iterator[str]:
        for first, last in self.runs():
            name = DAY_NAMES[first]
            yield name if first == last else f"{name}-{DAY_NAMES[last]}"


@dataclass(frozen=True)
class Hours:
    """A person's working time; without a `week` any time is. `country`: whose holidays are kept."""

    week: Week | None
    zone: ZoneInfo
    country: str = ""

    def works_on(self, day: date) -> bool:
        """On a weekend worked instead of a holiday do those who work from Monday to Friday."""
        if self.week is None:
            return True
        usual = day.weekday() in self.week.days
        off, instead = _calendar(self.country, day.year)
        if day in instead:
            return usual or self.week.days >= WORKDAYS
        return usual and day not in off

    def is_open(self, moment: datetime) -> bool:
        return self.opens_next(moment) == moment

    def opens_next(self, moment: datetime) -> datetime:
        """When they work next: `moment` itself if they do then."""
        return self.after(moment, timedelta())

    def after(self, start: datetime, worked: timedelta) -> datetime:
        """When they will have worked so long since `start`."""
        if self.week is None:
            return start + worked
        for opens, closes in self._spans(start):
            begins = max(opens, start)
            if worked <= closes - begins:
                return begins + worked
            worked -= closes - begins
        raise AssertionError("there is always a next working day")

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How long they work from `start` to `end`; none where that is before."""
        if self.week is None or end <= start:
            return max(end - start, timedelta())
        worked = timedelta()
        for opens, closes in self._spans(start):
            if opens >= end:
                break
            worked += min(closes, end) - max(opens, start)
        return worked

    def next_day(self, moment: datetime) -> datetime:
        """The beginning of the working day after the one in which they see what comes now."""
        if self.week is None:
            return moment + _DAY
        seen = self.opens_next(moment)
        return next(opens for opens, _ in self._spans(seen) if opens > seen)

    def _spans(self, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Opening and closing, in order, from the first that closes after `moment`."""
        assert self.week is not None
        day = moment.astimezone(self.zone).date() - 2 * _DAY
        while True:
            if self.works_on(day) and self._exists(day):
                opens, closes = self._at(day, self.week.opens), self._at(day, self.week.closes)
                # Where clocks go forward meanwhile nothing may be left of them.
                if opens < closes and moment < closes:
                    yield opens, closes
            day += _DAY

    def _at(self, day: date, minutes: int) -> datetime:
        midnight = datetime.combine(day + minutes // _MIDNIGHT * _DAY, time(), self.zone)
        # Clocks are meant, not elapsed minutes: within a zone Python adds to the clock.
        return (midnight + timedelta(minutes=minutes % _MIDNIGHT)).astimezone(UTC)

    def _exists(self, day: date) -> bool:
        """A zone that crosses the date line leaves a day out."""
        noon = datetime.combine(day, time(12), self.zone)
        return noon.astimezone(UTC).astimezone(self.zone).date() == day


def clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def is_country(code: str) -> bool:
    """Whether its public holidays are known."""
    return code in list_supported_countries()


@cache
def _calendar(country: str, year: int) -> tuple[frozenset[date], frozenset[date]]:
    """Public holidays, and weekends worked instead; neither beyond the years that are known."""
    if not country:
        return frozenset(), frozenset()
    found = country_holidays(country, years=year)
    return frozenset(found), frozenset(found.weekend_workdays)


def _days(part: str) -> range:
    first, _, last = part.partition("-")
    begin, end = DAY_NAMES.index(first), DAY_NAMES.index(last or first)
    if end < begin:
        raise ValueError("name the days in their order, Monday first")
    return range(begin, end + 1)


def _minutes(hours: str, minutes: str) -> int:
    return int(hours) * 60 + int(minutes)
