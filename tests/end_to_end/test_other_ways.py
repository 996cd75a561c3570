"""Asking by other means than words, played through the real bot, and on its page."""

import pytest
from playwright.async_api import Page, expect

from bot.simulator.events import Event
from bot.simulator.messages import SimulatedMessage
from bot.simulator.people import SimulatedPerson
from bot.simulator.sending import PICTURE, AlbumItem
from tests.bot.excerpts.documents import a_bomb, a_docx
from tests.bot.simulator.panes import last, pane, write
from tests.end_to_end.conftest import PATIENCE, QUESTION, SHORTLIST, Desk, MakeDesk

OWNER = "赵厂长"


def files_of(person: SimulatedPerson, after: int = 0) -> list[tuple[str, str | None]]:
    """What files the bot sent them since, with their captions."""
    return [
        (message.kind, message.caption)
        for message in person.chat.messages[after:]
        if message.from_bot and message.kind not in ("text", "service")
    ]


def offered_after(
    desk: Desk, preview: SimulatedMessage
) -> tuple[SimulatedPerson, SimulatedMessage] | None:
    """Whoever was asked since, and the offer."""
    for person in desk.world.people.values():
        for message in person.chat.messages:
            labels = [button["text"] for button in message.inline_buttons]
            if message.id > preview.id and "接受" in labels:
                return person, message
    return None


async def goes_along(desk: Desk, asker: SimulatedPerson, *kinds: str) -> SimulatedPerson:
    """The first on the list is asked, accepts, and has these files then and not before."""
    await desk.press(asker, await desk.see(asker, SHORTLIST), "问 1.")
    preview = await desk.see(asker, "将要转发的")
    assert ("随问题转交" in (preview.text or "")) is bool(kinds)
    await desk.press(asker, preview, "发送")
    mentor, offer = await desk.until(lambda: offered_after(desk, preview))
    before = mentor.chat.messages.index(offer)
    assert files_of(mentor, before) == []
    await desk.press(mentor, offer, "接受")
    files = [(kind, None) for kind in kinds]
    await desk.until(lambda: files_of(mentor, before) == files)
    return mentor


@pytest.mark.timeout(300)  # four whole stories in one desk, on however busy a machine
async def test_pictures_voices_documents_and_forwards_ask_and_go_along(
    make_desk: MakeDesk,
) -> None:
    desk = await make_desk()
    first, second, third, fourth = (
        desk.person("asker", name) for name in ("赵厂长", "钱老板", "孙经理", "李总")
    )
    seen: list[Event] = []
    desk.world.subscribe(seen.append)

    first.send_album([AlbumItem(caption=QUESTION), AlbumItem(), AlbumItem("video")])
    await desk.see(first, "会随咨询")
    mentor = await goes_along(desk, first, "photo", "photo", "video")
    albums = {m.album_id for m in mentor.chat.messages if m.kind in ("photo", "video")}
    assert len(albums) == 1
    assert any(event.kind == "action" and event.chat is first.chat for event in seen)

    second.send_voice()
    await desk.see(second, "再用几个字说明")
    second.send_text("铝压铸件 气孔")
    await goes_along(desk, second, "voice")

    third.send_document(a_bomb(70), name="炸弹.docx")
    await desk.see(third, "远超一般文档")
    third.send_text("/cancel")
    third.send_document(a_docx(QUESTION), name="问题.docx")
    await desk.see(third, "读了文件的前几页")
    await goes_along(desk, third, "document")

    supplier = desk.world.add_person("吴供应商", started=True)
    group = desk.world.add_group("供应群", members=[fourth, supplier])
    fourth.forward(supplier.send_text(QUESTION, chat_id=group.id))
    mentor = await goes_along(desk, fourth)
    told = [message.for_bot() for message in mentor.chat.messages if message.from_bot]
    assert "吴供应商" not in str(told)
    assert all("forward_origin" not in message for message in told)


async def test_a_picture_is_asked_by_on_the_page(make_desk: MakeDesk, browser_page: Page) -> None:
    desk, page = await make_desk(), browser_page
    page.set_default_timeout(PATIENCE * 1000)
    expect.set_options(timeout=PATIENCE * 1000)
    await page.goto(desk.simulator.url)
    left, middle = pane(page, "asker"), pane(page, "mentor")
    await left.locator(".who").click()
    await page.get_by_role("option", name=OWNER).click()
    await left.get_by_role("button", name="Attach").click()
    async with page.expect_file_chooser() as chooser:
        await page.get_by_role("menuitem", name="Photo or video").click()
    sent = {"name": "气孔.png", "mimeType": "image/png", "buffer": PICTURE}
    await (await chooser.value).set_files([sent])  # type: ignore[list-item]
    await write(left, QUESTION)
    await expect(last(left, "own").locator("img")).to_be_visible()
    await left.get_by_role("button", name="问 1.").click()
    await expect(last(left, "theirs")).to_contain_text("随问题转交")
    await last(left, "theirs").get_by_role("button", name="发送").click()
    await middle.get_by_role("button", name="接受", exact=True).click()
    await expect(middle.locator(".msg.theirs img")).to_be_visible()
