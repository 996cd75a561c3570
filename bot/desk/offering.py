"""A confirmed question is put to one person after another until somebody accepts."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from knowledge.queries import liaison_of
from sqlmodel import Session, col, select

from bot.desk.asking import candidates_of, own_consultation, own_mentor
from bot.desk.choosing import NOBODY, context_of
from bot.desk.members import name_of, reachable, require_member, tell, tell_role
from bot.desk.tables import (
    Candidate,
    Consultation,
    Offer,
    OfferedAs,
    OfferState,
    Stage,
)
from bot.desk.views import OfferView, SentView
from knowledge.tables import PersonRole, Role

# Why an offer is made: nothing came before it, or nobody was there when it was first made.
FIRST, WAITING = "", "waiting"


def confirm(
    session: Session, chat_id: int, consultation_id: int, offer_for: timedelta, *, now: datetime
) -> None:
    """The asker lets the question go: it is offered to the mentor they chose."""
    member = require_member(session, chat_id)
    consultation = own_consultation(session, member, consultation_id)
    consultation.confirm(now)
    session.add(consultation)
    offer_next(session, consultation, offer_for, now)


def withdraw(session: Session, chat_id: int, consultation_id: int, *, now: datetime) -> None:
    """The asker takes the question back before anybody accepted it."""
    member = require_member(session, chat_id)
    consultation = own_consultation(session, member, consultation_id)
    consultation.withdraw(now)
    session.add(consultation)
    end_open_offers(session, consultation, OfferState.WITHDRAWN, now)
    tell(session, member.person_id, "withdrawn", {"consultation": consultation_id}, now=now)


def expire_due(session: Session, offer_for: timedelta, *, now: datetime) -> int:
    """Pass on every offer not answered in time, and every question that nobody holds; how many."""
    due = session.exec(
        select(Offer).where(Offer.state == OfferState.OPEN, col(Offer.expires_at) <= now)
    ).all()
    for offer in due:
        consultation = session.get_one(Consultation, offer.consultation_id, with_for_update=True)
        end_offer(session, offer, OfferState.EXPIRED, now)
        offer_next(session, consultation, offer_for, now, why="expired")
    return len(due) + _offer_unowned(session, offer_for, now)


def offer_next(
    session: Session,
    consultation: Consultation,
    offer_for: timedelta,
    now: datetime,
    why: str = FIRST,
) -> None:
    """Put the question to the next in line who is here; at the end of the line, to the admins."""
    asked = set(
        session.exec(select(Offer.person_id).where(Offer.consultation_id == consultation.id))
    )
    for person_id, offered_as in _line(session, consultation, now):
        if person_id in asked or person_id == consultation.asker_id:
            continue
        if person_id in reachable(session, {person_id}):
            offer = _offer(session, consultation, person_id, offered_as, now, offer_for)
            _tell_asker(session, consultation, offer, now, why)
            return
        if offered_as in (OfferedAs.CHOSEN, OfferedAs.OWN_MENTOR):
            why = why or "not_here"
            _want_invited(session, consultation, person_id, now)
    _offer_admins(session, consultation, now, why)


def end_offer(
    session: Session, offer: Offer, state: OfferState, now: datetime, reason: str = ""
) -> None:
    """End an open offer and say so on its card."""
    offer.end(state, now, reason)
    session.add(offer)
    say_ended(session, offer, now)


def say_ended(session: Session, offer: Offer, now: datetime) -> None:
    """The offer's own card says how it ended, and its buttons are gone."""
    number = offer.consultation_id
    view = {"offer": offer.id, "consultation": number, "state": offer.state}
    slot = f"offer:{offer.id}"
    tell(session, offer.person_id, "offer_ended", view, now=now, thread=number, slot=slot)


