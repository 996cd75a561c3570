"""What the desk's talk looks like on the page: topics, albums, edits, receipts, drafts, inline."""

from playwright.async_api import Page, expect

from bot.simulator.sending import AlbumItem
from bot.simulator.server import Simulator
from tests.bot.simulator.panes import last, pane, write
from tests.bot.simulator.scripted import Json, ScriptedBot

ALBUM = [AlbumItem(caption="两处气孔"), AlbumItem(), AlbumItem()]


async def quiet(_: ScriptedBot, __: Json) -> None:
    """Answers nothing."""


async def test_topics_are_a_list_that_switches_and_is_changed(
    honest_simulator: Simulator, browser_page: Page
) -> None:
    world, page = honest_simulator.world, browser_page
    world.topics_in_private = True
    asker = world.add_person("Li", started=True)
    async with ScriptedBot(honest_simulator, quiet) as bot:
        welding = await bot.call("createForumTopic", chat_id=asker.id, name="Welding")
        casting = await bot.call("createForumTopic", chat_id=asker.id, name="Casting")
        for topic, text in ((welding, "About welding"), (casting, "About casting")):
            await bot.say(asker.id, text, message_thread_id=topic["message_thread_id"])
        await page.goto(honest_simulator.url)
        left = pane(page, "asker")
        await expect(left.locator(".topic")).to_have_text(["# Welding", "# Casting"])
        await left.get_by_role("tab", name="Casting").click()
        await expect(left.locator(".msg .text")).to_have_text(["About casting"])
        await write(left, "ADC12")
        await expect(last(left, "own")).to_contain_text("ADC12")
        assert asker.chat.messages[-1].thread_id == casting["message_thread_id"]

        await left.get_by_role("tab", name="Casting").click()  # shown already: its menu
        await page.get_by_role("menuitem", name="Rename").click()
        await page.get_by_label("Name of the topic").fill("Die casting")
        await page.get_by_role("button", name="OK").click()
        await expect(left.get_by_role("tab", name="Die casting")).to_be_visible()
        await left.get_by_role("tab", name="Die casting").focus()
        await page.keyboard.press("Enter")
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("Enter")
        await page.get_by_role("dialog").get_by_role("button", name="Delete").click()
        await expect(left.get_by_role("tab", name="Die casting")).to_have_count(0)
        await expect(left.locator(".msg .text")).to_have_text(["About welding"])


async def test_an_album_is_a_grid_and_its_receipt_is_a_chip(
    honest_simulator: Simulator, browser_page: Page
) -> None:
    world, page = honest_simulator.world, browser_page
    asker = world.add_person("Li", started=True)
    parts = asker.send_album(ALBUM)
    async with ScriptedBot(honest_simulator, quiet) as bot:
        await page.goto(honest_simulator.url)
        left = pane(page, "asker")
        await expect(left.locator(".grid img")).to_have_count(3)
        await expect(left.locator(".msg")).to_have_count(1)
        for emoji in ("👀", "👌"):
            reaction = [{"type": "emoji", "emoji": emoji}]
            where = {"chat_id": asker.id, "message_id": parts[0].id}
            await bot.call("setMessageReaction", reaction=reaction, **where)
            await expect(left.locator(".reacts .receipt")).to_have_text([emoji])
        sent = await bot.say(asker.id, "Thank you")
        await last(left, "theirs").hover()
        await last(left, "theirs").get_by_role("button", name="Message actions").click()
        await page.get_by_role("button", name="React 🔥").click()
        chip = last(left, "theirs").locator(".reacts button")
        await expect(chip).to_have_attribute("aria-pressed", "true")
        await chip.click()
        await expect(chip).to_have_count(0)
        message = asker.chat.message(sent["message_id"])
        assert message is not None
        assert message.reactions[asker.id] == []


async def test_an_edit_changes_in_place_and_a_deletion_goes(
    honest_simulator: Simulator, browser_page: Page
) -> None:
    world, page = honest_simulator.world, browser_page
    asker = world.add_person("Li", started=True)
    async with ScriptedBot(honest_simulator, quiet) as bot:
        await page.goto(honest_simulator.url)
        left = pane(page, "asker")
        first, second = [await bot.say(asker.id, text) for text in ("45 m/s", "then measure")]
        where = {"chat_id": asker.id, "message_id": first["message_id"]}
        await bot.call("editMessageText", text="35 m/s", **where)
        message = left.locator(f"[data-message='{first['message_id']}']")
        await expect(message).to_contain_text("35 m/s")
        await expect(message.locator(".meta")).to_contain_text("edited")
        await bot.call("deleteMessage", chat_id=asker.id, message_id=second["message_id"])
        await expect(left.locator(".msg")).to_have_count(1)


