"""The page in a real browser, against a simulator with a scripted bot."""

import time
from collections.abc import Callable

from playwright.async_api import Page, expect

from bot.simulator.people import SimulatedPerson
from bot.simulator.server import Simulator
from bot.simulator.world import BOT_USERNAME, World
from tests.bot.simulator.panes import last, pane, write
from tests.bot.simulator.scripted import Json, ScriptedBot, buttons


def a_desk_of(asker: SimulatedPerson, mentor: SimulatedPerson) -> Callable[..., object]:
    """A desk that greets, asks once, hands the question on, and relays what the mentor says."""

    async def script(bot: ScriptedBot, update: Json) -> None:
        if press := update.get("callback_query"):
            message = press["message"]
            await bot.call("answerCallbackQuery", callback_query_id=press["id"], text="Passed on")
            await bot.call(
                "editMessageText",
                chat_id=message["chat"]["id"],
                message_id=message["message_id"],
                text="Sent to Prof. Chen",
            )
            await bot.say(
                mentor.id, "<b>A question</b> for you", reply_markup=buttons([("Accept", "accept")])
            )
            return
        said = update["message"]
        if said["from"]["id"] == mentor.id:
            await bot.call("sendChatAction", chat_id=asker.id, action="typing")
            await bot.say(asker.id, f"Prof. Chen: <i>{said['text']}</i>")
        elif said["text"].startswith("/start"):
            await bot.say(asker.id, "Welcome. What is the trouble?")
        else:
            rows = [("Ask Prof. Chen", "ask")]
            await bot.say(
                asker.id,
                "One fits",
                reply_markup=buttons(rows),
                reply_parameters={"message_id": said["message_id"]},
            )

    return script


async def test_a_question_travels_from_pane_to_pane(
    honest_simulator: Simulator, browser_page: Page
) -> None:
    world, page = honest_simulator.world, browser_page
    asker = world.add_person("Li", last_name="Wen", language_code="en")
    mentor = world.add_person("Chen", role="mentor", started=True)
    world.add_person("Zhao", role="mentor", user_id=1, started=True)
    async with ScriptedBot(honest_simulator, a_desk_of(asker, mentor)):  # type: ignore[arg-type]
        await page.goto(honest_simulator.url)
        await expect(page.locator(".sim")).to_contain_text("Simulated · no Telegram involved")
        left, middle = pane(page, "asker"), pane(page, "mentor")
        await expect(middle.locator(".who")).to_contain_text("Zhao")

        await left.get_by_role("button", name="Start").click()
        await expect(last(left, "theirs")).to_contain_text("What is the trouble?")
        await write(left, "Pores in the castings 🧪")
        await expect(last(left, "own")).to_contain_text("Pores in the castings 🧪")
        await expect(last(left, "theirs").locator(".quote")).to_contain_text("Pores in")

        await left.get_by_role("button", name="Ask Prof. Chen").click()
        await expect(left.locator(".toast")).to_have_text("Passed on")
        await expect(last(left, "theirs")).to_contain_text("Sent to Prof. Chen")
        await expect(last(left, "theirs")).to_contain_text("edited")

        await expect(middle.locator(".who")).to_contain_text("Chen")  # the pane has followed
        await expect(middle.locator(".text b")).to_have_text("A question")
        await write(middle, "Too little vacuum")
        await expect(last(left, "theirs").locator("i")).to_have_text("Too little vacuum")


async def test_an_invitation_is_opened_by_somebody_new(
    honest_simulator: Simulator, browser_page: Page
) -> None:
    world, page = honest_simulator.world, browser_page
    admin = world.add_person("Wang", role="admin", started=True)
    url = f"https://t.me/{BOT_USERNAME}?start=inv_8f3"
    markup = {"inline_keyboard": [[{"text": "Invitation", "url": url}]]}
    world.say(admin.chat, world.bot, {"text": "One use, seven days"}, reply_markup=markup)
    await page.goto(honest_simulator.url)
    await pane(page, "admin").get_by_role("button", name="Invitation").click()
    await page.get_by_label("First name").fill("Han")
    await page.get_by_role("dialog").get_by_role("button", name="Open").click()
    middle = pane(page, "mentor")
    await expect(middle.locator(".who")).to_contain_text("Han")
    await expect(last(middle, "own")).to_contain_text("/start inv_8f3")
    (han,) = [person for person in world.people.values() if person.first_name == "Han"]
    assert (han.role, han.language_code) == ("mentor", "en")


