"""A talk is given to another mentor, played through the real bot."""

from bot.simulator.messages import SimulatedMessage
from bot.simulator.people import SimulatedPerson
from tests.end_to_end.conftest import Desk, MakeDesk


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
