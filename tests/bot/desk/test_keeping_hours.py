"""Whoever answers says when and where they work; what comes next is counted in that."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.desk import keeping_hours
from bot.desk.digesting import send_due
from bot.desk.hours import USUAL, hours_of
from bot.desk.tables import Awaiting, MentorDesk
from bot.worktime import ANY_TIME, Hours, Week
from tests.bot.desk.conftest import ADMIN, ASKER, LIAISON, MENTORS, NOW, Office

SHANGHAI, LONDON = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/London")
FIRST = MENTORS[0]


@pytest.fixture
def desk(office: Office) -> Office:
    office.session.info[USUAL] = Hours(Week.of("Mon-Fri 09:00-18:00"), SHANGHAI, "CN")
    return office


def say(office: Office, typed: str, chat_id: int = FIRST) -> None:
    keeping_hours.type_hours(office.session, chat_id, typed, now=NOW)


def hours(office: Office, chat_id: int = FIRST) -> Hours:
    return hours_of(office.session, office.people[chat_id])


@pytest.mark.parametrize("chat_id", [FIRST, LIAISON, ADMIN])
def test_whoever_answers_sees_their_hours_and_the_next_opening(desk: Office, chat_id: int) -> None:
    night = datetime(2026, 11, 20, 20, tzinfo=SHANGHAI)
    keeping_hours.show_hours(desk.session, chat_id, now=night)
    shown = desk.last(chat_id, "hours")
    assert shown["week"] == "Mon-Fri 09:00-18:00"
    assert shown["zone"] == "Asia/Shanghai"
    assert shown["holidays"]
    assert not shown["own"]
    opening = datetime(2026, 11, 23, 9, tzinfo=SHANGHAI)
    assert datetime.fromisoformat(shown["opens_at"]) == opening
    assert desk.awaiting(chat_id) is Awaiting.HOURS


def test_hours_and_place_are_kept_and_counted_in(desk: Office) -> None:
    say(desk, "Mon-Wed 9-13 London")
    assert hours(desk) == Hours(Week.of("Mon-Wed 09:00-13:00"), LONDON)
    assert desk.last(FIRST, "hours_set")["zone"] == "Europe/London"
    number = desk.ask()
    desk.send(number)
    assert desk.last(FIRST, "offer")["zone"] == "Europe/London"


def test_who_says_only_where_they_are_keeps_the_desks_hours(desk: Office) -> None:
    say(desk, "伦敦")
    row = desk.session.get_one(MentorDesk, desk.people[FIRST])
    assert (row.hours, row.time_zone) == ("", "Europe/London")
    say(desk, "10-16")
    say(desk, "上海")
    assert (row.hours, row.time_zone) == ("Mon-Fri 10:00-16:00", "")


def test_a_tap_sets_common_hours_where_they_are_and_takes_all_back(desk: Office) -> None:
    say(desk, "London")
    for number, written in enumerate(keeping_hours.PRESETS):
        keeping_hours.choose_hours(desk.session, FIRST, number, now=NOW)
        assert hours(desk).week == Week.of(written)
        assert hours(desk).zone == LONDON
    assert desk.last(FIRST, "hours_set")["week"] == ANY_TIME
    keeping_hours.choose_hours(desk.session, FIRST, keeping_hours.USUAL_PRESET, now=NOW)
    assert hours(desk) == desk.session.info[USUAL]


@pytest.mark.parametrize("number", [-1, 99])
def test_a_button_of_other_presets_is_stale(desk: Office, number: int) -> None:
    with desk.refuses("stale_button"):
        keeping_hours.choose_hours(desk.session, FIRST, number, now=NOW)


def test_what_can_not_be_read_is_refused_and_asked_again(desk: Office) -> None:
    keeping_hours.show_hours(desk.session, FIRST, now=NOW)
    with desk.refuses("hours_unread"):
        say(desk, "nine to five")
    assert desk.awaiting(FIRST) is Awaiting.HOURS
    say(desk, "9-5")
    assert desk.awaiting(FIRST) is Awaiting.NOTHING


def test_a_command_or_a_tap_leaves_another_form_open(desk: Office) -> None:
    desk.chat(FIRST).awaiting = Awaiting.AWAY
    say(desk, "9-5")
    assert desk.awaiting(FIRST) is Awaiting.AWAY


def test_an_asker_keeps_no_hours(desk: Office) -> None:
    for act in (
        lambda: say(desk, "9-5", ASKER),
        lambda: keeping_hours.show_hours(desk.session, ASKER, now=NOW),
        lambda: keeping_hours.choose_hours(desk.session, ASKER, 0, now=NOW),
    ):
        with desk.refuses("for_mentors"):
            act()


def test_what_is_on_offer_keeps_its_deadline(desk: Office) -> None:
    number = desk.ask()
    desk.send(number)
    before = desk.offer(number).expires_at
    say(desk, "Mon 9-10")
    assert desk.offer(number).expires_at == before


def test_elsewhere_the_weekly_summary_comes_at_nine_there(desk: Office) -> None:
    send_due(desk.session, SHANGHAI, now=NOW)
    say(desk, "London")
    send_due(desk.session, SHANGHAI, now=NOW)
    row = desk.session.get_one(MentorDesk, desk.people[FIRST])
    assert row.digest_at == datetime(2026, 11, 23, 9, tzinfo=LONDON)
