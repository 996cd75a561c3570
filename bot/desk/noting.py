"""Notes among those who answer a consultation; its asker never sees one.

A note is no message: nothing that carries, transcribes or searches messages knows of this table.
What shows one is sent to its reader's own chat and belongs to no consultation, so that no reply
to it is taken for a word to the other side.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, or_, select

from bot.delivery.outbox import owe_card, thread_of
from bot.delivery.tables import Delivery
from bot.delivery.topics import thread_in
from bot.desk import undertaking
from bot.desk.errors import RefusedError
from bot.desk.members import chat_of, name_of, require_role
from bot.desk.resting import ANSWERING
from bot.desk.tables import (
    TALKING,
    Consultation,
    Follow,
    FollowedAs,
    FollowState,
    InternalNote,
    Message,
    Offer,
    OfferedAs,
    OfferState,
    Stage,
    Transfer,
)
from bot.desk.views import Heard, Words

NOTE_LENGTH = 1000
# What one card can show of them, in UTF-16 units; the newest stand on it.
CARD_LENGTH = 3000
CARDS = ("notes", "noted", "note_left")
_NUMBER = re.compile(r"#(\d{1,9})(?!\w)\s*")
# Mentors present and former, and a liaison who passed it on.
_HAD = (OfferState.ACCEPTED, OfferState.LEFT, OfferState.ESCALATED)


@dataclass(frozen=True)
class Note:
    name: Words
    at: datetime
    text: str


@dataclass(frozen=True)
class NotesView:
    """The newest, oldest of them first; `more` stand before."""

    consultation: int
    notes: tuple[Note, ...]
    more: int


def leave(session: Session, heard: Heard, *, now: datetime) -> None:
    """/note in reply to something of a consultation, in its topic, with its number, or of the only
    talk there is.

    Without words it shows what was noted. Raises RefusedError: "note_how" where it says of no
    consultation, "note_which" where it says of two, "note_long", "not_yours".
    """
    member = require_role(session, heard.chat_id, *ANSWERING)
    number, text = _meant(session, heard, member.person_id)
    consultation = _require_involved(session, member.person_id, number)
    if not text:
        _show(session, heard.chat_id, member.language, number, now)
        return
    if len(text) > NOTE_LENGTH:
        raise RefusedError("note_long", limit=NOTE_LENGTH)
    session.add(
        InternalNote(consultation_id=number, writer_id=member.person_id, text=text, written_at=now)
    )
    view, answered = {"consultation": number}, (heard.chat_id, heard.message_id)
    given: dict[str, Any] = {"now": now, "language": member.language, "reply_to": answered}
    owe_card(session, heard.chat_id, "noted", view, **given)
    if consultation.mentor_id not in (None, member.person_id):
        tell_of(session, consultation, now)


def show(session: Session, chat_id: int, consultation_id: int, *, now: datetime) -> None:
    member = require_role(session, chat_id, *ANSWERING)
    _require_involved(session, member.person_id, consultation_id)
    _show(session, chat_id, member.language, consultation_id, now)


def tell_of(session: Session, consultation: Consultation, now: datetime) -> None:
    """Whoever has it now learns that there are notes, if there are; the words wait for a tap."""
    here = chat_of(session, consultation.mentor_id) if consultation.mentor_id else None
    count = count_of(session, consultation.id or 0)
    if here is None or not count:
        return
    view = {"consultation": consultation.id, "count": count}
    owe_card(session, here[0], "note_left", view, now=now, language=here[1])


def count_of(session: Session, consultation_id: int) -> int:
    counted = select(func.count()).select_from(InternalNote)
    return session.exec(counted.where(InternalNote.consultation_id == consultation_id)).one()


def noted_in(session: Session, chat_id: int, message_id: int) -> int | None:
    """The consultation whose notes a card shows, None for anything else."""
    shown = select(Delivery.values).where(
        Delivery.chat_id == chat_id,
        Delivery.sent_message == message_id,
        col(Delivery.card).in_(CARDS),
    )
    values = session.exec(shown).first()
    return int(values["consultation"]) if values else None


def may_read(session: Session, person_id: int, consultation: Consultation) -> bool:
    """Its mentors present and former, the liaison and the admins who had a part in it."""
    if consultation.asker_id == person_id or consultation.stage is Stage.DRAFT:
        return False
    if undertaking.lacks(session, person_id, consultation):
        return False
    return consultation.mentor_id == person_id or _had_part(
        session, person_id, consultation.id or 0
    )


def _had_part(session: Session, person_id: int, number: int) -> bool:
    offered = select(Offer.id).where(
        Offer.consultation_id == number,
        Offer.person_id == person_id,
        or_(
            col(Offer.state).in_(_HAD),
            (col(Offer.state) == OfferState.OPEN)
            & col(Offer.offered_as).in_((OfferedAs.LIAISON, OfferedAs.ADMIN)),
        ),
    )
    followed = select(Follow.id).where(
        Follow.consultation_id == number,
        Follow.person_id == person_id,
        Follow.followed_as == FollowedAs.LIAISON,
        Follow.state == FollowState.FOLLOWING,
    )
    moved = select(Transfer.id).where(
        Transfer.consultation_id == number, Transfer.by_id == person_id
    )
    return any(session.exec(part).first() is not None for part in (offered, followed, moved))


def _require_involved(session: Session, person_id: int, number: int) -> Consultation:
    """One that is another's and one that is none are refused alike."""
    consultation = session.get(Consultation, number)
    if consultation is None or not may_read(session, person_id, consultation):
        raise RefusedError("not_yours")
    return consultation


