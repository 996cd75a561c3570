"""Where a consultation is talked of with a person: which chat, and whether in a topic of its own.

That a message goes into the topic of its consultation, where there is one, the sender sees to
(bot.delivery.topics.room_for); that there is one, bot.desk.opening.
"""

from datetime import datetime
from typing import Protocol

from sqlalchemy import bindparam
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from bot.delivery.outbox import owe_card
from bot.delivery.tables import Priority, TopicState
from bot.delivery.topics import topic_of
from bot.desk.tables import Consultation, LabGroup, LabState, Level, Message
from bot.desk.views import Heard
from knowledge.prepared import Prepared
from knowledge.tables import Person

# Under this key a session knows whether the bot's private chats have topics (getMe says so).
TOPICS = "topics_in_private"
# What the lab sees of the cards told to its mentor: what concerns the talk, and no other person.
SHOWN_TO_LAB = frozenset({"accepted_mentor", "not_yet", "closed_mentor"})
_LAB = Prepared(
    select_columns(col(LabGroup.chat_id), col(Person.language))
    .join(Person, col(Person.id) == col(LabGroup.mentor_id))
    .join(Consultation, col(Consultation.mentor_id) == col(LabGroup.mentor_id))
    .where(
        col(LabGroup.mentor_id) == bindparam("mentor"),
        col(LabGroup.state) == LabState.BOUND,
        col(Consultation.id) == bindparam("consultation"),
        # The others are for whoever accepts, alone.
        col(Consultation.level) == Level.PUBLIC,
    )
)


class Sides(Protocol):
    """Of a Consultation, who talks in it."""

    id: int | None
    asker_id: int
    mentor_id: int | None


def lab_of(session: Session, consultation_id: int, mentor_id: int) -> tuple[int, str] | None:
    """(group, language) where a mentor's lab talks of this consultation, or is to.

    None where its asker keeps it from others, as from anybody but its mentor.
    """
    rows = _LAB.rows(session, mentor=mentor_id, consultation=consultation_id)
    if not rows:
        return None
    stand = topic_of(session, rows[0].chat_id, consultation_id)
    if stand is not None and stand.state is TopicState.NONE:
        return None  # it could not be opened there: the mentor alone is told
    return rows[0].chat_id, rows[0].language


def lab_shown(
    session: Session, mentor_id: int, consultation_id: int, card: str
) -> tuple[int, str] | None:
    """The lab that reads along a card told to its mentor."""
    lab = lab_of(session, consultation_id, mentor_id) if card in SHOWN_TO_LAB else None
    if lab is None or topic_of(session, lab[0], consultation_id) is None:
        return None
    return lab


def is_group(chat_id: int) -> bool:
    """Telegram's ids of groups are negative."""
    return chat_id < 0


def language_in(session: Session, group: int) -> str | None:
    """The language of the mentor whose lab it is, or is to be."""
    found = select(Person.language).join(LabGroup, col(LabGroup.mentor_id) == Person.id)
    newest = found.where(LabGroup.chat_id == group).order_by(col(LabGroup.id).desc())
    return session.exec(newest).first()


def lab_beside(session: Session, consultation: Sides) -> tuple[int, str] | None:
    """The lab of its mentor, if it has one."""
    if consultation.mentor_id is None or consultation.id is None:
        return None
    return lab_of(session, consultation.id, consultation.mentor_id)


def say_who(
    session: Session,
    consultation_id: int,
    heard: Heard,
    chat_id: int,
    language: str,
    now: datetime,
) -> None:
    """On the mentor's side several write: a line says so each time that it is another one."""
    before = session.exec(
        select(Message)
        .where(
            Message.consultation_id == consultation_id,
            col(Message.by_asker).is_(False),
            (Message.chat_id != heard.chat_id) | (Message.message_id != heard.message_id),
        )
        .order_by(col(Message.id).desc())
        .limit(1)
    ).first()
    if heard.by == (before.writer if before is not None else ""):
        return
    view = {"consultation": consultation_id, "name": heard.by}
    owe_card(
        session,
        chat_id,
        "lab_writes",
        view,
        now=now,
        language=language,
        thread=consultation_id,
        priority=Priority.MESSAGE,
    )


def is_topical(session: Session, chat_id: int, consultation_id: int) -> bool:
    """Whether this consultation has a topic in a private chat, or it is being opened."""
    if not session.info.get(TOPICS):
        return False
    stand = topic_of(session, chat_id, consultation_id)
    return stand is not None and stand.state is not TopicState.NONE
