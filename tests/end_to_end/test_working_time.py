"""Working time by the real process: quiet outside it, reminders within it, over a restart."""

from datetime import datetime, timedelta

from sqlmodel import SQLModel, select

from bot.app import utc_now
from bot.desk.tables import Consultation, Offer
from bot.simulator.people import SimulatedPerson
from bot.worktime import DAY_NAMES
from tests.end_to_end.conftest import QUESTION, SHORTLIST, Desk, MakeDesk, look

OWNER = "（"


def another_day() -> str:
    """A weekday that is neither today nor tomorrow anywhere: whoever works then is off now."""
    return DAY_NAMES[(utc_now() + timedelta(days=3)).weekday()]


async def send(desk: Desk, asker: SimulatedPerson) -> None:
    """Ask, choose the first mentor, send."""
    asker.send_text(QUESTION)
    await desk.press(asker, await desk.see(asker, SHORTLIST), "问 1.")
    await desk.press(asker, await desk.see(asker, "将要转发的"), "发送")


async def while_stopped(desk: Desk, row: type[SQLModel], **times: datetime) -> None:
    """The desk is stopped, and meanwhile the times of the only row come."""
    await desk.stop()
    with look(desk) as session:
        found = session.exec(select(row)).one()
        for name, at in times.items():
            setattr(found, name, at)
        session.add(found)
        session.commit()
    await desk.start()


async def test_off_work_an_offer_waits_without_a_sound_and_everybody_knows_until_when(
    make_desk: MakeDesk,
) -> None:
    desk = await make_desk(WORKING_HOURS=f"{another_day()} 09:00-18:00", PUBLIC_HOLIDAYS="")
    asker = desk.person("asker", OWNER)
    await send(desk, asker)
    await desk.see(asker, "现在是对方的下班时间", "09:00 起处理", "17:00 仍无答复")
    mentor, offer = await desk.mentor_asked()
    assert offer.silent
    assert "现在是您的下班时间" in (offer.text or "")
    assert "17:00 前答复" in (offer.text or "")

    mentor.send_text("/hours")
    card = await desk.see(mentor, "您的工作时间", "现在是下班时间", "上海")
    await desk.press(mentor, card, "随时")
    await desk.see(mentor, "您的工作时间：随时")
    mentor.send_text("/hours 有空的时候")
    await desk.see(mentor, "没有看懂这个工作时间")
    mentor.send_text(f"/hours {another_day()} 9-17:30 柏林")
    await desk.see(mentor, "09:00-17:30 · 柏林")
    mentor.send_text("/queue")
    await desk.see(mentor, "等您处理的事", "前答复")

    await desk.press(mentor, offer, "接受")
    await desk.see(asker, "已接受咨询")
    # Who has just accepted is there all the same.
    await while_stopped(desk, Consultation, accepted_at=utc_now() - timedelta(hours=2))
    asker.send_text("补充一张照片之前，先说炉温")
    told = await desk.see(asker, "的导师现在下班了", "起处理")
    assert told.silent
    asker.send_text("炉温 680 度")
    await desk.see(mentor, "炉温 680 度")
    assert len([one for one in asker.chat.messages if "现在下班了" in (one.text or "")]) == 1


async def test_on_silence_comes_one_reminder_over_a_restart_and_then_the_next_mentor(
    make_desk: MakeDesk,
) -> None:
    desk = await make_desk()
    asker, now = desk.person("asker", OWNER), utc_now()
    await send(desk, asker)
    mentor, offer = await desk.mentor_asked()
    assert not offer.silent
    await while_stopped(desk, Offer, remind_at=now)
    reminder = await desk.see(mentor, "提醒：咨询 #", "仍在等您答复")
    await desk.until(lambda: "已移至下方" in (offer.text or ""))
    assert not offer.inline_buttons
    assert [button["text"] for button in reminder.inline_buttons][:2] == ["接受", "谢绝"]

    await while_stopped(desk, Offer, expires_at=now)
    await desk.see(asker, "上一位没有按时答复")
    await desk.until(lambda: not reminder.inline_buttons)
    said = [one.text or "" for one in mentor.chat.messages]
    assert sum("已移至下方" in text for text in said) == 1
    following, _ = await desk.mentor_asked()
    assert following is not mentor
