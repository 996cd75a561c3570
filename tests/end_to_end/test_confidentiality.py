"""What people write is theirs: at rest, in logs, before anybody accepts, and from admins."""

import json
from pathlib import Path

import pytest

from bot.simulator.people import SimulatedPerson
from tests.end_to_end.conftest import SHORTLIST, Desk, MakeDesk

# Long conversations, and a shared machine may pause a process for seconds.
pytestmark = pytest.mark.timeout(300)
QUESTION = "宁波宏达模具有限公司的铝压铸件有气孔，ADC12，联系人张伟13812345678，怎么办？"
EDITED = "铝压铸件有气孔，壁厚四毫米半，怎么办？"
SECRETS = ("浇口截面要改到多少平方毫米", "先把慢压射行程加长十二毫米", "好的我们周三试模看看")


async def joined(desk: Desk) -> SimulatedPerson:
    """A newcomer who agreed and skipped the rest."""
    asker = desk.person("asker", "王建国")
    asker.start()
    await desk.press(asker, await desk.see(asker, "您的数据如何使用"), "我同意")
    await desk.press(asker, await desk.see(asker, "您的企业叫什么"), "全部跳过")
    await desk.see(asker, "您有什么技术问题")
    return asker


async def previewed(desk: Desk) -> SimulatedPerson:
    asker = await joined(desk)
    asker.send_text(QUESTION)
    await desk.press(asker, await desk.see(asker, SHORTLIST), "问 1.")
    await desk.see(asker, "将要转发的", "张伟")
    return asker


def everything_in(folder: Path) -> bytes:
    """All bytes of all files, the database and its log of writes among them."""
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def forms_of(text: str) -> list[bytes]:
    """How a text could stand in a file: as it is, and as JSON escapes it."""
    return [text.encode(), text.encode("utf-16-le"), json.dumps(text)[1:-1].encode()]


async def test_nothing_that_was_typed_stands_in_any_file_or_log(
    make_desk: MakeDesk, capfd: pytest.CaptureFixture[str]
) -> None:
    """A whole conversation: typed, redacted in taps, edited, sent, accepted, answered."""
    desk = await make_desk(LOG_LEVEL="DEBUG")
    asker = await previewed(desk)
    preview = await desk.see(asker, "将要转发的", "带下划线")
    await desk.press(asker, preview, "保留（姓名）")
    await desk.press(asker, preview, "隐去 1 宁波宏达模具")
    await desk.until(lambda: "[企业]" in (preview.text or ""))
    await desk.press(asker, preview, "隐去 1 13812345678")
    await desk.until(lambda: "[电话]" in (preview.text or ""))
    await desk.press(asker, preview, "修改文字")
    await desk.see(asker, "请输入要转发的文字", "[企业]的铝压铸件有气孔，ADC12，联系人张伟[电话]")
    asker.send_text(EDITED)
    await desk.press(asker, await desk.see(asker, "将要转发的", EDITED), "发送")
    mentor, offer = await desk.mentor_asked()
    assert EDITED in (offer.text or "")
    await desk.press(mentor, offer, "接受")
    await desk.see(asker, "已接受咨询")
    for writer, reader, said in zip(
        (asker, mentor, asker), (mentor, asker, mentor), SECRETS, strict=True
    ):
        writer.send_text(said)
        await desk.see(reader, said)
    await desk.stop()
    kept, logged = everything_in(desk.folder), "".join(capfd.readouterr())
    assert b"SQLite format 3" in kept
    assert "DEBUG" in logged
    for said in (*SECRETS, EDITED, "联系人张伟", "13812345678"):
        assert not [form for form in forms_of(said) if form in kept], said
        assert said not in logged


async def test_in_confidence_who_accepts_agrees_first_and_an_admin_who_looks_is_named(
    make_desk: MakeDesk,
) -> None:
    desk = await make_desk()
    asker, admin = await previewed(desk), desk.person("admin")
    preview = await desk.see(asker, "将要转发的")
    await desk.press(asker, preview, "○ 保密")
    await desk.until(lambda: "对方看不到问题内容" in (preview.text or ""))
    await desk.press(asker, preview, "接受之前可看到哪些内容")
    await desk.until(lambda: "点一下某句" in (preview.text or ""))
    await desk.press(asker, preview, "完成")
    await desk.until(lambda: "将要转发的" in (preview.text or ""))
    await desk.press(asker, preview, "发送")

    mentor, offer = await desk.mentor_asked()
    assert "这是保密咨询" in (offer.text or "")
    for telling in ("宏达", "联系人", "13812345678"):
        assert telling not in (offer.text or "")
    await desk.press(mentor, offer, "接受")
    await desk.until(lambda: "保密承诺（第 1 版）" in (offer.text or ""))
    await desk.press(mentor, offer, "同意并接受")
    await desk.see(mentor, "由您解答", "张伟", "保密承诺（第 1 版）")
    await desk.see(asker, "已接受咨询", "对方已同意保密承诺")

    asker.send_text(SECRETS[0])
    await desk.see(mentor, SECRETS[0])
    admin.send_text("/admin")
    await desk.press(admin, await desk.see(admin, "管理"), "查看一次咨询")
    await desk.see(admin, "请输入咨询编号和理由")
    admin.send_text("1 提问者投诉答复态度不好")
    card = await desk.see(admin, "您将查看咨询 #1")
    assert SECRETS[0] not in str([message.text for message in admin.chat.messages])
    await desk.press(admin, card, "查看，并告知双方")
    await desk.see(admin, SECRETS[0])
    for side in (asker, mentor):
        await desk.see(side, "管理员查看了咨询 #1", "提问者投诉答复态度不好")