def _line(
    session: Session, consultation: Consultation, now: datetime
) -> Iterator[tuple[int, OfferedAs]]:
    """Chosen, then the shortlist in its order (unless none of it fitted), then the liaison."""
    chosen = consultation.chosen_id
    if chosen is not None:
        own = own_mentor(session, consultation.enterprise_id, now.date())
        yield chosen, OfferedAs.OWN_MENTOR if chosen == own else OfferedAs.CHOSEN
        for candidate in candidates_of(session, consultation.id or 0):
            if candidate.person_id is not None:
                yield candidate.person_id, OfferedAs.NEXT
    if consultation.enterprise_id is not None:
        liaison = liaison_of(session, consultation.enterprise_id, now.date())
        if liaison is not None:
            yield liaison, OfferedAs.LIAISON


def _offer(
    session: Session,
    consultation: Consultation,
    person_id: int,
    offered_as: OfferedAs,
    now: datetime,
    offer_for: timedelta | None,
) -> Offer:
    offer = Offer(
        consultation_id=consultation.id or 0,
        person_id=person_id,
        offered_as=offered_as,
        offered_at=now,
        expires_at=now + offer_for if offer_for else None,
    )
    session.add(offer)
    session.flush()
    show_offer(session, consultation, offer, now)
    return offer


def _offer_admins(session: Session, consultation: Consultation, now: datetime, why: str) -> None:
    """An admin's offer never expires: the end of the line is a person."""
    admins = set(session.exec(select(Role.person_id).where(Role.role == PersonRole.ADMIN)))
    admins.discard(consultation.asker_id)
    offers = [
        _offer(session, consultation, admin, OfferedAs.ADMIN, now, None)
        for admin in sorted(reachable(session, admins))
    ]
    if offers:
        _tell_asker(session, consultation, offers[0], now, why)
    elif why != WAITING:
        view = {"consultation": consultation.id}
        tell(session, consultation.asker_id, "nobody_yet", view, now=now)


def _offer_unowned(session: Session, offer_for: timedelta, now: datetime) -> int:
    held = select(Offer.consultation_id).where(Offer.state == OfferState.OPEN)
    unowned = session.exec(
        select(Consultation)
        .where(Consultation.stage == Stage.OFFERED, col(Consultation.id).not_in(held))
        .with_for_update()
    ).all()
    for consultation in unowned:
        offer_next(session, consultation, offer_for, now, why=WAITING)
    return len(unowned)


def show_offer(
    session: Session, consultation: Consultation, offer: Offer, now: datetime, card: str = "offer"
) -> None:
    evidence = session.exec(
        select(Candidate.evidence)
        .where(Candidate.consultation_id == consultation.id, Candidate.person_id == offer.person_id)
        .order_by(col(Candidate.rank))
    ).first()
    view = OfferView(
        offer=offer.id or 0,
        consultation=consultation.id or 0,
        offered_as=offer.offered_as.value,
        text=consultation.forwarded,
        language=consultation.language,
        context=context_of(session, consultation.enterprise_id),
        evidence=evidence or "",
        expires_at=offer.expires_at,
    )
    tell(
        session,
        offer.person_id,
        card,
        view,
        now=now,
        thread=consultation.id,
        slot=f"offer:{offer.id}",
    )


def end_open_offers(
    session: Session, consultation: Consultation, state: OfferState, now: datetime
) -> None:
    still_open = select(Offer).where(
        Offer.consultation_id == consultation.id, Offer.state == OfferState.OPEN
    )
    for offer in session.exec(still_open).all():
        end_offer(session, offer, state, now)


def _tell_asker(
    session: Session, consultation: Consultation, offer: Offer, now: datetime, why: str
) -> None:
    name = NOBODY if offer.offered_as is OfferedAs.ADMIN else name_of(session, offer.person_id)[0]
    view = SentView(
        consultation=consultation.id or 0,
        offered_as=offer.offered_as.value,
        mentor=name,
        expires_at=offer.expires_at,
        why=why,
    )
    tell(session, consultation.asker_id, "sent", view, now=now, thread=consultation.id)


def _want_invited(
    session: Session, consultation: Consultation, person_id: int, now: datetime
) -> None:
    name, organisation = name_of(session, person_id)
    view = {
        "consultation": consultation.id,
        "person": person_id,
        "name": {"zh": name.zh, "en": name.en},
        "organisation": {"zh": organisation.zh, "en": organisation.en},
    }
    tell_role(session, PersonRole.ADMIN, "invite_wanted", view, now=now)
