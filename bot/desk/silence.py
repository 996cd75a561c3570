"""Talks in which nobody writes: whoever should is reminded, and in the end they are closed.

A talk is closed for its silence only where its asker has had the last word to say. Where the
mentor owes an answer the admins are told, and it stays open.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, func
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from bot.desk.asking import own_consultation
from bot.desk.hours import hours_of
from bot.desk.members import name_of, require_member, tell, tell_role
from bot.desk.parting import note_closing, show_closed
from bot.desk.tables import TALKING, Consultation, Message, Quiet, Stage
from bot.desk.views import ClosedView, Words
from knowledge.tables import PersonRole


@dataclass(frozen=True)
class SilenceView:
    """`until`: when it is closed, unless somebody writes."""

    consultation: int
    since: datetime
    until: datetime | None = None
    mentor: Words = Words("", "")  # noqa: RUF009 (frozen)


@dataclass(frozen=True)
class Patience:
    """`quiet`: so long nobody need write. `warned`: so much longer until a warning is meant."""

    quiet: timedelta
    warned: timedelta


@dataclass(frozen=True)
class _Silence:
    """In one consultation: since when, and whether its mentor owes an answer."""

    since: datetime
    owed: bool


def end_silences(session: Session, patience: Patience, *, now: datetime) -> int:
    """Warn, remind, tell the admins or close, wherever it is time; how many were looked at."""
    due = [row.id for row in _talks(session) if _since(row) <= now - patience.quiet]
    for number in due:
        consultation = session.get_one(
            Consultation, number, with_for_update=True, populate_existing=True
        )
        row = next(iter(_talks(session, number)), None)  # somebody may have written meanwhile
        if row is not None and _since(row) <= now - patience.quiet:
            _act(session, consultation, _Silence(_since(row), _owed(row)), patience, now)
    return len(due)


def keep_open(session: Session, chat_id: int, consultation_id: int, *, now: datetime) -> None:
    """The asker wants it open: the silence counts from now."""
    member = require_member(session, chat_id)
    own_consultation(session, member, consultation_id, *TALKING)
    quiet = _quiet(session, consultation_id)
    slot = _slot(quiet)
    quiet.since, quiet.warned_at, quiet.admins_at = now, None, None
    session.add(quiet)
    view, person = {"consultation": consultation_id}, member.person_id
    tell(session, person, "kept_open", view, now=now, thread=consultation_id, slot=slot)


def _talks(session: Session, number: int | None = None) -> Sequence[Row[Any]]:
    """Each talk with its last message and what was done about its silence."""
    any_of_it = aliased(Message)
    last = (
        select_columns(func.max(any_of_it.id))
        .where(col(any_of_it.consultation_id) == Consultation.id)
        .correlate(Consultation)
        .scalar_subquery()
    )
    query: Any = (
        select_columns(
            col(Consultation.id),
            col(Consultation.stage),
            col(Consultation.accepted_at),
            col(Message.by_asker),
            col(Message.written_at),
            col(Quiet.since),
        )
        .select_from(Consultation)
        .outerjoin(Message, col(Message.id) == last)
        .outerjoin(Quiet, col(Quiet.consultation_id) == Consultation.id)
        .where(col(Consultation.stage).in_(TALKING))
        .order_by(col(Consultation.id))
    )
    if number is not None:
        query = query.where(col(Consultation.id) == number)
    rows: Sequence[Row[Any]] = session.connection().execute(query).all()
    return rows


def _since(row: Row[Any]) -> datetime:
    times: list[datetime | None] = [row.accepted_at, row.written_at, row.since]
    return max(at for at in times if at is not None)


def _owed(row: Row[Any]) -> bool:
    """The question itself waits for an answer until the mentor has written."""
    return row.stage is Stage.ACTIVE and row.by_asker is not False


def _act(
    session: Session,
    consultation: Consultation,
    silence: _Silence,
    patience: Patience,
    now: datetime,
) -> None:
    quiet = _quiet(session, consultation.id or 0)
    warned = quiet.warned_at if _after(quiet.warned_at, silence.since) else None
    if warned is None:
        mentor = consultation.mentor_id
        if silence.owed and mentor and not hours_of(session, mentor).is_open(now):
            return  # their next working hour is soon enough
        quiet.warned_at = now
        session.add(quiet)
        _warn(session, consultation, quiet, silence, now + patience.warned, now)
    elif warned > now - patience.warned:
        return
    elif not silence.owed:
        _close(session, consultation, now)
    elif not _after(quiet.admins_at, silence.since) and _tell_admins(
        session, consultation, silence, now
    ):
        quiet.admins_at = now
        session.add(quiet)


def _after(at: datetime | None, since: datetime) -> bool:
    return at is not None and at >= since


def _warn(
    session: Session,
    consultation: Consultation,
    quiet: Quiet,
    silence: _Silence,
    until: datetime,
    now: datetime,
) -> None:
    number, slot = consultation.id or 0, _slot(quiet)
    if silence.owed and consultation.mentor_id is not None:
        view = SilenceView(number, silence.since)
        mentor = consultation.mentor_id
        tell(session, mentor, "answer_owed", view, now=now, thread=number, slot=slot)
    else:
        view = SilenceView(number, silence.since, until)
        asker = consultation.asker_id
        tell(session, asker, "quiet", view, now=now, thread=number, slot=slot)


def _close(session: Session, consultation: Consultation, now: datetime) -> None:
    consultation.fall_silent(now)
    session.add(consultation)
    closing = note_closing(session, consultation, None, now)
    view = ClosedView(consultation.id or 0, None)
    show_closed(session, consultation, consultation.asker_id, "fell_silent", view, closing, now)
    if consultation.mentor_id is not None:
        mentor = consultation.mentor_id
        show_closed(session, consultation, mentor, "closed_mentor", view, closing, now)


def _tell_admins(
    session: Session, consultation: Consultation, silence: _Silence, now: datetime
) -> bool:
    """False where no admin can be told yet. The asker learns that they know, and may close."""
    assert consultation.mentor_id is not None
    mentor, _ = name_of(session, consultation.mentor_id)
    number = consultation.id or 0
    view = SilenceView(number, silence.since, None, mentor)
    if not tell_role(session, PersonRole.ADMIN, "unanswered", view, now=now):
        return False
    asker = consultation.asker_id
    tell(session, asker, "still_unanswered", view, now=now, thread=number)
    return True


def _quiet(session: Session, consultation_id: int) -> Quiet:
    return session.get(Quiet, consultation_id) or Quiet(consultation_id=consultation_id)


def _slot(quiet: Quiet) -> str:
    """Each warning is a message of its own; what comes of it is said there."""
    at = int(quiet.warned_at.timestamp()) if quiet.warned_at else 0
    return f"quiet:{quiet.consultation_id}:{at}"
