"""What people really send: each ends in a clear sentence, and nothing is lost."""

import re

import pytest

from tests.end_to_end.conftest import QUESTION, SHORTLIST, MakeDesk


async def test_what_cannot_be_searched_by_is_answered_in_words(make_desk: MakeDesk) -> None:
    desk = await make_desk()
    asker = desk.person("asker", "（")
    asker.send_text("😀😀")
    await desk.see(asker, "我需要几个字才能检索")
    asker.send_text("问" * 4096)
    await desk.see(asker, "您的问题有 4096 个字")
    asker.send_photo()
    await desk.see(asker, "请再用几个字说明一下，便于检索")
    asker.send_text("/cancel")
    await desk.see(asker, "您有什么技术问题")
    asker.send_text("/nonsense")
    await desk.see(asker, "没有 /nonsense 这个命令")
    asker.send_text("<b>铝合金</b> & <script>焊接气孔怎么办")
    card = await desk.see(asker, SHORTLIST)
    await desk.press(asker, card, "问 1.")
    await desk.see(asker, "<b>铝合金</b> & <script>焊接气孔怎么办")


async def test_a_forged_button_is_refused_and_changes_nothing(make_desk: MakeDesk) -> None:
    desk = await make_desk()
    asker = desk.person("asker", "（")
    asker.send_text(QUESTION)
    card = await desk.see(asker, SHORTLIST)
    await desk.press(asker, card, "问 1.")
    await desk.press(asker, await desk.see(asker, "将要转发的"), "发送")
    mentor, offer = await desk.mentor_asked()
    accept = next(b["callback_data"] for b in offer.inline_buttons if b["text"] == "接受")
    thief = desk.person("asker", "Emma")
    thief.start()
    seen = await desk.see(thief, "What happens to your data")
    for data in (accept, "accept:1", "accept:1~AAAAAAAA", "x" * 64):
        forged = thief.press_forged(seen, data)
        await desk.until(lambda forged=forged: forged.answer is not None)
        assert "no longer works" in (forged.answer or {}).get("text", "")
    await desk.press(mentor, offer, "接受")
    await desk.see(asker, "已接受咨询")


async def test_a_mentor_who_blocked_the_bot_is_passed_over(make_desk: MakeDesk) -> None:
    desk = await make_desk()
    asker = desk.person("asker", "（")
    asker.send_text(QUESTION)
    card = await desk.see(asker, SHORTLIST)
    name = re.search(r"1\. ([^，]+)，", card.text or "")
    assert name is not None
    chosen = desk.person("mentor", name[1])
    chosen.block_bot()
    await desk.press(asker, card, "问 1.")
    await desk.press(asker, await desk.see(asker, "将要转发的"), "发送")
    mentor, _ = await desk.mentor_asked()
    assert mentor is not chosen


async def test_a_partner_who_blocks_the_bot_is_named_and_what_was_written_waits_for_them(
    make_desk: MakeDesk,
) -> None:
    desk = await make_desk()
    asker = desk.person("asker", "（")
    mentor = await desk.talk(asker)
    mentor.block_bot()
    await desk.see(asker, "导师已屏蔽机器人")
    asker.send_text("还在吗")
    mentor.unblock_bot()
    await desk.see(asker, "回来了")
    await desk.until(lambda: any(message.text == "还在吗" for message in mentor.chat.messages))


@pytest.mark.parametrize("code", ["x", "i1-AAAAAAAAAAAAAAAAAAAAAA", "i999999-zz"])
async def test_a_false_invite_is_refused(make_desk: MakeDesk, code: str) -> None:
    desk = await make_desk()
    guest = desk.person("asker", "王建国")
    guest.start(code)
    await desk.see(guest, "邀请无效")
