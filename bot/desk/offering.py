"""A confirmed question is put to one person after another until somebody accepts."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from bot.desk.asking import own_consultation
from bot.desk.choosing import NOBODY, seen_in
from bot.desk.errors import RefusedError
from bot.desk.hours import hours_of, off_until
from bot.desk.learning import note_chosen
from bot.desk.lining_up import admins_here, asked_before, barred, declined_by, is_held, line
from bot.desk.members import await_text, name_of, reachable, require_member, tell, tell_role
from bot.desk.offer_cards import say_ended, show_offer
from bot.desk.ranking import busy_with
from bot.desk.spare import hindrance
from bot.desk.tables import (
    Awaiting,
    Consultation,
    Offer,
    OfferedAs,
    OfferState,
    Stage,
)
from bot.desk.views import SentView
from bot.worktime import Hours
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
            offer_to(session, consultation, person_id, offered_as, offer_for, now, why=why)
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
    hours = hours_of(session, person_id)
    offer = _offer(session, consultation, hours, person_id, offered_as, now, offer_for)
    _tell_asker(session, consultation, offer, hours, now, why)


def give_time(offer: Offer, hours: Hours, offer_for: timedelta | None, now: datetime) -> None:
    """From now they have so much of their own working time, and are reminded after half of it.

    Without end for an admin, who is reminded on each working day.
    """
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


def _offer(
    session: Session,
    consultation: Consultation,
    hours: Hours,
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
    give_time(offer, hours, offer_for, now)
    session.add(offer)
    session.flush()
    show_offer(session, consultation, offer, now, hours=hours)
    return offer


def _offer_admins(session: Session, consultation: Consultation, now: datetime, why: str) -> None:
    """An admin's offer never expires: the end of the line is a person.

    Those who declined before are asked again only where nobody else is left.
    """
    here = admins_here(session, consultation)
    asked = {
        admin: hours_of(session, admin)
        for admin in sorted(here - declined_by(session, consultation) or here)
    }
    offers = [
        _offer(session, consultation, hours, admin, OfferedAs.ADMIN, now, None)
        for admin, hours in asked.items()
    ]
    if offers:
        # Whoever of them is back first looks at it.
        soonest = min(asked.values(), key=lambda hours: hours.opens_next(now))
        _tell_asker(session, consultation, offers[0], soonest, now, why)
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


def end_open_offers(
    session: Session, consultation: Consultation, state: OfferState, now: datetime
) -> None:
    still_open = select(Offer).where(
        Offer.consultation_id == consultation.id, Offer.state == OfferState.OPEN
    )
    for offer in session.exec(still_open).all():
        end_offer(session, offer, state, now)


def _tell_asker(
    session: Session,
    consultation: Consultation,
    offer: Offer,
    hours: Hours,
    now: datetime,
    why: str,
) -> None:
    office = offer.offered_as is OfferedAs.ADMIN
    view = SentView(
        consultation=consultation.id or 0,
        offered_as=offer.offered_as.value,
        mentor=NOBODY if office else name_of(session, offer.person_id)[0],
        expires_at=offer.expires_at,
        why=why,
        busy=0 if office else busy_with(session, offer.person_id, consultation.id),
        opens_at=off_until(hours, now),
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
