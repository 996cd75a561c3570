"""The answer to the one clarifying question that a vague question may be met with.

It stands beneath the shortlist; what it offers is kept with the consultation, since buttons hold
no text.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from bot.delivery.outbox import owe_card
from bot.desk.asking import clarifying_slot, own_consultation, search_again, show_shortlist
from bot.desk.errors import RefusedError
from bot.desk.following import add_turn
from bot.desk.members import await_text, require_member
from bot.desk.tables import NONE_OF_THEM, Awaiting, Consultation, Stage
from bot.desk.views import ClarifiedView, Found, Member, Turns


def turns_with(session: Session, chat_id: int, consultation_id: int, choice: int) -> Turns:
    """A draft and the choice that is to be its next turn. Raises RefusedError as `narrow` does."""
    member = require_member(session, chat_id)
    consultation = _open(session, member, consultation_id)
    return Turns(consultation.question, _offered(consultation, choice), consultation.file_text)


def narrow(
    session: Session,
    chat_id: int,
    consultation_id: int,
    choice: int,
    found: Sequence[Found],
    *,
    now: datetime,
) -> None:
    """Make the choice a turn of the draft, and show what fits both.

    Raises RefusedError: "clarified" where it was answered already, "wrong_stage" where the draft
    was sent or withdrawn, "not_yours", "stale_button".
    """
    member = require_member(session, chat_id)
    consultation = _open(session, member, consultation_id)
    label = _offered(consultation, choice)
    await_text(session, chat_id, Awaiting.NOTHING)
    consultation.choice = choice
    add_turn(consultation, label, consultation.asked_message)
    search_again(session, member, consultation, found, now)
    _settle(session, member, consultation_id, label, now)
    show_shortlist(session, member, consultation, now)


def choose_none(session: Session, chat_id: int, consultation_id: int, *, now: datetime) -> None:
    """None of the choices is meant: what is typed next says it in other words."""
    member = require_member(session, chat_id)
    consultation = _open(session, member, consultation_id)
    await_text(session, chat_id, Awaiting.NOTHING)
    consultation.choice = NONE_OF_THEM
    session.add(consultation)
    _settle(session, member, consultation_id, "", now)


def _open(session: Session, member: Member, consultation_id: int) -> Consultation:
    """The draft whose clarifying question waits for its answer."""
    consultation = own_consultation(session, member, consultation_id, Stage.DRAFT)
    if consultation.choice is not None:
        raise RefusedError("clarified")
    return consultation


def _offered(consultation: Consultation, choice: int) -> str:
    if not 1 <= choice <= len(consultation.choices):
        raise RefusedError("stale_button")
    return consultation.choices[choice - 1]


def _settle(
    session: Session, member: Member, consultation_id: int, label: str, now: datetime
) -> None:
    """The question gives way to what was answered, in its place."""
    owe_card(
        session,
        member.chat_id,
        "clarified",
        ClarifiedView(consultation_id, label),
        now=now,
        language=member.language,
        thread=consultation_id,
        slot=clarifying_slot(consultation_id),
    )
