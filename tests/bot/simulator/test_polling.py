"""getUpdates as the bot sees it."""

import asyncio

from telegram import Bot, Update
from telegram.error import Conflict

from bot.simulator.people import SimulatedPerson
from bot.simulator.server import Simulator
from bot.simulator.world import World
from tests.bot.simulator.conftest import Api, Refused


def texts(updates: tuple[Update, ...]) -> list[str | None]:
    return [update.message.text if update.message else None for update in updates]


async def test_an_offset_acknowledges_what_came_before(bot: Bot, asker: SimulatedPerson) -> None:
    for text in ("一", "二", "三"):
        asker.send_text(text)
    first = await bot.get_updates()
    assert texts(first) == ["一", "二", "三"]
    assert texts(await bot.get_updates()) == ["一", "二", "三"]
    assert texts(await bot.get_updates(offset=first[1].update_id)) == ["二", "三"]
    assert texts(await bot.get_updates()) == ["二", "三"]


async def test_a_negative_offset_keeps_only_the_last_updates(
    bot: Bot, asker: SimulatedPerson
) -> None:
    for text in ("一", "二", "三"):
        asker.send_text(text)
    assert texts(await bot.get_updates(offset=-1)) == ["三"]
    assert texts(await bot.get_updates()) == ["三"]


async def test_a_limit_bounds_the_batch_and_nonsense_is_clamped(
    bot: Bot, api: Api, asker: SimulatedPerson
) -> None:
    for number in range(120):
        asker.send_text(str(number))
    assert len(await bot.get_updates(limit=2)) == 2
    assert len((await api("getUpdates", limit=0)).result) == 1
    assert len((await api("getUpdates", limit=1000)).result) == 100
    assert len((await api("getUpdates")).result) == 100


async def test_a_waiting_poll_answers_as_soon_as_something_is_said(
    bot: Bot, sim: Simulator, asker: SimulatedPerson
) -> None:
    waiting = asyncio.create_task(bot.get_updates(timeout=30))
    await sim.bot.polling.waits()
    asker.send_text("在吗")
    assert texts(await waiting) == ["在吗"]


async def test_a_poll_without_news_ends_empty(api: Api) -> None:
    assert (await api("getUpdates", timeout=0)).result == []
    assert (await api("getUpdates", timeout=1)).result == []


async def test_update_ids_rise_by_one(bot: Bot, asker: SimulatedPerson) -> None:
    for text in ("一", "二", "三"):
        asker.send_text(text)
    ids = [update.update_id for update in await bot.get_updates()]
    assert ids == [ids[0], ids[0] + 1, ids[0] + 2]


async def test_allowed_updates_stay_until_they_are_changed(
    bot: Bot, asker: SimulatedPerson
) -> None:
    message = asker.send_text("一")
    await bot.get_updates(allowed_updates=["message"])
    asker.edit(message, text="二")
    await bot.get_updates(offset=-1)
    asker.edit(message, text="三")
    kinds = [update.edited_message for update in await bot.get_updates()]
    assert kinds == [None], "edits are still not asked for"
    await bot.get_updates(allowed_updates=[])
    asker.edit(message, text="四")
    assert (await bot.get_updates())[-1].edited_message is not None


async def test_reactions_and_members_come_only_when_asked_for(
    bot: Bot, world: World, asker: SimulatedPerson
) -> None:
    message = asker.send_text("好")
    asker.react(message, "👍")
    assert len(await bot.get_updates()) == 1
    await bot.get_updates(allowed_updates=["message_reaction", "chat_member"])
    asker.react(message, "❤")
    reaction = (await bot.get_updates())[-1].message_reaction
    assert reaction is not None
    assert [r.to_dict() for r in reaction.new_reaction] == [{"type": "emoji", "emoji": "❤"}]
    assert [r.to_dict() for r in reaction.old_reaction] == [{"type": "emoji", "emoji": "👍"}]


async def test_updates_made_before_a_change_of_allowed_updates_still_come(
    bot: Bot, asker: SimulatedPerson
) -> None:
    asker.send_text("一")
    assert texts(await bot.get_updates(allowed_updates=["callback_query"])) == ["一"]
    asker.send_text("二")
    assert texts(await bot.get_updates()) == ["一"]


async def test_a_second_poller_ends_the_first_with_a_conflict(
    bot: Bot, sim: Simulator, api: Api, asker: SimulatedPerson, refused: Refused
) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=30))
    await sim.bot.polling.waits()
    second = asyncio.create_task(api("getUpdates", timeout=30))
    with refused(
        Conflict,
        "Conflict: terminated by other getUpdates request; "
        "make sure that only one bot instance is running",
    ):
        await first
    asker.send_text("在吗")
    assert len((await second).result) == 1


async def test_a_poll_beside_a_webhook_is_a_conflict(api: Api, sim: Simulator) -> None:
    waiting = asyncio.create_task(api("getUpdates", timeout=30))
    await sim.bot.polling.waits()
    await api("setWebhook", url="http://127.0.0.1:9/hook")
    ended = await waiting
    assert (ended.status, ended.refusal) == (409, "Conflict: terminated by setWebhook request")
    assert (await api("getUpdates")).refusal == (
        "Conflict: can't use getUpdates method while webhook is active; "
        "use deleteWebhook to delete the webhook first"
    )
    await api("deleteWebhook")
    assert (await api("getUpdates")).result == []
