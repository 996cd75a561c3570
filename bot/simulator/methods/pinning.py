"""Pinning messages."""

from __future__ import annotations

from bot.simulator.calls import BotSide, existing_message, method, writable_chat
from bot.simulator.chats import SimulatedChat
from bot.simulator.errors import refuse
from bot.simulator.wire import Given


def _pinnable(bot: BotSide, given: Given) -> SimulatedChat:
    chat = writable_chat(bot, given["chat_id"])
    if not chat.bot_is_admin:
        raise refuse("not_enough_rights", act="manage pinned messages in the chat")
    return chat


@method("pinChatMessage", "chat_id:chat! message_id:int! disable_notification:bool")
def pin_chat_message(bot: BotSide, given: Given) -> bool:
    chat = _pinnable(bot, given)
    message = existing_message(chat, given["message_id"], "message to pin")
    if message.kind == "service":
        raise refuse("cannot_pin")
    if message.id in chat.pinned:
        return True
    chat.pinned.append(message.id)
    content = {"pinned_message": message.for_bot(nested=True)}
    bot.world.say(chat, bot.world.bot, content, thread_id=message.thread_id)
    return True


@method("unpinChatMessage", "chat_id:chat! message_id:int")
def unpin_chat_message(bot: BotSide, given: Given) -> bool:
    """Without a message the one pinned last; nothing happens where none is."""
    chat = _pinnable(bot, given)
    number = given.get("message_id") or (chat.pinned[-1] if chat.pinned else None)
    if number in chat.pinned:
        chat.pinned.remove(number)
        bot.world.publish("chat", chat)
    return True
