"""What a mentor does with an offer besides yes and no, played through the real bot."""

from sqlmodel import select

from bot.desk.tables import AnswerUse
from bot.simulator.messages import SimulatedMessage
from bot.simulator.people import SimulatedPerson
from tests.end_to_end.conftest import QUESTION, SHORTLIST, Desk, MakeDesk, look

RUST = "304不锈钢水槽焊缝旁边一圈黄锈，客户怀疑我们用了201，怎么证明"


async def offered(desk: Desk, question: str) -> tuple[SimulatedPerson, ...]:
    """Ask, choose the first mentor and send: asker and mentor."""
    asker = desk.person("asker", "（")
    asker.send_text(question)
    await desk.press(asker, await desk.see(asker, SHORTLIST), "问 1.")
    await desk.press(asker, await desk.see(asker, "将要转发的"), "发送")
    mentor, _ = await desk.mentor_asked()
    return asker, mentor


async def card(desk: Desk, mentor: SimulatedPerson) -> SimulatedMessage:
    return await desk.see(mentor, "接受前不显示名称")


async def test_an_earlier_answer_solves_the_question_in_its_authors_name(
    make_desk: MakeDesk,
) -> None:
    desk = await make_desk()
    asker, mentor = await offered(desk, RUST)
    offer = await card(desk, mentor)
    assert "类似问题已有解答" in (offer.text or "")
    await desk.press(mentor, offer, "📚 解答 1")
    await desk.see(mentor, "已有解答", "客户说我们用了201")
    await desk.press(mentor, offer, "返回")
    await desk.press(mentor, offer, "📚 解答 1")
    await desk.press(mentor, offer, "接受并采用")
    await desk.see(asker, "已接受咨询")
    answer = await desk.see(asker, "解答过类似问题", mentor.first_name, "问题解决了吗")
    await desk.see(mentor, "已将这份解答发给提问者")
    await desk.press(asker, answer, "没有，请导师继续")
    await desk.see(mentor, "还没有解决")
    mentor.send_text("请拍一张锈斑的照片")
    await desk.see(asker, "请拍一张锈斑的照片")
    await desk.press(asker, answer, "解决了")
    await desk.see(asker, "已结束")
    with look(desk) as session:
        (use,) = session.exec(select(AnswerUse)).all()
        assert use.solved


async def test_a_question_is_passed_on_to_a_colleague_called_by_name(make_desk: MakeDesk) -> None:
    desk = await make_desk()
    asker, mentor = await offered(desk, QUESTION)
    offer = await card(desk, mentor)
    await desk.press(mentor, offer, "转给同行")
    listed = await desk.see(mentor, "转给谁")
    *_, last, _, _ = listed.inline_buttons  # beneath the names: type one, or back
    first = last["text"].split(" ·")[0]
    await desk.press(mentor, listed, "输入姓名")
    await desk.see(mentor, "请输入姓名")
    mentor.send_text("查无此人")
    await desk.see(mentor, "没有找到现在可以接手的“查无此人”")
    mentor.send_text(first)
    listed = await desk.see(mentor, "请选择，或输入其他姓名")
    await desk.press(mentor, listed, first)
    await desk.see(mentor, "可输入一段说明")
    mentor.send_text("您更熟悉压铸")
    colleague = desk.person("mentor", first)
    theirs = await desk.see(colleague, f"{mentor.first_name}转给您", "您更熟悉压铸")
    await desk.see(asker, "已转给一位同行", first)
    await desk.see(mentor, "已转给同行")
    await desk.press(colleague, theirs, "接受")
    await desk.see(asker, first, "已接受咨询")
    assert not any("您更熟悉压铸" in (one.text or "") for one in asker.chat.messages)


async def test_a_detail_is_asked_redacted_and_read_before_it_is_accepted(
    make_desk: MakeDesk,
) -> None:
    desk = await make_desk()
    asker, mentor = await offered(desk, QUESTION)
    offer = await card(desk, mentor)
    await desk.press(mentor, offer, "先问一句")
    await desk.see(mentor, "您想先了解什么")
    mentor.send_text("壁厚多少？抽真空吗？")
    await desk.see(mentor, "已发给提问者")
    await desk.see(mentor, "壁厚多少", "提问者尚未答复")
    wanted = await desk.see(asker, "壁厚多少？抽真空吗？", mentor.first_name)
    await desk.press(asker, wanted, "回答")
    await desk.see(asker, "请输入您的回答")
    asker.send_text("壁厚3毫米，没抽真空，电话13800001111")
    preview = await desk.see(asker, "对方将只看到您的以下回答", "⟨1⟩")
    await desk.press(asker, preview, "隐去 1")
    await desk.press(asker, await desk.see(asker, "对方将只看到", "[电话]"), "发送")
    newer = await desk.see(mentor, "下附提问者的补充", "没抽真空，电话[电话]")
    assert newer.id > offer.id
    assert not any("13800001111" in (one.text or "") for one in mentor.chat.messages)
    labels = [button["text"] for button in newer.inline_buttons]
    assert "先问一句" not in labels
    await desk.press(mentor, newer, "接受")
    await desk.see(mentor, "由您解答")
    await desk.see(mentor, "接受之前的补充问答", "没抽真空")
