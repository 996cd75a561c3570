"""What is done once for all, and who does it where several workers run."""

import asyncio
from typing import Any, cast

import pytest
from sqlalchemy import Engine

from bot.delivery.api import BotApi
from bot.delivery.lanes import Lanes
from bot.delivery.shares import LEADING, Shares
from bot.delivery.transactions import Transactions
from bot.listening import listen
from bot.rounds import led
from bot.settings import Settings
from bot.web.metrics import Metrics
from bot.web.readings import Readings
from bot.web.watch import Watch
from tests.bot.delivery.conftest import Clock, clock, engine, transactions, until

__all__ = ["clock", "engine", "transactions"]


async def test_what_is_done_once_for_all_is_done_by_the_worker_that_leads() -> None:
    done: list[str] = []

    async def work(who: str) -> None:
        done.append(who)

    leader, other = Shares({LEADING}, alone=False), Shares({5}, alone=False)
    rounds = [asyncio.create_task(led(leader, work("leader")))]
    rounds.append(asyncio.create_task(led(other, work("other"))))
    await rounds[0]
    await asyncio.sleep(0)
    assert done == ["leader"]
    other.take({LEADING})  # the leader has died
    await rounds[1]
    assert done == ["leader", "other"]


@pytest.mark.filterwarnings("error")
async def test_work_that_never_came_to_lead_ends_without_a_word() -> None:
    async def work() -> None:
        raise AssertionError

    waiting = asyncio.create_task(led(Shares({5}, alone=False), work()))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    assert waiting.cancelled()


class Asked:
    """A Telegram that gives nothing; `methods` are what was called."""

    def __init__(self) -> None:
        self.methods: list[str] = []

    async def call(self, method: str, *_: object, **__: object) -> Any:
        self.methods.append(method)
        return await asyncio.Event().wait() if method == "getUpdates" else True


async def treat_nothing(number: int, raw: dict[str, Any]) -> None:
    """Nothing comes."""


@pytest.mark.parametrize("webhook", ["", "http://127.0.0.1/telegram"])
async def test_one_worker_alone_asks_telegram_for_updates_or_tells_it_where_to_send_them(
    engine: Engine, transactions: Transactions, clock: Clock, webhook: str
) -> None:
    api, shares = Asked(), Shares({5}, alone=False)
    settings = Settings(webhook_url=webhook, webhook_port=0)
    listening = asyncio.create_task(
        listen(
            settings,
            cast("BotApi", api),
            transactions,
            Lanes(transactions, treat_nothing, shares=shares),
            clock,
            Watch(Metrics(), Readings(engine, clock), {}, clock),
            shares,
        )
    )
    for _ in range(20):
        await asyncio.sleep(0.005)
    assert api.methods == []
    shares.take({LEADING})
    wanted = ["setWebhook"] if webhook else ["deleteWebhook", "getUpdates"]
    await until(lambda: api.methods == wanted)
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
