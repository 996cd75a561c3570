"""What two people say to each other looks on the other side as it was said, by the real process."""

from bot.simulator.messages import SimulatedMessage
from bot.simulator.people import SimulatedPerson
from bot.simulator.sending import AlbumItem
from tests.end_to_end.conftest import Desk, MakeDesk

ACCEPTED, DELIVERED = "✍", "👌"


def from_bot(person: SimulatedPerson) -> list[SimulatedMessage]:
    return [message for message in person.chat.messages if message.from_bot]


def bots_mark(desk: Desk, message: SimulatedMessage) -> str:
    """The bot's own reaction on a message; empty for none."""
    given = message.reactions.get(desk.world.bot["id"], [])
    return given[0]["emoji"] if given else ""


async def test_albums_edits_reactions_and_quotes_are_carried_and_taken_back(
    make_desk: MakeDesk,
) -> None:
    desk = await make_desk()
    asker = desk.person("asker", "（")
    mentor = await desk.talk(asker)

    parts = asker.send_album([AlbumItem(caption="断口"), AlbumItem(), AlbumItem(kind="video")])
    await desk.see(mentor, "断口")
    album = [m for m in from_bot(mentor) if m.album_id is not None]
    assert [m.kind for m in album] == ["photo", "photo", "video"]
    assert len({m.album_id for m in album}) == 1

    asked = mentor.send_text("什么合金？多少吨的机？")
    copy = await desk.see(asker, "什么合金？多少吨的机？")
    asker.send_text("高硅的那种", reply_to=copy, quote="什么合金？")
    answer = await desk.see(mentor, "高硅的那种")
    assert answer.reply_to is asked
    assert answer.quote is not None
    assert answer.quote["text"] == "什么合金？"

    mentor.edit(asked, text="什么合金？锁模力多少吨？")
    await desk.until(lambda: copy.text == "什么合金？锁模力多少吨？")
    asker.edit(parts[0], caption="断口，放大十倍")
    await desk.until(lambda: album[0].caption == "断口，放大十倍")

    await desk.until(lambda: bots_mark(desk, asked) == DELIVERED)
    await desk.until(lambda: bots_mark(desk, parts[0]) == DELIVERED)
    asker.react(copy, "🔥")
    await desk.until(lambda: bots_mark(desk, asked) == "🔥")
    asker.react(copy, None)
    await desk.until(lambda: bots_mark(desk, asked) == DELIVERED)
    mentor.react(answer, "👍")
    replied = next(m for m in asker.chat.messages if m.text == "高硅的那种")
    await desk.until(lambda: bots_mark(desk, replied) == "👍")

    asker.send_text("/delete", reply_to=replied)
    await desk.until(lambda: answer.deleted)
    await desk.see(asker, "/delete", "不会告诉我")


async def test_what_nobody_confirmed_is_sent_again_only_if_its_writer_says_so(
    make_desk: MakeDesk,
) -> None:
    desk = await make_desk()
    asker = desk.person("asker", "（")
    mentor = await desk.talk(asker)

    desk.simulator.faults.drop_answer(chat_id=mentor.id, method="copyMessage")
    asker.send_text("冷却水多少度？")
    card = await desk.see(asker, "可能已送达，也可能没有")
    await desk.press(asker, card, "再发一次")
    await desk.see(asker, "重新发送")
    await desk.until(lambda: sum(m.text == "冷却水多少度？" for m in from_bot(mentor)) == 2)

    gone = asker.send_text("说错了")
    asker.delete(gone)
    await desk.see(mentor, "冷却水多少度？")
