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
