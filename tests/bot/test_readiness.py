"""What keeps the desk from serving is said of the part that it is."""

import asyncio
import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import aiohttp
import pytest
from sqlalchemy import create_engine

from bot import readiness
from bot.delivery.shares import Shares
from bot.handlers.finding import Finder
from bot.readiness import POLL_PATIENCE, model, polling, served, snapshot, webhook
from bot.settings import Settings
from bot.web.metrics import Metrics
from bot.web.readings import Readings
from bot.web.watch import Watch
from retrieval.library import Library
from tests.retrieval.fakes import HashedWords


def finder_with(library: Library | None) -> Finder:
    return cast(Finder, SimpleNamespace(library_now=library))


def test_while_the_model_is_loaded_neither_it_nor_the_index_serves() -> None:
    assert "being loaded" in model(finder_with(None))
    assert snapshot(finder_with(None)) != ""


def test_without_an_index_it_is_said_how_to_make_one(tmp_path: Path) -> None:
    finder = finder_with(Library(tmp_path, HashedWords()))
    assert model(finder) == ""
    assert "Run a reload" in snapshot(finder)


def test_polling_is_well_once_telegram_answers_and_not_long_after() -> None:
    metrics = Metrics()
    assert "No poll was answered" in polling(metrics, Shares())
    metrics.called("getUpdates", "409", 0.1)
    assert "409" in polling(metrics, Shares())
    metrics.called("getUpdates", "200", 0.1)
    assert polling(metrics, Shares()) == ""
    metrics.called("getUpdates", "502", 0.1)
    assert polling(metrics, Shares()) == ""  # one that fails is no outage
    metrics.answered["getUpdates"] = time.monotonic() - POLL_PATIENCE - 1
    assert "502" in polling(metrics, Shares())


def test_a_webhook_that_telegram_refused_is_not_ready_until_it_is_taken() -> None:
    metrics = Metrics()
    assert webhook(metrics) == ""  # another worker told Telegram of it
    metrics.called("setWebhook", "400", 0.1)
    assert "400" in webhook(metrics)
    metrics.called("setWebhook", "200", 0.1)
    assert webhook(metrics) == ""


def test_who_does_not_lead_need_not_poll() -> None:
    assert polling(Metrics(), cast(Shares, SimpleNamespace(leads=False))) == ""


@pytest.fixture
def taken() -> Iterator[socket.socket]:
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        yield holder


async def test_a_port_in_use_is_waited_for_and_the_desk_goes_on(
    taken: socket.socket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness, "PORT_PAUSE", 0.01)
    port = taken.getsockname()[1]
    settings = Settings(_env_file=None, watch_port=port)

    def now() -> datetime:
        return datetime(2026, 3, 2, tzinfo=UTC)

    engine = create_engine(f"sqlite:///{tmp_path / 'x.db'}")
    watch = Watch(Metrics(), Readings(engine, now), {}, now)
    async with served(settings, watch), aiohttp.ClientSession() as client:
        await asyncio.sleep(0.03)
        taken.close()
        while True:
            try:
                async with client.get(f"http://127.0.0.1:{port}/health") as answer:
                    told: dict[str, Any] = await answer.json()
                    break
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.01)
    assert told == {"ok": True}


@pytest.mark.parametrize("given", [{"watch_port": 0}, {"webhook_url": "https://desk.example/x"}])
async def test_a_port_that_is_not_wanted_is_not_opened(
    given: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness.web, "TCPSite", None)
    async with served(Settings(_env_file=None, **given), cast(Watch, None)):
        await asyncio.sleep(0)
