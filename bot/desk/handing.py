"""What each is shown of a talk that goes to another mentor."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from bot.delivery.outbox import owe_card
from bot.delivery.tables import Priority
from bot.desk import noting, undertaking
from bot.desk.absence import say_lost
from bot.desk.choosing import context_of
from bot.desk.copying import heard_again
from bot.desk.details import hand_over
from bot.desk.errors import RefusedError
from bot.desk.hours import hours_of, off_until
from bot.desk.members import name_of, reads_of, tell
from bot.desk.opening import room_of, settle_in
from bot.desk.tables import (
    UNDER_WAY,
    Consultation,
    Level,
    Message,
    Transfer,
    TransferState,
)
from bot.desk.talking import carry
from bot.desk.veiling import shown_to_strangers
from bot.desk.views import AcceptedView, Context, NoticeView, Words


@dataclass(frozen=True)
class TransferView:
    """On the cards of asker and mentor: from whom to whom, why, and where it stands.

    `by_mentor`: it was the mentor's own wish.
    """

    transfer: int
    consultation: int
    state: str
    before: Words
    name: Words
    organisation: Words
    reason: str
    by_mentor: bool
    expires_at: datetime


@dataclass(frozen=True)
class TakeView:
    """On the card of the new mentor; the asker stays masked until they accept.

    `opens_at`: where they are off work, when they need look at it; `zone`: where they are.
    """

    transfer: int
    consultation: int
    state: str
    before: Words
    text: str
    level: str
    language: str
    context: Context
    reason: str
    messages: int
    expires_at: datetime
    opens_at: datetime | None = None
    zone: str = ""


def under_way(session: Session, consultation_id: int) -> Transfer | None:
    going = select(Transfer).where(
        Transfer.consultation_id == consultation_id, col(Transfer.state).in_(UNDER_WAY)
    )
    return session.exec(going).first()


def require_under_way(
    session: Session, transfer_id: int, *states: TransferState
) -> tuple[Transfer, Consultation]:
    """Both locked. Raises RefusedError("transfer_over") for one that has gone on."""
    row = session.get(Transfer, transfer_id)
    if row is None:
        raise RefusedError("stale_button")
    number = row.consultation_id
    found = select(Consultation).where(Consultation.id == number).with_for_update()
    consultation = session.exec(found.execution_options(populate_existing=True)).one()
    session.refresh(row)
    if row.state not in states:
        raise RefusedError("transfer_over", consultation=number)
    return row, consultation


def show_asker(session: Session, row: Transfer, consultation: Consultation, now: datetime) -> None:
    view, slot = _view(session, row), f"transfer_asker:{row.id}"
    asker, number = consultation.asker_id, row.consultation_id
    tell(session, asker, "transfer_asker", view, now=now, thread=number, slot=slot)


def show_mentor(session: Session, row: Transfer, now: datetime) -> None:
    view, slot, number = _view(session, row), f"transfer_mentor:{row.id}", row.consultation_id
    tell(session, row.from_id, "transfer_mentor", view, now=now, thread=number, slot=slot)


def show_offered(
    session: Session, row: Transfer, consultation: Consultation, now: datetime
) -> None:
    open_, hours = row.state is TransferState.OFFERED, hours_of(session, row.to_id)
    opens_at = off_until(hours, now)
    view = TakeView(
        transfer=row.id or 0,
        consultation=row.consultation_id,
        state=row.state.value,
        before=name_of(session, row.from_id)[0],
        text=shown_to_strangers(consultation) if open_ else "",
        level=consultation.level.value,
        language=consultation.language,
        context=context_of(session, consultation.enterprise_id),
        reason=row.reason,
        messages=len(_said(session, row.consultation_id)),
        expires_at=row.expires_at,
        opens_at=opens_at,
        zone=hours.zone.key,
    )
    slot, number, silent = f"transfer_take:{row.id}", row.consultation_id, opens_at is not None
    card, person = "transfer_take", row.to_id
    tell(session, person, card, view, now=now, thread=number, slot=slot, silent=silent)


def tell_side(session: Session, row: Transfer, person_id: int, code: str, now: datetime) -> None:
    """One sentence about it."""
    view = NoticeView(code, {"consultation": row.consultation_id})
    tell(session, person_id, "notice", view, now=now, thread=row.consultation_id)


def introduce_new(
    session: Session, row: Transfer, consultation: Consultation, now: datetime
) -> None:
    """Who is who, then all that was said, in order, with a line wherever the side changes."""
    settle_in(session, consultation, now)
    number = row.consultation_id
    asker, enterprise = name_of(session, consultation.asker_id)
    version = undertaking.VERSION if consultation.level is Level.NDA else 0
    language = reads_of(session, consultation.asker_id)
    view = AcceptedView(number, asker, enterprise, consultation.forwarded, version, language)
    given: dict[str, Any] = {"now": now, "thread": number, "priority": Priority.MESSAGE}
    if not tell(session, row.to_id, "accepted_mentor", view, **given):
        say_lost(session, consultation, row.to_id, now)
    hand_over(session, consultation, row.to_id, now)
    side: bool | None = None
    for message in _said(session, number):
        if side is not message.by_asker:
            side = message.by_asker
            _say_side(session, consultation, row, side, now)
        carry(session, consultation, heard_again(message), True, now)
    if side is not None:
        _say_now(session, consultation, row, now)
    noting.tell_of(session, consultation, now)


def _said(session: Session, number: int) -> list[Message]:
    said = select(Message).where(
        Message.consultation_id == number, col(Message.removed_at).is_(None)
    )
    return list(session.exec(said.order_by(col(Message.id))))


def _say_side(
    session: Session, consultation: Consultation, row: Transfer, by_asker: bool, now: datetime
) -> None:
    """Where the copies are read; what can't be said now is left unsaid with them."""
    room = room_of(session, consultation, row.to_id)
    if room is None:
        return
    view = {"consultation": row.consultation_id, "by_asker": by_asker}
    number, language = row.consultation_id, room[1]
    given: dict[str, Any] = {"now": now, "language": language, "thread": number}
    owe_card(session, room[0], "said_before", view, priority=Priority.MESSAGE, **given)


def _say_now(session: Session, consultation: Consultation, row: Transfer, now: datetime) -> None:
    room = room_of(session, consultation, row.to_id)
    if room is None:
        return
    view = {"consultation": row.consultation_id}
    given: dict[str, Any] = {"now": now, "language": room[1], "thread": row.consultation_id}
    owe_card(session, room[0], "from_now", view, priority=Priority.MESSAGE, **given)


def _view(session: Session, row: Transfer) -> TransferView:
    name, organisation = name_of(session, row.to_id)
    return TransferView(
        transfer=row.id or 0,
        consultation=row.consultation_id,
        state=row.state.value,
        before=name_of(session, row.from_id)[0],
        name=name,
        organisation=organisation,
        reason=row.reason,
        by_mentor=row.by_id == row.from_id,
        expires_at=row.expires_at,
    )
