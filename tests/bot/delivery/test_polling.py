"""Updates are in the inbox before Telegram is told that they came."""

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest
from telegram.error import NetworkError

from bot.delivery.api import BotApi, RefusedCallError
from bot.delivery.inbox import Received
from bot.delivery.polling import ALLOWED_UPDATES, CONFLICT_PAUSE, Poller, TokenRefusedError
from bot.delivery.tables import InboxUpdate
from bot.delivery.transactions import Transactions
from bot.delivery.transport import AiohttpRequest, NotSentError
from bot.simulator.people import SimulatedPerson
from bot.simulator.server import Simulator
from bot.simulator.world import TOKEN
from tests.bot.delivery.conftest import Clock, Rows, until


def text(number: int) -> dict[str, Any]:
    return {"update_id": number, "message": {"chat": {"id": 1}}}


class Script:
    """A Bot API that answers getUpdates by a list, and then no more.

    `kept` is what the inbox held at each call.
    """

    def __init__(self, rows: Rows, *answers: Any) -> None:
        self.rows = rows
        self.answers = list(answers)
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.kept: list[list[int]] = []
        self.played = asyncio.Event()

    async def call(self, method: str, parameters: Any = None, *, patience: float = 0) -> Any:
        self.calls.append((method, dict(parameters or {})))
        if method != "getUpdates":
            return True
        self.kept.append([row.update_id for row in self.rows(InboxUpdate)])
        if not self.answers:
            self.played.set()
            await asyncio.Event().wait()
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    @property
    def offsets(self) -> list[int | None]:
        return [asked.get("offset") for method, asked in self.calls if method == "getUpdates"]


class Polled:
    """A poller over a script; `pauses` in seconds, `offered` in order."""

    def __init__(self, transactions: Transactions, clock: Clock) -> None:
        self.transactions = transactions
        self.clock = clock
        self.pauses: list[float] = []
        self.offered: list[Received] = []

    def poller(self, api: Any) -> Poller:
        async def pause(seconds: float) -> None:
            self.pauses.append(seconds)
            self.clock.advance(seconds)

        return Poller(api, self.transactions, self.offered.extend, clock=self.clock, pause=pause)

    async def play(self, script: Script) -> None:
        running = asyncio.create_task(self.poller(script).run())
        played = asyncio.create_task(script.played.wait())
        await asyncio.wait([running, played], return_when=asyncio.FIRST_COMPLETED)
        played.cancel()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


@pytest.fixture
def polled(transactions: Transactions, clock: Clock) -> Polled:
    return Polled(transactions, clock)


async def test_a_batch_is_committed_before_it_is_acknowledged(polled: Polled, rows: Rows) -> None:
    script = Script(rows, [text(10), text(11)], [], [text(12)])
    await polled.play(script)
    assert script.offsets == [None, 12, 12, 13]
    assert script.kept == [[], [10, 11], [10, 11], [10, 11, 12]]
    assert [one.update_id for one in polled.offered] == [10, 11, 12]


async def test_the_webhook_is_removed_and_the_kinds_of_update_are_named(
    polled: Polled, rows: Rows
) -> None:
    script = Script(rows)
    await polled.play(script)
    assert script.calls[0] == ("deleteWebhook", {"drop_pending_updates": False})
    assert script.calls[1][1]["allowed_updates"] == list(ALLOWED_UPDATES)


async def test_an_update_that_makes_no_sense_keeps_back_none_beside_it(
    polled: Polled, rows: Rows
) -> None:
    script = Script(rows, [text(1), {"update_id": 2, "message": 7}, text(3), {"bare": 1}])
    await polled.play(script)
    assert script.kept[-1] == [1, 2, 3]
    assert script.offsets[-1] == 4


