"""Updates pushed to a server of the bot's."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web
from telegram import Bot

from bot.simulator.people import SimulatedPerson
from bot.simulator.server import Simulator
from bot.simulator.world import TOKEN, World
from tests.bot.simulator.conftest import Api, Clock

Reply = Callable[[dict[str, Any]], web.Response]


class Hook:
    """A bot's server: keeps what it is sent, answers as `reply` says."""

    url: str

    def __init__(self) -> None:
        self.updates: list[dict[str, Any]] = []
        self.secrets: list[str | None] = []
        self.reply: Reply = lambda _: web.Response()
        self.hold: Callable[[dict[str, Any]], Awaitable[None]] | None = None
        self._news = asyncio.Condition()

    async def take(self, request: web.Request) -> web.Response:
        update = await request.json()
        async with self._news:
            self.updates.append(update)
            self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
            self._news.notify_all()
        if self.hold is not None:
            await self.hold(update)
        return self.reply(update)

    async def has(self, count: int) -> list[str]:
        """Wait for so many pushes; the texts of all."""
        async with asyncio.timeout(5), self._news:
            await self._news.wait_for(lambda: len(self.updates) >= count)
        return [update["message"]["text"] for update in self.updates]


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    hook = Hook()
    app = web.Application()
    app.router.add_post("/hook", hook.take)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    hook.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield hook
    await runner.cleanup()


async def confirmed(sim: Simulator) -> None:
    """Wait until nothing is left to push: the queue tells nobody of what leaves it."""
    async with asyncio.timeout(5):
        while len(sim.world.updates):  # noqa: ASYNC110
            await asyncio.sleep(0)


async def test_what_waited_and_what_comes_is_pushed_with_the_secret(
    bot: Bot, hook: Hook, sim: Simulator, asker: SimulatedPerson
) -> None:
    asker.send_text("先前")
    assert await bot.set_webhook(hook.url, secret_token="s3cret-Token_1")
    asker.send_text("现在")
    assert await hook.has(2) == ["先前", "现在"]
    assert hook.secrets == ["s3cret-Token_1"] * 2
    await confirmed(sim)
    assert (await bot.get_webhook_info()).pending_update_count == 0


async def test_a_failure_is_repeated_until_2xx_and_shown(
    bot: Bot, hook: Hook, sim: Simulator, asker: SimulatedPerson, clock: Clock
) -> None:
    answers = [web.Response(status=500), web.Response(status=302), web.Response(status=204)]
    hook.reply = lambda _: answers.pop(0)
    await bot.set_webhook(hook.url)
    asker.send_text("一")
    assert await hook.has(3) == ["一", "一", "一"]
    await confirmed(sim)
    info = await bot.get_webhook_info()
    assert info.last_error_message == "Wrong response from the webhook: 302 Found"
    assert info.last_error_date is not None
    assert info.last_error_date.timestamp() == int(clock.time)


async def test_a_chat_waits_for_its_failed_update_and_another_does_not(
    bot: Bot, hook: Hook, world: World, asker: SimulatedPerson
) -> None:
    other = world.add_person("钱")
    release = asyncio.Event()

    async def hold(update: dict[str, Any]) -> None:
        if update["message"]["text"] == "一":
            await release.wait()

    hook.hold = hold
    await bot.set_webhook(hook.url)
    asker.send_text("一")
    asker.send_text("二")
    other.send_text("别人")
    assert sorted(await hook.has(2)) == ["一", "别人"]
    release.set()
    assert (await hook.has(3))[-1] == "二"


