"""Mentors are told of their week once, on Monday at nine where they are."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from bot.delivery.tables import Delivery
from bot.desk import closing, digesting, talking
from bot.desk.tables import MentorDesk
from knowledge.tables import Role
from tests.bot.desk.conftest import ASKER, LIAISON, MENTORS, NOW, Office
from tests.bot.desk.test_races import beside
from tests.bot.desk.test_races import committed as committed  # noqa: PLC0414 (a fixture)
from tests.bot.desk.test_races import engine as engine  # noqa: PLC0414

FIRST, SECOND, _ = MENTORS
ZONE = ZoneInfo("Asia/Shanghai")
# NOW is Monday, ten o'clock there.
MONDAY = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def turn(office: Office, at: datetime) -> int:
    return digesting.send_due(office.session, ZONE, now=at)


def desk(office: Office, chat_id: int = FIRST) -> MentorDesk:
    return office.session.get_one(MentorDesk, office.people[chat_id])


def worked(office: Office) -> None:
    """A week with one talk answered after two hours and solved, and another that waits."""
    turn(office, NOW)
    first, _ = office.talk(), office.talk()
    heard = office.heard(FIRST, "先查排气")
    talking.relay(office.session, heard, first, now=NOW + 2 * HOUR)
    closing.settle(office.session, ASKER, first, True, now=NOW + 3 * HOUR)
    closing.rate(office.session, ASKER, first, 4, now=NOW + 3 * HOUR)


def test_it_says_what_the_week_was(office: Office) -> None:
    worked(office)
    assert turn(office, MONDAY) == 1
    told: dict[str, Any] = office.last(FIRST, "digest")
    assert (told["answered"], told["solved"], told["rating"], told["rated"]) == (1, 1, 4.0, 1)
    assert (told["minutes"], told["waiting"]) == (120, 1)


def test_it_comes_on_monday_at_nine_and_once(office: Office) -> None:
    worked(office)
    assert turn(office, MONDAY - HOUR) == 0
    assert [turn(office, MONDAY + n * HOUR) for n in range(3)] == [1, 0, 0]
    assert desk(office).digest_at == MONDAY + timedelta(days=7)


def test_nine_is_nine_where_they_are(office: Office) -> None:
    office.session.add(MentorDesk(person_id=office.people[FIRST], time_zone="Europe/Berlin"))
    worked(office)
    assert desk(office).digest_at == datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    assert turn(office, MONDAY - timedelta(days=7) + 7 * HOUR) == 1
    assert desk(office).digest_at == MONDAY + 7 * HOUR


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Asia/Shanghai"])
def test_the_next_is_always_a_monday_at_nine_and_later(zone: str) -> None:
    place = ZoneInfo(zone)
    for hours in range(0, 24 * 400, 13):
        now = NOW + hours * HOUR
        found = digesting.next_after(now, place)
        local = found.astimezone(place)
        assert (local.weekday(), local.hour, local.minute) == (0, 9, 0)
        assert timedelta(0) < found - now <= timedelta(days=7, hours=1)


def test_who_has_nothing_to_be_told_is_told_nothing(office: Office) -> None:
    worked(office)
    turn(office, MONDAY)
    assert "digest" not in office.cards(SECOND) + office.cards(LIAISON) + office.cards(ASKER)
    assert desk(office, SECOND).digest_at == MONDAY + timedelta(days=7)


def test_who_wants_none_has_none_until_they_ask_again(office: Office) -> None:
    worked(office)
    digesting.stop(office.session, FIRST, now=NOW, zone=ZONE)
    assert turn(office, MONDAY) == 0
    digesting.subscribe(office.session, FIRST, now=MONDAY + HOUR, zone=ZONE)
    assert office.last(FIRST, "digest_set")["wanted"]
    assert turn(office, MONDAY + 2 * HOUR) == 0
    assert turn(office, MONDAY + timedelta(days=7)) == 1


def test_who_answers_nobody_any_more_is_told_nothing_and_an_asker_subscribes_to_nothing(
    office: Office,
) -> None:
    worked(office)
    held = select(Role).where(Role.person_id == office.people[FIRST])
    office.session.delete(office.session.exec(held).one())
    office.session.flush()
    assert turn(office, MONDAY) == 0
    with office.refuses("for_mentors"):
        digesting.subscribe(office.session, ASKER, now=NOW, zone=ZONE)


def test_two_desks_at_once_send_it_once(
    postgres_url: str, engine: Engine, committed: Office
) -> None:
    worked(committed)
    desk(committed).digest_at = NOW  # the other desk's clock shows a day more
    committed.session.commit()

    def send(session: Session) -> None:
        assert digesting.send_due(session, ZONE, now=NOW + HOUR) == 1

    late = beside(postgres_url, engine, send, digesting.send_due, ZONE)
    assert late.refused == ""
    with Session(engine) as session:
        sent = select(Delivery).where(Delivery.card == "digest")
        assert len(session.exec(sent).all()) == 1


def test_two_desks_that_begin_at_once_agree_on_the_day(
    postgres_url: str, engine: Engine, committed: Office
) -> None:
    committed.session.commit()

    def send(session: Session) -> None:
        digesting.send_due(session, ZONE, now=NOW)

    late = beside(postgres_url, engine, send, digesting.send_due, ZONE)
    assert late.refused == ""
    with Session(engine) as session:
        days = {one.digest_at for one in session.exec(select(MentorDesk))}
        assert days == {MONDAY}
