"""Topics of forums and, where the bot has them switched on, of private chats."""

from __future__ import annotations

from bot.simulator.calls import BotSide, existing_topic, method, writable_chat
from bot.simulator.chats import SimulatedChat, Topic
from bot.simulator.errors import refuse
from bot.simulator.messages import Json
from bot.simulator.wire import Given

_TOPIC = "chat_id:chat! message_thread_id:int! "


def _forum(bot: BotSide, given: Given, act: str) -> SimulatedChat:
    chat = writable_chat(bot, given["chat_id"])
    if not chat.is_forum and not (chat.is_private and bot.world.topics_in_private):
        raise refuse("not_a_forum")
    if not chat.bot_is_admin or not chat.bot_manages_topics:
        raise refuse("topic_rights", act=act)
    return chat


def _topic(bot: BotSide, given: Given, act: str) -> tuple[SimulatedChat, Topic]:
    chat = _forum(bot, given, act)
    return chat, existing_topic(chat, given["message_thread_id"], "thread_not_found")


@method("createForumTopic", "chat_id:chat! name:text! icon_color:int icon_custom_emoji_id:text")
def create_forum_topic(bot: BotSide, given: Given) -> Json:
    chat = _forum(bot, given, "create")
    if not given["name"].strip():
        raise refuse("topic_name_empty")
    icon = {name: given.get(name) for name in ("icon_color", "icon_custom_emoji_id")}
    topic = bot.world.open_topic(chat, bot.world.bot, given["name"].strip()[:128], **icon)
    created: Json = {
        "message_thread_id": topic.thread_id,
        "name": topic.name,
        "icon_color": topic.icon_color,
    }
    if topic.icon_custom_emoji_id:
        created["icon_custom_emoji_id"] = topic.icon_custom_emoji_id
    return created


@method("editForumTopic", _TOPIC + "name:text icon_custom_emoji_id:text")
def edit_forum_topic(bot: BotSide, given: Given) -> bool:
    chat, topic = _topic(bot, given, "edit")
    changed: Json = {}
    for name in ("name", "icon_custom_emoji_id"):
        if given.get(name) and given[name] != getattr(topic, name):
            setattr(topic, name, given[name])
            changed[name] = given[name]
    if not changed:
        raise refuse("topic_not_modified")
    return _tell(bot, chat, topic, {"forum_topic_edited": changed})


@method("closeForumTopic", _TOPIC)
def close_forum_topic(bot: BotSide, given: Given) -> bool:
    return _turn(bot, given, closed=True)


@method("reopenForumTopic", _TOPIC)
def reopen_forum_topic(bot: BotSide, given: Given) -> bool:
    return _turn(bot, given, closed=False)


def _turn(bot: BotSide, given: Given, *, closed: bool) -> bool:
    chat, topic = _topic(bot, given, "close" if closed else "reopen")
    if chat.is_private:
        raise refuse("not_a_forum")
    if topic.closed is closed:
        raise refuse("topic_not_modified")
    topic.closed = closed
    name = "forum_topic_closed" if closed else "forum_topic_reopened"
    return _tell(bot, chat, topic, {name: {}})


def _tell(bot: BotSide, chat: SimulatedChat, topic: Topic, content: Json) -> bool:
    bot.world.say(chat, bot.world.bot, content, thread_id=topic.thread_id)
    bot.world.topic_changed(chat, topic)
    return True


@method("deleteForumTopic", _TOPIC)
def delete_forum_topic(bot: BotSide, given: Given) -> bool:
    chat, topic = _topic(bot, given, "delete")
    bot.world.delete_topic(chat, topic.thread_id, by_bot=True)
    return True
