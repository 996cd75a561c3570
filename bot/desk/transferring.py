"""A talk goes from one mentor to another: whole, with everybody told, and never without owner.

Its mentor proposes it and its asker agrees, or an admin wants it. Until the new mentor has
accepted, the one before has it; from then on they can't write in it. The consultation's row is
what all of this waits for, as every message does.
"""

from contextlib import suppress
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from bot.desk import undertaking
from bot.desk.errors import RefusedError
from bot.desk.handing import (
    introduce_new,
    require_under_way,
    show_asker,
    show_mentor,
    show_offered,
    tell_side,
    under_way,
)
from bot.desk.hours import due
from bot.desk.members import require_member
from bot.desk.stand_ins import require_free
from bot.desk.supervising import pledge
from bot.desk.tables import (
    TALKING,
    UNDER_WAY,
    Consultation,
    Offer,
    OfferedAs,
    OfferState,
    Transfer,
    TransferState,
)
from knowledge.tables import PersonRole


def begin(
    session: Session,
    consultation: Consultation,
    to_id: int,
    by_id: int,
    offer_for: timedelta,
    reason: str,
    now: datetime,
) -> None:
    """The consultation is locked. By its mentor its asker is asked; by an admin the new mentor."""
    number, mentor_id = consultation.id or 0, consultation.mentor_id
    if consultation.stage not in TALKING or mentor_id is None:
        raise RefusedError("wrong_stage", consultation=number, stage=consultation.stage.value)
    if under_way(session, number) is not None:
        raise RefusedError("transfer_under_way", consultation=number)
    require_free(session, consultation, to_id, now)
    asked = consultation.asker_id if by_id == mentor_id else to_id
    row = Transfer(
        consultation_id=number,
        from_id=mentor_id,
        to_id=to_id,
        by_id=by_id,
        reason=reason,
        proposed_at=now,
        expires_at=due(session, asked, offer_for, now),
    )
    session.add(row)
    session.flush()
    if by_id == mentor_id:
        show_asker(session, row, consultation, now)
        show_mentor(session, row, now)
    else:
        _offer(session, row, consultation, now)


def answer(
    session: Session,
    chat_id: int,
    transfer_id: int,
    agreed: int,
    offer_for: timedelta,
    *,
    now: datetime,
) -> None:
    """Its asker agrees, or keeps the mentor they have."""
    member = require_member(session, chat_id)
    row, consultation = require_under_way(session, transfer_id, TransferState.PROPOSED)
    if consultation.asker_id != member.person_id:
        raise RefusedError("not_yours")
    if agreed:
        row.expires_at = due(session, row.to_id, offer_for, now)
        _offer(session, row, consultation, now)
    else:
        _end(session, row, consultation, TransferState.REFUSED, now)


def take(session: Session, chat_id: int, transfer_id: int, *, now: datetime) -> None:
    """The new mentor accepts: the talk is theirs, with all that was said in it.

    What was asked in confidence is taken on only by who has agreed to keep it so.
    """
    member = require_member(session, chat_id)
    row, consultation = _offered(session, member.person_id, transfer_id)
    if undertaking.lacks(session, member.person_id, consultation):
        pledge(session, chat_id, row.consultation_id, "pledge_take", transfer_id, now)
        return
    if consultation.mentor_id != row.from_id or consultation.stage not in TALKING:
        raise RefusedError("transfer_over", consultation=row.consultation_id)
    consultation.transfer(row.to_id, now)
    row.state, row.ended_at = TransferState.ACCEPTED, now
    session.add_all([row, consultation])
    _hand_offer(session, row, now)
    session.flush()
    show_offered(session, row, consultation, now)
    show_asker(session, row, consultation, now)
    show_mentor(session, row, now)
    introduce_new(session, row, consultation, now)


