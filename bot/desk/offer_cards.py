"""What stands on an offer while it is open, and once it has ended."""

from datetime import datetime

from sqlmodel import Session, col, select

from bot.desk.choosing import context_of
from bot.desk.details import shown_on
from bot.desk.enclosing import enclosed_count
from bot.desk.hours import hours_of, off_until
from bot.desk.liaising import given_with
from bot.desk.members import tell
from bot.desk.similar import listed
from bot.desk.tables import Candidate, Consultation, Offer
from bot.desk.veiling import shown_before
from bot.desk.views import OfferView
from bot.worktime import Hours


def show_offer(
    session: Session,
    consultation: Consultation,
    offer: Offer,
    now: datetime,
    card: str = "offer",
    hours: Hours | None = None,
) -> None:
    evidence = session.exec(
        select(Candidate.evidence)
        .where(Candidate.consultation_id == consultation.id, Candidate.person_id == offer.person_id)
        .order_by(col(Candidate.rank))
    ).first()
    given = given_with(session, offer)
    theirs = hours or hours_of(session, offer.person_id)
    opens_at = off_until(theirs, now)
    view = OfferView(
        offer=offer.id or 0,
        consultation=consultation.id or 0,
        offered_as=offer.offered_as.value,
        text=shown_before(consultation),
        level=consultation.level.value,
        language=consultation.language,
        context=context_of(session, consultation.enterprise_id),
        evidence=evidence or "",
        expires_at=offer.expires_at,
        enclosed=enclosed_count(session, consultation.id or 0),
        note=given.note,
        opens_at=opens_at,
        zone=theirs.zone.key,
        reminder=offer.reminded > 0,
        by=given.by,
        details=shown_on(session, consultation, offer),
        similar=listed(session, consultation),
    )
    tell(
        session,
        offer.person_id,
        card,
        view,
        now=now,
        thread=consultation.id,
        slot=offer.slot,
        silent=opens_at is not None,  # delivered all the same: who looks may answer at once
    )


def say_ended(session: Session, offer: Offer, now: datetime) -> None:
    """The offer's own card says how it ended, and its buttons are gone."""
    number = offer.consultation_id
    view = {"offer": offer.id, "consultation": number, "state": offer.state}
    slot = offer.slot
    tell(session, offer.person_id, "offer_ended", view, now=now, thread=number, slot=slot)
