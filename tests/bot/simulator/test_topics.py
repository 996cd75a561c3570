"""Topics of forums and of private chats."""

import pytest
from telegram import Bot
from telegram.error import BadRequest

from bot.simulator.chats import SimulatedChat
from bot.simulator.people import SimulatedPerson
from bot.simulator.world import World
from tests.bot.simulator.conftest import Refused


@pytest.fixture
def forum(world: World, asker: SimulatedPerson) -> SimulatedChat:
    return world.add_group("咨询", forum=True, admins=[asker], bot_is_admin=True)


async def test_a_topic_is_opened_renamed_closed_and_reopened(
    bot: Bot, forum: SimulatedChat, refused: Refused
) -> None:
    topic = await bot.create_forum_topic(forum.id, "焊接")
    where = {"chat_id": forum.id, "message_thread_id": topic.message_thread_id}
    await bot.edit_forum_topic(name="铝合金焊接", **where)
    await bot.close_forum_topic(**where)
    with refused(BadRequest, "Topic_not_modified"):
        await bot.close_forum_topic(**where)
    await bot.reopen_forum_topic(**where)
    state = forum.topics[topic.message_thread_id]
    assert (state.name, state.closed) == ("铝合金焊接", False)
    services = [next(iter(message.content)) for message in forum.messages]
    assert services == [
        "forum_topic_created",
        "forum_topic_edited",
        "forum_topic_closed",
        "forum_topic_reopened",
    ]


async def test_messages_stay_in_their_topic_both_ways(
    bot: Bot, forum: SimulatedChat, asker: SimulatedPerson
) -> None:
    topic = await bot.create_forum_topic(forum.id, "焊接")
    sent = await bot.send_message(forum.id, "您好", message_thread_id=topic.message_thread_id)
    assert (sent.message_thread_id, sent.is_topic_message) == (topic.message_thread_id, True)
    asker.send_text("谢谢", chat_id=forum.id, topic=topic.message_thread_id)
    asker.send_text("也谢谢", chat_id=forum.id, reply_to=sent.message_id)
    heard = [u.message for u in await bot.get_updates() if u.message]
    assert [m.message_thread_id for m in heard] == [topic.message_thread_id] * 2
    general = await bot.send_message(forum.id, "大家好")
    assert general.message_thread_id is None


async def test_a_topic_that_is_not_there_or_deleted_is_refused(
    bot: Bot, world: World, forum: SimulatedChat, refused: Refused
) -> None:
    with refused(BadRequest, "Message thread not found"):
        await bot.send_message(forum.id, "x", message_thread_id=99)
    mine = await bot.create_forum_topic(forum.id, "一")
    await bot.delete_forum_topic(forum.id, mine.message_thread_id)
    with refused(BadRequest, "Message thread not found"):
        await bot.send_message(forum.id, "x", message_thread_id=mine.message_thread_id)
    theirs = await bot.create_forum_topic(forum.id, "二")
    world.delete_topic(forum, theirs.message_thread_id)
    with refused(BadRequest, "Topic_deleted"):
        await bot.send_message(forum.id, "x", message_thread_id=theirs.message_thread_id)


async def test_only_an_admin_writes_in_a_closed_topic_and_opens_new_ones(
    bot: Bot, world: World, forum: SimulatedChat, asker: SimulatedPerson, refused: Refused
) -> None:
    thread_id = asker.open_topic("三", chat_id=forum.id)
    world.close_topic(forum, thread_id)
    await bot.send_message(forum.id, "x", message_thread_id=thread_id)
    world.set_bot_status(forum, "member")
    with refused(BadRequest, "Topic_closed"):
        await bot.send_message(forum.id, "x", message_thread_id=thread_id)
    with refused(BadRequest, "Not enough rights to create a topic"):
        await bot.create_forum_topic(forum.id, "四")
    world.close_topic(forum, thread_id, closed=False)
    await bot.send_message(forum.id, "x", message_thread_id=thread_id)


async def test_a_private_chat_has_topics_only_where_the_bot_has_them_on(
    bot: Bot, world: World, asker: SimulatedPerson, refused: Refused
) -> None:
    with refused(BadRequest, "The chat is not a forum"):
        await bot.create_forum_topic(asker.id, "焊接")
    world.topics_in_private = True
    assert (await bot.get_me()).has_topics_enabled
    topic = await bot.create_forum_topic(asker.id, "焊接")
    await bot.send_message(asker.id, "x", message_thread_id=topic.message_thread_id)
    asker.send_text("y", topic=topic.message_thread_id)
    heard = (await bot.get_updates())[-1].message
    assert heard is not None
    assert heard.message_thread_id == topic.message_thread_id


async def test_changes_of_topics_are_told_to_observers(
    bot: Bot, world: World, forum: SimulatedChat
) -> None:
    seen = []
    world.subscribe(lambda e: seen.append(e.detail) if e.kind == "topic" else None)
    topic = await bot.create_forum_topic(forum.id, "焊接")
    await bot.close_forum_topic(forum.id, topic.message_thread_id)
    await bot.delete_forum_topic(forum.id, topic.message_thread_id)
    states = [(d["name"], d["closed"], d["deleted"]) for d in seen]
    assert states == [("焊接", False, False), ("焊接", True, False), ("焊接", True, True)]
