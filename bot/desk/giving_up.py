"""To whom a talk is to go: its mentor or an admin chooses from a list, or by a name."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.delivery.outbox import owe_card
from bot.desk.errors import RefusedError
from bot.desk.handing import under_way
from bot.desk.inviting import Match
from bot.desk.members import await_text, notify, require_member, require_role
from bot.desk.stand_ins import called, suggested
from bot.desk.tables import TALKING, Awaiting, Chat, Consultation
from bot.desk.transferring import begin
from bot.desk.views import Member
from knowledge.tables import PersonRole

REASON_LIMIT = 500


@dataclass(frozen=True)
class TransferToView:
    """`typed`: the name they were looked for by, or empty."""

    consultation: int
    people: tuple[Match, ...]
    typed: str
    by_admin: bool


def ask_whom(session: Session, chat_id: int, consultation_id: int, *, now: datetime) -> None:
    """A list to choose from, and a button for those who want to type a name."""
    member, consultation = _may_give(session, chat_id, consultation_id)
    if under_way(session, consultation_id) is not None:
        raise RefusedError("transfer_under_way", consultation=consultation_id)
    if consultation.mentor_id != member.person_id:
        raise RefusedError("transfer_reason", consultation=consultation_id)
    people = suggested(session, consultation, set(), now)
    _show(session, member, TransferToView(consultation_id, people, "", False), now)


def ask_name(session: Session, chat_id: int, consultation_id: int, *, now: datetime) -> None:
    """Only now their next text is a name, and not for the asker."""
    member, _ = _may_give(session, chat_id, consultation_id)
    _await_name(session, chat_id, consultation_id, "")
    view = {"purpose": "transfer"}
    owe_card(session, chat_id, "type_name", view, now=now, language=member.language)


def begin_by_admin(
    session: Session, chat_id: int, consultation_id: int, reason: str, *, now: datetime
) -> None:
    """`/transfer NUMBER REASON`: the reason is told to both sides, so there must be one.

    `consultation_id`: 0 where none was typed.
    """
    require_role(session, chat_id, PersonRole.ADMIN)
    if not consultation_id:
        raise RefusedError("transfer_usage")
    member, consultation = _may_give(session, chat_id, consultation_id)
    if not reason.strip() or len(reason) > REASON_LIMIT:
        raise RefusedError("transfer_reason", consultation=consultation_id)
    if under_way(session, consultation_id) is not None:
        raise RefusedError("transfer_under_way", consultation=consultation_id)
    _await_name(session, chat_id, consultation_id, reason.strip())
    people = suggested(session, consultation, set(), now)
    _show(session, member, TransferToView(consultation_id, people, "", True), now)


def find_name(session: Session, chat_id: int, typed: str, *, now: datetime) -> None:
    """Those with a name like it who can take it; typing again looks again."""
    notes = dict(session.get_one(Chat, chat_id).notes)
    number = int(notes["consultation"])
    try:
        member, consultation = _may_give(session, chat_id, number)
    except RefusedError:
        await_text(session, chat_id, Awaiting.NOTHING)
        notify(session, chat_id, "not_talking", now=now, consultation=number)
        return
    people = called(session, consultation, typed, set(), now)
    view = TransferToView(number, people, typed[:60], bool(notes["reason"]))
    _show(session, member, view, now)


def choose(
    session: Session,
    chat_id: int,
    consultation_id: int,
    person_id: int,
    offer_for: timedelta,
    *,
    now: datetime,
) -> None:
    """Raises RefusedError("stale_button") for an admin whose reason was lost meanwhile."""
    member, consultation = _may_give(session, chat_id, consultation_id)
    chat = session.get_one(Chat, chat_id)
    mine = (
        chat.awaiting is Awaiting.TRANSFER_NAME
        and chat.notes.get("consultation") == consultation_id
    )
    reason = str(chat.notes.get("reason", "")) if mine else ""
    if consultation.mentor_id != member.person_id and not reason:
        raise RefusedError("stale_button")
    if mine:
        await_text(session, chat_id, Awaiting.NOTHING)
    begin(session, consultation, person_id, member.person_id, offer_for, reason, now)
    if consultation.mentor_id != member.person_id:
        notify(session, chat_id, "transfer_offered", now=now, consultation=consultation_id)


def _may_give(session: Session, chat_id: int, number: int) -> tuple[Member, Consultation]:
    """Its mentor, or an admin; a stranger learns nothing of where it stands."""
    member = require_member(session, chat_id)
    consultation = session.get(Consultation, number, with_for_update=True)
    admin = member.has(PersonRole.ADMIN)
    if consultation is None or (consultation.mentor_id != member.person_id and not admin):
        raise RefusedError("not_yours")
    if consultation.stage not in TALKING:
        raise RefusedError("wrong_stage", consultation=number, stage=consultation.stage.value)
    return member, consultation


def _await_name(session: Session, chat_id: int, number: int, reason: str) -> None:
    notes: dict[str, object] = {"consultation": number, "reason": reason}
    await_text(session, chat_id, Awaiting.TRANSFER_NAME, notes)


def _show(session: Session, member: Member, view: TransferToView, now: datetime) -> None:
    number, language = view.consultation, member.language
    owe_card(
        session, member.chat_id, "transfer_to", view, now=now, language=language, thread=number
    )
