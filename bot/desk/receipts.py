"""The mark under somebody's own message: that the desk has it, and that it was delivered.

A receipt is owed by what the tables say, not by a row of its own: whatever ends, it is found
again. It is looked for a moment later, so that a message which arrives at once gets one mark.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, exists, select, text, update
from sqlmodel import Session

from bot.delivery.tables import MessagePair, table_of
from bot.desk.tables import Message, Receipt
from knowledge.prepared import Prepared

# A writer is shown what became of a message after so long; what is older is not looked at again.
PAUSE, FORGOTTEN = timedelta(seconds=1), timedelta(days=30)
SIGNS = {Receipt.ACCEPTED: "✍", Receipt.DELIVERED: "👌"}
_this, _pair = table_of(Message).c, table_of(MessagePair).c
_arrived = exists().where(
    _pair.source_chat == _this.chat_id, _pair.source_message == _this.message_id
)
# Written out, so that the planner sees that the index of unmarked messages will do.
_is_unmarked = text("message.receipt < 2")
_DUE = Prepared(
    select(_this.id, _this.chat_id, _this.message_id, _this.receipt, _arrived.label("arrived"))
    .where(
        _is_unmarked,
        _this.written_at <= bindparam("before"),
        _this.written_at > bindparam("since"),
        _this.removed_at.is_(None),
        (_this.receipt == Receipt.NONE) | _arrived,
    )
    .order_by(_this.id)
    .limit(bindparam("most"))
)
_SHOWN = (
    update(table_of(Message))
    .where(_this.id == bindparam("this"), _this.receipt == bindparam("before"))
    .values(receipt=bindparam("now"))
)


@dataclass(frozen=True)
class Mark:
    """A receipt to be shown: `now` in place of `before`."""

    message: int
    chat_id: int
    message_id: int
    before: Receipt
    now: Receipt


def due(session: Session, most: int, now: datetime) -> list[Mark]:
    """The first marks to be set, one in a chat: they must not use up what a chat may be told."""
    wanted = {"before": now - PAUSE, "since": now - FORGOTTEN, "most": most}
    marks: dict[int, Mark] = {}
    for row in _DUE.rows(session, **wanted):
        become = Receipt.DELIVERED if row.arrived else Receipt.ACCEPTED
        mark = Mark(row.id, row.chat_id, row.message_id, Receipt(row.receipt), become)
        marks.setdefault(row.chat_id, mark)
    return list(marks.values())


def shown(session: Session, marks: Sequence[Mark], *, now: datetime) -> None:  # noqa: ARG001 (use cases have a clock)
    """These were set; but what became of a message meanwhile stands."""
    if marks:
        values = [{"this": mark.message, "before": mark.before, "now": mark.now} for mark in marks]
        session.connection().execute(_SHOWN, values)


def reaction_of(sign: str | Receipt) -> list[dict[str, str]]:
    """As setMessageReaction takes it; nothing takes the mark away."""
    emoji = SIGNS.get(sign, "") if isinstance(sign, Receipt) else sign
    return [{"type": "emoji", "emoji": emoji}] if emoji else []
