"""An admin reads a consultation: for a reason, once, for a while, and both sides are told."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from bot.delivery.outbox import owe_card
from bot.desk import auditing
from bot.desk.details import answered_in
from bot.desk.errors import RefusedError
from bot.desk.members import await_text, away_chat_of, chat_of, name_of, require_role
from bot.desk.tables import Awaiting, Consultation, Look, LookState, Message
from bot.desk.views import Member, Words
from knowledge.tables import PersonRole

LOOK_FOR = timedelta(minutes=10)
# A look that was asked for and not begun is no longer good after this.
BEGIN_WITHIN = timedelta(hours=1)
# Of the messages the newest, so many to a card: a card holds 4,096 characters.
MESSAGES, CARD_LENGTH, MESSAGE_LENGTH = 60, 2800, 1200
_ASKED = re.compile(r"#?\s*(\d{1,9})[\s,，:：.、]+(\S.{9,499})", re.DOTALL)


@dataclass(frozen=True)
class LookView:
    """What an admin is about to read, or is no longer to."""

    look: int
    consultation: int
    reason: str
    minutes: int


@dataclass(frozen=True)
class SaidView:
    """One message of a consultation: its words, or the kind that it is of."""

    by_asker: bool
    kind: str
    text: str


@dataclass(frozen=True)
class ReadingView:
    """A page of what an admin reads; the question stands on the first."""

    consultation: int
    page: int
    pages: int
    question: str
    said: tuple[SaidView, ...]
    until: datetime


@dataclass(frozen=True)
class LookedView:
    """Told to both sides: who looked, when and why; `entry` is its number in the account."""

    consultation: int
    name: Words
    reason: str
    at: datetime
    entry: int


def ask_which(session: Session, chat_id: int, *, now: datetime) -> None:
    member = require_role(session, chat_id, PersonRole.ADMIN)
    await_text(session, chat_id, Awaiting.LOOK)
    minutes = {"minutes": _minutes()}
    owe_card(session, chat_id, "look_which", minutes, now=now, language=member.language)


def ask(session: Session, chat_id: int, text: str, *, now: datetime) -> None:
    """The number of a consultation and a reason; nothing is shown before it is confirmed.

    Raises RefusedError: "look_form" without either, "look_none" for what was never sent.
    """
    member = require_role(session, chat_id, PersonRole.ADMIN)
    found = _ASKED.fullmatch(text.strip())
    if found is None:
        raise RefusedError("look_form")
    consultation = session.get(Consultation, int(found[1]))
    # What its asker never sent was shown to nobody, and is shown to nobody now.
    if consultation is None or consultation.confirmed_at is None:
        raise RefusedError("look_none", consultation=int(found[1]))
    look = Look(
        consultation_id=consultation.id or 0,
        admin_id=member.person_id,
        chat_id=chat_id,
        reason=found[2].strip(),
        asked_at=now,
    )
    session.add(look)
    session.flush()
    await_text(session, chat_id, Awaiting.NOTHING)
    _show(session, member, look, "look_ask", now)


def leave(session: Session, chat_id: int, look_id: int, *, now: datetime) -> None:
    """They think better of it: nothing was read, and nobody is told."""
    member, look = _own_look(session, chat_id, look_id, now)
    look.state = LookState.LEFT
    session.add(look)
    _show(session, member, look, "look_left", now)


def look(session: Session, chat_id: int, look_id: int, *, now: datetime) -> None:
    """Recorded and told to both sides in the transaction that shows it."""
    member, look = _own_look(session, chat_id, look_id, now)
    look.state, look.opened_at, look.ends_at = LookState.OPEN, now, now + LOOK_FOR
    session.add(look)
    consultation = session.get_one(Consultation, look.consultation_id)
    number = consultation.id or 0
    entry = auditing.record(session, member.person_id, "look", number, look.reason, now=now)
    view = LookedView(number, name_of(session, member.person_id)[0], look.reason, now, entry)
    for side in {consultation.asker_id, consultation.mentor_id} - {None}:
        _tell_side(session, side, view, now)
    _show_pages(session, member, look, consultation, now)


def end_due(session: Session, *, now: datetime) -> int:
    """What was shown long enough is taken from the admin's chat; how many looks ended."""
    due = session.exec(
        select(Look).where(Look.state == LookState.OPEN, col(Look.ends_at) <= now)
    ).all()
    for look in due:
        look.state = LookState.OVER
        session.add(look)
        _take_away(session, look, now)
    return len(due)


