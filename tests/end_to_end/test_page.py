"""The story played on the page itself, in Chromium, against the real bot process."""

from playwright.async_api import Page, expect

from tests.bot.simulator.panes import last, pane, write
from tests.end_to_end.conftest import PATIENCE, QUESTION, MakeDesk


async def test_the_story_is_played_on_the_page(make_desk: MakeDesk, browser_page: Page) -> None:
    desk, page = await make_desk(), browser_page
    page.set_default_timeout(PATIENCE * 1000)
    expect.set_options(timeout=PATIENCE * 1000)
    await page.goto(desk.simulator.url)
    asker, mentor, admin = (pane(page, part) for part in ("asker", "mentor", "admin"))

    await asker.get_by_role("button", name="Start", exact=True).click()
    await asker.get_by_role("button", name="我同意").click()
    await expect(last(asker, "theirs")).to_contain_text("您的企业叫什么")
    await write(asker, "宏达压铸厂")
    await asker.get_by_role("button", name="C 制造业").click()
    await asker.get_by_role("button", name="浙江").click()
    await asker.get_by_role("button", name="全部跳过").last.click()
    await expect(last(asker, "theirs")).to_contain_text("您有什么技术问题")

    await write(asker, QUESTION)
    await asker.get_by_role("button", name="问 1.").click()
    await expect(last(asker, "theirs").locator("blockquote")).to_contain_text(QUESTION)
    await last(asker, "theirs").get_by_role("button", name="发送").click()

    await mentor.get_by_role("button", name="接受").click()  # the pane has followed to the mentor
    await expect(last(mentor, "theirs")).to_contain_text("宏达压铸厂")
    await write(asker, "浇口速度要多少？")
    await expect(last(mentor, "theirs")).to_contain_text("浇口速度要多少？")
    await write(mentor, "先说壁厚")
    await expect(last(asker, "theirs")).to_contain_text("先说壁厚")

    await mentor.get_by_role("button", name="我已解答").click()
    await asker.get_by_role("button", name="解决了", exact=True).click()
    await asker.get_by_role("button", name="★★★★★", exact=True).click()
    await expect(last(mentor, "theirs")).to_contain_text("★★★★★")

    await write(admin, "/admin")
    await admin.get_by_role("button", name="统计").click()
    await expect(last(admin, "theirs")).to_contain_text("已解决：1")
