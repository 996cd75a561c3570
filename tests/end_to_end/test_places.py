"""Where a consultation is talked of: topics, the switch, and the group of a lab."""

from typing import Any

from bot.simulator.chats import SimulatedChat, Topic
from bot.simulator.messages import SimulatedMessage
from tests.end_to_end.conftest import SHORTLIST, Desk, MakeDesk


async def topic_in(desk: Desk, chat: SimulatedChat, *, beside: int = 0) -> Topic:
    """The topic of a consultation in a chat, once it is open; another one than `beside`."""

    def found() -> Topic | None:
        open_ones = (one for one in chat.topics.values() if not one.deleted)
        return next((one for one in open_ones if one.thread_id != beside), None)

    topic: Topic = await desk.until(found)
    return topic


async def read(desk: Desk, chat: SimulatedChat, *texts: str) -> SimulatedMessage:
    """The newest message of the bot in a chat that holds all of these."""

    def found() -> SimulatedMessage | None:
        for message in reversed(chat.messages):
            said = message.text or ""
            if message.from_bot and not message.deleted and all(text in said for text in texts):
                return message
        return None

    message: SimulatedMessage = await desk.until(found)
    return message


async def test_each_side_has_a_topic_and_a_deleted_one_comes_again(make_desk: MakeDesk) -> None:
    desk = await make_desk(topics=True)
    asker = desk.person("asker", "（")
    mentor = await desk.talk(asker)
    ours, theirs = await topic_in(desk, asker.chat), await topic_in(desk, mentor.chat)
    assert ours.name.startswith("#1 ")
    assert mentor.first_name.split("（")[0] in ours.name
    assert theirs.name.startswith("#1 ")
    assert (await desk.see(mentor, "由您解答")).thread_id == theirs.thread_id

    asker.send_text("浇口速度要多少？", topic=ours.thread_id)
    copy = await desk.see(mentor, "浇口速度要多少？")
    assert copy.thread_id == theirs.thread_id
    mentor.send_text("先说壁厚", topic=theirs.thread_id)
    assert (await desk.see(asker, "先说壁厚")).thread_id == ours.thread_id

    desk.world.delete_topic(mentor.chat, theirs.thread_id)
    asker.send_text("壁厚3毫米", topic=ours.thread_id)
    told = await desk.see(mentor, "壁厚3毫米")
    again = await topic_in(desk, mentor.chat, beside=theirs.thread_id)
    assert told.thread_id == again.thread_id
    assert (await desk.see(mentor, "您这边的话题已被删除")).thread_id == again.thread_id
    assert len(mentor.chat.topics) == 2

    # Beside the topics it may be meant for nobody in them.
    asker.send_text("那模温呢")
    await desk.see(asker, "这条消息属于哪个咨询")
    assert not any("模温" in (one.text or "") for one in mentor.chat.messages)


async def test_a_question_asked_in_a_topic_of_ones_own_stays_there(make_desk: MakeDesk) -> None:
    desk = await make_desk(topics=True)
    asker = desk.person("asker", "（")
    own = asker.open_topic("气孔")
    asker.send_text("6061铝架MIG焊缝里全是小气孔，下雨天更严重", topic=own)
    card = await desk.see(asker, SHORTLIST)
    assert card.thread_id == own
    await desk.press(asker, card, "问 1.")
    preview = await desk.see(asker, "将要转发的")
    assert preview.thread_id == own
    await desk.press(asker, preview, "发送")
    mentor, offer = await desk.mentor_asked()
    await desk.press(mentor, offer, "接受")
    await desk.until(lambda: asker.chat.topics[own].name.startswith("#1 "))
    assert (await desk.see(asker, "已接受咨询")).thread_id == own
    assert list(asker.chat.topics) == [own]


async def test_a_switch_says_where_the_next_words_go(make_desk: MakeDesk) -> None:
    desk = await make_desk()
    asker = desk.person("asker", "（")
    first = await desk.talk(asker)
    asker.send_text("/ask")
    await desk.see(asker, "您输入的下一条消息将作为新问题")
    asker.send_text("6061铝架MIG焊缝里全是小气孔，下雨天更严重")
    card = await desk.see(asker, SHORTLIST, after=asker.chat.messages[-1].id)
    buttons = (button["text"] for button in card.inline_buttons)
    other = next(
        text for text in buttons if text.startswith("问 ") and first.first_name not in text
    )
    await desk.press(asker, card, other)
    await desk.press(asker, await desk.see(asker, "将要转发的", "6061"), "发送")
    second, offer = await desk.mentor_asked()
    await desk.press(second, offer, "接受")
    await desk.see(second, "由您解答")

    asker.send_text("/my")
    await desk.press(asker, await desk.see(asker, "您进行中的咨询"), "切换到 #1")
    await desk.see(asker, "当前咨询：#1")
    asker.send_text("板厚1.2毫米")
    await desk.see(first, "板厚1.2毫米")
    second.send_text("我看一下")
    await desk.see(asker, "我看一下")
    asker.send_text("好的")
    await desk.see(asker, "这条消息属于哪个咨询")
    for mentor in (first, second):
        assert not any(one.text == "好的" for one in mentor.chat.messages)


async def test_a_lab_talks_in_its_group_until_it_is_bound_no_more(make_desk: MakeDesk) -> None:
    desk = await make_desk()
    asker, admin = desk.person("asker", "（"), desk.person("admin")
    mentor = await desk.talk(asker)
    student = desk.world.add_person("李博士", role="member")
    group = desk.world.add_group("压铸课题组", forum=True, members=[student], admins=[mentor])
    await read(desk, group, "大家好")

    student.send_text("/bind", chat_id=group.id)
    await read(desk, group, "只有本平台的导师")
    mentor.send_text("/bind", chat_id=group.id)
    await read(desk, group, "已请项目办公室审批")
    await read(desk, group, "管理话题")
    wanted = await desk.see(admin, "有导师申请绑定课题组群", "压铸课题组")
    refused: Any = await desk.press(admin, wanted, "批准")
    await desk.until(lambda: refused.answer)
    assert "管理话题" in refused.answer["text"]
    assert not group.topics

    desk.world.promote_bot(group)
    await desk.press(admin, wanted, "批准")
    await read(desk, group, "已绑定")
    await desk.see(asker, "导师与课题组一起解答")
    topic = await topic_in(desk, group)
    asker.send_text("浇口速度要多少？")
    assert (await read(desk, group, "浇口速度")).thread_id == topic.thread_id
    student.send_text("先看排气", chat_id=group.id, topic=topic.thread_id)
    await desk.see(asker, "李博士（导师课题组）")
    await desk.see(asker, "先看排气")
    student.send_text("中午吃什么", chat_id=group.id)
    mentor.send_text("李博士说得对", chat_id=group.id, topic=topic.thread_id)
    await desk.see(asker, "导师本人")
    await desk.see(asker, "李博士说得对")
    assert not any("中午" in (one.text or "") for one in asker.chat.messages)

    desk.world.kick(group)
    await desk.see(mentor, "已解除绑定", "移出该群")
    await desk.see(asker, "只有导师本人能看到")
    asker.send_text("排气槽多深？")
    await desk.see(mentor, "排气槽多深？")
