"""Changing and deleting messages; answering button presses."""

from __future__ import annotations

from bot.simulator.calls import (
    BotSide,
    caption_content,
    editable_chat,
    existing_message,
    method,
    text_content,
)
from bot.simulator.chats import SimulatedChat
from bot.simulator.errors import refuse
from bot.simulator.keyboards import checked_markup
from bot.simulator.messages import Json, SimulatedMessage
from bot.simulator.methods.copying import CAPTION_FIELDS, checked_ids
from bot.simulator.methods.media import input_media
from bot.simulator.wire import Given

# Either a chat with a message, or an inline message.
_EDITING = "chat_id:chat message_id:int inline_message_id:text reply_markup:json "
_CAPTIONABLE = frozenset({"photo", "video", "audio", "document", "animation", "voice"})
_TWO_DAYS = 48 * 3600


def _message_to_edit(bot: BotSide, given: Given) -> SimulatedMessage:
    if given.get("inline_message_id"):
        found = bot.world.inline.sent.get(given["inline_message_id"])
        if found is None or found.deleted:
            raise refuse("inline_message_invalid")
        return found
    chat = editable_chat(bot, given.get("chat_id"))
    if not given.get("message_id"):
        raise refuse("id_missing")
    message = existing_message(chat, given["message_id"], "message to edit")
    if not message.from_bot or message.kind == "service" or message.forward_origin is not None:
        raise refuse("cannot_edit")
    return message


def _edit(bot: BotSide, given: Given, message: SimulatedMessage, content: Json) -> Json | bool:
    markup = checked_markup(given.get("reply_markup"), inline_only=True)
    if content == message.content and markup == message.reply_markup:
        raise refuse("not_modified")
    changed = content != message.content
    message.reply_markup = markup
    if changed:
        bot.world.changed(message, content, by_bot=True)
    else:
        message.edit_date = bot.world.now()
        bot.world.publish("markup", message.chat, message)
    return True if given.get("inline_message_id") else message.for_bot()


@method(
    "editMessageText",
    _EDITING + "text:text! parse_mode:text entities:json link_preview_options:json",
)
def edit_message_text(bot: BotSide, given: Given) -> Json | bool:
    content = text_content(given, edited=True)
    message = _message_to_edit(bot, given)
    if message.text is None:
        raise refuse("no_text_to_edit")
    return _edit(bot, given, message, content)


@method(
    "editMessageCaption",
    _EDITING + "caption:text parse_mode:text caption_entities:json show_caption_above_media:bool",
)
def edit_message_caption(bot: BotSide, given: Given) -> Json | bool:
    caption = caption_content(given)
    message = _message_to_edit(bot, given)
    if message.kind not in _CAPTIONABLE:
        raise refuse("no_caption_to_edit")
    bare = {name: value for name, value in message.content.items() if name not in CAPTION_FIELDS}
    return _edit(bot, given, message, bare | caption)


@method("editMessageMedia", _EDITING + "media:json!")
def edit_message_media(bot: BotSide, given: Given) -> Json | bool:
    message = _message_to_edit(bot, given)
    if message.kind not in _CAPTIONABLE | {"text"}:
        raise refuse("cannot_edit_media")
    return _edit(bot, given, message, input_media(bot, given, given["media"]))


@method("editMessageReplyMarkup", _EDITING)
def edit_message_reply_markup(bot: BotSide, given: Given) -> Json | bool:
    message = _message_to_edit(bot, given)
    return _edit(bot, given, message, message.content)


# -- deleting


@method("deleteMessage", "chat_id:chat! message_id:int!")
def delete_message(bot: BotSide, given: Given) -> bool:
    chat = editable_chat(bot, given["chat_id"])
    message = existing_message(chat, given["message_id"], "message to delete")
    if not _may_delete(chat, message):
        raise refuse("cannot_delete")
    if bot.world.now() - message.date > _TWO_DAYS and not (
        chat.bot_is_admin and not chat.is_private
    ):
        raise refuse("cannot_delete_for_all")
    bot.world.remove(message)
    return True


@method("deleteMessages", "chat_id:chat! message_ids:json!")
def delete_messages(bot: BotSide, given: Given) -> bool:
    ids = given["message_ids"]
    checked_ids(sorted(set(ids)) if isinstance(ids, list) else ids)
    chat = editable_chat(bot, given["chat_id"])
    for one in ids:
        message = chat.message(one)
        if message is not None and _may_delete(chat, message):
            bot.world.remove(message)
    return True


def _may_delete(chat: SimulatedChat, message: SimulatedMessage) -> bool:
    return message.from_bot or chat.bot_is_admin


# -- button presses


@method(
    "answerCallbackQuery",
    "callback_query_id:text! text:text show_alert:bool url:text cache_time:int",
)
def answer_callback_query(bot: BotSide, given: Given) -> bool:
    callback = bot.world.callbacks.get(given["callback_query_id"])
    lifetime = bot.world.callback_seconds
    if (
        callback is None
        or callback.answer is not None
        or bot.world.clock() - callback.pressed_at > lifetime
    ):
        raise refuse("query_too_old")
    if len(given.get("text") or "") > 200:
        raise refuse("callback_text_too_long")
    answer = {
        "text": given.get("text") or "",
        "show_alert": given.get("show_alert", False),
        "url": given.get("url"),
    }
    callback.answer = answer
    bot.world.publish(
        "callback_answered", callback.message.chat, callback.message, callback, **answer
    )
    return True
