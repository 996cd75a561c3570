"""The sender's statements: a few for many deliveries, without objects in between."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import NamedTuple

from sqlalchemy import BindParameter, bindparam, func, insert, or_, select, text, update
from sqlmodel import Session

from bot.delivery import albums, topics
from bot.delivery.owed import NAMES, Owed
from bot.delivery.shares import ALL, among
from bot.delivery.tables import Delivery, DeliveryState, MessagePair, table_of
from bot.delivery.topics import NO_TOPIC, Room
from knowledge.prepared import Prepared

_deliveries = table_of(Delivery)
_pairs = table_of(MessagePair)
_this, _copy = _deliveries.c, _pairs.c
_COLUMNS = [_this[name] for name in NAMES]
_SENT = Prepared(
    update(_deliveries)
    .where(_this.id == bindparam("this"))
    .values(state=DeliveryState.SENT, sent_at=bindparam("at"), sent_message=bindparam("message"))
)
_PAIR = Prepared(
    insert(_pairs),
    ["thread", "source_chat", "source_message", "copy_chat", "copy_message"],
)
# Written out, so that the planner sees that the index of such deliveries will do.
_is_queued = text("delivery.state = 'queued'")
_is_sending = text("delivery.state = 'sending'")
_FIRST = Prepared(
    select(*_COLUMNS)
    .where(_this.chat_id == bindparam("chat"), _is_queued)
    .order_by(_this.priority, _this.id)
    .limit(bindparam("most"))
)
_has_slot = text("delivery.slot <> ''")
_LATER = Prepared(
    select(_this.id)
    .where(
        _this.chat_id == bindparam("chat"),
        _this.slot == bindparam("slot"),
        _has_slot,
        _this.id > bindparam("this"),
        _this.state == DeliveryState.QUEUED,
    )
    .limit(1)
)
_SHOWN = Prepared(
    select(_this.sent_message)
    .where(
        _this.chat_id == bindparam("chat"),
        _this.slot == bindparam("slot"),
        _has_slot,
        _this.state == DeliveryState.SENT,
        _this.sent_message.is_not(None),
    )
    .order_by(_this.id.desc())
    .limit(1)
)
REPEATED = "repeated: the process ended while it was being sent"


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery marked as being sent, with the messages of its chat that it needs.

    `reply_to`: the message it replies to or acts upon, as this chat knows it. `edits`: the message
    of its slot. `room`: the topic it goes to. `album`: all its parts in their order.
    """

    owed: Owed
    reply_to: int | None = None
    edits: int | None = None
    room: Room = NO_TOPIC
    album: tuple[Owed, ...] = ()

    @property
    def parts(self) -> tuple[Owed, ...]:
        """All deliveries that this call settles."""
        return self.album or (self.owed,)


class Claims(NamedTuple):
    """What goes now, and what waits until when for the rest of its album."""

    claimed: list[Claimed]
    early: list[tuple[Owed, datetime]]


def recover(session: Session, now: datetime, shares: Collection[int] = ALL) -> int:
    """Queue again what was being sent when its process ended, marked as repeated; how many.

    `shares`: those of chats that no other process has now.

    Whether Telegram had it is unknown. Nothing may be lost, so it is sent again; and as a chat has
    one delivery under way at a time, and its next is sent only after that one was recorded, no
    more than that one is ever repeated in a chat.
    """
    theirs = among(_this.chat_id, shares)
    under_way = update(_deliveries).where(_is_sending, theirs)
    changed = under_way.values(state=DeliveryState.QUEUED, error=REPEATED)
    repeated = session.connection().execute(changed).rowcount
    albums.wait_for_the_rest(session, now, theirs)
    return repeated


def waiting_chats(session: Session, shares: Collection[int] = ALL) -> list[int]:
    """Chats of these shares with queued deliveries, the most urgent and oldest first."""
    waiting = (
        select(_this.chat_id)
        .where(_is_queued, among(_this.chat_id, shares))
        .group_by(_this.chat_id)
        .order_by(func.min(_this.priority), func.min(_this.id))
    )
    return list(session.connection().execute(waiting).scalars())


def load(session: Session, chats: Iterable[int], most: int) -> dict[int, list[Owed]]:
    """The first queued deliveries of each chat, in their order."""
    return {
        chat: [Owed(*row) for row in _FIRST.rows(session, chat=chat, most=most)] for chat in chats
    }


def claim(session: Session, picked: Sequence[Owed], now: datetime) -> Claims:
    """Mark deliveries as being sent; those that are to be, with what they refer to.

    Left out is what is no longer queued, and what a later delivery of its slot supersedes.
    """
    begun: dict[int, tuple[Owed, ...]] = {}
    early: list[tuple[Owed, datetime]] = []
    for owed in picked:
        parts = tuple(albums.gathered(session, owed)) if owed.album else (owed,)
        until = albums.incomplete_until(parts, now) if owed.album else None
        if until is not None:
            early.append((owed, until))
        elif parts and not (owed.slot and _supersede(session, owed)):
            begun[owed.id] = parts
    sending = [part.id for parts in begun.values() for part in parts]
    if not sending:
        return Claims([], early)
    mine = _begin(session, sending)
    claimed = [
        _referring(session, owed, begun[owed.id])
        for owed in picked
        if owed.id in mine and owed.id in begun
    ]
    return Claims(claimed, early)


