"""What of a message its copy is made of, and what Telegram lets nobody copy."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select as select_columns
from sqlalchemy import text
from sqlmodel import Session, col, select

from bot.delivery.tables import Delivery, MessagePair
from bot.desk.errors import RefusedError
from bot.desk.members import notify
from bot.desk.tables import Message
from bot.desk.views import Heard

# Kinds that copyMessage refuses whatever is in them, and the sentence that says so.
NOT_COPIED = {
    "paid_media": "no_paid_media",
    "giveaway": "no_giveaway",
    "giveaway_winners": "no_giveaway",
    "invoice": "no_invoice",
    "quiz": "no_quiz",
}
# Kinds that can stand in an album or take the place of another (InputMedia).
MEDIA_KINDS = frozenset({"photo", "video", "audio", "document", "animation"})
# Telegram copies files of any size, and lets a bot fetch those up to 20 MB.
FETCHED_LIMIT = 20 << 20
_COPY = "copyMessage"
# In a message's `file`: its copy goes without its caption (bot.desk.enclosing).
BARE = "bare"
# Kinds whose copy can be given another caption.
CAPTIONED = frozenset({"photo", "live_photo", "video", "animation", "document", "audio", "voice"})
# One statement for each state, so that each is found by its own index.
_ON_THEIR_WAY = ("queued", "sending", "held")


def check_copied(heard: Heard) -> None:
    """Raises RefusedError for what Telegram lets no bot carry."""
    code = NOT_COPIED.get(heard.kind)
    if code is not None:
        raise RefusedError(code)


def say_if_too_large(session: Session, heard: Heard, consultation_id: int, now: datetime) -> None:
    """A file of any size is passed on; one over the limit can't be kept for the transcript."""
    if heard.file.get("size", 0) > FETCHED_LIMIT:
        notify(
            session,
            heard.chat_id,
            "too_large_to_keep",
            now=now,
            reply_to=heard.message_id,
            consultation=consultation_id,
            limit=FETCHED_LIMIT >> 20,
        )


def source_of(heard: Heard) -> tuple[int, int]:
    return heard.chat_id, heard.message_id


def manner_of(heard: Heard) -> dict[str, Any]:
    """How it is to be copied, as owe_copy takes it: what it replies to, its quote, its album."""
    replies = heard.reply_to is not None
    return {
        "reply_to": (heard.chat_id, heard.reply_to) if replies else None,
        "quote": _quoted(heard.quote) if replies else None,
        "album": heard.album,
        "media": media_of(heard) if replies and heard.album else None,
        "bare": heard.kind in CAPTIONED and bool(heard.file.get(BARE)),
    }


def media_of(heard: Heard) -> dict[str, Any] | None:
    """Its file and caption as InputMedia; None for what can't be one."""
    if heard.kind not in MEDIA_KINDS or "id" not in heard.file:
        return None
    media: dict[str, Any] = {"type": heard.kind, "media": heard.file["id"]}
    media |= captioned(heard)
    if heard.file.get("has_media_spoiler"):
        media["has_spoiler"] = True
    return media


def captioned(heard: Heard) -> dict[str, Any]:
    """Its caption with its formatting, as the methods take it; an empty one takes it away."""
    caption: dict[str, Any] = {"caption": heard.text}
    if heard.entities:
        caption["caption_entities"] = list(heard.entities)
    if heard.file.get("show_caption_above_media"):
        caption["show_caption_above_media"] = True
    return caption


def is_first(session: Session, heard: Heard) -> bool:
    """Whether it is the first part of its album to be recorded, or no part of any."""
    if not heard.album:
        return True
    parts = select(Message.id).where(Message.chat_id == heard.chat_id, Message.album == heard.album)
    return session.exec(parts.limit(1)).first() is None


def written(session: Session, chat_id: int, message_id: int) -> Message | None:
    """The row of a message as its writer sees it."""
    found = select(Message).where(Message.chat_id == chat_id, Message.message_id == message_id)
    return session.exec(found.order_by(col(Message.id).desc())).first()


def heard_again(message: Message) -> Heard:
    """A message as it was heard, in its newest version."""
    return Heard(
        chat_id=message.chat_id,
        message_id=message.message_id,
        kind=message.kind,
        text=message.text,
        reply_to=message.reply_to,
        entities=tuple(message.entities),
        file=message.file,
        quote=message.quote,
        album=message.album,
        by=message.writer,
    )


def reading_chats(session: Session, source: tuple[int, int]) -> list[int]:
    """The chats in which a copy of a message stands, or to which one is on its way."""
    copied = select(MessagePair.copy_chat).where(
        MessagePair.source_chat == source[0], MessagePair.source_message == source[1]
    )
    return sorted({*session.exec(copied), *(row.chat_id for row in on_their_way(session, source))})


def on_their_way(session: Session, source: tuple[int, int]) -> list[Any]:
    """(id, chat_id, state) of the copies of a message that were not made yet."""
    rows: list[Any] = []
    for state in _ON_THEIR_WAY:
        this = select_columns(col(Delivery.id), col(Delivery.chat_id), col(Delivery.state)).where(
            text(f"delivery.state = '{state}'"),
            col(Delivery.method) == _COPY,
            col(Delivery.source_chat) == source[0],
            col(Delivery.source_message) == source[1],
        )
        rows += session.connection().execute(this).all()
    return rows


def _quoted(quote: Mapping[str, Any]) -> dict[str, Any] | None:
    """The words that somebody chose to answer, as ReplyParameters takes them."""
    if not quote.get("text") or not quote.get("is_manual"):
        return None
    found = {"quote": quote["text"], "quote_position": quote.get("position", 0)}
    return found | ({"quote_entities": quote["entities"]} if quote.get("entities") else {})
