"""What an admin sees at a glance: counts, never a word of what was written."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, func, select

from bot.delivery.outbox import owe_card
from bot.delivery.tables import Delivery, DeliveryState
from bot.desk.members import require_role
from bot.desk.tables import AnswerUse, Chat, ChatState, Consultation, Message, Offer, OfferState
from knowledge.queries import counts
from knowledge.tables import Appointment, PersonRole, Role


@dataclass(frozen=True)
class CountsView:
    """Counts by kind, role, stage and offer state; `waiting` and `failed` are deliveries.

    `answers_used`: earlier answers that a mentor sent again; of them `answers_solved` the question.
    """

    entries: dict[str, int]
    people: dict[str, int]
    here: int
    stages: dict[str, int]
    offers: dict[str, int]
    messages: int
    appointments: int
    waiting: int
    failed: int
    answers_used: int = 0
    answers_solved: int = 0


def show_admin(session: Session, chat_id: int, *, now: datetime) -> None:
    member = require_role(session, chat_id, PersonRole.ADMIN)
    owe_card(session, chat_id, "admin", {}, now=now, language=member.language)


def show_counts(session: Session, chat_id: int, *, now: datetime) -> None:
    member = require_role(session, chat_id, PersonRole.ADMIN)
    view = counted(session, now)
    owe_card(session, chat_id, "counts", view, now=now, language=member.language)


def counted(session: Session, now: datetime) -> CountsView:
    today = now.date()
    in_force = (
        Appointment.starts_on <= today,
        Appointment.ends_on >= today,
        col(Appointment.ended_at).is_(None),
        col(Appointment.removed_at).is_(None),
    )
    return CountsView(
        entries={str(kind): number for kind, number in counts(session).items()},
        people=_by(session, Role.role),
        here=_count(session, Chat, Chat.state == ChatState.ACTIVE),
        stages=_by(session, Consultation.stage),
        offers={
            state: number
            for state, number in _by(session, Offer.state).items()
            if state != OfferState.OPEN
        },
        messages=_count(session, Message),
        appointments=_count(session, Appointment, *in_force),
        waiting=_count(session, Delivery, Delivery.state == DeliveryState.QUEUED),
        failed=_count(session, Delivery, Delivery.state == DeliveryState.FAILED),
        answers_used=_count(session, AnswerUse),
        answers_solved=_count(session, AnswerUse, col(AnswerUse.solved).is_(True)),
    )


def _by(session: Session, column: Any) -> dict[str, int]:
    rows = session.exec(select(column, func.count()).group_by(column))
    return {str(word): number for word, number in rows}


def _count(session: Session, table: type, *conditions: Any) -> int:
    query = select(func.count()).select_from(table).where(*conditions)
    return session.exec(query).one()
