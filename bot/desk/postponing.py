"""More new questions than one may ask in a day wait for room, and are asked by themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select

from bot.desk import parking
from bot.desk.asking import ask
from bot.desk.members import await_text, notify
from bot.desk.tables import Awaiting, Ban, Chat, ChatState, Consultation, Parked, ParkedFor
from bot.desk.views import Found, Heard

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Waiting:
    """A question whose turn has come."""

    parked: int
    heard: Heard


def has_room(session: Session, chat_id: int, most: int, at: datetime) -> bool:
    """Whether one more may be asked now: those that wait already go first."""
    return not _waiting_in(session, chat_id) and _asked(session, chat_id, at) < most


def postpone(session: Session, heard: Heard, most: int, *, now: datetime) -> None:
    """Keep a question until there is room; its asker is told with the first that waits."""
    first = not _waiting_in(session, heard.chat_id)
    parking.keep(session, heard, now, ParkedFor.ROOM)
    if first:
        _explain(session, heard, most, now)


def postpone_parked(
    session: Session, chat_id: int, parked_id: int, most: int, *, now: datetime
) -> None:
    """As `postpone`, for a kept message that turns out to be a question."""
    parked = parking.parked_message(session, chat_id, parked_id)
    first = not _waiting_in(session, chat_id)
    parked.waits_for = ParkedFor.ROOM
    session.add(parked)
    if first:
        _explain(session, parking.heard_of(parked), most, now)


def next_waiting(session: Session, most: int, at: datetime) -> Waiting | None:
    """The oldest question for which there is room, of somebody who can be answered now."""
    banned = select(Ban.person_id).where(col(Ban.lifted_at).is_(None))
    waiting = (
        select(Parked)
        .join(Chat, col(Chat.chat_id) == Parked.chat_id)
        .where(
            Parked.waits_for == ParkedFor.ROOM,
            col(Parked.settled_at).is_(None),
            Chat.state == ChatState.ACTIVE,
            Chat.consent_version > 0,
            col(Chat.person_id).not_in(banned),
        )
        .order_by(col(Parked.id))
    )
    full: set[int] = set()
    for parked in session.exec(waiting):
        if parked.chat_id not in full and _asked(session, parked.chat_id, at) < most:
            return Waiting(parked.id or 0, parking.heard_of(parked))
        full.add(parked.chat_id)
    return None


def ask_now(session: Session, heard: Heard, found: Sequence[Found], *, now: datetime) -> int:
    """Ask what waited; a form that its asker has opened meanwhile stays open, untouched."""
    chat = session.get_one(Chat, heard.chat_id)
    awaiting, notes = chat.awaiting, chat.notes
    await_text(session, heard.chat_id, Awaiting.NOTHING)
    session.flush()
    number = ask(session, heard, found, now=now)
    await_text(session, heard.chat_id, awaiting, notes)
    return number


def _explain(session: Session, heard: Heard, most: int, now: datetime) -> None:
    chat_id, message = heard.chat_id, heard.message_id
    notify(session, chat_id, "too_many_questions", now=now, reply_to=message, limit=most)


def _asked(session: Session, chat_id: int, at: datetime) -> int:
    """New questions of a day, by the person of this chat."""
    asked = (
        select(func.count())
        .select_from(Consultation)
        .join(Chat, col(Chat.person_id) == Consultation.asker_id)
        .where(Chat.chat_id == chat_id, Consultation.asked_at > at - DAY)
    )
    return session.exec(asked).one()


def _waiting_in(session: Session, chat_id: int) -> bool:
    waits = select(Parked.id).where(
        Parked.chat_id == chat_id,
        Parked.waits_for == ParkedFor.ROOM,
        col(Parked.settled_at).is_(None),
    )
    return session.exec(waits).first() is not None
