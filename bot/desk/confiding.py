"""The asker says who may read their question and when, and redacts what gives it away."""

from datetime import datetime

from sqlmodel import Session

from bot.delivery.outbox import owe_card
from bot.desk import undertaking
from bot.desk.asking import check_question, own_consultation
from bot.desk.choosing import preview, preview_slot
from bot.desk.errors import RefusedError
from bot.desk.marking import Span, redacted
from bot.desk.members import require_member
from bot.desk.tables import Consultation, Level, Stage
from bot.desk.veiling import key_of, marks_in, sentences, shown_before
from bot.desk.views import Line, Member, SharingView


def choose_level(
    session: Session, chat_id: int, consultation_id: int, level: str, *, now: datetime
) -> None:
    """Public, for matching only, or under an undertaking of confidentiality."""
    if level not in set(Level):
        raise RefusedError("stale_button")
    member, consultation = _own_draft(session, chat_id, consultation_id)
    consultation.level = Level(level)
    _show_again(session, member, consultation, now)


def redact(
    session: Session, chat_id: int, consultation_id: int, key: str, *, now: datetime
) -> None:
    """What was marked goes, wherever it stands in the text: a label takes its place."""
    member, consultation = _own_draft(session, chat_id, consultation_id)
    _redact(consultation, _marked(session, consultation, key))
    _show_again(session, member, consultation, now)


def redact_all(session: Session, chat_id: int, consultation_id: int, *, now: datetime) -> None:
    """Whatever is still marked; what was kept stays."""
    member, consultation = _own_draft(session, chat_id, consultation_id)
    _redact(consultation, marks_in(session, consultation))
    _show_again(session, member, consultation, now)


def keep(session: Session, chat_id: int, consultation_id: int, key: str, *, now: datetime) -> None:
    """What was marked is meant to be read, and is marked no more."""
    member, consultation = _own_draft(session, chat_id, consultation_id)
    _marked(session, consultation, key)
    consultation.kept = [*consultation.kept, key]
    _show_again(session, member, consultation, now)


def show_sharing(session: Session, chat_id: int, consultation_id: int, *, now: datetime) -> None:
    """The sentences of the text: which of them may be read before anybody accepts."""
    member, consultation = _own_draft(session, chat_id, consultation_id)
    _show_sharing(session, member, consultation, now)


def share(session: Session, chat_id: int, consultation_id: int, key: str, *, now: datetime) -> None:
    """A sentence may be read before anybody accepts; tapped again, it may not."""
    member, consultation = _own_draft(session, chat_id, consultation_id)
    known = {key_of(one) for one in sentences(consultation.forwarded)}
    if key not in known:
        raise RefusedError("preview_old", consultation=consultation_id)
    chosen = set(consultation.shared) & known ^ {key}
    consultation.shared = sorted(chosen)
    session.add(consultation)
    _show_sharing(session, member, consultation, now)


def show_preview(session: Session, chat_id: int, consultation_id: int, *, now: datetime) -> None:
    """Back from the sentences to what will be forwarded."""
    member, consultation = _own_draft(session, chat_id, consultation_id)
    _show_again(session, member, consultation, now)


def show_undertaking(
    session: Session, chat_id: int, consultation_id: int, *, now: datetime
) -> None:
    """The words that whoever accepts must agree to, for the asker to read."""
    member, _ = _own_draft(session, chat_id, consultation_id)
    version = undertaking.VERSION
    text = undertaking.text_of(version, member.language)
    view = undertaking.UndertakingView(0, consultation_id, version, text)
    owe_card(session, chat_id, "undertaking", view, now=now, language=member.language)


def _own_draft(session: Session, chat_id: int, consultation_id: int) -> tuple[Member, Consultation]:
    member = require_member(session, chat_id)
    return member, own_consultation(session, member, consultation_id, Stage.DRAFT)


def _marked(session: Session, consultation: Consultation, key: str) -> list[Span]:
    """Raises RefusedError("preview_old") where the text no longer holds it."""
    text = consultation.forwarded
    found = [one for one in marks_in(session, consultation) if one.key(text) == key]
    if not found:
        raise RefusedError("preview_old", consultation=consultation.id or 0)
    return found


def _redact(consultation: Consultation, found: list[Span]) -> None:
    text = redacted(consultation.forwarded, found, consultation.language)
    consultation.forwarded = check_question(text)


def _show_again(
    session: Session, member: Member, consultation: Consultation, now: datetime
) -> None:
    session.add(consultation)
    session.flush()
    preview(session, member, consultation, now, again=True)


def _show_sharing(
    session: Session, member: Member, consultation: Consultation, now: datetime
) -> None:
    lines = tuple(
        Line(key_of(one), one, key_of(one) in consultation.shared)
        for one in sentences(consultation.forwarded)
    )
    owe_card(
        session,
        member.chat_id,
        "sharing",
        SharingView(consultation.id or 0, lines, shown_before(consultation)),
        now=now,
        language=member.language,
        thread=consultation.id,
        slot=preview_slot(session, member.chat_id, consultation, now, again=True),
    )
