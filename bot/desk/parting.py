"""What every way of closing leaves: a record of it, and one card on either side."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from bot.desk.members import tell
from bot.desk.tables import Closing, Consultation
from bot.desk.views import ClosedView


def note_closing(
    session: Session, consultation: Consultation, solved: bool | None, now: datetime
) -> int:
    """Record this closing, or what is said afterwards of one that fell silent; its number."""
    assert consultation.id is not None
    closing = last_closing(session, consultation.id)
    if closing is None or closing.reopened_at is not None:
        closing = Closing(consultation_id=consultation.id, closed_at=now)
    closing.solved, closing.closed_at = solved, now
    session.add(closing)
    session.flush()
    return len(closings_of(session, consultation.id))


def closings_of(session: Session, consultation_id: int) -> Sequence[Closing]:
    """In their order."""
    of_it = select(Closing).where(Closing.consultation_id == consultation_id)
    return session.exec(of_it.order_by(col(Closing.id))).all()


def last_closing(session: Session, consultation_id: int) -> Closing | None:
    return next(reversed(closings_of(session, consultation_id)), None)


def slot_of(consultation_id: int, closing: int) -> str:
    """Where a consultation's `closing`-th closing is told, counted from 1."""
    return f"closing:{consultation_id}" + (f":{closing}" if closing > 1 else "")


def show_closed(
    session: Session,
    consultation: Consultation,
    person_id: int,
    card: str,
    view: ClosedView,
    closing: int,
    now: datetime,
) -> None:
    """Each closing has a message of its own, for what was said between stands above it."""
    assert consultation.id is not None
    slot = slot_of(consultation.id, closing)
    tell(session, person_id, card, view, now=now, thread=consultation.id, slot=slot)
