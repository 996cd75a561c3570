"""The admins are told of each incident once, and once that it is over."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from bot.app import prepare_database
from bot.delivery.tables import Delivery, InboxUpdate, Priority
from bot.desk import alarming
from bot.desk.alarming import Limits
from bot.desk.tables import Incident
from bot.settings import Settings
from tests.bot.desk.conftest import ADMIN, NOW, Office, furnish
from tests.bot.desk.test_races import beside

LIMITS = Limits(timedelta(minutes=2), timedelta(minutes=5), 2, 1000)
FREE = 5000
EARLY = NOW - timedelta(minutes=10)


def look(office: Office, free: int = FREE, at: datetime = NOW) -> list[tuple[str, str]]:
    """What the admin is told by this look: card and alarm."""
    office.session.exec(select(Delivery)).all()
    known = {owed.id for owed in office.owed(ADMIN)}
    alarming.look(office.session, LIMITS, free, now=at)
    new = [owed for owed in office.owed(ADMIN) if owed.id not in known]
    return [(owed.card, owed.values["alarm"]) for owed in new]


def update(office: Office, number: int, at: datetime = EARLY, **more: object) -> InboxUpdate:
    row = InboxUpdate(update_id=number, lane=number, raw="{}", received_at=at, **more)
    office.session.add(row)
    office.session.flush()
    return row


def test_a_desk_that_works_says_nothing(office: Office) -> None:
    update(office, 1, NOW)
    update(office, 2, EARLY, done_at=NOW, quarantined=True)
    assert look(office) == []


def test_a_lane_that_stalls_is_told_once_and_once_that_it_moves(office: Office) -> None:
    stalled = update(office, 1)
    assert look(office) == [("alarm", "inbox")]
    assert office.last(ADMIN, "alarm")["number"] == 1
    update(office, 2)
    assert look(office) == []
    for row in (stalled, office.session.get_one(InboxUpdate, 2)):
        row.done_at = NOW
        office.session.add(row)
    assert look(office) == [("alarm_over", "inbox")]
    assert look(office) == []


def test_the_next_time_is_another_incident(office: Office) -> None:
    assert look(office, free=10) == [("alarm", "disk")]
    assert look(office) == [("alarm_over", "disk")]
    assert look(office, free=10) == [("alarm", "disk")]
    told = office.session.exec(select(Incident)).all()
    assert [row.ended_at is None for row in told] == [False, True]


def test_an_outbox_that_stalls_is_told_but_no_slow_broadcast(office: Office) -> None:
    slow = Delivery(chat_id=9, method="x", owed_at=EARLY, priority=Priority.BROADCAST)
    office.session.add(slow)
    office.session.flush()
    assert look(office) == []
    owed = Delivery(chat_id=9, method="x", owed_at=EARLY, priority=Priority.MESSAGE)
    office.session.add(owed)
    office.session.flush()
    assert look(office) == [("alarm", "outbox")]
    assert office.last(ADMIN, "alarm")["seconds"] == 600


def test_updates_set_aside_are_told_where_they_are_many_and_while_they_are_new(
    office: Office,
) -> None:
    update(office, 1, done_at=NOW, quarantined=True)
    assert look(office) == []
    update(office, 2, done_at=NOW, quarantined=True)
    assert look(office) == [("alarm", "set_aside")]
    later = NOW + timedelta(hours=2)
    for owed in office.session.exec(select(Delivery)):  # what the alarm owes has been sent
        office.session.delete(owed)
    assert look(office, at=later) == [("alarm_over", "set_aside")]


def test_each_thing_that_is_wrong_is_an_incident_of_its_own(office: Office) -> None:
    update(office, 1)
    assert sorted(look(office, free=1)) == [("alarm", "disk"), ("alarm", "inbox")]


@pytest.fixture
def shared(postgres_url: str, tmp_path: object) -> Engine:
    settings = Settings(_env_file=None, database_url=postgres_url, message_keys="A" * 43 + "=")
    engine = prepare_database(settings)
    with Session(engine) as session:
        furnish(session)
        session.commit()
    return engine


def test_two_who_look_at_once_tell_it_once(postgres_url: str, shared: Engine) -> None:
    def first(session: Session) -> None:
        alarming.look(session, LIMITS, 10, now=NOW)

    beside(postgres_url, shared, first, alarming.look, LIMITS, 10)
    with Session(shared) as session:
        assert len(session.exec(select(Incident)).all()) == 1
        told = select(Delivery).where(Delivery.chat_id == ADMIN, Delivery.card == "alarm")
        assert len(session.exec(told).all()) == 1