def _meant(session: Session, heard: Heard, person_id: int) -> tuple[int, str]:
    text = heard.text.strip()
    typed = _NUMBER.match(text)
    number, seen = int(typed[1]) if typed else None, _thread(session, heard)
    if number is None and seen is None:
        seen = _only_talk(session, person_id)
    if number is not None and seen is not None and number != seen:
        raise RefusedError("note_which", consultation=seen, number=number)
    return number or seen or 0, text[typed.end() :] if typed else text


def _only_talk(session: Session, person_id: int) -> int:
    """The one talk that they have as its mentor: no other can be meant."""
    theirs = (Consultation.mentor_id == person_id, col(Consultation.stage).in_(TALKING))
    found = session.exec(select(Consultation.id).where(*theirs).limit(2)).all()
    if len(found) != 1:
        raise RefusedError("note_how")
    return found[0] or 0


def _thread(session: Session, heard: Heard) -> int | None:
    """Of what was replied to: a card, a copy, a message of one's own, or earlier notes."""
    if heard.reply_to is None:
        return thread_in(session, heard.chat_id, heard.topic) if heard.topic else None
    found = thread_of(session, heard.chat_id, heard.reply_to)
    if found is None:
        found = noted_in(session, heard.chat_id, heard.reply_to)
    if found is not None:
        return found
    own = select(Message.consultation_id).where(
        Message.chat_id == heard.chat_id, Message.message_id == heard.reply_to
    )
    return session.exec(own).first()


def _show(session: Session, chat_id: int, language: str, number: int, now: datetime) -> None:
    rows = session.exec(
        select(InternalNote)
        .where(InternalNote.consultation_id == number)
        .order_by(col(InternalNote.id).desc())
    ).all()
    shown: list[Note] = []
    room = CARD_LENGTH
    for row in rows:
        room -= len(row.text.encode("utf-16-le")) // 2
        if room < 0 and shown:
            break
        shown.append(Note(name_of(session, row.writer_id)[0], row.written_at, row.text))
    view = NotesView(number, tuple(reversed(shown)), len(rows) - len(shown))
    owe_card(session, chat_id, "notes", view, now=now, language=language)
