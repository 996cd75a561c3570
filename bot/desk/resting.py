"""A mentor is away for a while, or sets how many new consultations a week they take."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from bot.delivery.outbox import owe_card
from bot.desk.dates import day_of
from bot.desk.errors import RefusedError
from bot.desk.members import await_text, require_role, tell
from bot.desk.offering import pass_on
from bot.desk.spare import taken_of
from bot.desk.tables import (
    TALKING,
    Awaiting,
    Consultation,
    MentorDesk,
    Offer,
    OfferedAs,
    OfferState,
)
from bot.desk.views import Member
from knowledge.tables import PersonRole

# Whoever may be offered a question.
ANSWERING = (PersonRole.MENTOR, PersonRole.LIAISON, PersonRole.ADMIN)
LONGEST_AWAY, MOST_A_WEEK = timedelta(days=366), 50


@dataclass(frozen=True)
class TimeView:
    """`until`: the first day on which they are asked again, if they are away now.

    `taken`: what they were given within seven days. `passed`: offers that went on to others.
    """

    until: date | None
    capacity: int | None
    taken: int
    passed: int = 0
    talks: int = 0


def show_away(session: Session, chat_id: int, *, now: datetime, zone: ZoneInfo) -> None:
    """/away alone: the choices; a day typed next is one of them."""
    member = require_role(session, chat_id, *ANSWERING)
    await_text(session, chat_id, Awaiting.AWAY)
    _show(session, member, "away", now, zone)


def leave(
    session: Session,
    chat_id: int,
    typed: str,
    zone: ZoneInfo,
    offer_for: timedelta,
    *,
    now: datetime,
) -> None:
    """Until a day as people type it. Raises RefusedError("away_unread"), ("away_too_long")."""
    member = require_role(session, chat_id, *ANSWERING)
    today = now.astimezone(zone_of(session, member.person_id, zone)).date()
    until = day_of(typed, today, member.language)
    if until is None or until <= today:
        raise RefusedError("away_unread")
    _leave(session, member, until, zone, offer_for, now)


def leave_for(
    session: Session,
    chat_id: int,
    days: int,
    zone: ZoneInfo,
    offer_for: timedelta,
    *,
    now: datetime,
) -> None:
    member = require_role(session, chat_id, *ANSWERING)
    today = now.astimezone(zone_of(session, member.person_id, zone)).date()
    _leave(session, member, today + timedelta(days=max(days, 1)), zone, offer_for, now)


def come_back(session: Session, chat_id: int, *, now: datetime, zone: ZoneInfo) -> None:
    """From now on they are asked again. Back already is no error: it is shown."""
    member = require_role(session, chat_id, *ANSWERING)
    desk = desk_of(session, member.person_id)
    was_away, desk.away_until = desk.is_away(now), None
    session.add(desk)
    _leave_form(session, member)
    if was_away:
        _tell_askers(session, member, "mentor_back", None, now)
    _show(session, member, "back_again", now, zone)


def show_capacity(session: Session, chat_id: int, *, now: datetime, zone: ZoneInfo) -> None:
    member = require_role(session, chat_id, *ANSWERING)
    await_text(session, chat_id, Awaiting.CAPACITY)
    _show(session, member, "capacity", now, zone)


def limit(session: Session, chat_id: int, typed: str, zone: ZoneInfo, *, now: datetime) -> None:
    """A number a week; nought for as many as come. Raises RefusedError("capacity_unread")."""
    member = require_role(session, chat_id, *ANSWERING)
    number = typed.strip()
    # isdigit alone would take digits that int() does not, such as a superscript.
    if not (number.isascii() and number.isdigit() and int(number[:6]) <= MOST_A_WEEK):
        raise RefusedError("capacity_unread", most=MOST_A_WEEK)
    desk = desk_of(session, member.person_id)
    desk.capacity = int(number) or None
    session.add(desk)
    session.flush()
    _leave_form(session, member)
    _show(session, member, "capacity_set", now, zone)


def desk_of(session: Session, person_id: int) -> MentorDesk:
    """Locked, and still unsaved where they never said anything of their time."""
    found = session.get(MentorDesk, person_id, with_for_update=True, populate_existing=True)
    return found or MentorDesk(person_id=person_id)


def zone_of(session: Session, person_id: int, usual: ZoneInfo) -> ZoneInfo:
    desk = session.get(MentorDesk, person_id)
    return ZoneInfo(desk.time_zone) if desk is not None and desk.time_zone else usual


def _leave(
    session: Session,
    member: Member,
    until: date,
    zone: ZoneInfo,
    offer_for: timedelta,
    now: datetime,
) -> None:
    theirs = zone_of(session, member.person_id, zone)
    if until - now.astimezone(theirs).date() > LONGEST_AWAY:
        raise RefusedError("away_too_long", days=LONGEST_AWAY.days)
    desk = desk_of(session, member.person_id)
    desk.away_until = datetime.combine(until, time(), theirs)
    session.add(desk)
    session.flush()
    _leave_form(session, member)
    passed = _pass_offers_on(session, member.person_id, offer_for, now)
    talks = _tell_askers(session, member, "mentor_away", until, now)
    _show(session, member, "away_now", now, zone, passed=passed, talks=talks)


def _pass_offers_on(session: Session, person_id: int, offer_for: timedelta, now: datetime) -> int:
    """An admin's offers stay: nobody comes after them."""
    offers = session.exec(
        select(Offer)
        .where(
            Offer.person_id == person_id,
            Offer.state == OfferState.OPEN,
            Offer.offered_as != OfferedAs.ADMIN,
        )
        .order_by(col(Offer.consultation_id))
    ).all()
    for offer in offers:
        pass_on(session, offer, OfferState.AWAY, offer_for, now)
    return len(offers)


def _tell_askers(
    session: Session, member: Member, card: str, until: date | None, now: datetime
) -> int:
    talks = session.exec(
        select(Consultation)
        .where(Consultation.mentor_id == member.person_id, col(Consultation.stage).in_(TALKING))
        .order_by(col(Consultation.id))
    ).all()
    for talk in talks:
        view = {"consultation": talk.id, "until": until}
        tell(session, talk.asker_id, card, view, now=now, thread=talk.id)
    return len(talks)


def _leave_form(session: Session, member: Member) -> None:
    """A button pressed instead of typing ends the form; another form stays open."""
    if member.awaiting in (Awaiting.AWAY, Awaiting.CAPACITY):
        await_text(session, member.chat_id, Awaiting.NOTHING)


def _show(
    session: Session, member: Member, card: str, now: datetime, zone: ZoneInfo, **figures: int
) -> None:
    desk = session.get(MentorDesk, member.person_id)
    theirs = zone_of(session, member.person_id, zone)
    away = desk.away_until if desk is not None and desk.is_away(now) else None
    view = TimeView(
        until=away.astimezone(theirs).date() if away else None,
        capacity=desk.capacity if desk else None,
        taken=taken_of(session, member.person_id, now),
        **figures,
    )
    owe_card(session, member.chat_id, card, view, now=now, language=member.language)
