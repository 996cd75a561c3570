"""What an enterprise's liaison has said to the mentor to whom they gave a question."""

from sqlmodel import Session, col, select

from bot.desk.tables import Escalation


def note_to(session: Session, consultation_id: int, person_id: int) -> str:
    """The liaison's note on an offer; empty where there is none."""
    found = select(Escalation.note).where(
        Escalation.consultation_id == consultation_id, Escalation.to_id == person_id
    )
    return session.exec(found.order_by(col(Escalation.id).desc())).first() or ""
