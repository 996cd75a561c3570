"""Who watches learns whether the desk lives, can serve, and how it fares; and nobody's words."""

import logging
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import Connection, Engine, event
from sqlmodel import Session, SQLModel

from bot.delivery.tables import Delivery, InboxUpdate, Priority
from bot.desk.views import Found
from bot.web.metrics import Metrics, counting
from bot.web.readings import Readings
from bot.web.watch import Watch
from knowledge.database import DatabaseAwayError, open_engine

NOW = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{tmp_path / 'watch.db'}")
    SQLModel.metadata.create_all(engine)
    yield engine
    engine.dispose()


class Desk:
    """What is watched; `wrong` is what its parts say of themselves."""

    def __init__(self, engine: Engine) -> None:
        self.metrics = Metrics()
        self.wrong = {"model": "", "polling": ""}
        self.now = NOW
        self.readings = Readings(engine, lambda: self.now)
        signs = {name: lambda name=name: self.wrong[name] for name in self.wrong}
        self.watch = Watch(self.metrics, self.readings, signs, lambda: self.now)

    def client(self) -> TestClient[Any, Any]:
        return TestClient(TestServer(self.watch.add_to(web.Application())))

    async def figures(self) -> dict[str, float]:
        """Each sample of /metrics by its name and labels."""
        async with self.client() as client, client.get("/metrics") as answer:
            assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
            lines = (await answer.text()).splitlines()
        parted = (line.rpartition(" ") for line in lines if not line.startswith("#"))
        return {name: float(value) for name, _, value in parted}


@pytest.fixture
def desk(engine: Engine) -> Desk:
    return Desk(engine)


async def test_a_whole_desk_is_ready_and_says_of_each_part_that_it_is_well(desk: Desk) -> None:
    async with desk.client() as client, client.get("/ready") as answer:
        assert answer.status == 200
        told = await answer.json()
    assert told["ready"] is True
    assert told["parts"] == {
        name: {"ok": True, "why": ""} for name in ("database", "model", "polling")
    }


async def test_a_part_that_is_not_well_is_named_in_words(desk: Desk) -> None:
    desk.wrong["model"] = "The model is being loaded."
    async with desk.client() as client, client.get("/ready") as answer:
        assert answer.status == 503
        told = await answer.json()
    assert told["ready"] is False
    assert told["parts"]["model"] == {"ok": False, "why": "The model is being loaded."}
    assert told["parts"]["polling"]["ok"] is True


async def test_without_its_database_the_desk_lives_but_is_not_ready(
    desk: Desk, engine: Engine
) -> None:
    @event.listens_for(engine, "begin")
    def refuse(_: Connection) -> None:
        raise DatabaseAwayError("The database is restarting: start it.")

    async with desk.client() as client:
        async with client.get("/health") as answer:
            assert (answer.status, await answer.json()) == (200, {"ok": True})
        async with client.get("/ready") as answer:
            assert answer.status == 503
            why = (await answer.json())["parts"]["database"]["why"]
    assert why == "The database is restarting: start it."
    figures = await desk.figures()
    assert figures["xiaoqi_database_up"] == 0
    assert "xiaoqi_inbox_waiting" not in figures


async def test_a_database_that_hangs_holds_nobody_up(desk: Desk, engine: Engine) -> None:
    desk.readings._patience = 0.01
    waiting, reads = [True], []

    @event.listens_for(engine, "begin")
    def hang(_: Connection) -> None:
        reads.append(1)
        while waiting:
            time.sleep(0.001)

    async with desk.client() as client:
        for _ in range(3):
            async with client.get("/ready") as answer:
                assert "not answered" in (await answer.json())["parts"]["database"]["why"]
        assert len(reads) == 1  # those who ask meanwhile wait for the same one
        waiting.clear()
        desk.readings._patience = 30
        async with client.get("/ready") as answer:
            assert answer.status == 200


async def test_lags_and_queues_are_read_from_the_database(desk: Desk, engine: Engine) -> None:
    with Session(engine) as session:
        early = NOW - timedelta(seconds=40)
        session.add(InboxUpdate(update_id=1, lane=1, raw="{}", received_at=early))
        for priority in (Priority.MESSAGE, Priority.NOTICE, Priority.NOTICE):
            owed = NOW - timedelta(seconds=70)
            session.add(Delivery(chat_id=1, method="x", priority=priority, owed_at=owed))
        session.commit()
    figures = await desk.figures()
    assert figures["xiaoqi_database_up"] == 1
    assert figures["xiaoqi_inbox_waiting"] == 1
    assert figures["xiaoqi_inbox_lag_seconds"] == 40
    assert figures["xiaoqi_outbox_lag_seconds"] == 70
    assert figures['xiaoqi_deliveries_unsent{priority="notice",state="queued"}'] == 2
    assert figures['xiaoqi_consultations{stage="active"}'] == 0
    assert figures["xiaoqi_offers_open"] == figures["xiaoqi_offers_overdue"] == 0
    assert any(name.startswith("xiaoqi_build_info{") for name in figures)


async def test_calls_failures_and_matches_are_counted_as_they_come(desk: Desk) -> None:
    metrics = desk.metrics
    metrics.called("sendMessage", "200", 0.2)
    metrics.called("sendMessage", "429", 0.1)
    metrics.called("getUpdates", "200", 25.0)
    metrics.failed("delivery", "Unreachable")
    hits = [Found("expert-1", 0.9, "strong", "高真空压铸", 0.73)]

    async def find(_: str) -> list[Found]:
        return hits

    assert await metrics.of_search(find)("铝压铸件有气孔") == hits
    hits = []
    assert await metrics.of_search(find)("大漆") == []
    figures = await desk.figures()
    assert figures['xiaoqi_telegram_calls_total{method="sendMessage",outcome="429"}'] == 1
    assert figures["xiaoqi_telegram_call_seconds_count"] == 2  # a long poll says nothing
    assert figures['xiaoqi_failures_total{kind="Unreachable",what="delivery"}'] == 1
    assert figures["xiaoqi_search_seconds_count"] == 2
    assert figures['xiaoqi_match_trust_bucket{le="0.7"}'] == 1
    assert figures['xiaoqi_match_trust_bucket{le="0.8"}'] == 2
    assert figures['xiaoqi_matches_total{strength="strong"}'] == 1
    assert figures['xiaoqi_matches_total{strength="none"}'] == 1
    assert not any("铝" in name or "expert-1" in name for name in figures)


async def test_warnings_are_counted_by_who_logged_them_and_without_their_words(desk: Desk) -> None:
    with counting(desk.metrics):
        logging.getLogger("bot.delivery.lanes").warning("update 7 failed: %s", "秘密")
        logging.getLogger("bot.delivery.lanes").info("all is well")
    logging.getLogger("bot.delivery.lanes").warning("nobody counts any more")
    figures = await desk.figures()
    name = 'xiaoqi_log_records_total{level="warning",logger="bot.delivery.lanes"}'
    assert figures[name] == 1


def test_two_desks_in_one_process_count_apart() -> None:
    first, second = Metrics(), Metrics()
    first.failed("update", "KeyError")
    assert b"KeyError" in first.page(None, NOW)
    assert b"KeyError" not in second.page(None, NOW)
