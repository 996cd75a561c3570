"""What was kept long enough is erased; counts stay."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ColumnElement, Integer, String, cast, or_, select, type_coerce
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from bot.delivery.tables import Delivery, DeliveryState, MessagePair, Topic
from bot.desk.acting import note
from bot.desk.policy import Policy
from bot.desk.rights import HOLDINGS
from bot.desk.rights.erasing import erase
from bot.desk.rights.holding import Holding, table_named
from bot.desk.tables import (
    ENDED,
    Consultation,
    Detail,
    Escalation,
    Message,
    MessageVersion,
    Parked,
    Report,
    Stage,
    Transfer,
)

FINAL = (
    DeliveryState.SENT,
    DeliveryState.FAILED,
    DeliveryState.UNCERTAIN,
    DeliveryState.SUPERSEDED,
)
# What stands in an erased sealed column: nothing is not sealed.
BLANK = ("", "{}", "[]")


def sweep(session: Session, policy: Policy, *, now: datetime) -> dict[str, int]:
    """Erase what is due; how many rows of each table, which is noted as well."""
    swept = dict(_consultations(session, now - policy.keep_consultations))
    swept["delivery"] = _deliveries(session, now - policy.keep_deliveries)
    swept = {table: number for table, number in swept.items() if number}
    if swept:
        note(session, "swept", now, figures=swept)
    return swept


def _consultations(session: Session, before: datetime) -> Iterator[tuple[str, int]]:
    """The words of consultations that ended before then, and what led from one chat to another."""
    _withdraw_drafts(session, before)
    old = select(col(Consultation.id)).where(
        col(Consultation.stage).in_(ENDED), col(Consultation.ended_at) < before
    )
    messages = select(col(Message.id)).where(col(Message.consultation_id).in_(old))
    due: list[tuple[Holding, Any]] = [
        (holding("message_version"), col(MessageVersion.message_id).in_(messages)),
        (holding("message", "chat_id"), col(Message.consultation_id).in_(old)),
        (holding("message_pair"), col(MessagePair.thread).in_(old)),
        (holding("topic", "chat_id"), col(Topic.thread).in_(old)),
        (holding("report", "reporter_id"), col(Report.consultation_id).in_(old)),
        (holding("escalation", "liaison_id"), col(Escalation.consultation_id).in_(old)),
        (holding("detail", "by_id"), col(Detail.consultation_id).in_(old)),
        (holding("detail", "asker_id"), col(Detail.consultation_id).in_(old)),
        (holding("transfer", "by_id"), col(Transfer.consultation_id).in_(old)),
        (holding("parked"), col(Parked.settled_at) < before),
        (holding("consultation", "asker_id"), col(Consultation.id).in_(old)),
    ]
    for one, theirs in due:
        yield one.table, erase(session, one, theirs & is_full(one))


def _withdraw_drafts(session: Session, before: datetime) -> None:
    """Questions that were never sent end as of when they were asked."""
    drafts = select_rows(Consultation).where(
        Consultation.stage == Stage.DRAFT, Consultation.asked_at < before
    )
    for draft in session.exec(drafts).all():
        draft.withdraw(draft.asked_at)
        session.add(draft)


def _deliveries(session: Session, before: datetime) -> int:
    """What was shown before then, but for cards by whose message an open talk is found."""
    old = (col(Delivery.owed_at) < before) & col(Delivery.state).in_(FINAL)
    open_talks = select(col(Consultation.id)).where(col(Consultation.stage).not_in(ENDED))
    idle = or_(col(Delivery.thread).is_(None), col(Delivery.thread).not_in(open_talks))
    one = holding("delivery", "chat_id")
    return erase(session, one, old & idle & is_full(one))


def holding(table: str, owner: str = "") -> Holding:
    """The first way, or that of `owner`, in which rows of the table are somebody's."""
    ways = HOLDINGS[table]
    return next(one for one in ways if not owner or owner in one.owners)


def is_full(one: Holding) -> ColumnElement[bool]:
    """The condition that something is left to erase, so that nothing is counted twice."""
    if one.gone:
        return table_named(one.table).primary_key.columns[0].is_not(None)
    return or_(*(_has_something(table_named(one.table).c[name]) for name in one.erased))


def _has_something(column: Any) -> ColumnElement[bool]:
    if column.nullable:
        return column.is_not(None)  # type: ignore[no-any-return]
    if isinstance(column.type, Integer):
        return column != 0  # type: ignore[no-any-return]
    if isinstance(column.type, JSON):
        return cast(column, String).not_in(BLANK)
    return type_coerce(column, String()).not_in(BLANK)
