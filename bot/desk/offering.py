"""A confirmed question is put to one person after another until somebody accepts."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from bot.desk.asking import own_consultation
from bot.desk.choosing import NOBODY, context_of, seen_in
from bot.desk.details import shown_on
from bot.desk.enclosing import enclosed_count
from bot.desk.errors import RefusedError
from bot.desk.hours import hours_of, off_until
from bot.desk.learning import note_chosen
from bot.desk.liaising import given_to
from bot.desk.lining_up import admins_here, asked_before, barred, declined_by, is_held, line
from bot.desk.members import await_text, name_of, reachable, require_member, tell, tell_role
from bot.desk.ranking import busy_with
from bot.desk.spare import hindrance
from bot.desk.tables import (
    Awaiting,
    Candidate,
    Consultation,
    Offer,
    OfferedAs,
    OfferState,
    Stage,
)
from bot.desk.veiling import shown_before
from bot.desk.views import OfferView, SentView
from knowledge.tables import Person, PersonRole

# Why an offer is made: nothing came before it, or nobody was there when it was first made.
FIRST, WAITING = "", "waiting"
WANTED = (OfferedAs.CHOSEN, OfferedAs.OWN_MENTOR)


def confirm(
    session: Session,
    chat_id: int,
    consultation_id: int,
    seen: str,
    offer_for: timedelta,
    *,
    now: datetime,
) -> None:
    """The asker lets the question go: it is offered to the mentor they chose.

    Raises RefusedError("preview_old") for the button of a preview that showed something else.
    """
    member = require_member(session, chat_id)
    consultation = own_consultation(session, member, consultation_id)
    if consultation.stage is Stage.DRAFT and seen != seen_in(consultation):
        raise RefusedError("preview_old", consultation=consultation_id)
    consultation.confirm(now)
    session.add(consultation)
    note_chosen(session, consultation, now)
    await_text(session, chat_id, Awaiting.NOTHING)
    offer_next(session, consultation, offer_for, now)


def withdraw(session: Session, chat_id: int, consultation_id: int, *, now: datetime) -> None:
    """The asker takes the question back before anybody accepted it."""
    member = require_member(session, chat_id)
    consultation = own_consultation(session, member, consultation_id)
    consultation.withdraw(now)
    session.add(consultation)
    end_open_offers(session, consultation, OfferState.WITHDRAWN, now)
    view = {"consultation": consultation_id}
    tell(session, member.person_id, "withdrawn", view, now=now, thread=consultation_id)


def expire_due(session: Session, offer_for: timedelta, *, now: datetime) -> int:
    """Pass on every offer not answered in time, and every question that nobody holds; how many."""
    late = session.exec(
        select(Offer).where(Offer.state == OfferState.OPEN, col(Offer.expires_at) <= now)
    ).all()
    for offer in late:
        pass_on(session, offer, OfferState.EXPIRED, offer_for, now)
    return len(late) + _offer_unowned(session, offer_for, now)


def pass_on(
    session: Session, offer: Offer, state: OfferState, offer_for: timedelta, now: datetime
) -> None:
    """End an offer that found no answer, and put the question to the next."""
    consultation = session.get_one(Consultation, offer.consultation_id, with_for_update=True)
    session.refresh(offer)  # it may have been answered while its consultation was waited for
    if offer.state is OfferState.OPEN:
        end_offer(session, offer, state, now)
        offer_next(session, consultation, offer_for, now, why=state.value)


def offer_next(
    session: Session,
    consultation: Consultation,
    offer_for: timedelta,
    now: datetime,
    why: str = FIRST,
) -> None:
    """Put the question to the next in line who is here; at the end of the line, to the admins.

    Nothing happens while somebody still has it (one of several admins declined).
    """
    if is_held(session, consultation):
        return
    asked, excluded = asked_before(session, consultation), barred(session, consultation)
    for person_id, offered_as in line(session, consultation, now):
        if person_id in excluded and person_id not in asked:
            why = "cannot" if why == FIRST and offered_as in WANTED else why
        if person_id in asked | excluded:
            continue
        here = person_id in reachable(session, {person_id})
        hindered = hindrance(session, person_id, now) if here else ""
        if hindered:
            why = hindered if why == FIRST and offered_as in WANTED else why
            continue
        if here:
            offer = _offer(session, consultation, person_id, offered_as, now, offer_for)
            _tell_asker(session, consultation, offer, now, why)
            return
        if why == FIRST and offered_as in WANTED:
            why = "not_here"
            _want_invited(session, consultation, person_id, now)
    _offer_admins(session, consultation, now, why)


def offer_to(
    session: Session,
    consultation: Consultation,
    person_id: int,
    offered_as: OfferedAs,
    offer_for: timedelta,
    now: datetime,
    *,
    why: str,
) -> None:
    """To this person next, whoever stands in line; nobody may have it on offer."""
    offer = _offer(session, consultation, person_id, offered_as, now, offer_for)
    _tell_asker(session, consultation, offer, now, why)


def give_time(session: Session, offer: Offer, offer_for: timedelta | None, now: datetime) -> None:
    """From now they have so much of their own working time, and are reminded after half of it.

    Without end for an admin, who is reminded on each working day.
    """
    hours = hours_of(session, offer.person_id)
    if offer_for is None:
        offer.expires_at, offer.remind_at = None, hours.next_day(now)
    else:
        offer.expires_at = hours.after(now, offer_for)
        offer.remind_at = hours.after(now, offer_for / 2)


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
    slot = offer.slot
    tell(session, offer.person_id, "offer_ended", view, now=now, thread=number, slot=slot)


def _offer(
    session: Session,
    consultation: Consultation,
    person_id: int,
    offered_as: OfferedAs,
    now: datetime,
    offer_for: timedelta | None,
) -> Offer:
    # One offer to a person at a time, so that what they have in hand is counted with the others.
    session.get(Person, person_id, with_for_update={"key_share": True}, populate_existing=True)
    offer = Offer(
        consultation_id=consultation.id or 0,
        person_id=person_id,
        offered_as=offered_as,
        offered_at=now,
    )
    give_time(session, offer, offer_for, now)
    session.add(offer)
    session.flush()
    show_offer(session, consultation, offer, now)
    return offer


def _offer_admins(session: Session, consultation: Consultation, now: datetime, why: str) -> None:
    """An admin's offer never expires: the end of the line is a person.

    Those who declined before are asked again only where nobody else is left.
    """
    here = admins_here(session, consultation)
    offers = [
        _offer(session, consultation, admin, OfferedAs.ADMIN, now, None)
        for admin in sorted(here - declined_by(session, consultation) or here)
    ]
    if offers:
        _tell_asker(session, consultation, offers[0], now, why)
    elif why != WAITING:
        view = {"consultation": consultation.id}
        tell(session, consultation.asker_id, "nobody_yet", view, now=now, thread=consultation.id)


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
    given = given_to(session, offer.consultation_id, offer.person_id)
    hours = hours_of(session, offer.person_id)
    opens_at = off_until(hours, now)
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
        zone=hours.zone.key,
        reminder=offer.reminded > 0,
        by=given.by,
        details=shown_on(session, consultation, offer),
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
    office = offer.offered_as is OfferedAs.ADMIN
    view = SentView(
        consultation=consultation.id or 0,
        offered_as=offer.offered_as.value,
        mentor=NOBODY if office else name_of(session, offer.person_id)[0],
        expires_at=offer.expires_at,
        why=why,
        busy=0 if office else busy_with(session, offer.person_id, consultation.id),
        opens_at=off_until(hours_of(session, offer.person_id), now),
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