async def test_a_busy_mentor_is_not_taken_away_from_their_draft(
    honest_simulator: Simulator, browser_page: Page
) -> None:
    world, page = honest_simulator.world, browser_page
    chen = world.add_person("Chen", role="mentor", started=True)
    zhao = world.add_person("Zhao", role="mentor", started=True)
    await page.goto(honest_simulator.url)
    middle = pane(page, "mentor")
    await expect(middle.locator(".who")).to_contain_text("Chen")
    await middle.locator("textarea").fill("half a thought")
    world.say(zhao.chat, world.bot, {"text": "A question for Zhao"})
    chip = middle.get_by_role("button", name="New for Zhao: show")
    await expect(chip).to_be_visible()
    await expect(middle.locator(".who .badge")).to_have_text("1")
    await chip.click()
    await expect(last(middle, "theirs")).to_contain_text("A question for Zhao")
    await middle.locator(".who").click()
    await middle.get_by_role("option", name="Chen").click()
    await expect(middle.locator("textarea")).to_have_value("half a thought")
    assert chen.chat.messages == []


async def test_on_a_phone_the_panes_are_tabs_with_unread_dots(
    honest_simulator: Simulator, browser_page: Page
) -> None:
    world, page = honest_simulator.world, browser_page
    world.add_person("Li", started=True)
    mentor = world.add_person("Chen", role="mentor", started=True)
    await page.set_viewport_size({"width": 390, "height": 844})
    await page.goto(honest_simulator.url)
    tab = page.get_by_role("tab", name="Mentor")
    await expect(tab.locator("i")).to_have_count(0)
    world.say(mentor.chat, world.bot, {"text": "For you"})
    await expect(tab.locator("i")).to_have_count(1)
    await tab.click()
    await expect(pane(page, "mentor").locator(".who")).to_be_in_viewport(ratio=0.9)
    await expect(tab).to_have_attribute("aria-selected", "true")
    await expect(tab.locator("i")).to_have_count(0)
    assert await page.evaluate("document.documentElement.scrollWidth") == 390


async def test_the_page_says_when_the_server_is_gone_and_comes_back(
    browser_page: Page,
) -> None:
    world, page = World(time.time), browser_page
    asker = world.add_person("Li", started=True)
    first = Simulator(world)
    await first.start()
    await page.goto(first.url)
    left = pane(page, "asker")
    await write(left, "before")
    await expect(last(left, "own")).to_contain_text("before")
    await first.stop()
    await expect(page.get_by_role("alert")).to_be_visible()
    await write(left, "lost?")
    await expect(left.locator("textarea")).to_have_value("lost?")
    world.say(asker.chat, world.bot, {"text": "meanwhile"})
    async with Simulator(world, port=int(first.url.rsplit(":", 1)[1])):
        await expect(page.get_by_role("alert")).to_be_hidden()
        await expect(last(left, "theirs")).to_contain_text("meanwhile")
        await left.locator("textarea").press("Enter")
        await expect(last(left, "own")).to_contain_text("lost?")


async def test_the_page_speaks_chinese_and_turns_dark_at_a_press(
    honest_simulator: Simulator, browser_page: Page
) -> None:
    honest_simulator.world.add_person("李文", started=True)
    page = browser_page
    await page.goto(honest_simulator.url)
    box = pane(page, "asker").locator("textarea")
    await box.fill("draft")
    await page.get_by_role("button", name="中文").click()
    await expect(box).to_have_attribute("placeholder", "输入消息")
    await expect(box).to_have_value("draft")
    await expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    light = await page.evaluate("getComputedStyle(document.body).backgroundColor")
    await page.get_by_role("button", name="切换深色或浅色").click()
    dark = await page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert light != dark
