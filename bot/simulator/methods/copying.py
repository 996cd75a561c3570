"""copyMessage(s) and forwardMessage(s)."""

from __future__ import annotations

from typing import Any

from bot.simulator.calls import (
    CAPTIONED,
    BotSide,
    caption_content,
    deliver,
    existing_message,
    method,
    open_thread,
    readable_chat,
    writable_chat,
)
from bot.simulator.errors import refuse
from bot.simulator.messages import Json, SimulatedMessage
from bot.simulator.sending import origin_of
from bot.simulator.wire import Given

CAPTION_FIELDS = ("caption", "caption_entities", "show_caption_above_media")
_WITHOUT_CAPTION = frozenset({"text", "sticker", "video_note", "location", "venue", "contact"})
_MANY = (
    "chat_id:chat! message_thread_id:int from_chat_id:chat! message_ids:json! "
    "disable_notification:bool protect_content:bool "
)


def _copyable(message: SimulatedMessage) -> bool:
    return message.kind != "service" and not message.protected


@method(
    "copyMessage",
    CAPTIONED + "from_chat_id:chat! message_id:int! show_caption_above_media:bool "
    "video_start_timestamp:int",
)
def copy_message(bot: BotSide, given: Given) -> Json:
    source = readable_chat(bot, given["from_chat_id"])
    message = existing_message(source, given["message_id"], "message to copy")
    if not _copyable(message):
        raise refuse("cannot_copy")
    content = message.content
    if given.get("caption") is not None and message.kind not in _WITHOUT_CAPTION:
        content = _bare(message) | caption_content(given)
    return {"message_id": deliver(bot, given, content).id}


@method("copyMessages", _MANY + "remove_caption:bool")
def copy_messages(bot: BotSide, given: Given) -> list[Json]:
    found = [message for message in _several(bot, given) if _copyable(message)]
    bare = given.get("remove_caption")
    return _repeat(bot, given, [(m, _bare(m) if bare else m.content) for m in found])


@method(
    "forwardMessage",
    "chat_id:chat! message_thread_id:int from_chat_id:chat! message_id:int! "
    "disable_notification:bool protect_content:bool message_effect_id:text "
    "video_start_timestamp:int",
)
def forward_message(bot: BotSide, given: Given) -> Json:
    source = readable_chat(bot, given["from_chat_id"])
    message = existing_message(source, given["message_id"], "message to forward")
    if not _copyable(message):
        raise refuse("cannot_forward")
    sent = deliver(bot, given, message.content, forward_origin=origin_of(message))
    return sent.for_bot()


@method("forwardMessages", _MANY)
def forward_messages(bot: BotSide, given: Given) -> list[Json]:
    found = [message for message in _several(bot, given) if _copyable(message)]
    return _repeat(bot, given, [(m, m.content) for m in found], forwarded=True)


def _bare(message: SimulatedMessage) -> Json:
    return {name: value for name, value in message.content.items() if name not in CAPTION_FIELDS}


def _several(bot: BotSide, given: Given) -> list[SimulatedMessage]:
    """The messages of message_ids that are still there; the rest is skipped without a word."""
    ids = checked_ids(given["message_ids"])
    chat = writable_chat(bot, given["chat_id"])
    open_thread(chat, given.get("message_thread_id"))
    source = readable_chat(bot, given["from_chat_id"])
    return [found for one in ids if (found := source.message(one)) is not None]


def checked_ids(ids: Any) -> list[int]:
    """1 to 100 message ids in rising order; raises ApiError for anything else."""
    if not ids or not isinstance(ids, list):
        raise refuse("ids_missing")
    if len(ids) > 100:
        raise refuse("ids_too_many")
    if any(not isinstance(one, int) or one <= 0 for one in ids):
        raise refuse("id_invalid")
    if ids != sorted(set(ids)):
        raise refuse("ids_not_increasing")
    return ids


def _repeat(
    bot: BotSide,
    given: Given,
    contents: list[tuple[SimulatedMessage, Json]],
    *,
    forwarded: bool = False,
) -> list[Json]:
    """Send each content; albums stay albums, under a new id."""
    if not contents:
        raise refuse("nothing_to_forward")
    albums: dict[str, str] = {}
    answers = []
    for message, content in contents:
        more: Json = {"forward_origin": origin_of(message)} if forwarded else {}
        if message.album_id is not None:
            fresh = str(13_000_000_000_000_000 + bot.world.number())
            more["album_id"] = albums.setdefault(message.album_id, fresh)
        answers.append({"message_id": deliver(bot, given, content, **more).id})
    return answers
