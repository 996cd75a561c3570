"""People and their rights, by the real process: away and back, floods, bans, data, forgetting."""

import io
import json
import zipfile

from sqlmodel import col, select

from bot.desk.tables import Chat, Consultation
from knowledge.tables import Person
from tests.end_to_end.conftest import QUESTION, SHORTLIST, MakeDesk, look

OWNER = "（"  # the sample's owners have their enterprise in brackets


async def test_what_is_written_to_somebody_away_arrives_when_they_are_back(
    make_desk: MakeDesk,
) -> None:
    desk = await make_desk()
    asker = desk.person("asker", OWNER)
    mentor = await desk.talk(asker)
    mentor.block_bot()
    await desk.see(asker, "已屏蔽机器人")
    for number in range(3):
        asker.send_text(f"等您回来看的第 {number} 条")
    await desk.see(asker, "已保留")
    assert not [m for m in mentor.chat.messages if "等您回来" in (m.text or "")]
    mentor.unblock_bot()
    await desk.see(mentor, "等您回来看的第 2 条")
    carried = [m.text for m in mentor.chat.messages if m.from_bot and "等您回来" in (m.text or "")]
    assert carried == [f"等您回来看的第 {number} 条" for number in range(3)]
    await desk.see(asker, "回来了")
    mentor.send_text("我回来了，请讲")
    await desk.see(asker, "我回来了，请讲")


async def test_a_flood_is_slowed_explained_once_and_carried_whole(make_desk: MakeDesk) -> None:
    desk = await make_desk(PERSON_MESSAGES_PER_MINUTE="120", CHAT_MESSAGES_PER_SECOND="100")
    asker = desk.person("asker", OWNER)
    mentor = await desk.talk(asker)
    sent = [f"第 {number} 句" for number in range(130)]
    for text in sent:
        asker.send_text(text)
    await desk.see(mentor, sent[-1])
    carried = [m.text for m in mentor.chat.messages if m.from_bot and m.text in set(sent)]
    assert carried == sent
    told = [m for m in asker.chat.messages if m.from_bot and "慢一些" in (m.text or "")]
    assert len(told) == 1


async def test_a_report_leads_to_a_ban_with_a_reason_an_appeal_and_its_end(
    make_desk: MakeDesk,
) -> None:
    desk = await make_desk()
    asker, admin = desk.person("asker", OWNER), desk.person("admin")
    mentor = await desk.talk(asker)
    asker.send_text("/report")
    await desk.see(asker, "发生了什么")
    asker.send_text("他要求私下付款")
    await desk.see(asker, "管理员会阅读您")
    card = await desk.see(admin, "关于咨询", "他要求私下付款")
    await desk.press(admin, card, "封禁")
    await desk.see(admin, "为什么封禁")
    admin.send_text("要求私下付款")
    await desk.see(admin, "已封禁")
    banned = await desk.see(mentor, "您已被封禁", "要求私下付款")
    await desk.see(asker, "对方已被封禁")
    await desk.see(asker, "我会为您另找一位")
    mentor.send_text("凭什么？")
    await desk.until(
        lambda: len([m for m in mentor.chat.messages if "您已被封禁" in (m.text or "")]) > 1
    )
    assert not [m for m in asker.chat.messages if "凭什么" in (m.text or "")]

    await desk.press(mentor, banned, "申诉")
    await desk.see(mentor, "您想说明什么")
    mentor.send_text("是他先提的")
    appeal = await desk.see(admin, "提出申诉", "是他先提的")
    await desk.press(admin, appeal, "解除封禁")
    await desk.see(mentor, "封禁已解除")
    mentor.send_text("/help")
    await desk.see(mentor, "现在可以做什么")


async def test_mydata_is_a_file_and_forget_forgets(make_desk: MakeDesk) -> None:
    desk = await make_desk()
    asker = desk.person("asker", OWNER)
    mentor = await desk.talk(asker)
    asker.send_text("/mydata")
    await desk.see(asker, "这是与您有关的数据")
    sent = await desk.until(
        lambda: next((m for m in asker.chat.messages if m.kind == "document"), None)
    )
    stored = desk.world.files.by_id(sent.content["document"]["file_id"])
    assert stored is not None
    with zipfile.ZipFile(io.BytesIO(stored.content)) as archive:
        held = json.loads(archive.read("mydata.json"))
    rows = {one["table"]: one["rows"] for one in held["sections"]}
    assert rows["consultation"][0]["question"] == QUESTION

    asker.send_text("/forget")
    await desk.press(asker, await desk.see(asker, "要删除与您有关的全部数据吗"), "全部删除")
    await desk.press(asker, await desk.see(asker, "删除后无法恢复"), "确定")
    await desk.see(asker, "您的数据已删除")
    await desk.see(mentor, "已离开并删除了个人数据")
    with look(desk) as session:
        assert session.get(Chat, asker.id) is None
        questions = session.exec(select(Consultation.question)).all()
        assert questions == [""]
        assert (
            session.exec(select(Person).where(col(Person.name_zh) == asker.first_name)).all() == []
        )
    asker.send_text("还在吗")
    await desk.see(asker, "您的数据如何使用")


async def test_a_question_over_the_days_limit_waits(make_desk: MakeDesk) -> None:
    desk = await make_desk(PERSON_QUESTIONS_PER_DAY="1")
    asker = desk.person("asker", OWNER)
    asker.send_text(QUESTION)
    await desk.see(asker, SHORTLIST)
    asker.send_text("/ask")
    await desk.see(asker, "您有什么技术问题")
    asker.send_text("丝绸织物染色后色牢度不够怎么办？")
    await desk.see(asker, "这个问题已保留")
