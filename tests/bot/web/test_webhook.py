"""Telegram's pushes are kept before they are answered; others' are refused."""

import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import Connection, Engine, event
from sqlmodel import Session, SQLModel, select

from bot.delivery.inbox import Received
from bot.delivery.tables import InboxUpdate
from bot.delivery.transactions import Transactions
from bot.web.webhook import LARGEST_UPDATE, SECRET_HEADER, webhook_app
from knowledge.database import DatabaseAwayError, open_engine

SECRET, PATH = "a-secret-of-16-or-more", "/hook"
UPDATE = {"update_id": 7, "message": {"chat": {"id": 1}, "text": "你好"}}


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    engine = open_engine(f"sqlite:///{tmp_path / 'webhook.db'}")
    SQLModel.metadata.create_all(engine)
    return engine


@pytest.fixture
def kept(engine: Engine) -> Callable[[], list[int]]:
    def found() -> list[int]:
        with Session(engine) as session:
            return list(session.exec(select(InboxUpdate.update_id)))

    return found


@pytest.fixture
def offered() -> list[Received]:
    return []


@pytest.fixture
async def transactions(engine: Engine) -> AsyncIterator[Transactions]:
    now = datetime(2026, 3, 2, tzinfo=UTC)
    made = Transactions(engine, lambda: now, wait=lambda _: time.sleep(0.001))
    yield made
    await made.close()


@pytest.fixture
async def client(
    transactions: Transactions, offered: list[Received]
) -> AsyncIterator[TestClient[Any, Any]]:
    app = webhook_app(transactions, offered.extend, SECRET, PATH)
    async with TestClient(TestServer(app)) as made:
        yield made


async def push(client: TestClient[Any, Any], body: Any = UPDATE, secret: str = SECRET) -> int:
    data = {"data": body} if isinstance(body, bytes) else {"json": body}
    async with client.post(PATH, headers={SECRET_HEADER: secret}, **data) as answer:
        return answer.status


async def test_an_update_is_kept_and_handed_on_before_the_answer(
    client: TestClient[Any, Any], kept: Callable[[], list[int]], offered: list[Received]
) -> None:
    assert await push(client) == 200
    assert kept() == [7]
    assert offered == [Received(7, 1, UPDATE)]


async def test_a_push_repeated_is_answered_and_kept_once(
    client: TestClient[Any, Any], kept: Callable[[], list[int]], offered: list[Received]
) -> None:
    assert [await push(client), await push(client)] == [200, 200]
    assert kept() == [7]
    assert len(offered) == 1


@pytest.mark.parametrize("secret", ["", "another-secret-of-16", SECRET + "x", "geheim-ü-16-lang"])
async def test_without_the_secret_nothing_is_taken(
    client: TestClient[Any, Any], kept: Callable[[], list[int]], secret: str
) -> None:
    assert await push(client, secret=secret) == 403
    assert kept() == []


async def test_a_push_without_any_secret_header_is_refused(client: TestClient[Any, Any]) -> None:
    async with client.post(PATH, json=UPDATE) as answer:
        assert answer.status == 403


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[1]", b'{"message": {}}', b'{"update_id": "7"}', b"\xff"]
)
async def test_what_is_no_update_is_refused(
    client: TestClient[Any, Any], kept: Callable[[], list[int]], body: bytes
) -> None:
    assert await push(client, body) == 400
    assert kept() == []


async def test_a_body_nested_deeper_than_any_update_is_refused(
    client: TestClient[Any, Any],
) -> None:
    deep = b'{"update_id": 1, "message": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    assert await push(client, deep) == 400


async def test_an_update_that_makes_no_sense_is_kept_all_the_same(
    client: TestClient[Any, Any], kept: Callable[[], list[int]]
) -> None:
    assert await push(client, {"update_id": 8, "message": 1}) == 200
    assert kept() == [8]


async def test_a_body_larger_than_any_update_is_refused(client: TestClient[Any, Any]) -> None:
    assert await push(client, b"x" * (LARGEST_UPDATE + 1)) == 413


async def test_while_the_database_is_away_telegram_is_asked_to_come_again(
    transactions: Transactions,
    engine: Engine,
    kept: Callable[[], list[int]],
    offered: list[Received],
) -> None:
    away = True
    app = webhook_app(transactions, offered.extend, SECRET, PATH, patience=0.01)

    @event.listens_for(engine, "begin")
    def refuse(_: Connection) -> None:
        if away:
            raise DatabaseAwayError("The database is restarting")

    async with TestClient(TestServer(app)) as client:
        assert await push(client) == 503
        away = False
        # A busy machine may need more than the little patience here, as Telegram might see.
        while await push(client) == 503:
            pass
    assert kept() == [7]
    assert offered == [Received(7, 1, UPDATE)]


async def test_while_closing_telegram_is_asked_to_come_again(
    client: TestClient[Any, Any], transactions: Transactions
) -> None:
    await transactions.close()
    assert await push(client) == 503


async def test_the_path_is_for_pushes_alone(client: TestClient[Any, Any]) -> None:
    async with client.get(PATH) as answer:
        assert answer.status == 405
