"""The admins learn that the desk stalls, once, and that it is over."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from bot.delivery.backlog import owed_since, set_aside_since, stalled_lanes
from bot.delivery.tables import Priority, table_of
from bot.desk.members import tell_role
from bot.desk.tables import Alarm, Incident
from knowledge.tables import PersonRole

# Within so long updates that were set aside count together.
LATELY = timedelta(hours=1)
_incidents = table_of(Incident)
# Whoever comes first begins it; each database has its own way of saying so.
_BEGIN = {
    dialect.__name__.rpartition(".")[2]: dialect.insert(_incidents)
    .on_conflict_do_nothing()
    .returning(_incidents.c.id)
    for dialect in (postgresql, sqlite)
}


@dataclass(frozen=True)
class Limits:
    """From where on something is an incident: waits, a count within `LATELY`, and what is left of
    the disk."""

    inbox: timedelta
    outbox: timedelta
    set_aside: int
    disk_megabytes: int


def look(session: Session, limits: Limits, free_megabytes: int, *, now: datetime) -> None:
    """Tell the admins what has begun and what is over since the last look."""
    for alarm, figures in _found(session, limits, free_megabytes, now).items():
        if figures["wrong"]:
            _begin(session, alarm, figures, now)
        else:
            _end(session, alarm, figures, now)


def _found(
    session: Session, limits: Limits, free_megabytes: int, now: datetime
) -> dict[Alarm, dict[str, int]]:
    lanes = stalled_lanes(session, limits.inbox, now=now)
    # A broadcast takes as long as it takes.
    since = owed_since(session, now, Priority.NOTICE)
    waited = now - since if since is not None else timedelta()
    aside = set_aside_since(session, now - LATELY)
    return {
        Alarm.INBOX: _figures(lanes > 0, lanes, limits.inbox),
        Alarm.OUTBOX: _figures(waited >= limits.outbox, 0, waited),
        Alarm.SET_ASIDE: _figures(aside >= limits.set_aside, aside, LATELY),
        Alarm.DISK: _figures(free_megabytes < limits.disk_megabytes, free_megabytes, timedelta()),
    }


def _figures(wrong: bool, number: int, waited: timedelta) -> dict[str, int]:
    return {"wrong": wrong, "number": number, "seconds": int(waited.total_seconds())}


def _begin(session: Session, alarm: Alarm, figures: dict[str, int], now: datetime) -> None:
    connection = session.connection()
    row = {"alarm": alarm, "began_at": now}
    if connection.execute(_BEGIN[connection.dialect.name], row).first() is not None:
        tell_role(session, PersonRole.ADMIN, "alarm", _view(alarm, figures), now=now)


def _end(session: Session, alarm: Alarm, figures: dict[str, int], now: datetime) -> None:
    open_one = (_incidents.c.alarm == alarm) & _incidents.c.ended_at.is_(None)
    ended = update(_incidents).where(open_one).values(ended_at=now)
    if session.connection().execute(ended).rowcount:
        tell_role(session, PersonRole.ADMIN, "alarm_over", _view(alarm, figures), now=now)


def _view(alarm: Alarm, figures: dict[str, int]) -> dict[str, str | int]:
    return {"alarm": alarm.value, "number": figures["number"], "seconds": figures["seconds"]}
