"""A world with one asker, a server for it, python-telegram-bot's Bot, and bare HTTP calls."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager
from typing import Any, NamedTuple

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from telegram import Bot
from telegram.error import TelegramError

from bot.simulator.page import add_routes
from bot.simulator.people import SimulatedPerson
from bot.simulator.server import Simulator
from bot.simulator.world import TOKEN, World
from tests.bot.simulator.honesty import Honesty
from tests.bot.simulator.viewer import Viewer


class Clock:
    """A clock that moves only when told to."""

    def __init__(self) -> None:
        self.time = 1_800_000_000.0

    def __call__(self) -> float:
        return self.time


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def result(self) -> Any:
        assert self.body["ok"], self.body
        return self.body["result"]

    @property
    def refusal(self) -> str:
        assert not self.body["ok"], self.body
        assert self.status == self.body["error_code"]
        return str(self.body["description"])


class Api:
    """Bare calls; parameters go as JSON."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self.session = session
        self.url = url

    async def __call__(self, method: str, **parameters: Any) -> Answer:
        url = f"{self.url}/bot{TOKEN}/{method}"
        async with self.session.post(url, json=parameters) as answer:
            return Answer(answer.status, dict(answer.headers), await answer.json())


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def world(clock: Clock) -> World:
    return World(clock)


@pytest.fixture
def asker(world: World) -> SimulatedPerson:
    return world.add_person("王芳", username="wangfang", started=True)


@pytest.fixture
async def sim(world: World, honesty: Honesty) -> AsyncIterator[Simulator]:
    async with Simulator(world, observer=honesty, webhook_pause=0.01) as simulator:
        yield simulator


@pytest.fixture
async def bot(sim: Simulator) -> AsyncIterator[Bot]:
    urls = {"base_url": f"{sim.url}/bot", "base_file_url": f"{sim.url}/file/bot"}
    async with Bot(TOKEN, **urls) as client:
        yield client
    assert sim.refused == []


@pytest.fixture
async def api(sim: Simulator) -> AsyncIterator[Api]:
    async with aiohttp.ClientSession() as session:
        yield Api(session, sim.url)


Refused = Callable[[type[TelegramError], str], AbstractContextManager[Any]]


@pytest.fixture
def refused() -> Refused:
    """`with refused(BadRequest, "Chat not found"):`, the whole sentence and nothing else."""

    def expect(kind: type[TelegramError], sentence: str) -> AbstractContextManager[Any]:
        import re

        return pytest.raises(kind, match=f"^{re.escape(sentence)}$")

    return expect


@pytest.fixture
async def page_client(world: World) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    """HTTP calls to the page alone, without a Bot API."""
    app = web.Application()
    add_routes(app, world)
    async with TestClient(TestServer(app)) as client:
        yield client


@pytest.fixture
async def viewer(
    page_client: TestClient[web.Request, web.Application],
) -> AsyncIterator[Viewer]:
    """An open page."""
    async with page_client.ws_connect("/page") as socket:
        yield Viewer(socket)
