"""When a person works: what they said of it, or else the desk's usual hours."""

from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.desk.tables import MentorDesk
from bot.worktime import Hours, Week

# Under this key a session knows the desk's usual hours (the settings say them).
USUAL = "usual_hours"
ALWAYS = Hours(None, ZoneInfo("UTC"))


class Said(Protocol):
    """Of a MentorDesk, when and where they work; empty for the desk's own."""

    hours: str
    time_zone: str


def usual_hours(session: Session) -> Hours:
    """Any time, where the desk was told none."""
    found: Hours = session.info.get(USUAL, ALWAYS)
    return found


def hours_of(session: Session, person_id: int) -> Hours:
    return hours_said(session.get(MentorDesk, person_id), usual_hours(session))


def hours_said(said: Said | None, usual: Hours) -> Hours:
    """Public holidays are kept where the desk itself is."""
    if said is None:
        return usual
    week = Week.of(said.hours) if said.hours else usual.week
    zone = ZoneInfo(said.time_zone) if said.time_zone else usual.zone
    return Hours(week, zone, usual.country if zone == usual.zone else "")


def off_until(hours: Hours, now: datetime) -> datetime | None:
    """When they work next, where they don't now."""
    opens = hours.opens_next(now)
    return opens if opens > now else None


def due(session: Session, person_id: int, worked: timedelta, now: datetime) -> datetime:
    """When they will have had so much of their working time."""
    return hours_of(session, person_id).after(now, worked)
