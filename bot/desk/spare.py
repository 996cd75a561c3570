"""Whether a mentor takes a new consultation now: not while away, nor beyond their number a week."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import func
from sqlmodel import Session, col, select

from bot.desk.tables import MentorDesk, Offer, OfferedAs, OfferState

# A capacity is for any seven days, so that nobody has two weeks' work on a Sunday and a Monday.
WEEK = timedelta(days=7)
# What is on offer is reserved; what was declined, lapsed or left gives its place back.
_TAKEN = (OfferState.OPEN, OfferState.ACCEPTED)
AWAY, FULL = "away", "full"


def hindrance(session: Session, person_id: int, now: datetime) -> str:
    """AWAY, FULL or nothing. Their row is locked: of two offers at once one sees the other."""
    desk = session.get(MentorDesk, person_id, with_for_update=True, populate_existing=True)
    if desk is None:
        return ""
    taken = _taken(session, [person_id], now) if desk.capacity is not None else {}
    return _hindrance(desk, taken, now)


def hindered_among(session: Session, people: Iterable[int], now: datetime) -> dict[int, str]:
    """Those who take nothing now, and why: one statement, another where somebody set a number."""
    wanted = sorted(people)
    if not wanted:
        return {}
    desks = session.exec(select(MentorDesk).where(col(MentorDesk.person_id).in_(wanted))).all()
    limited = [desk.person_id for desk in desks if desk.capacity is not None]
    taken = _taken(session, limited, now) if limited else {}
    found = {desk.person_id: _hindrance(desk, taken, now) for desk in desks}
    return {person: why for person, why in found.items() if why}


def taken_of(session: Session, person_id: int, now: datetime) -> int:
    """How many consultations somebody was given within the last seven days."""
    return _taken(session, [person_id], now).get(person_id, 0)


def _hindrance(desk: MentorDesk, taken: Mapping[int, int], now: datetime) -> str:
    if desk.is_away(now):
        return AWAY
    full = desk.capacity is not None and taken.get(desk.person_id, 0) >= desk.capacity
    return FULL if full else ""


def _taken(session: Session, people: Iterable[int], now: datetime) -> dict[int, int]:
    """An admin's offers count for nothing: they are the end of the line."""
    query = (
        select(Offer.person_id, func.count())
        .where(
            col(Offer.person_id).in_(list(people)),
            col(Offer.state).in_(_TAKEN),
            Offer.offered_as != OfferedAs.ADMIN,
            Offer.offered_at > now - WEEK,
        )
        .group_by(col(Offer.person_id))
    )
    return dict(session.exec(query).all())