def pledge_take(
    session: Session, chat_id: int, transfer_id: int, version: int, *, now: datetime
) -> None:
    """They agree to the words of that version, and take it on; changed words are shown anew."""
    member = require_member(session, chat_id)
    row, _ = _offered(session, member.person_id, transfer_id)
    if version == undertaking.VERSION:
        number, language = row.consultation_id, member.language
        undertaking.agree(session, member.person_id, number, language, now=now)
    take(session, chat_id, transfer_id, now=now)


def decline(session: Session, chat_id: int, transfer_id: int, *, now: datetime) -> None:
    """The new mentor does not take it on; it stays with the one who has it, and all are told."""
    member = require_member(session, chat_id)
    row, consultation = _offered(session, member.person_id, transfer_id)
    _end(session, row, consultation, TransferState.DECLINED, now)


def call_off(session: Session, chat_id: int, transfer_id: int, *, now: datetime) -> None:
    """Whoever wanted it, or its mentor, lets it be before anybody has accepted."""
    member = require_member(session, chat_id)
    row, consultation = require_under_way(session, transfer_id, *UNDER_WAY)
    admin = member.has(PersonRole.ADMIN) and row.by_id == member.person_id
    if member.person_id != row.from_id and not admin:
        raise RefusedError("not_yours")
    _end(session, row, consultation, TransferState.LAPSED, now)


def end_due(session: Session, *, now: datetime) -> int:
    """Transfers not answered in time, and those of talks that have ended or moved; how many."""
    going = (
        select(Transfer.id)
        .join(Consultation, col(Consultation.id) == Transfer.consultation_id)
        .where(
            col(Transfer.state).in_(UNDER_WAY),
            (col(Transfer.expires_at) <= now)
            | col(Consultation.stage).not_in(TALKING)
            | (col(Consultation.mentor_id) != Transfer.from_id),
        )
    )
    late = session.exec(going.order_by(col(Transfer.id))).all()
    for transfer_id in late:
        with suppress(RefusedError):  # it was answered while its consultation was waited for
            row, consultation = require_under_way(session, transfer_id or 0, *UNDER_WAY)
            _end(session, row, consultation, TransferState.LAPSED, now)
    return len(late)


def _offer(session: Session, row: Transfer, consultation: Consultation, now: datetime) -> None:
    row.state = TransferState.OFFERED
    session.add(row)
    session.flush()
    show_offered(session, row, consultation, now)
    show_asker(session, row, consultation, now)
    show_mentor(session, row, now)


def _offered(session: Session, person_id: int, transfer_id: int) -> tuple[Transfer, Consultation]:
    row, consultation = require_under_way(session, transfer_id, TransferState.OFFERED)
    if row.to_id != person_id:
        raise RefusedError("not_yours")
    return row, consultation


def _end(
    session: Session,
    row: Transfer,
    consultation: Consultation,
    state: TransferState,
    now: datetime,
) -> None:
    was_offered = row.state is TransferState.OFFERED
    row.state, row.ended_at = state, now
    session.add(row)
    show_asker(session, row, consultation, now)
    show_mentor(session, row, now)
    if was_offered:
        show_offered(session, row, consultation, now)
    if row.by_id not in (row.from_id, consultation.asker_id):
        tell_side(session, row, row.by_id, f"transfer_{state.value}", now)


def _hand_offer(session: Session, row: Transfer, now: datetime) -> None:
    """What the one before had in hand is in the hand of the new one."""
    number = row.consultation_id
    held = select(Offer).where(
        Offer.consultation_id == number,
        Offer.person_id == row.from_id,
        Offer.state == OfferState.ACCEPTED,
    )
    for offer in session.exec(held).all():
        offer.state = OfferState.LEFT
        session.add(offer)
    theirs = Offer(
        consultation_id=number,
        person_id=row.to_id,
        offered_as=OfferedAs.TRANSFERRED,
        state=OfferState.ACCEPTED,
        offered_at=row.proposed_at,
        ended_at=now,
    )
    session.add(theirs)
