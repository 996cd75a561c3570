"""How much waits at both ends of the desk, and for how long: numbers alone."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func, literal, select, text
from sqlmodel import Session

from bot.delivery.tables import Delivery, DeliveryState, InboxUpdate, Priority, table_of

_row, _owed = table_of(InboxUpdate).c, table_of(Delivery).c
# Written out, so that the planner sees that the indexes of what is not done will do.
_is_waiting = text("inbox_update.done_at IS NULL")
_is_set_aside = text("inbox_update.quarantined")
_UNSENT = {
    state: text(f"delivery.state = '{state}'")
    for state in (DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.HELD)
}


@dataclass(frozen=True)
class Backlog:
    """`waiting` updates, the oldest since `waiting_since`. `unsent`: deliveries by state and
    priority; the oldest that might go by now was owed, or planned, for `owed_since`."""

    waiting: int
    waiting_since: datetime | None
    unsent: dict[tuple[DeliveryState, Priority], int]
    owed_since: datetime | None


def backlog(session: Session, now: datetime) -> Backlog:
    """What is not done, by the indexes that hold nothing else."""
    connection = session.connection()
    waiting, since = connection.execute(
        select(func.count(), func.min(_row.received_at)).where(_is_waiting)
    ).one()
    unsent = {
        (state, Priority(priority)): number
        for state, condition in _UNSENT.items()
        for priority, number in connection.execute(
            select(_owed.priority, func.count()).where(condition).group_by(_owed.priority)
        )
    }
    return Backlog(waiting, since, unsent, owed_since(session, now))


def owed_since(
    session: Session, now: datetime, least_urgent: Priority = Priority.BROADCAST
) -> datetime | None:
    """Since when the oldest delivery waits that could go; a retry waits since it was owed.

    What is planned for later waits from then on. None where nothing is due.
    """
    retried, planned = _owed.error != "", _owed.not_before.is_not(None)
    due = case((planned & ~retried, _owed.not_before), else_=_owed.owed_at)
    query = select(func.min(due)).where(
        _UNSENT[DeliveryState.QUEUED], _owed.priority <= least_urgent, due <= now
    )
    found: datetime | None = session.connection().execute(query).scalar()
    return found


def stalled_lanes(session: Session, patience: timedelta, *, now: datetime) -> int:
    """Lanes whose first update has waited so long while nothing of the lane was done.

    Somebody who wrote more than the limit allows is let through bit by bit: theirs does not stall.
    """
    since = now - patience
    late = (
        select(_row.lane)
        .where(_is_waiting)
        .group_by(_row.lane)
        .having(func.min(_row.received_at) <= since)
        .subquery()
    )
    lately = select(literal(1)).where(_row.lane == late.c.lane, _row.done_at > since).exists()
    query = select(func.count()).select_from(late).where(~lately)
    return session.connection().execute(query).scalar_one()


def set_aside_since(session: Session, since: datetime) -> int:
    """How many updates were quarantined since then."""
    query = select(func.count()).where(_is_set_aside, _row.done_at > since)
    return session.connection().execute(query).scalar_one()
