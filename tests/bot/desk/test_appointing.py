"""An admin appoints a mentor to an enterprise for a term (校企双聘)."""

from contextlib import suppress
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from bot.desk import appointing, asking, counting
from bot.desk.errors import RefusedError
from bot.desk.tables import Awaiting
from knowledge.tables import Appointment, Organisation, Person
from tests.bot.desk.conftest import ADMIN, ASKER, MENTORS, NOW, TODAY, Office


def fill_in(office: Office, mentor: int = 0) -> None:
    """Everything but the term."""
    appointing.ask_mentor(office.session, ADMIN, now=NOW)
    appointing.choose_mentor(office.session, ADMIN, office.people[MENTORS[mentor]], now=NOW)
    appointing.choose_enterprise(office.session, ADMIN, office.enterprise, now=NOW)


def appointments(office: Office) -> list[tuple[date, date]]:
    rows = office.session.exec(select(Appointment)).all()
    return [(row.starts_on, row.ends_on) for row in rows]


def test_the_form_asks_for_mentor_enterprise_and_term(office: Office) -> None:
    appointing.ask_mentor(office.session, ADMIN, now=NOW)
    assert office.awaiting(ADMIN) is Awaiting.APPOINT_MENTOR
    appointing.match_mentor(office.session, ADMIN, "导师1", now=NOW)
    (mentor,) = office.last(ADMIN, "matches")["matches"]
    appointing.choose_mentor(office.session, ADMIN, mentor["id"], now=NOW)
    assert office.awaiting(ADMIN) is Awaiting.APPOINT_ENTERPRISE
    appointing.match_enterprise(office.session, ADMIN, "宏", now=NOW)
    (enterprise,) = office.last(ADMIN, "matches")["matches"]
    assert enterprise["id"] == office.enterprise
    appointing.choose_enterprise(office.session, ADMIN, enterprise["id"], now=NOW)
    assert office.awaiting(ADMIN) is Awaiting.APPOINT_TERM
    appointing.appoint_for_years(office.session, ADMIN, 2, now=NOW)
    assert office.awaiting(ADMIN) is Awaiting.NOTHING
    assert appointments(office) == [(TODAY, date(2028, 11, 22))]


def test_everyone_concerned_is_told(office: Office) -> None:
    fill_in(office)
    appointing.appoint_for_years(office.session, ADMIN, 1, now=NOW)
    for chat_id in (ADMIN, MENTORS[0], ASKER):
        assert office.last(chat_id, "appointed")["mentor"]["zh"] == "导师0"
    assert office.cards(MENTORS[1]) == []


def test_the_enterprise_is_shown_its_own_mentor_from_then_on(office: Office) -> None:
    fill_in(office, mentor=2)
    appointing.appoint_for_years(office.session, ADMIN, 1, now=NOW)
    office.ask()
    assert office.last(ASKER, "shortlist")["own"]["zh"] == "导师2"


def test_a_term_is_in_force_on_its_first_and_its_last_day(office: Office) -> None:
    fill_in(office)
    appointing.appoint_term(office.session, ADMIN, "2026-12-01 2027-11-30", now=NOW)
    own = office.people[MENTORS[0]]
    days = {
        date(2026, 11, 30): None,
        date(2026, 12, 1): own,
        date(2027, 11, 30): own,
        date(2027, 12, 1): None,
    }
    found = {day: asking.own_mentor(office.session, office.enterprise, day) for day in days}
    assert found == days


@pytest.mark.parametrize(
    "typed",
    ["2027-01-01 2028-12-31", "自 2027-1-1 起至 2028-12-31 止", "2027-01-01\n2028-12-31"],
)
def test_a_typed_term_is_read_from_its_two_dates(office: Office, typed: str) -> None:
    fill_in(office)
    appointing.appoint_term(office.session, ADMIN, typed, now=NOW)
    assert appointments(office) == [(date(2027, 1, 1), date(2028, 12, 31))]


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "两年",
        "2027-01-01",
        "2027-01-01 2028-01-01 2029-01-01",
        "2027-02-30 2028-01-01",
        "2028-01-01 2027-01-01",
        "2027-01-01 2027-01-01",
        "2020-01-01 2021-01-01",
        "2027-01-01 2032-01-02",
        "9998-01-01 9999-01-01",
        "0000-01-01 2027-01-01",
    ],
)
def test_a_term_that_is_none_is_refused_and_asked_for_again(office: Office, typed: str) -> None:
    fill_in(office)
    with office.refuses("term", years=5):
        appointing.appoint_term(office.session, ADMIN, typed, now=NOW)
    assert office.awaiting(ADMIN) is Awaiting.APPOINT_TERM
    assert appointments(office) == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(typed=st.from_regex(r"\d{4}-\d{1,2}-\d{1,2} \d{4}-\d{1,2}-\d{1,2}", fullmatch=True))
