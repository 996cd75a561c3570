"""The enterprise's liaison gives a question that they were offered to a mentor, with a note."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.desk import supervising
from bot.desk.accepting import own_offer
from bot.desk.errors import RefusedError
from bot.desk.inviting import Match
from bot.desk.members import await_text, name_of, notify, require_member, tell
from bot.desk.offering import end_offer, offer_to, show_offer
from bot.desk.stand_ins import asked_already, require_free, suggested
from bot.desk.tables import (
    Awaiting,
    Chat,
    Consultation,
    Escalation,
    Offer,
    OfferedAs,
    OfferState,
)
from bot.desk.views import Words

NOTE_LIMIT = 500


@dataclass(frozen=True)
class EscalateView:
    """In the place of the liaison's offer: to whom it could go."""

    offer: int
    consultation: int
    people: tuple[Match, ...]


@dataclass(frozen=True)
class EscalationNoteView:
    """In the place of the liaison's offer: what may be said to the one chosen."""

    offer: int
    consultation: int
    person: int
    name: Words
    limit: int = NOTE_LIMIT


def ask_whom(session: Session, chat_id: int, offer_id: int, *, now: datetime) -> None:
    """The enterprise's own mentor, and those of the shortlist whom nobody has asked yet."""
    offer, consultation = _liaisons(session, chat_id, offer_id)
    people = suggested(session, consultation, asked_already(session, consultation), now)
    if not people:
        raise RefusedError("nobody_to_escalate", consultation=offer.consultation_id)
    await_text(session, chat_id, Awaiting.NOTHING)
    view = EscalateView(offer_id, offer.consultation_id, people)
    _show(session, offer, "escalate", view, now)


def ask_note(
    session: Session, chat_id: int, offer_id: int, person_id: int, *, now: datetime
) -> None:
    """Their next text goes along as a note; a button goes without."""
    offer, consultation = _liaisons(session, chat_id, offer_id)
    _require_new(session, consultation, person_id, now)
    notes: dict[str, object] = {"offer": offer_id, "person": person_id}
    await_text(session, chat_id, Awaiting.ESCALATION_NOTE, notes)
    name, _ = name_of(session, person_id)
    view = EscalationNoteView(offer_id, offer.consultation_id, person_id, name)
    _show(session, offer, "escalation_note", view, now)


def keep(session: Session, chat_id: int, offer_id: int, *, now: datetime) -> None:
    """Back to the offer; the form for the note is left."""
    offer, consultation = own_offer(session, chat_id, offer_id)
    await_text(session, chat_id, Awaiting.NOTHING)
    show_offer(session, consultation, offer, now)


def write_note(
    session: Session, chat_id: int, typed: str, offer_for: timedelta, *, now: datetime
) -> None:
    """Raises RefusedError("note_too_long"); the form stays open then, but not beyond the offer."""
    notes = session.get_one(Chat, chat_id).notes
    offer_id, person_id = int(notes["offer"]), int(notes["person"])
    offer = session.get_one(Offer, offer_id)
    if offer.state is not OfferState.OPEN:
        await_text(session, chat_id, Awaiting.NOTHING)
        notify(session, chat_id, "offer_ended", now=now, consultation=offer.consultation_id)
        return
    if len(typed) > NOTE_LIMIT:
        raise RefusedError("note_too_long", limit=NOTE_LIMIT)
    escalate(session, chat_id, offer_id, person_id, offer_for, typed.strip(), now=now)


def escalate(
    session: Session,
    chat_id: int,
    offer_id: int,
    person_id: int,
    offer_for: timedelta,
    note: str = "",
    *,
    now: datetime,
) -> None:
    """Offered to that mentor next, with the note; the asker is told, the liaison may follow."""
    offer, consultation = _liaisons(session, chat_id, offer_id)
    _require_new(session, consultation, person_id, now)
    row = Escalation(
        consultation_id=offer.consultation_id,
        liaison_id=offer.person_id,
        to_id=person_id,
        offer_id=offer_id,
        note=note,
        escalated_at=now,
    )
    session.add(row)
    await_text(session, chat_id, Awaiting.NOTHING)
    end_offer(session, offer, OfferState.ESCALATED, now)
    offer_to(session, consultation, person_id, OfferedAs.ESCALATED, offer_for, now, why="escalated")
    supervising.invite(session, consultation, offer.person_id, now, escalated=True)


def _liaisons(session: Session, chat_id: int, offer_id: int) -> tuple[Offer, Consultation]:
    """Their open offer. Raises RefusedError("not_liaison") for one made to them otherwise."""
    require_member(session, chat_id)
    offer, consultation = own_offer(session, chat_id, offer_id)
    if offer.offered_as is not OfferedAs.LIAISON:
        raise RefusedError("not_liaison")
    return offer, consultation


def _require_new(
    session: Session, consultation: Consultation, person_id: int, now: datetime
) -> None:
    if person_id in asked_already(session, consultation):
        raise RefusedError("cannot_take", consultation=consultation.id or 0)
    require_free(session, consultation, person_id, now)


def _show(session: Session, offer: Offer, card: str, view: object, now: datetime) -> None:
    number, slot = offer.consultation_id, f"offer:{offer.id}"
    tell(session, offer.person_id, card, view, now=now, thread=number, slot=slot)
