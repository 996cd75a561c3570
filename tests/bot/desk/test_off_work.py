"""While a mentor is off work their asker learns when they are back: once, and without a sound."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.desk import resting, silence, talking
from bot.desk.hours import USUAL
from bot.worktime import Hours, Week
from tests.bot.desk.conftest import ADMIN, ASKER, DAY, MENTORS, Office

SHANGHAI = ZoneInfo("Asia/Shanghai")
FIRST = MENTORS[0]
DAYS = timedelta(days=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


MONDAY_NIGHT, TUESDAY, TUESDAY_NIGHT = (
    at("2026-11-23 20:00"),
    at("2026-11-24 11:00"),
    at("2026-11-24 22:00"),
)


@pytest.fixture
def desk(office: Office) -> Office:
    office.session.info[USUAL] = Hours(Week.of("Mon-Fri 09:00-18:00"), SHANGHAI, "CN")
    return office


def write(office: Office, number: int, now: datetime, chat_id: int = ASKER, **more: str) -> None:
    talking.relay(office.session, office.heard(chat_id, **more), number, now=now)


def told(office: Office) -> int:
    return office.cards(ASKER).count("off_work")


def test_who_writes_off_hours_is_told_once_when_the_mentor_is_back(desk: Office) -> None:
    number = desk.talk()
    write(desk, number, MONDAY_NIGHT)
    view = desk.last(ASKER, "off_work")
    assert datetime.fromisoformat(view["opens_at"]) == at("2026-11-24 09:00")
    assert view["silent"]
    write(desk, number, MONDAY_NIGHT + timedelta(hours=2))
    assert told(desk) == 1
    assert len(desk.copies(FIRST)) == 2  # what they write goes all the same


def test_the_next_night_they_are_told_again_and_never_by_day(desk: Office) -> None:
    number = desk.talk()
    write(desk, number, MONDAY_NIGHT)
    write(desk, number, TUESDAY)
    assert told(desk) == 1
    write(desk, number, TUESDAY_NIGHT)
    assert told(desk) == 2


def test_two_talks_are_told_of_apart(desk: Office) -> None:
    first, second = desk.talk(), desk.talk()
    write(desk, first, MONDAY_NIGHT)
    write(desk, second, MONDAY_NIGHT)
    assert told(desk) == 2


def test_of_a_mentor_who_is_there_all_the_same_nothing_is_said(desk: Office) -> None:
    number = desk.talk()
    write(desk, number, MONDAY_NIGHT, FIRST)
    write(desk, number, MONDAY_NIGHT + timedelta(minutes=5))
    assert told(desk) == 0
    write(desk, number, MONDAY_NIGHT + timedelta(minutes=65))
    assert told(desk) == 1


def test_a_mentor_who_writes_off_hours_hears_nothing_of_it(desk: Office) -> None:
    number = desk.talk()
    write(desk, number, MONDAY_NIGHT, FIRST)
    assert "off_work" not in desk.cards(FIRST) + desk.cards(ASKER)


def test_an_album_is_answered_once(desk: Office) -> None:
    number = desk.talk()
    for _ in range(3):
        write(desk, number, MONDAY_NIGHT, kind="photo", album="a1")
    assert told(desk) == 1


def test_of_who_is_away_their_asker_was_told_already(desk: Office) -> None:
    number = desk.talk()
    resting.leave_for(desk.session, FIRST, 3, SHANGHAI, DAY, now=at("2026-11-23 17:00"))
    write(desk, number, MONDAY_NIGHT)
    assert told(desk) == 0


def test_nobody_is_reminded_of_an_answer_they_owe_while_off_work(desk: Office) -> None:
    desk.talk()
    patience = silence.Patience(quiet=5 * DAYS, warned=3 * DAYS)
    saturday, monday = at("2026-11-28 12:00"), at("2026-11-30 09:00")
    silence.end_silences(desk.session, patience, now=saturday)
    assert "answer_owed" not in desk.cards(FIRST)
    silence.end_silences(desk.session, patience, now=monday)
    silence.end_silences(desk.session, patience, now=monday + timedelta(minutes=1))
    assert desk.cards(FIRST).count("answer_owed") == 1
    assert "unanswered" not in desk.cards(ADMIN)


def test_days_away_are_counted_where_they_are(desk: Office) -> None:
    """In Shanghai it is tomorrow already while it is still today in UTC."""
    night = at("2026-11-24 01:00").astimezone(UTC)
    with desk.refuses("away_too_long"):
        resting.leave(desk.session, FIRST, "2027-11-26", SHANGHAI, DAY, now=night)
    resting.leave(desk.session, FIRST, "2027-11-25", SHANGHAI, DAY, now=night)
    assert desk.last(FIRST, "away_now")["until"] == "2027-11-25"
