"""The story of the desk, by the real process: from a greeting to a rating, and the admin's part."""

import socket

import pytest

from bot.simulator.people import SimulatedPerson
from tests.end_to_end.conftest import QUESTION, SHORTLIST, Desk, MakeDesk


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(params=["polling", "webhook"])
async def desk(make_desk: MakeDesk, request: pytest.FixtureRequest) -> Desk:
    if request.param == "polling":
        return await make_desk()
    port = free_port()
    return await make_desk(WEBHOOK_URL=f"http://127.0.0.1:{port}/telegram", WEBHOOK_PORT=str(port))


async def introduce(desk: Desk, asker: SimulatedPerson) -> None:
    """Start, agree, and say who they are in a few taps."""
    asker.start()
    await desk.press(asker, await desk.see(asker, "您的数据如何使用"), "我同意")
    await desk.see(asker, "您的企业叫什么")
    asker.send_text("宏达压铸厂")
    card = await desk.see(asker, "宏达压铸厂", "属于哪个行业")
    await desk.press(asker, card, "C ")
    await desk.press(asker, await desk.see(asker, "在哪个地区"), "浙江")
    await desk.press(asker, await desk.see(asker, "哪一级认定"), "创新型")
    await desk.see(asker, "制造业 · 浙江 · 创新型中小企业")
    await desk.see(asker, "您有什么技术问题")


async def test_a_question_is_carried_to_a_mentor_and_back(desk: Desk) -> None:
    asker = desk.person("asker", "王建国")
    await introduce(desk, asker)

    asker.send_text(QUESTION)
    shortlist = await desk.see(asker, SHORTLIST)
    assert "虚构" in (shortlist.text or "")
    await desk.press(asker, shortlist, "问 1.")
    preview = await desk.see(asker, "将要转发的就是以下内容", QUESTION)
    await desk.press(asker, preview, "修改文字")
    await desk.see(asker, "请输入要转发的文字")
    asker.send_text(QUESTION + "（已改）")
    preview = await desk.see(asker, "将要转发的就是以下内容", "（已改）")
    await desk.press(asker, preview, "发送")
    await desk.see(asker, "等待接受")

    mentor, offer = await desk.mentor_asked()
    assert "（已改）" in (offer.text or "")
    assert "制造业 · 浙江" in (offer.text or "")
    assert "宏达" not in (offer.text or "")
    await desk.press(mentor, offer, "谢绝")
    await desk.press(mentor, offer, "不在我的领域")
    await desk.see(asker, "上一位未能接受")

    second, offer = await desk.mentor_asked()
    assert second is not mentor
    await desk.press(second, offer, "接受")
    await desk.see(second, "由您解答", "宏达压铸厂")
    await desk.see(asker, "已接受咨询")

    first = asker.send_text("浇口速度要多少？")
    copy = await desk.see(second, "浇口速度要多少？")
    second.send_text("先说壁厚", reply_to=copy)
    answer = await desk.see(asker, "先说壁厚")
    assert answer.reply_to is first
    await carried_both_ways(desk, asker, second)

    asker.send_text("/close")
    await desk.press(asker, await desk.see(asker, "您进行中的咨询"), "结束")
    await desk.press(asker, await desk.see(asker, "解决了吗"), "解决了")
    await desk.press(asker, await desk.see(asker, "已解决"), "★★★★")
    await desk.see(second, "提问者结束了咨询", "★★★★☆")


async def carried_both_ways(desk: Desk, asker: SimulatedPerson, mentor: SimulatedPerson) -> None:
    """Every kind of message arrives on the other side as the kind it was."""
    for writer, reader in ((asker, mentor), (mentor, asker)):
        before = reader.chat.messages[-1].id
        sent = [
            writer.send_photo(caption="看这里"),
            writer.send_document(b"%PDF-1.7", name="drawing.pdf"),
            writer.send_voice(),
            writer.send_video(),
            writer.send_sticker(),
            writer.send_location(30.27, 120.15),
            writer.send_contact("+8613800000000", "王"),
        ]
        expected = [message.kind for message in sent]

        def kinds(reader: SimulatedPerson = reader, before: int = before) -> list[str]:
            return [m.kind for m in reader.chat.messages if m.from_bot and m.id > before]

        await desk.until(lambda kinds=kinds, expected=expected: kinds() == expected)


