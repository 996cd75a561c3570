"""What lately ended, for whoever took part in it: to be reopened, or had as a file."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, or_, select

from bot.delivery.outbox import owe_card
from bot.desk.tables import CLOSED, Answer, AnswerState, Consultation
from bot.desk.views import Member

SHOWN = 5
ABOUT_LENGTH = 30


@dataclass(frozen=True)
class ClosedOne:
    """`answer`: what is public of it, which either side may withdraw; 0 for nothing."""

    consultation: int
    stage: str
    as_asker: bool
    about: str
    answer: int


def show_closed(session: Session, member: Member, now: datetime) -> None:
    """The latest few of either role; nothing where there are none."""
    mine = or_(
        col(Consultation.asker_id) == member.person_id,
        col(Consultation.mentor_id) == member.person_id,
    )
    rows = session.exec(
        select(Consultation)
        .where(mine, col(Consultation.stage).in_(CLOSED))
        .order_by(col(Consultation.ended_at).desc(), col(Consultation.id).desc())
        .limit(SHOWN)
    ).all()
    if not rows:
        return
    public = _public(session, [row.id or 0 for row in rows])
    closed = [
        ClosedOne(
            row.id or 0,
            row.stage.value,
            row.asker_id == member.person_id,
            row.forwarded[:ABOUT_LENGTH],
            public.get(row.id or 0, 0),
        )
        for row in rows
    ]
    view = {"closed": [vars(one) for one in closed]}
    owe_card(session, member.chat_id, "closed_list", view, now=now, language=member.language)


def _public(session: Session, numbers: list[int]) -> dict[int, int]:
    """The public answers of these consultations."""
    query = select(Answer.consultation_id, Answer.id).where(
        col(Answer.consultation_id).in_(numbers), Answer.state == AnswerState.PUBLIC
    )
    return {consultation: answer or 0 for consultation, answer in session.exec(query)}
