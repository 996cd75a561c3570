"""Whoever answers says when they work: deadlines are counted in that, and it is quiet outside."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.delivery.outbox import owe_card
from bot.desk.errors import RefusedError
from bot.desk.hours import hours_said, off_until, usual_hours
from bot.desk.members import await_text, require_role
from bot.desk.resting import ANSWERING, desk_of
from bot.desk.tables import Awaiting, MentorDesk
from bot.desk.typed_hours import Typed, hours_in
from bot.desk.views import Member
from bot.worktime import ANY_TIME, Hours

# What many keep, a tap away; the number is in the button.
PRESETS = ("Mon-Fri 09:00-18:00", "Mon-Fri 08:30-17:30", "Mon-Sat 09:00-18:00", ANY_TIME)
USUAL_PRESET = len(PRESETS)


@dataclass(frozen=True)
class HoursView:
    """`week` as bot.worktime writes it. `own`: they said so. `holidays`: public ones are free.

    `opens_at`: when they work next, where they don't now.
    """

    week: str
    zone: str
    own: bool
    holidays: bool
    opens_at: datetime | None


def show_hours(session: Session, chat_id: int, *, now: datetime) -> None:
    """/hours alone: what they are, and the choices; what is typed next is one."""
    member = require_role(session, chat_id, *ANSWERING)
    await_text(session, chat_id, Awaiting.HOURS)
    _show(session, member, desk_of(session, member.person_id), "hours", now)


def type_hours(session: Session, chat_id: int, typed: str, *, now: datetime) -> None:
    """As people type them. Raises RefusedError("hours_unread")."""
    member = require_role(session, chat_id, *ANSWERING)
    said = hours_in(typed)
    if said is None:
        raise RefusedError("hours_unread")
    desk = desk_of(session, member.person_id)
    _keep(desk, said, usual_hours(session))
    _save(session, member, desk, now)


def choose_hours(session: Session, chat_id: int, preset: int, *, now: datetime) -> None:
    """One of PRESETS, where they are; USUAL_PRESET: as the desk, there. A spent number is stale."""
    member = require_role(session, chat_id, *ANSWERING)
    if not 0 <= preset <= USUAL_PRESET:
        raise RefusedError("stale_button")
    desk = desk_of(session, member.person_id)
    if preset == USUAL_PRESET:
        desk.hours = desk.time_zone = ""
        desk.digest_at = None
    else:
        desk.hours = PRESETS[preset]
    _save(session, member, desk, now)


def _keep(desk: MentorDesk, said: Typed, usual: Hours) -> None:
    week = said.week(hours_said(desk, usual).week)
    # Who says nothing but where they are keeps the desk's hours, whatever these will be.
    if said.always or said.days is not None or said.span is not None:
        desk.hours = str(week or ANY_TIME)
    if said.zone is not None:
        same = ZoneInfo(said.zone) == usual.zone
        desk.time_zone = "" if same else said.zone
        desk.digest_at = None  # Monday at nine is another moment there


def _save(session: Session, member: Member, desk: MentorDesk, now: datetime) -> None:
    session.add(desk)
    session.flush()
    if member.awaiting is Awaiting.HOURS:
        await_text(session, member.chat_id, Awaiting.NOTHING)
    _show(session, member, desk, "hours_set", now)


def _show(session: Session, member: Member, desk: MentorDesk, card: str, now: datetime) -> None:
    hours = hours_said(desk, usual_hours(session))
    view = HoursView(
        week=str(hours.week or ANY_TIME),
        zone=hours.zone.key,
        own=bool(desk.hours or desk.time_zone),
        holidays=bool(hours.week and hours.country),
        opens_at=off_until(hours, now),
    )
    owe_card(session, member.chat_id, card, view, now=now, language=member.language)
