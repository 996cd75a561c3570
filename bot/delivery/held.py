"""What is owed to a chat that can't be reached is held back, and goes when its person is here."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Update, func, select, update
from sqlmodel import Session

from bot.delivery.owed import NAMES, Owed
from bot.delivery.tables import Delivery, DeliveryState, Priority, table_of

_deliveries = table_of(Delivery)
_this = _deliveries.c
_COLUMNS = [_this[name] for name in NAMES]
TOO_LATE = "held back too long"


class GivenUp(NamedTuple):
    """Copies from one writer in one consultation that nobody will get any more."""

    thread: int
    source_chat: int
    number: int


def hold(session: Session, chat_id: int) -> int:
    """Hold back all that waits to go to this chat, broadcasts aside; how much it is."""
    queued = (_this.state == DeliveryState.QUEUED) & (_this.priority < Priority.BROADCAST)
    return _run(session, _moved(chat_id, DeliveryState.HELD).where(queued))


def hold_one(session: Session, delivery: Delivery) -> None:
    """One that was refused just now goes with the others, before what was owed after it."""
    delivery.state = DeliveryState.HELD
    session.add(delivery)
    session.flush()


def release(session: Session, chat_id: int) -> int:
    """Let everything go in its order; how many messages of people that is."""
    freed = _moved(chat_id, DeliveryState.QUEUED).where(_this.state == DeliveryState.HELD)
    rows = session.connection().execute(freed.values(not_before=None).returning(*_COLUMNS)).all()
    owed = sorted((Owed(*row) for row in rows), key=lambda one: one.key)
    session.info.setdefault("owed", []).extend(owed)
    return sum(one.source_chat is not None for one in owed)


def fail(session: Session, chat_id: int, reason: str) -> int:
    """End what is held for a chat that no longer is; how much it was."""
    held = _moved(chat_id, DeliveryState.FAILED).where(_this.state == DeliveryState.HELD)
    return _run(session, held.values(error=reason))


def chats(session: Session) -> Sequence[int]:
    """Those for which something is held."""
    held = select(_this.chat_id).where(_this.state == DeliveryState.HELD).distinct()
    return session.connection().execute(held).scalars().all()


def move(session: Session, old: int, new: int) -> int:
    """What is held for one chat of a person is held for another of theirs; how much it is."""
    held = _moved(old, DeliveryState.HELD).where(_this.state == DeliveryState.HELD)
    return _run(session, held.values(chat_id=new))


def waits(session: Session, chat_id: int, thread: int) -> bool:
    """Whether somebody's message of this consultation is held for this chat already."""
    held = select(_this.id).where(
        _this.chat_id == chat_id,
        _this.thread == thread,
        _this.state == DeliveryState.HELD,
        _this.source_chat.is_not(None),
    )
    return session.connection().execute(held.limit(1)).first() is not None


def give_up(session: Session, before: datetime) -> Sequence[GivenUp]:
    """End what was owed before then; of the messages among it, how many of whom."""
    late = (_this.state == DeliveryState.HELD) & (_this.owed_at < before)
    counted = (
        select(_this.thread, _this.source_chat, func.count())
        .where(late, _this.source_chat.is_not(None), _this.thread.is_not(None))
        .group_by(_this.thread, _this.source_chat)
        .order_by(_this.thread)
    )
    found = [GivenUp(*row) for row in session.connection().execute(counted)]
    ended = update(_deliveries).where(late)
    _run(session, ended.values(state=DeliveryState.FAILED, error=TOO_LATE))
    return found


def _moved(chat_id: int, state: DeliveryState) -> Update:
    return update(_deliveries).where(_this.chat_id == chat_id).values(state=state)


def _run(session: Session, statement: Update) -> int:
    session.flush()
    return session.connection().execute(statement).rowcount
