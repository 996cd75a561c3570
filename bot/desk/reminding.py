"""Whoever has not answered an offer is reminded: of an admin's on every working day."""

from datetime import datetime

from sqlmodel import Session, col, select

from bot.desk.hours import hours_of
from bot.desk.members import reachable, tell
from bot.desk.offer_cards import show_offer
from bot.desk.tables import Consultation, MentorDesk, Offer, OfferState
from bot.worktime import Hours


def remind_due(session: Session, *, now: datetime) -> int:
    """Remind of every offer half of whose time has gone; how many were looked at."""
    waiting = select(Offer).where(Offer.state == OfferState.OPEN, col(Offer.remind_at) <= now)
    due = session.exec(waiting.order_by(col(Offer.id))).all()
    for offer in due:
        consultation = session.get_one(Consultation, offer.consultation_id, with_for_update=True)
        session.refresh(offer)  # it may have been answered while its consultation was waited for
        late = offer.remind_at is not None and offer.remind_at <= now
        if offer.state is OfferState.OPEN and late:
            _remind(session, consultation, offer, now)
    return len(due)


def show_anew(session: Session, consultation: Consultation, offer: Offer, now: datetime) -> None:
    """As a message of its own, which makes a sound; from now on that one is the offer's card."""
    view = {"offer": offer.id, "consultation": offer.consultation_id}
    before, offer.reminded = offer.slot, offer.reminded + 1
    number = offer.consultation_id
    tell(session, offer.person_id, "offer_below", view, now=now, thread=number, slot=before)
    show_offer(session, consultation, offer, now)


def _remind(session: Session, consultation: Consultation, offer: Offer, now: datetime) -> None:
    """Not while they are off work, as after a night in which the desk was stopped, or away."""
    hours, desk = hours_of(session, offer.person_id), session.get(MentorDesk, offer.person_id)
    back = desk.away_until if desk is not None and desk.away_until is not None else now
    soonest = hours.opens_next(max(back, now))
    if soonest > now:
        offer.remind_at = soonest
    else:
        offer.remind_at = _next(offer, hours, now)
        if offer.person_id in reachable(session, {offer.person_id}):
            show_anew(session, consultation, offer, now)
    session.add(offer)


def _next(offer: Offer, hours: Hours, now: datetime) -> datetime | None:
    return hours.next_day(now) if offer.expires_at is None else None
