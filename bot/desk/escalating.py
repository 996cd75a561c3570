"""Whoever was offered a question gives it to a colleague whom they name, with a note.

From the enterprise's liaison it is escalated; from anybody else, an admin too, passed on.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.desk import supervising
from bot.desk.accepting import own_offer
from bot.desk.errors import RefusedError
from bot.desk.inviting import Match
from bot.desk.members import await_text, name_of, notify, tell
from bot.desk.offer_cards import show_offer
from bot.desk.offering import end_offer, end_open_offers, offer_to
from bot.desk.stand_ins import asked_already, called, require_free, suggested
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

NOTE_LIMIT, TYPED_LENGTH = 500, 60


@dataclass(frozen=True)
class EscalateView:
    """In the place of the offer: to whom it could go.

    `typed`: the name they were looked for by, or empty. `typing`: a name is asked for.
    """

    offer: int
    consultation: int
    people: tuple[Match, ...]
    typed: str = ""
    typing: bool = False


@dataclass(frozen=True)
class EscalationNoteView:
    """In the place of the offer: what may be said to the one chosen."""

    offer: int
    consultation: int
    person: int
    name: Words
    limit: int = NOTE_LIMIT


def ask_whom(session: Session, chat_id: int, offer_id: int, *, now: datetime) -> None:
    """The enterprise's own people, and those of the shortlist whom nobody has asked yet."""
    offer, consultation = own_offer(session, chat_id, offer_id)
    people = suggested(session, consultation, asked_already(session, consultation), now)
    await_text(session, chat_id, Awaiting.NOTHING)
    _show(session, offer, "escalate", EscalateView(offer_id, offer.consultation_id, people), now)


def ask_name(session: Session, chat_id: int, offer_id: int, *, now: datetime) -> None:
    """Only now their next text is a name."""
    offer, _ = own_offer(session, chat_id, offer_id)
    await_text(session, chat_id, Awaiting.COLLEAGUE, {"offer": offer_id})
    view = EscalateView(offer_id, offer.consultation_id, (), typing=True)
    _show(session, offer, "escalate", view, now)


def find_name(session: Session, chat_id: int, typed: str, *, now: datetime) -> None:
    """Those with a name like it who can take it; typing again looks again."""
    offer = form_offer(session, chat_id, now)
    if offer is None:
        return
    _, consultation = own_offer(session, chat_id, offer.id or 0)
    people = called(session, consultation, typed, asked_already(session, consultation), now)
    name = typed.strip()[:TYPED_LENGTH]
    view = EscalateView(offer.id or 0, offer.consultation_id, people, name, typing=True)
    _show(session, offer, "escalate", view, now)


def ask_note(
    session: Session, chat_id: int, offer_id: int, person_id: int, *, now: datetime
) -> None:
    """Their next text goes along as a note; a button goes without."""
    offer, consultation = own_offer(session, chat_id, offer_id)
    _require_new(session, consultation, person_id, now)
    notes: dict[str, object] = {"offer": offer_id, "person": person_id}
    await_text(session, chat_id, Awaiting.ESCALATION_NOTE, notes)
    name, _ = name_of(session, person_id)
    view = EscalationNoteView(offer_id, offer.consultation_id, person_id, name)
    _show(session, offer, "escalation_note", view, now)


def keep(session: Session, chat_id: int, offer_id: int, *, now: datetime) -> None:
    """Back to the offer; the form is left."""
    offer, consultation = own_offer(session, chat_id, offer_id)
    await_text(session, chat_id, Awaiting.NOTHING)
    show_offer(session, consultation, offer, now)


def write_note(
    session: Session, chat_id: int, typed: str, offer_for: timedelta, *, now: datetime
) -> None:
    """Raises RefusedError("note_too_long"); the form stays open then, but not beyond the offer."""
    offer = form_offer(session, chat_id, now)
    if offer is None:
        return
    if len(typed) > NOTE_LIMIT:
        raise RefusedError("note_too_long", limit=NOTE_LIMIT)
    person_id = int(session.get_one(Chat, chat_id).notes["person"])
    escalate(session, chat_id, offer.id or 0, person_id, offer_for, typed.strip(), now=now)


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
    """Offered to that colleague next, with the note, and to nobody else; the asker is told.

    A liaison may follow what they gave away.
    """
    offer, consultation = own_offer(session, chat_id, offer_id)
    _require_new(session, consultation, person_id, now)
    row = Escalation(
        consultation_id=offer.consultation_id,
        by_id=offer.person_id,
        to_id=person_id,
        offer_id=offer_id,
        note=note,
        escalated_at=now,
    )
    session.add(row)
    await_text(session, chat_id, Awaiting.NOTHING)
    liaison = offer.offered_as is OfferedAs.LIAISON
    end_offer(session, offer, OfferState.ESCALATED if liaison else OfferState.PASSED_ON, now)
    end_open_offers(session, consultation, OfferState.PASSED_ON, now)  # the other admins'
    offered_as = OfferedAs.ESCALATED if liaison else OfferedAs.PASSED_ON
    offer_to(session, consultation, person_id, offered_as, offer_for, now, why=offered_as.value)
    if liaison:
        supervising.invite(session, consultation, offer.person_id, now)


def form_offer(session: Session, chat_id: int, now: datetime) -> Offer | None:
    """The one that their form is about; None, with the form left and a word, if it has ended."""
    offer = session.get_one(Offer, int(session.get_one(Chat, chat_id).notes["offer"]))
    if offer.state is OfferState.OPEN:
        return offer
    await_text(session, chat_id, Awaiting.NOTHING)
    notify(session, chat_id, "offer_ended", now=now, consultation=offer.consultation_id)
    return None


def _require_new(
    session: Session, consultation: Consultation, person_id: int, now: datetime
) -> None:
    if person_id in asked_already(session, consultation):
        raise RefusedError("cannot_take", consultation=consultation.id or 0)
    require_free(session, consultation, person_id, now)


def _show(session: Session, offer: Offer, card: str, view: object, now: datetime) -> None:
    number, slot = offer.consultation_id, offer.slot
    tell(session, offer.person_id, card, view, now=now, thread=number, slot=slot)
