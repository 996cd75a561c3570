"""What a use case may owe to Telegram, within its own transaction."""

from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, col, or_, select

from bot.delivery.albums import PATIENCE
from bot.delivery.owed import NAMES, Owed
from bot.delivery.place import PLACE, Place
from bot.delivery.tables import Delivery, DeliveryState, MessagePair, Priority, table_of
from knowledge.prepared import Prepared

# What an owed delivery has, where nothing is given.
_BLANK: dict[str, Any] = dict.fromkeys(NAMES) | {
    "priority": Priority.NOTICE,
    "method": "",
    "card": "",
    "values": {},
    "language": "",
    "attachment": "",
    "slot": "",
    "album": "",
    "attempts": 0,
}
del _BLANK["id"]
_INSERT = Prepared(
    insert(table_of(Delivery)).returning(table_of(Delivery).c.id),
    [*_BLANK, "state", "error", "owed_at"],
)


# Values of a copy: the words it replies to, as ReplyParameters has them, and, for a part of an
# album that replies, what it is made of, as InputMedia.
QUOTE, MEDIA = "quote", "media"
# The caption of a copy, in the place of its own; an empty one takes it away.
CAPTION = "caption"
# A value of a card that makes no sound when it comes.
SILENT = "silent"


def owe_card(
    session: Session,
    chat_id: int,
    card: str,
    view: object,
    *,
    now: datetime,
    language: str = "zh",
    thread: int | None = None,
    slot: str = "",
    priority: Priority = Priority.NOTICE,
    reply_to: tuple[int, int] | None = None,
    silent: bool = False,
) -> None:
    """Owe a card to a chat; `view` is a frozen dataclass or a mapping of plain values.

    `reply_to` is (chat, message) of a message as its writer sees it. `silent`: without a sound.
    """
    chat, message = reply_to or (None, None)
    _owe(
        session,
        now,
        chat_id=chat_id,
        card=card,
        values=plain(view) | ({SILENT: True} if silent else {}),
        language=language,
        thread=thread,
        slot=slot,
        priority=priority,
        reply_chat=chat,
        reply_message=message,
    )


def owe_copy(
    session: Session,
    chat_id: int,
    source: tuple[int, int],
    *,
    now: datetime,
    thread: int,
    reply_to: tuple[int, int] | None = None,
    quote: Mapping[str, Any] | None = None,
    album: str = "",
    media: Mapping[str, Any] | None = None,
    bare: bool = False,
) -> None:
    """Owe a copy of the message `source` (chat, message), as a person's own words.

    Parts of an `album` wait a moment for each other. `quote`, `media`: see QUOTE and MEDIA.
    `bare`: without its caption.
    """
    chat, message = reply_to or (None, None)
    values: dict[str, Any] = {
        name: dict(found) for name, found in ((QUOTE, quote), (MEDIA, media)) if found
    }
    if bare:
        values[CAPTION] = ""
    _owe(
        session,
        now,
        chat_id=chat_id,
        method="copyMessage",
        values=values,
        source_chat=source[0],
        source_message=source[1],
        thread=thread,
        album=album,
        not_before=now + PATIENCE if album else None,
        priority=Priority.MESSAGE,
        reply_chat=chat,
        reply_message=message,
    )


def owe_change(
    session: Session,
    chat_id: int,
    method: str,
    message: tuple[int, int],
    values: Mapping[str, Any],
    *,
    now: datetime,
    thread: int,
    slot: str = "",
    priority: Priority = Priority.MESSAGE,
) -> None:
    """Owe a call that changes, in `chat_id`, the counterpart of `message` (chat, message).

    Which one that is is looked up when it is made: what is owed before it has been sent by then.
    """
    _owe(
        session,
        now,
        chat_id=chat_id,
        method=method,
        values=dict(values),
        thread=thread,
        slot=slot,
        priority=priority,
        reply_chat=message[0],
        reply_message=message[1],
    )


def owe_document(
    session: Session,
    chat_id: int,
    path: str,
    *,
    now: datetime,
    caption: str = "",
    filename: str = "",
) -> None:
    """Owe a file of ours, read from `path` when it is sent."""
    values = {"caption": caption, "filename": filename}
    _owe(
        session,
        now,
        chat_id=chat_id,
        method="sendDocument",
        attachment=path,
        values={name: value for name, value in values.items() if value},
    )


def owe_call(
    session: Session,
    chat_id: int,
    method: str,
    values: Mapping[str, Any],
    *,
    now: datetime,
    thread: int | None = None,
    priority: Priority = Priority.NOTICE,
) -> None:
    """Owe a call that is neither a card nor a copy, with its parameters beside the chat."""
    given = {"method": method, "values": dict(values), "thread": thread, "priority": priority}
    _owe(session, now, chat_id=chat_id, **given)


def _owe(session: Session, now: datetime, **given: Any) -> None:
    """Insert it at once, and note it for the sender, who is told when it is committed."""
    values = _BLANK | {"topic": _answering(session, given["chat_id"])} | given
    row = {"state": DeliveryState.QUEUED, "error": "", "owed_at": now, **values}
    (made,) = _INSERT.rows(session, **row)
    session.info.setdefault("owed", []).append(Owed(id=made.id, **values))


def _answering(session: Session, chat_id: int) -> int | None:
    """The topic in which the update that is handled came; what answers it is said there."""
    place: Place | None = session.info.get(PLACE)
    return place.topic if place is not None and place.chat_id == chat_id else None


def thread_of(session: Session, chat_id: int, message_id: int) -> int | None:
    """The consultation a message seen in `chat_id` belongs to: copied in, copied out or a card."""
    pair = session.exec(
        select(MessagePair.thread).where(
            or_(
                (col(MessagePair.copy_chat) == chat_id)
                & (col(MessagePair.copy_message) == message_id),
                (col(MessagePair.source_chat) == chat_id)
                & (col(MessagePair.source_message) == message_id),
            )
        )
    ).first()
    if pair is not None:
        return pair
    sent = select(Delivery.thread).where(
        Delivery.chat_id == chat_id, Delivery.sent_message == message_id, Delivery.card != ""
    )
    return session.exec(sent).first()


def plain(view: object) -> dict[str, Any]:
    """A view as what JSON can hold: dates in ISO form, enums as their values."""
    if is_dataclass(view) and not isinstance(view, type):
        view = asdict(view)
    if not isinstance(view, Mapping):
        raise TypeError(f"a card takes a dataclass or a mapping, not {type(view).__name__}")
    return {str(name): _plain(value) for name, value in view.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(item) for item in value]
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value
