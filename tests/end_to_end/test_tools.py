"""Mentors' tools, commands and inline mode, by the real process."""

from tests.end_to_end.conftest import QUESTION, MakeDesk

OWNER = "（"


async def test_a_mentor_works_through_their_queue_and_goes_away(make_desk: MakeDesk) -> None:
    desk = await make_desk()
    asker = desk.person("asker", OWNER)
    mentor = await desk.talk(asker)
    scope = f'{{"chat_id": {mentor.chat.id}, "type": "chat"}}'
    menu = await desk.until(lambda: desk.world.commands.get((scope, "")))
    assert "queue" in {one["command"] for one in menu}

    mentor.send_text("/queue")
    queue = await desk.see(mentor, "等您处理的事", "起等您回复")
    await desk.press(mentor, queue, "咨询 #")
    await desk.see(mentor, "点上方引用的消息")
    asker.send_text("/queue")
    await desk.see(asker, "该命令供导师和联络员使用")
    mentor.send_text("/hours")
    await desk.see(mentor, "您的工作时间")
    mentor.send_text("先查排气槽，再看浇口速度")
    await desk.see(mentor, "没有看懂这个工作时间", "没有转给任何人")
    mentor.send_text("/note 只有一个咨询，不必写编号")
    await desk.see(mentor, "已记入 #1 的备注")
    mentor.send_text("/quene")
    await desk.see(mentor, "您是不是想用", "/queue")
    mentor.send_text("/away 两周")
    await desk.see(mentor, "已设为离开")
    await desk.see(asker, "的导师目前不在")
    mentor.send_text("/help")
    await desk.press(mentor, await desk.see(mentor, "您目前设为离开"), "我回来了")
    await desk.see(asker, "的导师", "回来了")


async def test_an_inline_result_is_sent_and_its_link_begins_a_question(
    make_desk: MakeDesk,
) -> None:
    desk = await make_desk()
    asker = desk.person("asker", OWNER)
    await desk.talk(asker)
    query = asker.ask_inline(QUESTION)
    answer = await desk.until(lambda: query.answer)
    assert answer.results
    assert answer.button["start_parameter"] == "ask"
    chosen = next(one for one in answer.results if one.reply_markup)
    entry = chosen.reply_markup["inline_keyboard"][0][0]["url"].partition("start=")[2]
    came = asker.start(entry)
    await desk.see(asker, chosen.title[:6], after=came.id)


async def test_a_ready_answer_is_saved_once_and_carried_from_the_list(
    make_desk: MakeDesk,
) -> None:
    desk = await make_desk()
    asker = desk.person("asker", OWNER)
    mentor = await desk.talk(asker)
    said = mentor.send_text("先查排气槽，再看浇口速度")
    mentor.send_text("/save 排气", reply_to=said.id)
    await desk.see(mentor, "已存为“排气”")
    query = mentor.ask_inline("排气")
    answer = await desk.until(lambda: query.answer)
    first = await desk.see(asker, "先查排气槽")
    mentor.choose_inline(query, answer.results[0].id)
    await desk.see(asker, "先查排气槽", after=first.id)


async def test_a_note_stays_among_mentors_and_what_was_said_is_found(
    make_desk: MakeDesk,
) -> None:
    desk = await make_desk()
    asker = desk.person("asker", OWNER)
    mentor = await desk.talk(asker)
    said = mentor.send_text("先查排气槽，再看浇口速度")
    await desk.see(asker, "先查排气槽")
    mentor.send_text("/note 对方预算只有八万", reply_to=said.id)
    noted = await desk.see(mentor, "已记入 #", "的备注")
    mentor.send_text("／note 全角的也不能转出")
    await desk.see(mentor, "备注只能是新输入的文字")
    await desk.press(mentor, noted, "#")
    await desk.see(mentor, "对方预算只有八万", "只有负责解答的人能看到")
    asker.send_text("/find 排气槽 澆口")
    found = await desk.see(asker, "您的咨询中的", "对方", "先查排气槽")
    await desk.press(asker, found, "1 · #")
    await desk.see(asker, "点上方引用的消息")
    asker.send_text("/find 八万")
    await desk.see(asker, "没有找到“八万”")
    mentor.send_text("/digest")
    await desk.see(mentor, "每周一为您发送一周小结")
    mentor.send_text("/save")
    await desk.see(mentor, "您的常用回复", "还没有")
    for secret in ("预算只有八万", "全角的也不能转出"):
        assert not [one for one in asker.chat.messages if secret in (one.text or "")]
