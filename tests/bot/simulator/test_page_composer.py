"""What is written and read on the page, in a real browser."""

import re

from playwright.async_api import Page, expect

from bot.simulator.people import SimulatedPerson
from bot.simulator.sending import PICTURE
from bot.simulator.server import Simulator
from tests.bot.simulator.panes import last, pane, write
from tests.bot.simulator.scripted import Json, ScriptedBot, buttons

HOSTILE = "<img src=x onerror=\"document.title='owned'\"><b>Bold?</b>"


async def test_the_composer_works_by_keyboard_alone(
    honest_simulator: Simulator, browser_page: Page
) -> None:
    asker = honest_simulator.world.add_person("Li", started=True)
    page = browser_page
    await page.goto(honest_simulator.url)
    left = pane(page, "asker")
    box = left.locator("textarea")
    await box.focus()
    await page.keyboard.type("one")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("two")
    await page.keyboard.press("Enter")
    await expect(last(left, "own").locator(".text")).to_have_text("one\ntwo")

    await page.keyboard.press("ArrowUp")
    await expect(box).to_have_value("one\ntwo")
    await page.keyboard.press("Escape")
    await expect(box).to_have_value("")
    await page.keyboard.press("ArrowUp")
    await box.fill("three")
    await page.keyboard.press("Enter")
    await expect(last(left, "own")).to_contain_text("three")
    assert [message.text for message in asker.chat.messages] == ["three"]

    await left.get_by_role("log").focus()
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("Enter")
    await page.get_by_role("menuitem", name="Reply").click()
    await write(left, "and four")
    await expect(last(left, "own").locator(".quote")).to_contain_text("three")


async def test_a_composing_input_method_keeps_its_enter(
    honest_simulator: Simulator, browser_page: Page
) -> None:
    asker = honest_simulator.world.add_person("Li", started=True)
    await browser_page.goto(honest_simulator.url)
    box = pane(browser_page, "asker").locator("textarea")
    await box.fill("压铸")
    await box.dispatch_event("keydown", {"key": "Enter", "isComposing": True, "bubbles": True})
    await expect(box).to_have_value("压铸")
    await box.press("Enter")
    await expect(box).to_have_value("")
    await honest_simulator.world.until(lambda: asker.chat.messages)
    assert [message.text for message in asker.chat.messages] == ["压铸"]


async def test_nothing_said_becomes_markup(honest_simulator: Simulator, browser_page: Page) -> None:
    world, page = honest_simulator.world, browser_page
    asker = world.add_person(HOSTILE[:64], started=True)
    content = {"text": HOSTILE, "entities": [{"type": "bold", "offset": 0, "length": 4}]}
    world.say(asker.chat, world.bot, content, reply_markup=buttons([(HOSTILE[:40], "x")]))
    asker.send_document(b"", name=f"{HOSTILE[:30]}.html")
    await page.goto(honest_simulator.url)
    left = pane(page, "asker")
    await expect(left.locator(".msg .text").first).to_have_text(HOSTILE)
    await expect(left.locator(".key")).to_have_text(HOSTILE[:40])
    assert await page.locator("img").count() == 0
    assert await page.title() == "Xiaoqi 校企"


async def test_entities_are_counted_in_utf_16_units(
    honest_simulator: Simulator, browser_page: Page
) -> None:
    asker = honest_simulator.world.add_person("Li", started=True)
    page = browser_page

    async def script(bot: ScriptedBot, update: Json) -> None:
        await bot.say(
            asker.id,
            "🧪🧪 <b>粗<i>斜</i></b> <tg-spoiler>藏</tg-spoiler> /help "
            '<a href="https://example.org/">链接</a>'
            '<pre><code class="language-py">x = 1</code></pre>'
            "<blockquote expandable>甲\n乙\n丙\n丁\n戊</blockquote>",
        )

    async with ScriptedBot(honest_simulator, script):
        await page.goto(honest_simulator.url)
        left = pane(page, "asker")
        await write(left, "go")
        said = last(left, "theirs").locator(".text")
        await expect(said.locator("b")).to_have_text("粗斜")
        await expect(said.locator("b i")).to_have_text("斜")
        await expect(said.locator("a")).to_have_attribute("href", "https://example.org/")
        await expect(said.locator("pre")).to_have_attribute("data-language", "py")
        await said.locator(".veil").click()
        await expect(said.locator(".veil")).to_have_count(0)
        await said.get_by_role("button", name="Show more").click()
        await expect(said.locator("blockquote")).to_have_class(re.compile("open"))
        await said.get_by_role("button", name="/help").click()
        await expect(last(left, "own")).to_contain_text("/help")


async def test_files_are_attached_and_sent_as_an_album(
    honest_simulator: Simulator, browser_page: Page
) -> None:
    asker = honest_simulator.world.add_person("Li", started=True)
    page = browser_page
    await page.goto(honest_simulator.url)
    left = pane(page, "asker")
    await left.get_by_role("button", name="Attach").click()
    async with page.expect_file_chooser() as chooser:
        await page.get_by_role("menuitem", name="Photo or video").click()
    pictures = [{"name": f"{n}.png", "mimeType": "image/png", "buffer": PICTURE} for n in range(4)]
    await (await chooser.value).set_files(pictures)  # type: ignore[arg-type]
    await expect(left.locator(".thumb")).to_have_count(4)
    await write(left, "four views")
    await expect(last(left, "own").locator(".grid img")).to_have_count(4)
    assert len({message.album_id for message in asker.chat.messages}) == 1
    assert asker.chat.messages[0].caption == "four views"


async def test_the_bots_commands_are_offered_as_they_are_typed(
    honest_simulator: Simulator, browser_page: Page
) -> None:
    asker = honest_simulator.world.add_person("Li", language_code="en-GB", started=True)
    page = browser_page

    async def script(bot: ScriptedBot, update: Json) -> None:
        """Nothing: the commands are set from outside."""

    async with ScriptedBot(honest_simulator, script) as bot:
        await page.goto(honest_simulator.url)
        left = pane(page, "asker")
        menu = left.get_by_role("button", name="Commands")
        await expect(menu).to_be_hidden()
        commands = [("ask", "Ask a question"), ("answer", "Answer one"), ("help", "How this works")]
        listed = [{"command": name, "description": about} for name, about in commands]
        await bot.call("setMyCommands", commands=listed, language_code="en")
        await expect(menu).to_be_visible()
        await left.locator("textarea").press_sequentially("/a")
        await expect(left.get_by_role("option")).to_have_count(2)
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("Enter")
        await expect(last(left, "own")).to_contain_text("/answer")
    assert asker.chat.messages[-1].entities[0]["type"] == "bot_command"


async def test_a_question_of_ten_thousand_characters_goes_as_several_messages(
    honest_simulator: Simulator, browser_page: Page
) -> None:
    world = honest_simulator.world
    asker = world.add_person("Li", started=True)
    await browser_page.goto(honest_simulator.url)
    question = "".join(f"第{n}行：压铸件有气孔🧪\n" for n in range(1_000))[:10_000]
    await write(pane(browser_page, "asker"), question)
    await world.until(lambda: len("".join(map(str, _texts(asker)))) >= 9_900)
    texts = _texts(asker)
    assert "\n".join(texts) == question.rstrip()
    assert max(len(text.encode("utf-16-le")) // 2 for text in texts) <= 4096


def _texts(person: SimulatedPerson) -> list[str]:
    return [message.text or "" for message in person.chat.messages]
