"""What tests of several packages share."""

import base64
import os
import shutil
import time
from collections.abc import AsyncIterator, Iterator

import pytest
from playwright.async_api import ConsoleMessage, Page, async_playwright
from sqlalchemy import Dialect, Engine, event

from bot.sealing.columns import give_ring, has_ring
from bot.sealing.ring import KeyRing, key_from
from bot.simulator.server import Simulator
from bot.simulator.world import World
from tests.bot.simulator.honesty import Honesty

pytest_plugins = ("tests.postgres",)

# Every process that a test starts seals with this key, and so does every engine that it opens.
KEY = base64.urlsafe_b64encode(bytes(range(32))).decode()
os.environ["MESSAGE_KEYS"] = KEY


@event.listens_for(Engine, "do_connect")
def seal(dialect: Dialect, *_: object) -> None:
    """Engines that tests make by themselves have keys as well."""
    if not has_ring(dialect):
        give_ring(dialect, KeyRing([key_from(KEY)]))


BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SWITCHES = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of an installed Chromium; without one the test is skipped, and fails in CI."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is not None:
        return found
    missing = "no Chromium is installed (Debian: apt-get install chromium)"
    if os.environ.get("CI"):
        pytest.fail(missing)
    pytest.skip(missing)


@pytest.fixture
async def browser_page(chromium: str) -> AsyncIterator[Page]:
    """A page 1440 wide, in English, light; an error in its script or console fails the test."""
    errors: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=SWITCHES)
        context = await browser.new_context(
            viewport={"width": 1440, "height": 900},
            locale="en-GB",
            color_scheme="light",
            reduced_motion="reduce",
        )
        page = await context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if _is_error(said) else None)
        yield page
        await browser.close()
    assert errors == []


def _is_error(said: ConsoleMessage) -> bool:
    """Whether a console line tells of a fault; a server that a test has stopped is none."""
    return said.type == "error" and "ERR_CONNECTION" not in said.text


@pytest.fixture
def honesty() -> Iterator[Honesty]:
    """An observer for a Simulator; the test fails where anything said is not the Bot API's."""
    observer = Honesty()
    yield observer
    assert observer.flaws == []


@pytest.fixture
async def honest_simulator(honesty: Honesty) -> AsyncIterator[Simulator]:
    """A simulator on the real clock, held to the Bot API; a method it refuses fails the test."""
    async with Simulator(World(time.time), observer=honesty, webhook_pause=0.01) as simulator:
        yield simulator
    assert simulator.refused == []