def test_any_two_dates_are_a_term_or_refused(office: Office, typed: str) -> None:
    office.session.flush()
    with office.session.begin_nested() as savepoint:
        fill_in(office)
        with suppress(RefusedError):
            appointing.appoint_term(office.session, ADMIN, typed, now=NOW)
        for starts, ends in appointments(office):
            assert starts < ends
            assert TODAY <= ends <= date(starts.year + 5, starts.month, starts.day)
        savepoint.rollback()


@pytest.mark.parametrize(
    ("today", "last"),
    [(date(2028, 2, 29), date(2029, 2, 28)), (date(2027, 1, 1), date(2027, 12, 31))],
)
def test_a_year_ends_the_day_before_its_anniversary(
    office: Office, today: date, last: date
) -> None:
    fill_in(office)
    now = datetime(today.year, today.month, today.day, tzinfo=UTC)
    appointing.appoint_for_years(office.session, ADMIN, 1, now=now)
    assert appointments(office) == [(today, last)]


def test_nobody_is_appointed_to_their_own_enterprise(office: Office) -> None:
    mentor = office.session.get_one(Person, office.people[MENTORS[0]])
    mentor.organisation_id = office.enterprise
    fill_in(office)
    with office.refuses("own_enterprise"):
        appointing.appoint_for_years(office.session, ADMIN, 1, now=NOW)


def test_nobody_is_appointed_twice_for_the_same_days(office: Office) -> None:
    fill_in(office)
    appointing.appoint_term(office.session, ADMIN, "2027-01-01 2027-12-31", now=NOW)
    fill_in(office)
    with office.refuses("already_appointed"):
        appointing.appoint_term(office.session, ADMIN, "2027-12-31 2028-12-31", now=NOW)
    appointing.appoint_term(office.session, ADMIN, "2028-01-01 2028-12-31", now=NOW)
    assert len(appointments(office)) == 2


@pytest.mark.parametrize("ending", ["ended_at", "removed_at"])
def test_an_appointment_that_no_longer_holds_stands_in_nobodys_way(
    office: Office, ending: str
) -> None:
    office.appoint()
    setattr(office.session.exec(select(Appointment)).one(), ending, NOW)
    office.session.flush()
    assert counting.counted(office.session, NOW).appointments == 0
    fill_in(office)
    appointing.appoint_for_years(office.session, ADMIN, 1, now=NOW)
    assert counting.counted(office.session, NOW).appointments == 1


def test_only_admins_appoint(office: Office) -> None:
    for step in (
        lambda: appointing.ask_mentor(office.session, ASKER, now=NOW),
        lambda: appointing.match_mentor(office.session, ASKER, "导师", now=NOW),
        lambda: appointing.choose_mentor(office.session, ASKER, 1, now=NOW),
        lambda: appointing.match_enterprise(office.session, ASKER, "宏", now=NOW),
        lambda: appointing.choose_enterprise(office.session, ASKER, 1, now=NOW),
    ):
        with office.refuses("not_allowed"):
            step()


def test_a_form_that_was_left_appoints_nobody(office: Office) -> None:
    with office.refuses("stale_button"):
        appointing.appoint_for_years(office.session, ADMIN, 1, now=NOW)
    with office.refuses("stale_button"):
        appointing.choose_enterprise(office.session, ADMIN, office.enterprise, now=NOW)


def test_a_university_is_no_enterprise(office: Office) -> None:
    home = Organisation(kind="university", name_zh="浙江大学")
    office.session.add(home)
    office.session.flush()
    appointing.choose_mentor(office.session, ADMIN, office.people[MENTORS[0]], now=NOW)
    for organisation in (home.id or 0, 10**9):
        with office.refuses("stale_button"):
            appointing.choose_enterprise(office.session, ADMIN, organisation, now=NOW)


@pytest.mark.parametrize("years", [0, 6, -1])
def test_a_term_in_years_is_one_to_five(office: Office, years: int) -> None:
    fill_in(office)
    with office.refuses("stale_button"):
        appointing.appoint_for_years(office.session, ADMIN, years, now=NOW)
