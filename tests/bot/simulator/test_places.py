"""Members who come and go, topics that people change, pins, drafts, and replaced files."""

import pytest
from telegram import Bot, BotCommandScopeChat
from telegram.error import BadRequest

from bot.simulator.events import Event
from bot.simulator.people import SimulatedPerson
from bot.simulator.world import World
from tests.bot.simulator.conftest import Refused


async def test_joining_and_leaving_a_group_is_told_and_seen(
    bot: Bot, world: World, asker: SimulatedPerson
) -> None:
    group = world.add_group("组", admins=[asker], bot_is_admin=True)
    await bot.get_updates(offset=-1, allowed_updates=["chat_member", "message"])
    late = world.add_person("Late", started=True)
    world.set_member(group, late, "member")
    assert (await bot.get_chat_member(group.id, late.id)).status == "member"
    world.set_member(group, late, "left")
    assert (await bot.get_chat_member(group.id, late.id)).status == "left"
    updates = await bot.get_updates()
    changes = [u.chat_member.new_chat_member.status for u in updates if u.chat_member]
    assert changes == ["member", "left"]
    services = [u.message for u in updates if u.message]
    assert services[0].new_chat_members[0].id == late.id
    assert services[1].left_chat_member is not None


async def test_turning_topics_on_moves_a_small_group_to_another_id(
    bot: Bot, world: World, asker: SimulatedPerson, refused: Refused
) -> None:
    group = world.add_group("组", admins=[asker], bot_is_admin=True)
    forum = world.enable_topics(group)
    assert group.migrated_to == forum.id
    assert (await bot.get_chat(forum.id)).is_forum
    await bot.create_forum_topic(forum.id, "焊接")
    forum.bot_manages_topics = False
    me = await bot.get_chat_member(forum.id, bot.id)
    assert getattr(me, "can_manage_topics", None) is False
    with refused(BadRequest, "Not enough rights to create a topic"):
        await bot.create_forum_topic(forum.id, "压铸")


async def test_people_rename_topics_and_delete_them_without_a_word(
    bot: Bot, world: World, asker: SimulatedPerson, refused: Refused
) -> None:
    world.topics_in_private = True
    topic = await bot.create_forum_topic(asker.id, "焊接")
    number = topic.message_thread_id
    asker.rename_topic(number, "我的焊接")
    (told,) = [u.message for u in await bot.get_updates() if u.message]
    assert told.forum_topic_edited is not None
    assert told.forum_topic_edited.name == "我的焊接"
    asker.delete_topic(number)
    with refused(BadRequest, "Topic_deleted"):
        await bot.send_message(asker.id, "x", message_thread_id=number)


async def test_a_message_is_pinned_once_and_taken_down(
    bot: Bot, asker: SimulatedPerson, refused: Refused
) -> None:
    sent = await bot.send_message(asker.id, "重要")
    assert await bot.pin_chat_message(asker.id, sent.message_id)
    assert await bot.pin_chat_message(asker.id, sent.message_id)
    assert asker.chat.pinned == [sent.message_id]
    assert [m.kind for m in asker.chat.messages] == ["text", "service"]
    await bot.unpin_chat_message(asker.id)
    assert asker.chat.pinned == []
    with refused(BadRequest, "Message to pin not found"):
        await bot.pin_chat_message(asker.id, 999)


async def test_a_draft_streams_into_its_topic_of_a_private_chat_alone(
    bot: Bot, world: World, asker: SimulatedPerson, refused: Refused
) -> None:
    seen: list[Event] = []
    world.subscribe(seen.append)
    world.topics_in_private = True
    topic = await bot.create_forum_topic(asker.id, "焊接")
    await bot.send_message_draft(asker.id, 7, "读", message_thread_id=topic.message_thread_id)
    draft = next(event.detail for event in seen if event.kind == "draft")
    assert (draft["text"], draft["thread_id"]) == ("读", topic.message_thread_id)
    group = world.add_group("组", members=[asker])
    with refused(BadRequest, "Messages can be streamed to private chats only"):
        await bot.send_message_draft(group.id, 7, "读")


async def test_a_file_that_was_sent_is_replaced_by_another(
    bot: Bot, asker: SimulatedPerson
) -> None:
    sent = asker.send_photo(caption="before")
    asker.edit_media(sent, "photo", caption="after")
    edited = (await bot.get_updates())[-1].edited_message
    assert edited is not None
    assert edited.caption == "after"
    assert edited.photo[-1].file_unique_id != "before"
    text = asker.send_text("x")
    with pytest.raises(ValueError, match="files of one's own"):
        asker.edit_media(text, "photo")


async def test_a_quotes_place_counts_as_telegram_counts(bot: Bot, asker: SimulatedPerson) -> None:
    said = asker.send_text("🧪🧪 浇口速度")
    sent = await bot.send_message(
        asker.id, "?", reply_parameters={"message_id": said.id, "quote": "浇口速度"}
    )
    assert sent.quote is not None
    assert sent.quote.position == 5


async def test_commands_of_a_chat_that_is_not_there_are_refused(bot: Bot, refused: Refused) -> None:
    with refused(BadRequest, "Chat not found"):
        await bot.set_my_commands([("help", "?")], scope=BotCommandScopeChat(404))
