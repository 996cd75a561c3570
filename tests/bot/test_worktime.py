"""Deadlines in working time: nothing ends while its reader is off work."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.worktime import ANY_TIME, Hours, Week, is_country

SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFICE = Week.of("Mon-Fri 09:00-18:00")
DESK = Hours(OFFICE, SHANGHAI, "CN")
ZONES = (
    "Asia/Shanghai",
    "Europe/London",
    "America/New_York",
    "Australia/Lord_Howe",  # half an hour of daylight saving
    "Asia/Kathmandu",
    "America/Havana",  # clocks change at midnight
    "Pacific/Apia",  # a day was left out in 2011
    "UTC",
)


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def weeks() -> st.SearchStrategy[Week]:
    minutes = st.integers(0, 24 * 60)
    spans = st.lists(minutes, min_size=2, max_size=2, unique=True).map(sorted)
    days = st.frozensets(st.integers(0, 6), min_size=1)
    return st.builds(lambda days, span: Week(days, *span), days, spans)


def hours() -> st.SearchStrategy[Hours]:
    zones = st.sampled_from(ZONES).map(ZoneInfo)
    return st.builds(Hours, st.none() | weeks(), zones, st.sampled_from(("", "CN")))


# Also years of which no holidays are known.
moments = st.datetimes(
    datetime(1995, 1, 1),  # noqa: DTZ001 (made aware here)
    datetime(2180, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
spells = st.integers(0, 60 * 60 * 60).map(lambda seconds: timedelta(seconds=seconds))


@given(hours(), moments, spells)
def test_after_so_much_work_there_was_so_much_work(
    theirs: Hours, start: datetime, worked: timedelta
) -> None:
    assert theirs.between(start, theirs.after(start, worked)) == worked


@given(hours(), moments, spells)
def test_what_was_worked_until_a_working_moment_leads_back_to_it(
    theirs: Hours, start: datetime, later: timedelta
) -> None:
    end = theirs.after(start, later) + timedelta(seconds=1)
    back = theirs.after(start, theirs.between(start, end))
    assert back <= end
    # At an opening nothing was worked since the closing before it, where it leads.
    if theirs.is_open(end) and theirs.is_open(end - timedelta(seconds=1)):
        assert back == end


@given(hours(), moments, spells, spells, spells)
def test_later_or_longer_never_ends_earlier(
    theirs: Hours, start: datetime, later: timedelta, worked: timedelta, longer: timedelta
) -> None:
    end = theirs.after(start, worked)
    assert theirs.after(start + later, worked) >= end
    assert theirs.after(start, worked + longer) >= end
    middle = start + later
    until = middle + longer
    assert theirs.between(start, middle) + theirs.between(middle, until) == theirs.between(
        start, until
    )


@given(hours(), moments, spells)
def test_nothing_begins_or_ends_while_they_are_off_work(
    theirs: Hours, start: datetime, worked: timedelta
) -> None:
    end, opening = theirs.after(start, worked), theirs.opens_next(start)
    assert start <= opening <= end
    assert theirs.is_open(opening)
    assert theirs.next_day(start) > opening
    assert theirs.is_open(theirs.next_day(start)) or theirs.week is None
    # A deadline may be the closing itself.
    assert theirs.is_open(end) or theirs.is_open(end - timedelta(microseconds=1))
    if theirs.week is not None and theirs.is_open(start):
        local = start.astimezone(theirs.zone)
        assert theirs.works_on(local.date())


@given(weeks())
def test_a_week_is_read_as_it_is_written(week: Week) -> None:
    assert Week.of(str(week)) == week


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-11-23 10:00", 8, "2026-11-23 18:00"),  # the closing is still in time
        ("2026-11-23 14:00", 8, "2026-11-24 13:00"),
        ("2026-11-20 17:00", 8, "2026-11-23 16:00"),  # over a weekend
        ("2026-11-21 12:00", 8, "2026-11-23 17:00"),  # from the opening
        ("2026-11-23 18:00", 0, "2026-11-24 09:00"),
        ("2026-09-30 17:00", 2, "2026-10-08 10:00"),  # over the National Day week
        ("2026-10-09 17:00", 2, "2026-10-10 10:00"),  # a Saturday worked instead
        ("2026-02-13 17:00", 2, "2026-02-14 10:00"),  # another, before Spring Festival
    ],
)
def test_a_working_day_is_counted_as_people_in_china_do(start: str, hours: int, end: str) -> None:
    assert DESK.after(at(start), timedelta(hours=hours)) == at(end)


def test_who_works_part_of_the_week_does_not_work_the_weekend_instead() -> None:
    part_time = Hours(Week.of("Tue,Thu 09:00-12:00"), SHANGHAI, "CN")
    assert DESK.works_on(date(2026, 10, 10))
    assert not part_time.works_on(date(2026, 10, 10))
    assert not DESK.works_on(date(2026, 10, 1))
    assert Hours(OFFICE, SHANGHAI).works_on(date(2026, 10, 1))


def test_clocks_that_change_take_or_give_an_hour_of_work() -> None:
    day = Hours(Week.of("Mon-Sun 00:00-24:00"), ZoneInfo("Europe/London"))
    spring, autumn = at("2026-03-29 00:00", day.zone), at("2026-10-25 00:00", day.zone)
    assert day.between(spring, at("2026-03-30 00:00", day.zone)) == timedelta(hours=23)
    assert day.between(autumn, at("2026-10-26 00:00", day.zone)) == timedelta(hours=25)
    # Nine is nine, whichever clock is kept.
    office = Hours(OFFICE, day.zone)
    assert office.opens_next(at("2026-03-28 12:00", day.zone)) == at("2026-03-30 09:00", day.zone)


def test_a_day_that_a_zone_leaves_out_is_worked_by_nobody() -> None:
    """In Samoa Thursday, 29 December 2011 was followed by Saturday."""
    samoa = Hours(OFFICE, ZoneInfo("Pacific/Apia"))
    thursday, monday = at("2011-12-29 17:00", samoa.zone), at("2012-01-02 10:00", samoa.zone)
    assert not samoa.is_open(at("2011-12-31 10:00", samoa.zone))
    assert samoa.after(thursday, timedelta(hours=2)) == monday


def test_any_time_is_open_on_holidays_too() -> None:
    always = Hours(Week.of(ANY_TIME), SHANGHAI, "CN")
    start = at("2026-10-01 03:00")
    assert always.is_open(start)
    assert always.after(start, timedelta(hours=8)) == at("2026-10-01 11:00")
    assert always.next_day(start) == at("2026-10-02 03:00")


def test_the_day_after_is_the_one_after_they_have_seen_it() -> None:
    assert DESK.next_day(at("2026-11-21 12:00")) == at("2026-11-24 09:00")
    assert DESK.next_day(at("2026-11-23 09:00")) == at("2026-11-24 09:00")


@pytest.mark.parametrize(
    "written",
    [
        "",
        "always",
        "Mon-Fri",
        "Fri-Mon 09:00-18:00",
        "Mon-Fri 18:00-09:00",
        "Mon-Fri 09:00-09:00",
        "Mon-Fri 09:60-18:00",
        "Mon-Fri 09:00-24:01",
        "Mon-Fri 9:00-18:00",
    ],
)
def test_what_is_no_week_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"09:00-18:00|closes after|in their order"):
        Week.of(written)


def test_countries_are_known_by_their_letters() -> None:
    assert is_country("CN")
    assert not is_country("China")
