"""Everything said in a consultation, as a file for whoever took part."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, and_, col, exists, select

from bot.delivery.outbox import owe_document
from bot.delivery.tables import Delivery, DeliveryState, MessagePair
from bot.desk.details import answered_in
from bot.desk.errors import RefusedError
from bot.desk.members import language_of, name_of, require_member, tell
from bot.desk.similar import UsedLine, used_in
from bot.desk.tables import (
    CLOSED,
    TALKING,
    Chat,
    Consultation,
    Message,
    Transcript,
    TranscriptState,
)
from bot.desk.views import DetailLine, Words

# So often a file is begun before its reader is told that it can't be made.
ATTEMPTS = 3
# A file that is still to be sent lies at most so long.
LONGEST = timedelta(days=30)
_TO_BE_SENT = (DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.HELD)


@dataclass(frozen=True)
class TranscriptJob:
    """`attempt`: which one this is, from 1."""

    id: int
    consultation: int
    language: str
    attempt: int

    @property
    def last(self) -> bool:
        return self.attempt >= ATTEMPTS


@dataclass(frozen=True)
class Line:
    """One message in its last version; `number` counts from 1, `answers` is another's number.

    `asker_reaction`, `mentor_reaction`: the emoji that stands there.
    """

    number: int
    at: datetime
    edited_at: datetime | None
    removed: bool
    by_asker: bool
    name: Words
    writer: str
    kind: str
    text: str
    entities: Sequence[Mapping[str, Any]] = ()
    file: Mapping[str, Any] = field(default_factory=dict)
    quote: str = ""
    answers: int | None = None
    asker_reaction: str = ""
    mentor_reaction: str = ""


@dataclass(frozen=True)
class TranscriptView:
    """`before`: what was asked before it was accepted. `used`: earlier answers that were sent."""

    consultation: int
    stage: str
    question: str
    asker: Words
    enterprise: Words
    mentor: Words
    organisation: Words
    asked_at: datetime
    accepted_at: datetime | None
    ended_at: datetime | None
    rating: int | None
    lines: tuple[Line, ...]
    before: tuple[DetailLine, ...] = ()
    used: tuple[UsedLine, ...] = ()


def want(session: Session, chat_id: int, consultation_id: int, *, now: datetime) -> None:
    """Either side asks for it; one that is being made is not made twice."""
    member = require_member(session, chat_id)
    consultation = session.get(Consultation, consultation_id, with_for_update=True)
    sides = (consultation.asker_id, consultation.mentor_id) if consultation else ()
    if consultation is None or member.person_id not in sides:
        raise RefusedError("not_yours")
    if consultation.stage not in (*TALKING, *CLOSED):
        stage = consultation.stage.value
        raise RefusedError("wrong_stage", consultation=consultation_id, stage=stage)
    wanted = (
        Transcript.consultation_id == consultation_id,
        Transcript.chat_id == chat_id,
        Transcript.state == TranscriptState.WANTED,
    )
    if session.exec(select(Transcript.id).where(*wanted)).first() is None:
        session.add(Transcript(consultation_id=consultation_id, chat_id=chat_id, wanted_at=now))
    view, person = {"consultation": consultation_id}, member.person_id
    tell(session, person, "transcript_wanted", view, now=now, thread=consultation_id)


def begin_next(session: Session, *, now: datetime) -> TranscriptJob | None:  # noqa: ARG001 (use cases have a clock)
    """The oldest that is wanted; each beginning is counted, so that none is tried for ever."""
    row = session.exec(
        select(Transcript)
        .where(Transcript.state == TranscriptState.WANTED)
        .order_by(col(Transcript.attempts), col(Transcript.id))
    ).first()
    if row is None:
        return None
    row.attempts += 1
    session.add(row)
    language = language_of(session, row.chat_id)
    return TranscriptJob(row.id or 0, row.consultation_id, language, row.attempts)


def transcript_of(session: Session, consultation_id: int) -> TranscriptView:
    consultation = session.get_one(Consultation, consultation_id)
    asker, enterprise = name_of(session, consultation.asker_id)
    nobody = Words("", "")
    found = consultation.mentor_id and name_of(session, consultation.mentor_id)
    mentor, organisation = found or (nobody, nobody)
    return TranscriptView(
        consultation=consultation_id,
        stage=consultation.stage.value,
        question=consultation.forwarded,
        asker=asker,
        enterprise=enterprise,
        mentor=mentor,
        organisation=organisation,
        asked_at=consultation.asked_at,
        accepted_at=consultation.accepted_at,
        ended_at=consultation.ended_at,
        rating=consultation.rating,
        lines=tuple(_lines(session, consultation_id, asker, mentor)),
        before=answered_in(session, consultation),
        used=used_in(session, consultation_id),
    )


def finish(session: Session, transcript_id: int, path: str, *, now: datetime) -> None:
    """It lies at `path`, and is owed to whoever asked for it."""
    row = session.get_one(Transcript, transcript_id)
    if row.state is not TranscriptState.WANTED:
        return
    row.state, row.path, row.ended_at = TranscriptState.MADE, path, now
    session.add(row)
    filename = f"xiaoqi-{row.consultation_id}.zip"
    owe_document(session, row.chat_id, path, now=now, filename=filename)


def fail(session: Session, transcript_id: int, *, now: datetime) -> None:
    row = session.get_one(Transcript, transcript_id)
    row.state, row.ended_at = TranscriptState.FAILED, now
    session.add(row)
    person = session.get_one(Chat, row.chat_id).person_id
    view, thread = {"consultation": row.consultation_id}, row.consultation_id
    tell(session, person, "transcript_failed", view, now=now, thread=thread)


def sweep(session: Session, *, now: datetime) -> list[str]:
    """Paths that nobody waits for any more: what was sent, and what could not be for too long."""
    waits = exists().where(
        col(Delivery.attachment) == Transcript.path, col(Delivery.state).in_(_TO_BE_SENT)
    )
    done = session.exec(
        select(Transcript).where(
            Transcript.state == TranscriptState.MADE,
            ~waits | (col(Transcript.ended_at) <= now - LONGEST),
        )
    ).all()
    for row in done:
        row.state = TranscriptState.SWEPT
        session.add(row)
    return [row.path for row in done]


def _lines(session: Session, consultation_id: int, asker: Words, mentor: Words) -> Sequence[Line]:
    rows = session.exec(
        select(Message).where(Message.consultation_id == consultation_id).order_by(col(Message.id))
    ).all()
    numbers = _numbers(session, consultation_id, rows)
    names = _names(session, {row.chat_id for row in rows})
    return [
        Line(
            number=number,
            at=row.written_at,
            edited_at=row.edited_at,
            removed=row.removed_at is not None,
            by_asker=row.by_asker,
            name=names.get(row.chat_id) or (asker if row.by_asker else mentor),
            writer=row.writer,
            kind=row.kind,
            text=row.text,
            entities=tuple(row.entities),
            file=row.file,
            quote=str(row.quote.get("text", "")),
            answers=numbers.get((row.chat_id, row.reply_to or 0)),
            asker_reaction=row.asker_reaction or "",
            mentor_reaction=row.mentor_reaction or "",
        )
        for number, row in enumerate(rows, start=1)
    ]


def _numbers(
    session: Session, consultation_id: int, rows: Sequence[Message]
) -> dict[tuple[int, int], int]:
    """Where each message stands, by its place in its writer's chat and in those of its readers."""
    numbers = {(row.chat_id, row.message_id): place for place, row in enumerate(rows, start=1)}
    written = and_(
        col(MessagePair.source_chat) == Message.chat_id,
        col(MessagePair.source_message) == Message.message_id,
    )
    pairs = session.exec(
        select(MessagePair)
        .join(Message, written)
        .where(Message.consultation_id == consultation_id)
        .order_by(col(MessagePair.id))
    )
    copies = {
        (pair.copy_chat, pair.copy_message): numbers[pair.source_chat, pair.source_message]
        for pair in pairs
    }
    return copies | numbers


def _names(session: Session, chats: set[int]) -> dict[int, Words]:
    """Of those who wrote in chats of their own; a lab's group is nobody's."""
    rows = session.exec(select(Chat.chat_id, Chat.person_id).where(col(Chat.chat_id).in_(chats)))
    return {chat_id: name_of(session, person_id)[0] for chat_id, person_id in rows}
