"""A solved question by the real process: stars, a file of it all, an answer that lives on."""

import asyncio
import io
import json
import zipfile

import pytest
from sqlmodel import select

from bot.desk.tables import Answer, AnswerState
from bot.simulator.messages import SimulatedMessage
from bot.simulator.people import SimulatedPerson
from tests.end_to_end.conftest import SHORTLIST, Desk, MakeDesk, look

PUBLIC = "铝合金ADC12压铸件厚壁处机加工后露出气孔，浇口速度和排气怎么调？"
ASKED = "ADC12压铸件厚壁处机加工后露出气孔，浇口速度和排气怎么调"
ANSWERED = "先查排气槽，再把浇口速度提到45 m/s，保压加3秒；仍有气孔就在厚壁处加冷却销"


async def solve(desk: Desk, asker: SimulatedPerson) -> SimulatedPerson:
    """A talk with a picture and an answer, closed as solved: its mentor."""
    mentor = await desk.talk(asker)
    asker.send_photo(caption="剖开是这样")
    seen = await desk.see(mentor, "剖开是这样")
    mentor.send_text(ANSWERED, reply_to=seen.id)
    asker.react(await desk.see(asker, ANSWERED), "👍")
    asker.send_text("/close")
    await desk.press(asker, await desk.see(asker, "您进行中的咨询"), "结束")
    await desk.press(asker, await desk.see(asker, "解决了吗"), "解决了")
    return mentor


async def archive_in(desk: Desk, person: SimulatedPerson) -> zipfile.ZipFile:
    """The document that the bot sent them."""

    def sent() -> SimulatedMessage | None:
        found = (m for m in reversed(person.chat.messages) if m.from_bot and m.kind == "document")
        return next(found, None)

    message = await desk.until(sent)
    stored = desk.world.files.by_id(message.content["document"]["file_id"])
    assert stored is not None
    return zipfile.ZipFile(io.BytesIO(stored.content))


async def test_two_taps_rate_it_one_reopens_it_and_all_of_it_is_a_file(
    make_desk: MakeDesk,
) -> None:
    desk = await make_desk()
    asker = desk.person("asker", "（")
    mentor = await solve(desk, asker)
    card = await desk.see(asker, "已解决")
    await desk.press(asker, card, "★★★★")
    await desk.press(asker, card, "管用")
    await desk.see(mentor, "★★★★☆", "管用")

    await desk.press(asker, card, "导出全文")
    archive = await archive_in(desk, asker)
    lines = json.loads(archive.read("transcript.json"))["lines"]
    assert [line["text"] for line in lines] == ["剖开是这样", ANSWERED]
    assert [line["answers"] for line in lines] == [None, 1]
    assert [line["asker_reaction"] for line in lines] == ["", "👍"]
    assert archive.read(lines[0]["path"])
    assert ANSWERED in archive.read("transcript.html").decode()

    asker.send_text("谢谢老师！")
    thanked = await desk.see(asker, "咨询 #1 已结束", "没有转给导师")
    await desk.press(asker, thanked, "重新打开")
    await desk.see(mentor, "重新打开了咨询")
    asker.send_text("厚壁处还有一点")
    await desk.see(mentor, "厚壁处还有一点")


@pytest.mark.timeout(400)  # the index is built twice, each time by a process of its own
async def test_what_both_approve_is_found_by_the_next_asker_with_credit(
    make_desk: MakeDesk,
) -> None:
    desk = await make_desk()
    asker = desk.person("asker", "（")
    mentor = await solve(desk, asker)
    draft = await desk.see(mentor, "根据您的解答起草的问答", ANSWERED)
    await desk.press(mentor, draft, "改问题")
    await desk.see(mentor, "请输入要公开的问题")
    mentor.send_text(PUBLIC)
    await desk.press(mentor, await desk.see(mentor, "起草的问答", PUBLIC), "同意")
    await desk.press(asker, await desk.see(asker, "可以让它帮助他人吗", ANSWERED), "同意")
    public = await desk.see(asker, "已公开")

    await indexed(desk)

    others = (one for one in desk.world.people.values() if "（" in one.first_name)
    other = next(one for one in others if one is not asker and one.role == "asker")
    other.send_text(ASKED)
    listed = await desk.see(other, SHORTLIST, "厚壁处机加工后露出气孔")
    assert mentor.first_name in (listed.text or "")

    await desk.press(asker, public, "撤回")
    await desk.see(mentor, "已撤回")
    await indexed(desk)
    other.send_text("/ask")
    await desk.see(other, "您输入的下一条消息将作为新问题")
    other.send_text(ASKED + "？")
    listed = await desk.see(other, SHORTLIST, after=listed.id)
    assert "厚壁处机加工后露出气孔" not in (listed.text or "")


async def indexed(desk: Desk) -> None:
    """Until the index holds every answer as it stands."""

    def done() -> bool:
        with look(desk) as session:
            answers = session.exec(select(Answer.indexed, Answer.state)).all()
            decided = [state in (AnswerState.PUBLIC, AnswerState.WITHDRAWN) for _, state in answers]
            return bool(answers) and all(decided) and all(indexed for indexed, _ in answers)

    while not done():  # noqa: ASYNC110 (another process has the database)
        await asyncio.sleep(0.2)
