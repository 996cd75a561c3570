"""The asker answers what a mentor asked before deciding: previewed, as all that is read before."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlmodel import Session, col, select

from bot.delivery.outbox import owe_card
from bot.desk.detailing import show_asker
from bot.desk.details import hand_over, is_shown
from bot.desk.errors import RefusedError
from bot.desk.marking import Span, redacted
from bot.desk.members import await_text, notify, require_member, tell
from bot.desk.reminding import show_anew
from bot.desk.tables import (
    TALKING,
    Awaiting,
    Chat,
    Consultation,
    Detail,
    DetailState,
    Offer,
    OfferState,
    Stage,
)
from bot.desk.veiling import MARKS, marks_of, pieces
from bot.desk.views import Mark, Member, Piece

ANSWER_LIMIT = 300


@dataclass(frozen=True)
class DetailPreviewView:
    """Exactly what will be read; `seen` stands for it in the buttons that send it."""

    detail: int
    consultation: int
    question: str
    pieces: tuple[Piece, ...]
    marks: tuple[Mark, ...]
    level: str
    seen: str
    talking: bool


def answer(session: Session, chat_id: int, detail_id: int, *, now: datetime) -> None:
    """Only now their next text is the answer."""
    row, _, _ = _own(session, chat_id, detail_id)
    await_text(session, chat_id, Awaiting.DETAIL_ANSWER, {"detail": detail_id})
    show_asker(session, row, now, "typing", ANSWER_LIMIT)


def fill(session: Session, chat_id: int, typed: str, *, now: datetime) -> None:
    """What was asked for by the button."""
    write(session, chat_id, int(session.get_one(Chat, chat_id).notes["detail"]), typed, now=now)


def write(session: Session, chat_id: int, detail_id: int, typed: str, *, now: datetime) -> None:
    """A draft, shown as it would be read; nobody reads it yet.

    Raises RefusedError("details_long"); the form stays open then.
    """
    try:
        row, consultation, member = _own(session, chat_id, detail_id)
    except RefusedError as refused:  # the form must not outlive what it is about
        _leave_form(session, chat_id, detail_id)
        values: dict[str, Any] = refused.values
        notify(session, chat_id, refused.code, now=now, **values)
        return
    text = typed.strip()
    if len(text) > ANSWER_LIMIT:
        raise RefusedError("details_long", limit=ANSWER_LIMIT, length=len(text))
    row.answer, row.kept, row.version = text, [], row.version + 1
    _leave_form(session, chat_id, detail_id)
    _preview(session, row, consultation, member, now)


def redact(session: Session, chat_id: int, detail_id: int, key: str, *, now: datetime) -> None:
    """What was marked goes, wherever it stands in the answer."""
    row, consultation, member = _own(session, chat_id, detail_id)
    _redact(row, consultation, _marked(session, row, consultation, key))
    _preview(session, row, consultation, member, now)


def redact_all(session: Session, chat_id: int, detail_id: int, *, now: datetime) -> None:
    """Whatever is still marked; what was kept stays."""
    row, consultation, member = _own(session, chat_id, detail_id)
    _redact(row, consultation, marks_of(session, consultation, row.answer, row.kept))
    _preview(session, row, consultation, member, now)


def keep(session: Session, chat_id: int, detail_id: int, key: str, *, now: datetime) -> None:
    """What was marked is meant to be read, and is marked no more."""
    row, consultation, member = _own(session, chat_id, detail_id)
    _marked(session, row, consultation, key)
    row.kept = [*row.kept, key]
    _preview(session, row, consultation, member, now)


def send(
    session: Session, chat_id: int, detail_id: int, seen: str, shared: int, *, now: datetime
) -> None:
    """From now on it is part of the question: whoever is offered it reads it, or with `shared`
    nought whoever accepts it; whoever has accepted meanwhile has it at once.

    Raises RefusedError("preview_old") for the button of a preview that showed something else.
    """
    row, consultation, _ = _own(session, chat_id, detail_id)
    if not row.answer or seen != _seen(row, consultation):
        raise RefusedError("preview_old", consultation=row.consultation_id)
    row.shared = bool(shared)
    _end(session, row, DetailState.ANSWERED, now)
    _show_preview_sent(session, row, now)
    _tell_those_asked(session, row, consultation, now)


def refuse(session: Session, chat_id: int, detail_id: int, *, now: datetime) -> None:
    """They would rather not say; whoever asked decides without."""
    row, consultation, _ = _own(session, chat_id, detail_id)
    row.answer = ""
    _end(session, row, DetailState.UNSAID, now)
    _leave_form(session, chat_id, detail_id)
    _tell_those_asked(session, row, consultation, now)


def _own(session: Session, chat_id: int, detail_id: int) -> tuple[Detail, Consultation, Member]:
    """Raises RefusedError: "not_yours", "details_over", "wrong_stage"."""
    member = require_member(session, chat_id)
    row = session.get(Detail, detail_id)
    if row is None or row.asker_id != member.person_id:
        raise RefusedError("not_yours")
    consultation = session.get_one(Consultation, row.consultation_id, with_for_update=True)
    session.refresh(row)
    if row.state is not DetailState.ASKED:
        raise RefusedError("details_over", consultation=row.consultation_id)
    if consultation.stage not in (Stage.OFFERED, *TALKING):
        stage = consultation.stage.value
        raise RefusedError("wrong_stage", consultation=row.consultation_id, stage=stage)
    return row, consultation, member


def _leave_form(session: Session, chat_id: int, detail_id: int) -> None:
    """Another form stays open."""
    chat = session.get_one(Chat, chat_id)
    if chat.awaiting is Awaiting.DETAIL_ANSWER and chat.notes.get("detail") == detail_id:
        await_text(session, chat_id, Awaiting.NOTHING)


def _end(session: Session, row: Detail, state: DetailState, now: datetime) -> None:
    row.state, row.answered_at = state, now
    session.add(row)
    session.flush()
    show_asker(session, row, now)


def _tell_those_asked(
    session: Session, row: Detail, consultation: Consultation, now: datetime
) -> None:
    """Every open offer on which something changed is shown anew, for an edited card makes no
    sound; where somebody has accepted meanwhile, they have it."""
    open_ = select(Offer).where(
        Offer.consultation_id == row.consultation_id, Offer.state == OfferState.OPEN
    )
    for offer in session.exec(open_.order_by(col(Offer.id))).all():
        if is_shown(row, consultation, offer):
            show_anew(session, consultation, offer, now)
    if consultation.mentor_id is not None and row.state is DetailState.ANSWERED:
        hand_over(session, consultation, consultation.mentor_id, now)


def _seen(row: Detail, consultation: Consultation) -> str:
    """Stands for what a preview shows: a button of 64 bytes holds it."""
    return sha256(f"{consultation.level}|{row.version}|{row.answer}".encode()).hexdigest()[:12]


def _marked(session: Session, row: Detail, consultation: Consultation, key: str) -> list[Span]:
    """Raises RefusedError("preview_old") where the answer no longer holds it."""
    marks = marks_of(session, consultation, row.answer, row.kept)
    found = [one for one in marks if one.key(row.answer) == key]
    if not found:
        raise RefusedError("preview_old", consultation=row.consultation_id)
    return found


def _redact(row: Detail, consultation: Consultation, found: list[Span]) -> None:
    row.answer = redacted(row.answer, found, consultation.language)


def _preview(
    session: Session, row: Detail, consultation: Consultation, member: Member, now: datetime
) -> None:
    """One message for each draft, edited as it is redacted."""
    session.add(row)
    session.flush()
    spans = marks_of(session, consultation, row.answer, row.kept)
    cut, marks = pieces(row.answer, spans)
    view = DetailPreviewView(
        detail=row.id or 0,
        consultation=row.consultation_id,
        question=row.question,
        pieces=cut,
        marks=marks[:MARKS],
        level=consultation.level.value,
        seen=_seen(row, consultation),
        talking=consultation.stage in TALKING,
    )
    owe_card(
        session,
        member.chat_id,
        "detail_preview",
        view,
        now=now,
        language=member.language,
        thread=row.consultation_id,
        slot=_slot(row),
    )


def _show_preview_sent(session: Session, row: Detail, now: datetime) -> None:
    """Its buttons are spent."""
    view, number = {"consultation": row.consultation_id, "answer": row.answer}, row.consultation_id
    tell(session, row.asker_id, "detail_sent", view, now=now, thread=number, slot=_slot(row))


def _slot(row: Detail) -> str:
    return f"detail:{row.id}:{row.version}"
