"""What waits at both ends, as the database has it."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from bot.delivery.backlog import backlog, owed_since, set_aside_since, stalled_lanes
from bot.delivery.tables import Delivery, DeliveryState, InboxUpdate, Priority
from tests.bot.delivery.conftest import Clock

PATIENCE = timedelta(minutes=2)


@pytest.fixture
def session(engine: Engine) -> Session:
    return Session(engine)


def came(
    session: Session, number: int, at: datetime, lane: int = 1, done: datetime | None = None
) -> None:
    row = InboxUpdate(update_id=number, lane=lane, raw="{}", received_at=at, done_at=done)
    session.add(row)
    session.flush()


def owed(session: Session, at: datetime, **given: object) -> None:
    session.add(Delivery(chat_id=1, method="sendMessage", owed_at=at, **given))
    session.flush()


def test_what_is_done_does_not_wait(session: Session, clock: Clock) -> None:
    now = clock()
    came(session, 1, now - timedelta(hours=1), done=now)
    came(session, 2, now - timedelta(seconds=30))
    came(session, 3, now - timedelta(seconds=10))
    found = backlog(session, now)
    assert found.waiting == 2
    assert found.waiting_since == now - timedelta(seconds=30)


def test_an_empty_desk_owes_nothing_since_never(session: Session, clock: Clock) -> None:
    found = backlog(session, clock())
    assert (found.waiting, found.waiting_since, found.unsent, found.owed_since) == (
        0,
        None,
        {},
        None,
    )


def test_what_is_unsent_is_counted_by_state_and_urgency(session: Session, clock: Clock) -> None:
    now = clock()
    for state in DeliveryState:
        owed(session, now, state=state, priority=Priority.MESSAGE)
    owed(session, now, priority=Priority.BROADCAST)
    assert backlog(session, now).unsent == {
        (DeliveryState.QUEUED, Priority.MESSAGE): 1,
        (DeliveryState.QUEUED, Priority.BROADCAST): 1,
        (DeliveryState.SENDING, Priority.MESSAGE): 1,
        (DeliveryState.HELD, Priority.MESSAGE): 1,
    }


def test_what_is_tried_again_waits_since_it_was_owed(session: Session, clock: Clock) -> None:
    now = clock()
    earlier = now - timedelta(minutes=9)
    owed(session, earlier, not_before=now - timedelta(seconds=1), error="server_502")
    assert owed_since(session, now) == earlier


def test_what_is_planned_waits_from_its_time_on(session: Session, clock: Clock) -> None:
    now = clock()
    earlier = now - timedelta(hours=9)
    owed(session, earlier, not_before=now + timedelta(hours=1))
    assert owed_since(session, now) is None
    assert owed_since(session, now + timedelta(hours=2)) == now + timedelta(hours=1)


def test_the_less_urgent_can_be_left_out(session: Session, clock: Clock) -> None:
    now = clock()
    owed(session, now - timedelta(hours=1), priority=Priority.BROADCAST)
    assert owed_since(session, now, Priority.NOTICE) is None
    assert owed_since(session, now) is not None


def test_a_lane_stalls_where_nothing_of_it_is_done(session: Session, clock: Clock) -> None:
    now = clock()
    long_ago = now - timedelta(minutes=10)
    came(session, 1, long_ago, lane=1)
    came(session, 2, long_ago, lane=2, done=now - timedelta(seconds=2))
    came(session, 3, long_ago, lane=2)  # a flood, let through bit by bit
    came(session, 4, now - timedelta(seconds=1), lane=3)
    assert stalled_lanes(session, PATIENCE, now=now) == 1
    assert stalled_lanes(session, PATIENCE, now=now + PATIENCE) == 3


def test_what_was_set_aside_lately_is_counted(session: Session, clock: Clock) -> None:
    now = clock()
    for number, ago in enumerate((timedelta(minutes=5), timedelta(hours=2))):
        came(session, number, now - ago, done=now - ago)
        row = session.get_one(InboxUpdate, number)
        row.quarantined = True
        session.add(row)
    came(session, 9, now, done=now)
    assert set_aside_since(session, now - timedelta(hours=1)) == 1