def _own_look(session: Session, chat_id: int, look_id: int, now: datetime) -> tuple[Member, Look]:
    """Raises RefusedError: "not_yours", or "look_over" for one that was begun or left."""
    member = require_role(session, chat_id, PersonRole.ADMIN)
    look = session.get(Look, look_id, with_for_update=True, populate_existing=True)
    if look is None or look.admin_id != member.person_id or look.chat_id != chat_id:
        raise RefusedError("not_yours")
    if look.state is not LookState.ASKED or now > look.asked_at + BEGIN_WITHIN:
        raise RefusedError("look_over", consultation=look.consultation_id)
    return member, look


def _tell_side(session: Session, person_id: int | None, view: LookedView, now: datetime) -> None:
    """Whoever can't be reached now is told when they come back."""
    if person_id is None:
        return
    found = chat_of(session, person_id) or away_chat_of(session, person_id)
    if found is not None:
        chat_id, language = found
        thread = view.consultation
        owe_card(session, chat_id, "looked", view, now=now, language=language, thread=thread)


def _show(session: Session, member: Member, look: Look, card: str, now: datetime) -> None:
    view = LookView(look.id or 0, look.consultation_id, look.reason, _minutes())
    slot = f"look:{look.id}"
    owe_card(session, look.chat_id, card, view, now=now, language=member.language, slot=slot)


def _show_pages(
    session: Session, member: Member, look: Look, consultation: Consultation, now: datetime
) -> None:
    pages = paged(_said(session, consultation))
    assert look.ends_at is not None
    for number, said in enumerate(pages, start=1):
        view = ReadingView(
            consultation=look.consultation_id,
            page=number,
            pages=len(pages),
            question=consultation.forwarded if number == 1 else "",
            said=said,
            until=look.ends_at,
        )
        slot = _slot(look, number)
        owe_card(session, look.chat_id, "look", view, now=now, language=member.language, slot=slot)
    look.pages = len(pages)


def _take_away(session: Session, look: Look, now: datetime) -> None:
    found = chat_of(session, look.admin_id)
    language = found[1] if found else "zh"
    view = LookView(look.id or 0, look.consultation_id, look.reason, _minutes())
    for number in range(1, look.pages + 1):
        slot = _slot(look, number)
        owe_card(session, look.chat_id, "look_over", view, now=now, language=language, slot=slot)


def _said(session: Session, consultation: Consultation) -> list[SaidView]:
    query = (
        select(Message)
        .where(Message.consultation_id == consultation.id)
        .order_by(col(Message.id).desc())
        .limit(MESSAGES)
    )
    newest = reversed(session.exec(query).all())
    said = [SaidView(one.by_asker, one.kind, one.text[:MESSAGE_LENGTH]) for one in newest]
    return [*_said_before(session, consultation), *said]


def _said_before(session: Session, consultation: Consultation) -> Iterator[SaidView]:
    """What was asked and answered before anybody accepted it."""
    for line in answered_in(session, consultation):
        yield SaidView(False, "text", line.question)
        yield SaidView(True, "text", line.answer)


def paged(said: list[SaidView]) -> list[tuple[SaidView, ...]]:
    """Cards of messages in their order; the first has room for the question alone."""
    pages: list[tuple[SaidView, ...]] = [()]
    room = 0
    for one in said:
        needed = len(one.text) + len(one.kind) + 16
        if needed > room:
            pages.append(())
            room = CARD_LENGTH
        pages[-1] = (*pages[-1], one)
        room -= needed
    return pages


def _slot(look: Look, page: int) -> str:
    return f"look:{look.id}" if page == 1 else f"look:{look.id}:{page}"


def _minutes() -> int:
    return int(LOOK_FOR.total_seconds() // 60)