async def test_after_a_restart_what_was_not_acknowledged_is_not_taken_twice(
    polled: Polled, rows: Rows
) -> None:
    await polled.play(Script(rows, [text(1), text(2)]))
    script = Script(rows, [text(1), text(2), text(3)])
    await polled.play(script)
    assert script.offsets == [None, 4]
    assert [one.update_id for one in polled.offered] == [1, 2, 3]


async def test_ids_that_begin_anew_below_the_old_ones_are_not_acknowledged_unseen(
    polled: Polled, rows: Rows
) -> None:
    await polled.play(Script(rows, [text(900)]))
    script = Script(rows, [text(5)])
    await polled.play(script)
    assert script.offsets == [None, 6]
    assert [one.update_id for one in polled.offered] == [900, 5]


async def test_a_batch_given_in_disorder_and_twice_is_handed_on_in_order_once(
    polled: Polled, rows: Rows
) -> None:
    await polled.play(Script(rows, [text(3), text(3), text(1), text(2)]))
    assert [one.update_id for one in polled.offered] == [1, 2, 3]


async def test_an_outage_is_outlasted_with_growing_pauses_and_named_once(
    polled: Polled, rows: Rows, caplog: pytest.LogCaptureFixture
) -> None:
    errors = [NotSentError("x"), NetworkError("y"), RefusedCallError(502, "Bad Gateway")] * 4
    script = Script(rows, *errors, [text(1)])
    with caplog.at_level(logging.WARNING):
        await polled.play(script)
    assert len(polled.pauses) == 12
    assert polled.pauses[0] < polled.pauses[4] < polled.pauses[-1] <= 45
    assert [one.update_id for one in polled.offered] == [1]
    assert len(caplog.messages) == 2
    assert "does not answer" in caplog.messages[0]
    assert "again" in caplog.messages[1]


async def test_a_flood_of_polls_waits_as_long_as_telegram_says(polled: Polled, rows: Rows) -> None:
    await polled.play(Script(rows, RefusedCallError(429, "Too Many Requests", retry_after=33)))
    assert polled.pauses == [33]


async def test_another_poller_is_named_and_waited_for(
    polled: Polled, rows: Rows, caplog: pytest.LogCaptureFixture
) -> None:
    conflict = RefusedCallError(409, "Conflict: terminated by other getUpdates request")
    with caplog.at_level(logging.WARNING):
        await polled.play(Script(rows, conflict, conflict, [text(1)]))
    assert polled.pauses == [CONFLICT_PAUSE] * 2
    assert len([line for line in caplog.messages if "Another process polls" in line]) == 1
    assert [one.update_id for one in polled.offered] == [1]


@pytest.mark.parametrize("code", [401, 404])
async def test_a_token_that_telegram_refuses_ends_the_polling_with_what_to_do(
    polled: Polled, rows: Rows, code: int
) -> None:
    with pytest.raises(TokenRefusedError, match="@BotFather"):
        await polled.poller(Script(rows, RefusedCallError(code, "Unauthorized"))).run()


@pytest.fixture
async def transport() -> AsyncIterator[AiohttpRequest]:
    async with AiohttpRequest() as made:
        yield made


async def test_messages_people_send_reach_the_inbox_through_the_simulated_telegram(
    polled: Polled, transport: AiohttpRequest, sim: Simulator, asker: SimulatedPerson, rows: Rows
) -> None:
    sim.faults.fail(502, method="getUpdates", times=2)
    sim.faults.repeat_updates(2)
    sim.faults.reorder_updates(1)
    polling = asyncio.create_task(polled.poller(BotApi(transport, sim.url, TOKEN)).run())
    asker.send_text("一")
    asker.send_text("二")
    await until(lambda: len(polled.offered) == 2)
    asker.send_text("三")
    await until(lambda: len(polled.offered) == 3)
    polling.cancel()
    assert [one.raw["message"]["text"] for one in polled.offered] == ["一", "二", "三"]
    assert [row.lane for row in rows(InboxUpdate)] == [asker.id] * 3
