"""One tap takes a closed consultation up again: what was said goes on, with the same mentor."""

from datetime import datetime, timedelta

from sqlmodel import Session, select

from bot.desk.asking import own_consultation
from bot.desk.drafting import shelve
from bot.desk.errors import RefusedError
from bot.desk.members import chat_of, require_member, tell
from bot.desk.offering import offer_next
from bot.desk.parting import closings_of, last_closing, slot_of
from bot.desk.tables import (
    CLOSED,
    Closing,
    Consultation,
    MentorDesk,
    Offer,
    OfferState,
    Quiet,
    Stage,
)


def reopen(
    session: Session, chat_id: int, consultation_id: int, offer_for: timedelta, *, now: datetime
) -> None:
    """To the mentor whom it had, if they can be reached and are not away; else offered anew."""
    member = require_member(session, chat_id)
    consultation = own_consultation(session, member, consultation_id, *CLOSED)
    consultation.reopen()
    session.add(consultation)
    note_reopened(session, consultation, now)
    shelve(session, consultation, now)
    here = _is_there(session, consultation.mentor_id, now)
    _tell_both(session, consultation, here, now)
    if not here:
        offer_anew(session, consultation, offer_for, now, why=OfferState.UNREACHABLE)


def hand_over(
    session: Session, chat_id: int, consultation_id: int, offer_for: timedelta, *, now: datetime
) -> None:
    """Its mentor does not go on with what was reopened: it is offered to others."""
    member = require_member(session, chat_id)
    consultation = session.get(Consultation, consultation_id, with_for_update=True)
    if consultation is None or consultation.mentor_id != member.person_id:
        raise RefusedError("not_yours")
    if consultation.stage is not Stage.ACTIVE or not _reopened_since(session, consultation):
        raise RefusedError(
            "wrong_stage", consultation=consultation_id, stage=consultation.stage.value
        )
    view = {"consultation": consultation_id}
    slot = _taken_up_slot(session, consultation)
    number = consultation.id
    tell(session, member.person_id, "handed_over", view, now=now, thread=number, slot=slot)
    offer_anew(session, consultation, offer_for, now, why=OfferState.DECLINED)


def note_reopened(session: Session, consultation: Consultation, now: datetime) -> None:
    """The closing did not last, and the silence before it counts no more."""
    assert consultation.id is not None
    closing = last_closing(session, consultation.id)
    if closing is not None:
        closing.reopened_at = now
        session.add(closing)
    quiet = session.get(Quiet, consultation.id) or Quiet(consultation_id=consultation.id)
    quiet.since, quiet.warned_at, quiet.admins_at = now, None, None
    session.add(quiet)


def _is_there(session: Session, mentor_id: int | None, now: datetime) -> bool:
    if mentor_id is None or chat_of(session, mentor_id) is None:
        return False
    desk = session.get(MentorDesk, mentor_id)
    return desk is None or not desk.is_away(now)


def _tell_both(session: Session, consultation: Consultation, here: bool, now: datetime) -> None:
    """Below the talk; the buttons of its closing go, where it stands."""
    number = consultation.id or 0
    slot, asker = slot_of(number, len(closings_of(session, number))), consultation.asker_id
    view = {"consultation": number, "here": here}
    tell(session, asker, "was_closed", view, now=now, thread=number, slot=slot)
    tell(session, asker, "reopened", view, now=now, thread=number)
    if here and consultation.mentor_id is not None:
        slot = _taken_up_slot(session, consultation)
        view = {"consultation": number}
        mentor = consultation.mentor_id
        tell(session, mentor, "taken_up", view, now=now, thread=number, slot=slot)


def _taken_up_slot(session: Session, consultation: Consultation) -> str:
    number = consultation.id or 0
    return f"taken_up:{number}:{len(closings_of(session, number))}"


def offer_anew(
    session: Session, consultation: Consultation, offer_for: timedelta, now: datetime, why: str
) -> None:
    held = select(Offer).where(
        Offer.consultation_id == consultation.id,
        Offer.person_id == consultation.mentor_id,
        Offer.state == OfferState.ACCEPTED,
    )
    for offer in session.exec(held).all():
        offer.state = OfferState.LEFT  # it is no longer in hand, and not offered to them again
        session.add(offer)
    consultation.reoffer()
    session.add(consultation)
    session.flush()
    offer_next(session, consultation, offer_for, now, why=why)


def _reopened_since(session: Session, consultation: Consultation) -> bool:
    """Whether it was reopened after its mentor accepted it."""
    accepted = consultation.accepted_at
    reopened = select(Closing.reopened_at).where(Closing.consultation_id == consultation.id)
    found = [at for at in session.exec(reopened) if at is not None]
    return accepted is not None and any(at > accepted for at in found)
