"""Updates as Telegram sent them, kept before they are acknowledged."""

import json
import re
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypeGuard

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from bot.delivery.shares import ALL, among
from bot.delivery.tables import InboxUpdate, table_of
from knowledge.prepared import Prepared

Json = dict[str, Any]
_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")
_inbox = table_of(InboxUpdate)
_row = _inbox.c
_DONE = Prepared(
    update(_inbox)
    .where(_row.update_id == bindparam("this"), _row.done_at.is_(None))
    .values(done_at=bindparam("now"))
)
# INSERT that skips what is there and returns what is new: each database has its own.
_INSERT = {
    dialect.__name__.rpartition(".")[2]: dialect.insert(_inbox)
    .on_conflict_do_nothing()
    .returning(_row.update_id)
    for dialect in (postgresql, sqlite)
}
# Where an update's chat may stand: in itself, or in the message it is about.
_WITH_CHAT = (
    "message",
    "edited_message",
    "my_chat_member",
    "chat_member",
    "message_reaction",
    "chat_join_request",
    "channel_post",
    "edited_channel_post",
)


class Received(NamedTuple):
    """One update of a lane. `inherited`: it was waiting when this process began."""

    update_id: int
    lane: int
    raw: Json
    attempts: int = 0
    inherited: bool = False


def store(session: Session, updates: Sequence[Json], now: datetime) -> list[Received]:
    """Keep updates; those not kept before, in the order given.

    An update that says nothing we know is kept all the same; one without an integer update_id
    cannot be named, and is left out.
    """
    named = {update["update_id"]: update for update in updates if is_update(update)}
    received = [
        Received(number, lane_of(update), _kept(update)) for number, update in named.items()
    ]
    if not received:
        return []
    rows = [
        {
            "update_id": one.update_id,
            "lane": one.lane,
            "raw": json.dumps(one.raw, ensure_ascii=False, separators=(",", ":")),
            "received_at": now,
            "attempts": 0,
            "quarantined": False,
            "error": "",
        }
        for one in received
    ]
    connection = session.connection()
    new = set(connection.execute(_INSERT[connection.dialect.name], rows).scalars())
    return [one for one in received if one.update_id in new]


def is_update(update: object) -> bool:
    """Whether this can be kept at all: an object with an update_id that a row can hold."""
    return isinstance(update, dict) and _is_id(update.get("update_id"))


def lane_of(update: Json) -> int:
    """The chat whose order an update keeps; the person's id where it has no chat; else 0."""
    for name in _WITH_CHAT:
        if name in update:
            return _chat_of(update[name])
    if "callback_query" in update:
        query = update["callback_query"]
        message = query.get("message") if isinstance(query, dict) else None
        return _chat_of(message) or _sender_of(query)
    return next((_sender_of(value) for value in update.values() if isinstance(value, dict)), 0)


def waiting_lanes(session: Session, shares: Collection[int] = ALL) -> list[int]:
    """The lanes of these shares with updates not done, the longest waiting first."""
    waiting = (
        select(_row.lane)
        .where(_row.done_at.is_(None), among(_row.lane, shares))
        .group_by(_row.lane)
        .order_by(func.min(_row.update_id))
    )
    return list(session.connection().execute(waiting).scalars())


def waiting_in(session: Session, lane: int, limit: int, began: datetime) -> list[Received]:
    """The first updates of a lane that are not done; inherited are those of before `began`."""
    waiting = (
        select(_row.update_id, _row.raw, _row.attempts, _row.received_at)
        .where(_row.lane == lane, _row.done_at.is_(None))
        .order_by(_row.update_id)
        .limit(limit)
    )
    return [
        Received(update_id, lane, json.loads(raw), attempts, received_at < began)
        for update_id, raw, attempts, received_at in session.connection().execute(waiting)
    ]


def mark_done(session: Session, update_id: int, now: datetime) -> bool:
    """False where it was done already."""
    return _DONE.change(session, this=update_id, now=now) > 0


def count_attempt(session: Session, update_id: int, attempts: int) -> None:
    """Note that an update has been tried `attempts` times."""
    _change(session, update_id, attempts=attempts)


def quarantine(session: Session, update_id: int, error: str, now: datetime) -> None:
    """Set an update aside for a person to look at: the row is kept, its lane goes on."""
    _change(session, update_id, quarantined=True, error=error, done_at=now)


def forget_done(session: Session, older_than: timedelta, *, now: datetime) -> int:
    """Delete what was done long ago, and how many: the inbox keeps people's words no longer.

    Quarantined updates stay until a person has looked at them. A day is enough, for Telegram keeps
    no update longer.
    """
    old = (_row.done_at < now - older_than) & ~_row.quarantined
    return session.connection().execute(delete(_inbox).where(old)).rowcount


def _change(session: Session, update_id: int, **values: Any) -> None:
    this = _row.update_id == update_id
    session.connection().execute(update(_inbox).where(this).values(**values))


def _chat_of(part: object) -> int:
    """The id of the chat in a part of an update, or of its sender; 0 where neither is well made."""
    if not isinstance(part, dict):
        return 0
    chat = part.get("chat")
    found = chat.get("id") if isinstance(chat, dict) else None
    return found if _is_id(found) else _sender_of(part)


def _sender_of(part: object) -> int:
    sender = (part.get("from") or part.get("user")) if isinstance(part, dict) else None
    found = sender.get("id") if isinstance(sender, dict) else None
    return found if _is_id(found) else 0


def _is_id(value: object) -> TypeGuard[int]:
    return type(value) is int and -(2**63) <= value < 2**63


def _kept(update: Json) -> Json:
    """What can be stored of it: of one nested deeper than any message, that it came."""
    try:
        return {str(name): _storable(value) for name, value in update.items()}
    except RecursionError:
        return {"update_id": update["update_id"]}


def _storable(part: Any) -> Any:
    """Without what no database keeps as text: NUL, and halves of characters that came alone."""
    if isinstance(part, str):
        return _UNSTORABLE.sub("\ufffd", part)
    if isinstance(part, dict):
        return {_storable(name): _storable(value) for name, value in part.items()}
    return [_storable(value) for value in part] if isinstance(part, list) else part