async def test_two_consultations_never_mix(make_desk: MakeDesk) -> None:
    desk = await make_desk()
    asker = desk.person("asker", "（")
    first = await desk.talk(asker)
    asker.send_text("/ask")
    await desk.see(asker, "您输入的下一条消息将作为新问题")
    asker.send_text("6061铝架MIG焊缝里全是小气孔，下雨天更严重")
    card = await desk.see(asker, SHORTLIST, after=asker.chat.messages[-1].id)
    other = next(
        button["text"]
        for button in card.inline_buttons
        if button["text"].startswith("问 ") and first.first_name not in button["text"]
    )
    await desk.press(asker, card, other)
    await desk.press(asker, await desk.see(asker, "将要转发的", "6061"), "发送")
    second, offer = await desk.mentor_asked()
    await desk.press(second, offer, "接受")
    await desk.see(second, "由您解答")

    asker.send_text("板厚1.2毫米")
    which = await desk.see(asker, "这条消息属于哪个咨询")
    assert not any("板厚" in (m.text or "") for m in second.chat.messages)
    await desk.press(asker, which, "#2")
    await desk.see(second, "板厚1.2毫米")
    assert not any("板厚" in (m.text or "") for m in first.chat.messages)


async def test_an_admin_loads_knowledge_and_the_next_question_uses_it(
    make_desk: MakeDesk,
) -> None:
    desk = await make_desk()
    admin, asker = desk.person("admin"), desk.person("asker", "（")
    columns = "id,organisation,name_zh,capability_zh,industries\n"
    bad = columns + "platform-x,nowhere,平台,能力,C\n"
    admin.send_document(bad.encode("gb18030"), name="platforms.csv")
    report = await desk.see(admin, "无法导入", "platforms.csv")
    assert "第 2 行" in (report.text or "")

    good = columns + "platform-lacquer,tsinghua,大漆工艺中试平台,天然大漆髹饰与荫房温湿度控制,C\n"
    admin.send_document(good.encode("gb18030"), name="platforms.csv")
    diff = await desk.see(admin, "校验通过", "新增 1")
    await desk.press(admin, diff, "新增并变更")
    await desk.see(admin, "导入完成")

    asker.send_text("大漆在荫房里干不透怎么办")
    await desk.see(asker, "大漆工艺中试平台")


async def test_an_invite_lets_one_person_in_once_and_an_appointment_binds(
    make_desk: MakeDesk,
) -> None:
    desk = await make_desk()
    admin, guest = desk.person("admin"), desk.person("asker", "王建国")
    admin.send_text("/admin")
    await desk.press(admin, await desk.see(admin, "要导入知识"), "邀请管理员")
    link = (await desk.see(admin, "t.me/")).text or ""
    token = link.split("start=")[1].split()[0]
    guest.start(token)
    await desk.press(guest, await desk.see(guest, "您的数据如何使用"), "我同意")
    await desk.see(admin, "王建国", "已加入")
    thief = desk.person("asker", "Emma")
    thief.start(token)
    await desk.see(thief, "This invite was used already")

    await desk.press(admin, await desk.see(admin, "要导入知识"), "聘任导师")
    await desk.see(admin, "聘任哪位导师")
    # The first of the sample are appointed to each other already, and one is of that enterprise.
    mentors = [person for person in desk.world.people.values() if person.role == "mentor"]
    mentor = next(person for person in reversed(mentors) if person.first_name != "陶安平")
    admin.send_text(mentor.first_name)
    await desk.press(admin, await desk.see(admin, "您指的是哪一位"), "1. ")
    await desk.see(admin, "聘到哪家企业")
    owner = desk.person("asker", "（")
    enterprise = owner.first_name.split("（")[1].rstrip("）")
    admin.send_text(enterprise[:4])
    await desk.press(admin, await desk.see(admin, "您指的是哪一位", enterprise), "1. ")
    await desk.press(admin, await desk.see(admin, "聘期多久"), "2 年")
    await desk.see(mentor, "已受聘为")
    await desk.press(admin, await desk.see(admin, "要导入知识"), "统计")
    await desk.see(admin, "在聘双聘")