async def test_retry_after_is_honoured(
    bot: Bot, hook: Hook, asker: SimulatedPerson, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []
    real_sleep = asyncio.sleep

    async def note(seconds: float) -> None:
        pauses.append(seconds)
        await real_sleep(0)

    monkeypatch.setattr("bot.simulator.webhook.asyncio.sleep", note)
    answers = [
        web.Response(status=503),
        web.Response(status=503),
        web.Response(status=429, headers={"Retry-After": "7"}),
        web.Response(),
    ]
    hook.reply = lambda _: answers.pop(0)
    await bot.set_webhook(hook.url)
    asker.send_text("一")
    await hook.has(4)
    assert [pause for pause in pauses if pause] == [0.01, 0.02, 7.0]


async def test_a_method_in_the_reply_is_run(
    bot: Bot, hook: Hook, world: World, asker: SimulatedPerson
) -> None:
    body = {"method": "sendMessage", "chat_id": asker.id, "text": "收到"}
    hook.reply = lambda _: web.json_response(body)
    await bot.set_webhook(hook.url)
    asker.send_text("一")
    await world.until(lambda: asker.chat.messages[-1].text == "收到")


@pytest.mark.parametrize("text", ["ok", '{"method"', '["method"]', '{"method": "noSuch"}'])
async def test_a_reply_that_calls_nothing_confirms_and_no_more(
    bot: Bot, hook: Hook, sim: Simulator, asker: SimulatedPerson, text: str
) -> None:
    hook.reply = lambda _: web.Response(text=text)
    await bot.set_webhook(hook.url)
    for number in range(2):
        asker.send_text(str(number))
        await confirmed(sim)
    assert await hook.has(2) == ["0", "1"]
    assert len(sim.refused) == (2 if "noSuch" in text else 0)
    sim.refused.clear()


async def test_an_unreachable_webhook_keeps_updates_and_tells_why(
    bot: Bot, sim: Simulator, asker: SimulatedPerson
) -> None:
    await bot.set_webhook("http://127.0.0.1:9/hook", max_connections=3)
    asker.send_text("一")
    async with asyncio.timeout(5):
        while sim.bot.webhook.last_error is None:  # noqa: ASYNC110
            await asyncio.sleep(0)
    info = await bot.get_webhook_info()
    assert (info.last_error_message, info.max_connections) == ("Connection refused", 3)
    assert info.pending_update_count == 1
    await bot.delete_webhook()
    assert len(await bot.get_updates()) == 1


async def test_pending_updates_can_be_dropped(bot: Bot, asker: SimulatedPerson) -> None:
    asker.send_text("一")
    await bot.delete_webhook(drop_pending_updates=True)
    assert await bot.get_updates() == ()


async def test_webhook_settings_are_checked(api: Api) -> None:
    hook = "http://127.0.0.1:9/hook"
    refusals = [
        (await api("setWebhook", url="http://example.org/hook")).refusal,
        (await api("setWebhook", url=hook, secret_token="no spaces")).refusal,
        (await api("setWebhook", url=hook, secret_token="x" * 257)).refusal,
    ]
    assert refusals == [
        "Bad Request: bad webhook: An HTTPS URL must be provided for webhook",
        "Bad Request: secret token contains unallowed characters",
        "Bad Request: secret token is too long",
    ]
    assert (await api("getWebhookInfo")).result["url"] == ""


async def test_an_empty_url_removes_the_webhook(api: Api) -> None:
    await api("setWebhook", url="http://127.0.0.1:9/hook", allowed_updates=["message"])
    info = (await api("getWebhookInfo")).result
    assert info["allowed_updates"] == ["message"]
    await api("setWebhook", url="")
    assert (await api("getWebhookInfo")).result["url"] == ""


async def test_pushes_are_shown_to_the_observer(
    world: World, hook: Hook, asker: SimulatedPerson
) -> None:
    seen: list[tuple[str, Any, Any]] = []
    async with Simulator(world, observer=lambda *call: seen.append(call)) as sim:
        async with Bot(TOKEN, base_url=f"{sim.url}/bot") as bot:
            await bot.set_webhook(hook.url)
        asker.send_text("一")
        await hook.has(1)
        await confirmed(sim)
    name, update, reply = seen[-1]
    assert (name, reply) == ("webhook", {"status": 200, "body": ""})
    assert json.dumps(update) == json.dumps(hook.updates[0])
