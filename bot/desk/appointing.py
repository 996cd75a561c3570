"""An admin appoints a mentor to an enterprise for a term (校企双聘)."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from bot.delivery.outbox import owe_card
from bot.desk.errors import RefusedError
from bot.desk.inviting import MATCHES, Match, MatchesView, match_people
from bot.desk.members import await_text, name_of, require_role, tell
from bot.desk.tables import Awaiting, Chat
from bot.desk.views import Words
from knowledge.queries import find_enterprises
from knowledge.tables import Appointment, Organisation, OrganisationKind, Person, PersonRole, Role

LONGEST_YEARS = 5
_DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}")


@dataclass(frozen=True)
class AppointmentView:
    mentor: Words
    enterprise: Words
    starts_on: date
    ends_on: date


def ask_mentor(session: Session, chat_id: int, *, now: datetime) -> None:
    member = require_role(session, chat_id, PersonRole.ADMIN)
    await_text(session, chat_id, Awaiting.APPOINT_MENTOR)
    view = {"purpose": "appoint"}
    owe_card(session, chat_id, "type_name", view, now=now, language=member.language)


def match_mentor(session: Session, chat_id: int, typed: str, *, now: datetime) -> None:
    match_people(session, chat_id, typed, "appoint", now)


def choose_mentor(session: Session, chat_id: int, mentor_id: int, *, now: datetime) -> None:
    member = require_role(session, chat_id, PersonRole.ADMIN)
    if session.get(Person, mentor_id) is None:
        raise RefusedError("stale_button")
    await_text(session, chat_id, Awaiting.APPOINT_ENTERPRISE, {"mentor": mentor_id})
    view = {"purpose": "enterprise"}
    owe_card(session, chat_id, "type_name", view, now=now, language=member.language)


def match_enterprise(session: Session, chat_id: int, typed: str, *, now: datetime) -> None:
    member = require_role(session, chat_id, PersonRole.ADMIN)
    found = find_enterprises(session, typed, limit=MATCHES)
    matches = tuple(
        Match(home.id, Words(home.name_zh, home.name_en), Words(home.region, home.region))
        for home in found
    )
    view = MatchesView("enterprise", typed[:60], matches)
    owe_card(session, chat_id, "matches", view, now=now, language=member.language)


def choose_enterprise(session: Session, chat_id: int, enterprise_id: int, *, now: datetime) -> None:
    member = require_role(session, chat_id, PersonRole.ADMIN)
    mentor_id = _noted(session, chat_id, "mentor")
    enterprise = session.get(Organisation, enterprise_id)
    if enterprise is None or enterprise.kind is not OrganisationKind.ENTERPRISE:
        raise RefusedError("stale_button")
    notes: dict[str, object] = {"mentor": mentor_id, "enterprise": enterprise_id}
    await_text(session, chat_id, Awaiting.APPOINT_TERM, notes)
    mentor = name_of(session, mentor_id)[0]
    view = AppointmentView(
        mentor, Words(enterprise.name_zh, enterprise.name_en), now.date(), now.date()
    )
    owe_card(session, chat_id, "type_term", view, now=now, language=member.language)


def appoint_for_years(session: Session, chat_id: int, years: int, *, now: datetime) -> None:
    """From today for whole years."""
    if not 1 <= years <= LONGEST_YEARS:
        raise RefusedError("stale_button")
    starts = now.date()
    _appoint(session, chat_id, starts, _years_after(starts, years), now)


def appoint_term(session: Session, chat_id: int, typed: str, *, now: datetime) -> None:
    """A term typed as two dates, first and last day included."""
    try:
        starts, ends = (
            date(*(int(part) for part in text.split("-"))) for text in _DATE.findall(typed)
        )
        longest = _years_after(starts, LONGEST_YEARS)
    except ValueError:
        raise RefusedError("term", years=LONGEST_YEARS) from None
    if not starts < ends <= longest or ends < now.date():
        raise RefusedError("term", years=LONGEST_YEARS)
    _appoint(session, chat_id, starts, ends, now)


def _appoint(session: Session, chat_id: int, starts: date, ends: date, now: datetime) -> None:
    member = require_role(session, chat_id, PersonRole.ADMIN)
    mentor_id = _noted(session, chat_id, "mentor")
    enterprise_id = _noted(session, chat_id, "enterprise")
    _refuse_conflict(session, mentor_id, enterprise_id, starts, ends)
    session.add(
        Appointment(
            mentor_id=mentor_id,
            enterprise_id=enterprise_id,
            starts_on=starts,
            ends_on=ends,
            appointed_by=member.person_id,
        )
    )
    session.merge(Role(person_id=mentor_id, role=PersonRole.MENTOR))
    await_text(session, chat_id, Awaiting.NOTHING)
    _tell_everyone(session, chat_id, mentor_id, enterprise_id, starts, ends, now)


def _refuse_conflict(
    session: Session, mentor_id: int, enterprise_id: int, starts: date, ends: date
) -> None:
    """Nobody is appointed to their own enterprise, nor twice for the same days."""
    if session.get_one(Person, mentor_id).organisation_id == enterprise_id:
        raise RefusedError("own_enterprise")
    overlapping = session.exec(
        select(Appointment.id).where(
            Appointment.mentor_id == mentor_id,
            Appointment.enterprise_id == enterprise_id,
            col(Appointment.ended_at).is_(None),
            col(Appointment.removed_at).is_(None),
            Appointment.starts_on <= ends,
            Appointment.ends_on >= starts,
        )
    ).first()
    if overlapping is not None:
        raise RefusedError("already_appointed")


def _tell_everyone(
    session: Session,
    chat_id: int,
    mentor_id: int,
    enterprise_id: int,
    starts: date,
    ends: date,
    now: datetime,
) -> None:
    """The admin who did it, the mentor, and the enterprise's people."""
    enterprise = session.get_one(Organisation, enterprise_id)
    name = Words(enterprise.name_zh, enterprise.name_en)
    view = AppointmentView(name_of(session, mentor_id)[0], name, starts, ends)
    admin = session.get_one(Chat, chat_id).person_id
    staff = session.exec(select(Person.id).where(Person.organisation_id == enterprise_id)).all()
    for person_id in {admin, mentor_id, *(person for person in staff if person is not None)}:
        tell(session, person_id, "appointed", view, now=now)


def _noted(session: Session, chat_id: int, name: str) -> int:
    """What the form holds so far. Raises RefusedError when it was left meanwhile."""
    try:
        return int(session.get_one(Chat, chat_id).notes[name])
    except KeyError:
        raise RefusedError("stale_button") from None


def _years_after(day: date, years: int) -> date:
    """The last day of a term of whole years, 29 February included."""
    try:
        return day.replace(year=day.year + years) - timedelta(days=1)
    except ValueError:
        return date(day.year + years, 2, 28)
