"""What goes wrong on request, and only then."""

import asyncio

import aiohttp
import pytest
from telegram import Bot
from telegram.error import NetworkError, RetryAfter

from bot.simulator.people import SimulatedPerson
from bot.simulator.server import Simulator
from bot.simulator.world import World
from tests.bot.simulator.conftest import Api


async def test_a_flood_of_one_chat_leaves_the_others_alone(
    bot: Bot, api: Api, sim: Simulator, world: World, asker: SimulatedPerson
) -> None:
    other = world.add_person("钱", started=True)
    sim.faults.flood(7, chat_id=asker.id, times=2)
    with pytest.raises(RetryAfter) as caught:
        await bot.send_message(asker.id, "x")
    assert str(caught.value) == "Flood control exceeded. Retry in 7 seconds"
    await bot.send_message(other.id, "x")
    answer = await api("sendMessage", chat_id=asker.id, text="x")
    assert (answer.status, answer.headers["Retry-After"]) == (429, "7")
    assert answer.body["parameters"] == {"retry_after": 7}
    assert answer.refusal == "Too Many Requests: retry after 7"
    await bot.send_message(asker.id, "y")
    assert [m.text for m in asker.chat.messages] == ["y"]


async def test_a_global_flood_spares_polling(
    api: Api, sim: Simulator, asker: SimulatedPerson
) -> None:
    sim.faults.flood(1, times=None)
    assert (await api("sendMessage", chat_id=asker.id, text="x")).status == 429
    assert (await api("getMe")).status == 429
    assert (await api("getUpdates")).status == 200
    sim.faults.clear()
    assert (await api("getMe")).status == 200


async def test_a_failure_does_nothing(bot: Bot, sim: Simulator, asker: SimulatedPerson) -> None:
    sim.faults.fail(502, method="sendMessage")
    with pytest.raises(NetworkError, match="Bad Gateway"):
        await bot.send_message(asker.id, "x")
    assert asker.chat.messages == []
    await bot.send_message(asker.id, "x")


async def test_a_dropped_answer_leaves_the_message_sent(
    api: Api, sim: Simulator, asker: SimulatedPerson
) -> None:
    sim.faults.drop_answer(method="sendMessage")
    with pytest.raises(aiohttp.ClientError):
        await api("sendMessage", chat_id=asker.id, text="到了")
    assert [m.text for m in asker.chat.messages] == ["到了"]


async def test_a_slow_answer_is_late_but_the_act_is_not(
    bot: Bot, sim: Simulator, world: World, asker: SimulatedPerson
) -> None:
    sim.faults.slow(0.2, method="sendMessage")
    sending = asyncio.create_task(bot.send_message(asker.id, "到了"))
    await world.until(lambda: asker.chat.messages)
    assert not sending.done()
    assert (await sending).text == "到了"


async def test_updates_come_twice_or_in_reverse(
    api: Api, sim: Simulator, asker: SimulatedPerson
) -> None:
    asker.send_text("一")
    asker.send_text("二")

    async def heard() -> list[str]:
        updates = (await api("getUpdates")).result
        return [update["message"]["text"] for update in updates]

    sim.faults.repeat_updates()
    sim.faults.reorder_updates()
    assert await heard() == ["二", "二", "一", "一"]
    assert await heard() == ["一", "二"]


async def test_limits_are_kept_per_chat_and_overall(
    api: Api, sim: Simulator, world: World, asker: SimulatedPerson
) -> None:
    other, third = world.add_person("钱", started=True), world.add_person("孙", started=True)
    sim.faults.limit(overall=(3, 3600), per_chat=(2, 3600))
    statuses = [
        (await api("sendMessage", chat_id=person.id, text="x")).status
        for person in (asker, asker, asker, other, third)
    ]
    assert statuses == [200, 200, 429, 200, 429]
    assert (await api("sendChatAction", chat_id=asker.id, action="typing")).status == 200


async def test_nothing_goes_wrong_unasked(api: Api, asker: SimulatedPerson) -> None:
    statuses = {
        (await api("sendMessage", chat_id=asker.id, text=str(number))).status
        for number in range(100)
    }
    assert statuses == {200}
