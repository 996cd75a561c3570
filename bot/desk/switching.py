"""Which of several consultations somebody talks in now, where their chat has no topics."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from bot.delivery.outbox import owe_card
from bot.delivery.tables import Delivery
from bot.desk.errors import RefusedError
from bot.desk.members import require_member
from bot.desk.open_talks import open_stages
from bot.desk.tables import TALKING, Chat, Message, Stage
from bot.desk.talking import described
from bot.desk.views import OpenConsultation


@dataclass(frozen=True)
class TalkingInView:
    """The consultation switched to, and all that can be."""

    consultation: int
    options: tuple[OpenConsultation, ...]


def talk_in(session: Session, chat_id: int, consultation_id: int, *, now: datetime) -> None:
    """From now on what this person writes goes to one consultation; kept and shown.

    Raises RefusedError("not_talking") where they have no say in it now.
    """
    member = require_member(session, chat_id)
    if open_stages(session, member.person_id).get(consultation_id) not in TALKING:
        raise RefusedError("not_talking", consultation=consultation_id)
    chat = session.get_one(Chat, chat_id)
    chat.current_id, chat.current_since = consultation_id, now
    session.add(chat)
    view = TalkingInView(consultation_id, tuple(described(session, member)))
    owe_card(
        session,
        chat_id,
        "talking_in",
        view,
        now=now,
        language=member.language,
        thread=consultation_id,
    )


def meant(session: Session, chat_id: int, found: Mapping[int, Stage]) -> int | None:
    """The consultation switched to, while there is no doubt that it is meant.

    There is one as soon as another consultation was told of here, or written to, since.
    """
    chat = session.get_one(Chat, chat_id)
    current, since = chat.current_id, chat.current_since
    if current is None or since is None or found.get(current) not in TALKING:
        return None
    # The switch itself was told of as a card of its consultation.
    told = session.exec(
        select(Delivery.thread)
        .where(Delivery.chat_id == chat_id, col(Delivery.thread).is_not(None))
        .order_by(col(Delivery.id).desc())
        .limit(1)
    ).first()
    written = session.exec(
        select(Message.consultation_id)
        .where(Message.chat_id == chat_id, Message.written_at >= since)
        .order_by(col(Message.id).desc())
        .limit(1)
    ).first()
    return current if told == current and written in (None, current) else None
