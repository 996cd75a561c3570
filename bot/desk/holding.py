"""A while after it was solved the asker is asked whether the answer still holds."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from bot.desk.asking import own_consultation
from bot.desk.errors import RefusedError
from bot.desk.members import require_member, tell
from bot.desk.parting import last_closing
from bot.desk.tables import Closing, Consultation, Stage

# Asked in one turn, so that no turn holds the database for long.
AT_ONCE = 100


def follow_up(session: Session, after: timedelta, *, now: datetime) -> int:
    """Ask wherever it was solved `after` ago and not reopened; how many were asked."""
    due = session.exec(
        select(Closing)
        .join(Consultation, col(Consultation.id) == Closing.consultation_id)
        .where(
            col(Closing.asked_at).is_(None),
            col(Closing.closed_at) <= now - after,
            col(Closing.solved).is_(True),
            col(Closing.reopened_at).is_(None),
            Consultation.stage == Stage.RESOLVED,
        )
        .order_by(col(Closing.id))
        .limit(AT_ONCE)
        .with_for_update(of=Closing)
    ).all()
    for closing in due:
        closing.asked_at = now
        session.add(closing)
        _show(session, closing, "holds", now)
    return len(due)


def say_holds(session: Session, chat_id: int, consultation_id: int, *, now: datetime) -> None:
    """It does: the mentor learns it too."""
    member = require_member(session, chat_id)
    consultation = own_consultation(session, member, consultation_id, Stage.RESOLVED)
    closing = last_closing(session, consultation_id)
    if closing is None or closing.asked_at is None:
        raise RefusedError("stale_button")
    if closing.holds is None and consultation.mentor_id is not None:
        view = {"consultation": consultation_id}
        mentor = consultation.mentor_id
        tell(session, mentor, "still_holds", view, now=now, thread=consultation_id)
    closing.holds = True
    session.add(closing)
    _show(session, closing, "held", now)


def _show(session: Session, closing: Closing, card: str, now: datetime) -> None:
    consultation = session.get_one(Consultation, closing.consultation_id)
    view = {
        "consultation": consultation.id,
        "closed_at": closing.closed_at,
        "question": consultation.forwarded,
    }
    slot = f"holds:{closing.id}"
    tell(session, consultation.asker_id, card, view, now=now, thread=consultation.id, slot=slot)