async def test_a_draft_grows_until_the_message_takes_its_place(
    honest_simulator: Simulator, browser_page: Page
) -> None:
    world, page = honest_simulator.world, browser_page
    asker = world.add_person("Li", started=True)
    async with ScriptedBot(honest_simulator, quiet) as bot:
        await page.goto(honest_simulator.url)
        left = pane(page, "asker")
        draft = left.locator(".drafted")
        for text in ("Reading…", "✓ Reading\nSearching…"):
            await bot.call("sendMessageDraft", chat_id=asker.id, draft_id=7, text=text)
            await expect(draft.locator(".text")).to_have_text(text)
            await bot.call("sendChatAction", chat_id=asker.id, action="typing")
            await expect(draft).to_have_count(1)  # typing does not wipe it away
        await bot.say(asker.id, "Three people fit")
        await expect(draft).to_have_count(0)
        await expect(last(left, "theirs")).to_contain_text("Three people fit")


async def test_inline_results_open_while_typing_and_are_chosen_by_keyboard(
    honest_simulator: Simulator, browser_page: Page
) -> None:
    world, page = honest_simulator.world, browser_page
    asker = world.add_person("Li", started=True)

    async def script(bot: ScriptedBot, update: Json) -> None:
        query = update.get("inline_query")
        if query is None:
            return
        results = [
            {
                "type": "article",
                "id": str(number),
                "title": f"Pores {number} for {query['query']}",
                "description": "Zhejiang",
                "input_message_content": {"message_text": f"Entry {number}"},
            }
            for number in range(2)
        ]
        number = query["id"]
        await bot.call("answerInlineQuery", inline_query_id=number, results=results, cache_time=0)

    async with ScriptedBot(honest_simulator, script):
        await page.goto(honest_simulator.url)
        left = pane(page, "asker")
        box = left.locator("textarea")
        await box.fill(f"@{world.bot['username']} alloy")
        await expect(left.get_by_role("option")).to_contain_text(
            ["Pores 0 for alloy", "Pores 1 for alloy"]
        )
        await box.press("ArrowDown")
        await box.press("Enter")
        await expect(last(left, "own")).to_contain_text("Entry 1")
        await expect(last(left, "own")).to_contain_text("via @")
        await expect(box).to_have_value("")
    assert [message.text for message in asker.chat.messages] == ["Entry 1"]


async def test_what_is_selected_is_quoted_and_shown_as_such(
    honest_simulator: Simulator, browser_page: Page
) -> None:
    world, page = honest_simulator.world, browser_page
    asker = world.add_person("Li", started=True)
    world.say(asker.chat, world.bot, {"text": "Which alloy?"})
    await page.goto(honest_simulator.url)
    left = pane(page, "asker")
    await last(left, "theirs").locator(".text").select_text()
    await last(left, "theirs").get_by_role("button", name="Message actions").click(force=True)
    await page.get_by_role("menuitem", name="Quote").click()
    await write(left, "ADC12")
    await expect(last(left, "own").locator(".quote")).to_contain_text("Which alloy?")
    assert asker.chat.messages[-1].quote is not None


async def test_something_is_forwarded_from_elsewhere(
    honest_simulator: Simulator, browser_page: Page
) -> None:
    world, page = honest_simulator.world, browser_page
    asker = world.add_person("Li", started=True)
    await page.goto(honest_simulator.url)
    left = pane(page, "asker")
    await left.get_by_role("button", name="Attach").click()
    await page.get_by_role("menuitem", name="Forward something").click()
    await page.get_by_label("Name").fill("Supplier Wu")
    await page.get_by_label("Message", exact=True).last.fill("Pores again")
    await page.get_by_role("dialog").get_by_role("button", name="Forward").click()
    await expect(last(left, "own")).to_contain_text("Forwarded from Supplier Wu")
    assert asker.chat.messages[-1].forward_origin is not None


async def test_a_lab_opens_a_group_with_topics_and_the_bot_in_it(
    honest_simulator: Simulator, browser_page: Page
) -> None:
    world, page = honest_simulator.world, browser_page
    world.add_person("Chen", role="mentor", started=True)
    await page.set_viewport_size({"width": 390, "height": 844})
    await page.goto(honest_simulator.url)
    await page.get_by_role("tab", name="Mentor").click()
    middle = pane(page, "mentor")
    await middle.get_by_role("button", name="Chat menu").click()
    await page.get_by_role("menuitem", name="New group").click()
    await page.get_by_label("Name of the group").fill("Die casting lab")
    await page.get_by_label("A group with topics").check()
    await page.get_by_role("dialog").get_by_role("button", name="Add").click()
    await expect(middle.get_by_role("tab", name="Die casting lab")).to_be_visible()
    await middle.get_by_role("button", name="Chat menu").click()
    await page.get_by_role("menuitem", name="Make the bot an administrator").click()
    group = next(chat for chat in world.chats.values() if chat.title == "Die casting lab")
    await world.until(lambda: group.bot_status == "administrator")
    assert group.is_forum
    assert await page.evaluate("document.documentElement.scrollWidth") == 390
