"""What every method of the Bot API works with: the bot's side of the world, and common checks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.simulator.chats import SimulatedChat, Topic
from bot.simulator.entities import formatted
from bot.simulator.errors import refuse
from bot.simulator.html import utf16_length
from bot.simulator.keyboards import checked_markup
from bot.simulator.messages import Json, SimulatedMessage
from bot.simulator.wire import Given, Signature
from bot.simulator.world import World

if TYPE_CHECKING:
    from bot.simulator.polling import Polling
    from bot.simulator.webhook import Webhook

TEXT_LIMIT = 4096  # characters after entities are parsed (sendMessage)
CAPTION_LIMIT = 1024


@dataclass(slots=True)
class BotSide:
    """What the bot has: the world and its ways of getting updates."""

    world: World
    polling: Polling
    webhook: Webhook


Act = Callable[[BotSide, Given], Any | Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Method:
    """One method: its name as the documentation writes it, its parameters, and what it does."""

    name: str
    signature: Signature
    act: Act


METHODS: dict[str, Method] = {}


def method(name: str, parameters: str = "") -> Callable[[Act], Act]:
    """Enter a function into METHODS under the lower-case name: names are case-insensitive."""

    def enter(act: Act) -> Act:
        METHODS[name.lower()] = Method(name, Signature.of(parameters), act)
        return act

    return enter


# -- chats


def readable_chat(bot: BotSide, chat_id: Any) -> SimulatedChat:
    """The chat of a chat_id; raises ApiError where the bot does not know or see it."""
    if not chat_id:
        raise refuse("chat_id_empty" if chat_id in (None, "") else "chat_not_found")
    chat = bot.world.chats.get(chat_id) if isinstance(chat_id, int) else None
    if chat is None:
        raise refuse("chat_not_found")
    if chat.type == "supergroup":
        _check_membership(chat)
    return chat


def editable_chat(bot: BotSide, chat_id: Any) -> SimulatedChat:
    """A chat in which the bot may change what it wrote."""
    chat = readable_chat(bot, chat_id)
    if chat.person is not None and chat.person.deactivated:
        raise refuse("deactivated")
    if chat.type == "group" and chat.migrated_to is None:
        _check_membership(chat)
    return chat


def writable_chat(bot: BotSide, chat_id: Any) -> SimulatedChat:
    """A chat in which the bot may write; the checks come in the real server's order."""
    chat = editable_chat(bot, chat_id)
    if chat.migrated_to is not None:
        raise refuse("group_upgraded", parameters={"migrate_to_chat_id": chat.migrated_to})
    if chat.is_private and chat.bot_status == "kicked":
        raise refuse("blocked")
    if not chat.opened:
        raise refuse("cannot_initiate")
    return chat


def _check_membership(chat: SimulatedChat) -> None:
    if chat.bot_status == "kicked":
        raise refuse("kicked", kind=chat.type)
    if chat.bot_status == "left":
        raise refuse("not_a_member", kind=chat.type)


# -- topics and messages


def open_thread(chat: SimulatedChat, thread_id: int | None) -> int | None:
    """The topic to write in; raises ApiError where it is not there, closed or deleted."""
    if not thread_id:
        return None
    topic = existing_topic(chat, thread_id, "thread_not_found")
    if topic.closed and not chat.bot_is_admin:
        raise refuse("topic_closed")
    return topic.thread_id


def existing_topic(chat: SimulatedChat, thread_id: int, sentence: str) -> Topic:
    """A topic that was not deleted; raises the named sentence where it never was."""
    topic = chat.topics.get(thread_id)
    if topic is None:
        raise refuse(sentence)
    if topic.deleted:
        raise refuse("topic_deleted")
    return topic


def existing_message(chat: SimulatedChat, message_id: Any, what: str) -> SimulatedMessage:
    """A message of a chat; `what` begins the sentence "... not found"."""
    message = chat.message(message_id) if isinstance(message_id, int) else None
    if message is None:
        raise refuse("not_found", what=what)
    return message


def answered_message(
    bot: BotSide, chat: SimulatedChat, reply: Any
) -> tuple[SimulatedMessage | None, Json | None]:
    """The message replied to and the quote of it, from ReplyParameters."""
    if not reply:
        return None, None
    where = reply.get("chat_id")
    source = chat if where in (None, chat.id) else readable_chat(bot, where)
    message = source.message(reply.get("message_id", 0))
    if message is None:
        if reply.get("allow_sending_without_reply"):
            return None, None
        raise refuse("not_found", what="message to be replied")
    return message, _quote(message, reply)


def _quote(message: SimulatedMessage, reply: Json) -> Json | None:
    if not reply.get("quote"):
        return None
    text, entities = formatted(
        reply["quote"], reply.get("quote_parse_mode"), reply.get("quote_entities")
    )
    whole = message.text or message.caption or ""
    at = whole.find(text)
    if at < 0:
        raise refuse("quote_invalid")
    quote: Json = {"text": text, "position": utf16_length(whole[:at]), "is_manual": True}
    return quote | ({"entities": entities} if entities else {})


# -- texts


def text_content(given: Json, *, edited: bool = False) -> Json:
    """`text` and `entities` of a message from text, parse_mode and entities."""
    text, entities = formatted(
        given.get("text") or "", given.get("parse_mode"), given.get("entities")
    )
    if not text:
        raise refuse("text_blank")
    if len(text) > TEXT_LIMIT:
        raise refuse("edited_text_too_long" if edited else "text_too_long")
    content: Json = {"text": text}
    if entities:
        content["entities"] = entities
    preview = given.get("link_preview_options")
    if preview:
        content["link_preview_options"] = preview
    return content


def caption_content(given: Json) -> Json:
    """`caption` and `caption_entities` from caption, parse_mode and caption_entities."""
    text, entities = formatted(
        given.get("caption") or "", given.get("parse_mode"), given.get("caption_entities")
    )
    if len(text) > CAPTION_LIMIT:
        raise refuse("caption_too_long")
    if not text:
        return {}
    content: Json = {"caption": text}
    if entities:
        content["caption_entities"] = entities
    if given.get("show_caption_above_media"):
        content["show_caption_above_media"] = True
    return content


# -- sending

SENDING = (
    "chat_id:chat! message_thread_id:int disable_notification:bool protect_content:bool "
    "allow_paid_broadcast:bool message_effect_id:text reply_parameters:json "
)
MARKED = SENDING + "reply_markup:json "
CAPTIONED = MARKED + "caption:text parse_mode:text caption_entities:json "


def deliver(bot: BotSide, given: Given, content: Json, **more: Any) -> SimulatedMessage:
    """Put the bot's message into the chat that the call names, after all of its checks."""
    chat = writable_chat(bot, given["chat_id"])
    markup = checked_markup(given.get("reply_markup"))
    reply_to, quote = answered_message(bot, chat, given.get("reply_parameters"))
    thread_id = open_thread(chat, given.get("message_thread_id"))
    if given.get("message_effect_id"):
        content = content | {"effect_id": given["message_effect_id"]}
    return bot.world.say(
        chat,
        bot.world.bot,
        content,
        reply_to=reply_to,
        quote=quote,
        thread_id=thread_id if thread_id or reply_to is None else reply_to.thread_id,
        reply_markup=markup,
        protected=bool(given.get("protect_content")),
        silent=bool(given.get("disable_notification")),
        **more,
    )