def record_sent(session: Session, sent: Sequence[tuple[Owed, int | None]], now: datetime) -> None:
    """Each delivery's message in its chat, and which message each copy is of."""
    if not sent:
        return
    for owed, number in sent:
        if owed.method == topics.OPENS:
            topics.keep_opened(session, owed, number)
    _SENT.change_each(
        session, [{"this": owed.id, "at": now, "message": message} for owed, message in sent]
    )
    pairs = [
        {
            "thread": owed.thread,
            "source_chat": owed.source_chat,
            "source_message": owed.source_message,
            "copy_chat": owed.chat_id,
            "copy_message": message,
        }
        for owed, message in sent
        if owed.source_chat is not None and message is not None
    ]
    if pairs:
        _PAIR.change_each(session, pairs)


def put_back(session: Session, owed: Owed, reason: str, until: datetime) -> None:
    """Queue it again, with the attempts it says it had, not before `until`."""
    values = {"state": DeliveryState.QUEUED, "error": reason, "not_before": until}
    this = update(_deliveries).where(_this.id == owed.id)
    session.connection().execute(this.values(attempts=owed.attempts, **values))


def end(session: Session, owed: Owed, state: DeliveryState, reason: str) -> Delivery:
    """Settle what was not sent; the row, for whoever is to be told."""
    delivery = session.get_one(Delivery, owed.id)
    delivery.state, delivery.error = state, reason
    session.add(delivery)
    session.flush()
    return delivery


def readdress(session: Session, old: int, new: int) -> None:
    """What is still owed to a chat is owed to its new id, where its topics are."""
    topics.readdress(session, old, new)
    unsent = _this.state.in_([DeliveryState.QUEUED, DeliveryState.SENDING])
    moved = update(_deliveries).where(_this.chat_id == old, unsent)
    session.connection().execute(moved.values(chat_id=new, state=DeliveryState.QUEUED))


def _begin(session: Session, numbers: Sequence[int]) -> set[int]:
    """Mark those still queued as being sent, in one statement; which they are."""
    places = 1 << (len(numbers) - 1).bit_length()
    padded = [*numbers, *[numbers[-1]] * (places - len(numbers))]
    given = {f"this_{place}": number for place, number in enumerate(padded)}
    return {row.id for row in _claiming(places).rows(session, **given)}


@cache
def _claiming(places: int) -> Prepared:
    """For so many at once: the text of a list would be made anew each time."""
    these: list[BindParameter[int]] = [bindparam(f"this_{place}") for place in range(places)]
    return Prepared(
        update(_deliveries)
        .where(_this.id.in_(these), _this.state == DeliveryState.QUEUED)
        .values(state=DeliveryState.SENDING, attempts=_this.attempts + 1)
        .returning(_this.id)
    )


def _supersede(session: Session, owed: Owed) -> bool:
    """Settle a delivery that a later one of its slot makes needless; False where there is none."""
    if not _LATER.rows(session, chat=owed.chat_id, slot=owed.slot, this=owed.id):
        return False
    this = update(_deliveries).where(_this.id == owed.id, _this.state == DeliveryState.QUEUED)
    session.connection().execute(this.values(state=DeliveryState.SUPERSEDED))
    return True


def _referring(session: Session, owed: Owed, parts: tuple[Owed, ...]) -> Claimed:
    edits = None
    if owed.slot:
        shown = _SHOWN.rows(session, chat=owed.chat_id, slot=owed.slot)
        edits = shown[0].sent_message if shown else None
    replied = _counterpart(session, parts[0])
    album = parts if len(parts) > 1 else ()
    return Claimed(owed, replied, edits, topics.room_for(session, owed), album)


def _counterpart(session: Session, owed: Owed) -> int | None:
    """The message replied to, as `owed.chat_id` knows it: the same, its copy, or its source."""
    if owed.reply_message is None or owed.reply_chat == owed.chat_id:
        return owed.reply_message
    copied = (_copy.source_chat == owed.reply_chat) & (_copy.source_message == owed.reply_message)
    source = (_copy.copy_chat == owed.reply_chat) & (_copy.copy_message == owed.reply_message)
    there = or_(
        copied & (_copy.copy_chat == owed.chat_id),
        source & (_copy.source_chat == owed.chat_id),
    )
    row = (
        session.connection()
        .execute(
            select(_copy.copy_chat, _copy.copy_message, _copy.source_message)
            .where(there)
            .order_by(_copy.id.desc())
            .limit(1)
        )
        .first()
    )
    if row is None:
        return None
    found: int = row.copy_message if row.copy_chat == owed.chat_id else row.source_message
    return found
