"""A message of an update, as the plain values that the desk takes."""

from typing import Any

from telegram import Message, Update

from bot.desk.views import Heard

# In this order: a live photo is a photo too, an animation a document, a venue a location.
KINDS = (
    "live_photo",
    "photo",
    "animation",
    "document",
    "voice",
    "video_note",
    "video",
    "audio",
    "sticker",
    "venue",
    "location",
    "contact",
    "poll",
    "dice",
    "story",
    "game",
    "checklist",
    "paid_media",
    "giveaway",
    "giveaway_winners",
    "invoice",
)
# What a file is known by, and how each is called in Heard.file.
_FILE = {
    "file_id": "id",
    "file_unique_id": "unique_id",
    "file_name": "name",
    "mime_type": "mime",
    "file_size": "size",
}
_SHOWN = ("has_media_spoiler", "show_caption_above_media")


def heard_in(update: Update) -> Heard:
    """The message of an update, new or edited."""
    message = update.effective_message
    assert message is not None
    return heard(message)


def heard(message: Message) -> Heard:
    kind, reply = kind_of(message), _replied(message)
    return Heard(
        chat_id=message.chat_id,
        message_id=message.message_id,
        kind=kind,
        text=message.text or message.caption or "",
        reply_to=reply.message_id if reply else None,
        topic=message.message_thread_id if message.is_topic_message else None,
        entities=tuple(one.to_dict() for one in message.entities or message.caption_entities),
        file=_file(message, kind),
        quote=message.quote.to_dict() if message.quote and reply else {},
        album=message.media_group_id or "",
    )


def _replied(message: Message) -> Message | None:
    """What it answers. What is typed in a topic comes as a reply to the topic's own beginning."""
    reply = message.reply_to_message
    return None if reply is not None and reply.forum_topic_created else reply


def kind_of(message: Message) -> str:
    """`text`, the name of what it carries, or `other`."""
    if message.text:
        return "text"
    if message.poll is not None and message.poll.type == "quiz":
        return "quiz"
    return next((kind for kind in KINDS if _part(message, kind)), "other")


def _part(message: Message, kind: str) -> Any:
    """What python-telegram-bot has no name for yet stands among the rest it was given."""
    return getattr(message, kind, None) or message.api_kwargs.get(kind)


def _file(message: Message, kind: str) -> dict[str, Any]:
    found = _part(message, kind)
    if isinstance(found, tuple):  # of a photo's sizes the largest is the last
        found = found[-1]
    file = {
        name: value
        for key, name in _FILE.items()
        if (value := getattr(found, key, None)) is not None
    }
    if not file:
        return {}
    return file | {name: True for name in _SHOWN if getattr(message, name, None)}
