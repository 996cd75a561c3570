"""A liaison gives a question on, a talk goes to another mentor: played through the real bot."""

from bot.simulator.messages import SimulatedMessage
from bot.simulator.people import SimulatedPerson
from tests.end_to_end.conftest import QUESTION, SHORTLIST, Desk, MakeDesk


async def offered(desk: Desk, card: str) -> tuple[SimulatedPerson, SimulatedMessage]:
    """Whoever was shown this card with a button to accept."""

    def found() -> tuple[SimulatedPerson, SimulatedMessage] | None:
        for person in desk.world.people.values():
            for message in reversed(person.chat.messages):
                labels = [button["text"] for button in message.inline_buttons]
                if "接受" in labels and card in (message.text or ""):
                    return person, message
        return None

    asked: tuple[SimulatedPerson, SimulatedMessage] = await desk.until(found)
    return asked


async def test_a_talk_goes_to_another_mentor_with_all_that_was_said(make_desk: MakeDesk) -> None:
    desk = await make_desk()
    asker = desk.person("asker", "（")
    mentor = await desk.talk(asker)
    asker.send_text("浇口速度要多少？")
    await desk.see(mentor, "浇口速度要多少？")
    mentor.send_text("先说壁厚")
    await desk.see(asker, "先说壁厚")

    await desk.press(mentor, await desk.see(mentor, "由您解答"), "换一位导师")
    listed = await desk.see(mentor, "由谁接手")
    await desk.press(mentor, listed, listed.inline_buttons[0]["text"])
    await desk.press(asker, await desk.see(asker, "建议由"), "同意")
    newer, card = await offered(desk, "请您接手")
    assert newer is not mentor
    assert "浇口" not in (card.text or "")
    await desk.press(newer, card, "接受")
    await desk.see(newer, "由您解答")
    first = await desk.see(newer, "浇口速度要多少？")
    second = await desk.see(newer, "先说壁厚")
    last = await desk.see(newer, "以上是此前的全部内容")
    assert first.id < second.id < last.id
    await desk.see(asker, "已接手")
    await desk.see(mentor, "新导师已接手")

    asker.send_text("壁厚3毫米")
    await desk.see(newer, "壁厚3毫米")
    newer.send_text("那就每秒四十米")
    await desk.see(asker, "那就每秒四十米")
    mentor.send_text("我再补充", reply_to=(await desk.see(mentor, "浇口速度要多少？")).id)
    await desk.see(mentor, "未转发", "已转给另一位导师")
    everybody = desk.world.people.values()
    assert not any(
        "我再补充" in (one.text or "")
        for person in everybody
        if person is not mentor
        for one in person.chat.messages
    )


async def test_a_liaison_gives_a_question_to_a_mentor_and_their_supervisor_follows(
    make_desk: MakeDesk,
) -> None:
    desk = await make_desk()
    asker, liaison = desk.person("asker", "姚北精密压铸"), desk.person("liaison", "潘以辰")
    supervisor = desk.person("mentor", "冯既明")
    asker.send_text(QUESTION)
    await desk.press(asker, await desk.see(asker, SHORTLIST), "都不合适")
    await desk.press(asker, await desk.see(asker, "将要转发的"), "发送")
    await desk.press(liaison, await desk.see(liaison, "您是该企业的联络员"), "转给导师")
    listed = await desk.see(liaison, "转给谁")
    first = listed.inline_buttons[0]["text"]
    assert not first.startswith("返回")
    mentor = desk.person("mentor", first.split(" ·")[0])
    await desk.press(liaison, listed, first)
    await desk.see(liaison, "可输入一段说明")
    liaison.send_text("模具是去年换的")
    offer = await desk.see(mentor, "企业联络员转给您", "模具是去年换的")
    assert "姚北" not in (offer.text or "")
    await desk.see(asker, "已转给导师")

    await desk.press(supervisor, await desk.see(supervisor, "您指导的联络员潘以辰"), "关注")
    await desk.see(asker, "冯既明", "已关注")
    await desk.see(desk.person("mentor", "陶安平"), "您指导的联络员潘以辰")  # the enterprise's
    await desk.press(mentor, offer, "接受")
    await desk.see(supervisor, "已有导师接手")
    asker.send_text("壁厚3毫米")
    copy = await desk.see(supervisor, "壁厚3毫米")
    await desk.see(supervisor, "抄送，提问者")
    supervisor.send_text("我说两句", reply_to=copy.id)
    await desk.see(supervisor, "未转发", "只是关注")
    for person in (asker, mentor, liaison):
        assert not any("我说两句" in (one.text or "") for one in person.chat.messages)
