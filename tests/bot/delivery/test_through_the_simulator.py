"""The whole way of a message, over HTTP, with a Telegram that refuses in Telegram's own words."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from bot.delivery.api import BotApi
from bot.delivery.calls import Calls
from bot.delivery.hooks import Hooks
from bot.delivery.lanes import Lanes
from bot.delivery.outbox import owe_card, owe_copy
from bot.delivery.polling import Poller
from bot.delivery.sender import Sender
from bot.delivery.tables import Delivery, DeliveryState, InboxUpdate, MessagePair
from bot.delivery.transactions import Transactions
from bot.delivery.transport import AiohttpRequest
from bot.simulator.people import SimulatedPerson
from bot.simulator.server import Simulator
from bot.simulator.world import TOKEN, World
from tests.bot.delivery.conftest import Clock, Rows, until
from tests.bot.delivery.sending import LIFTED, PlainCards, fates


def relay(session: Session, to: int, raw: dict[str, Any], *, now: datetime) -> None:
    message = raw["message"]
    reply = message.get("reply_to_message")
    chat = message["chat"]["id"]
    reply_to = (chat, reply["message_id"]) if reply else None
    owe_copy(session, to, (chat, message["message_id"]), now=now, thread=1, reply_to=reply_to)


@dataclass
class Relay:
    """A poller, lanes and a sender; what either of two people writes reaches the other."""

    transactions: Transactions
    poller: asyncio.Task[None]
    lanes: Lanes
    sender: Sender
    told: list[tuple[str, int | None, str]]

    async def stop(self) -> None:
        self.poller.cancel()
        await self.lanes.stop()
        await self.sender.stop()
        await self.transactions.close()

    async def kill(self) -> None:
        """What SIGKILL leaves: nothing goes on, nothing is put in order."""
        assert self.sender._loop is not None
        for task in (self.poller, *self.lanes._workers, *self.sender._sending, self.sender._loop):
            task.cancel()
        await self.transactions.close()


class Desk:
    """Starts a relay on one database and one simulated Telegram, as often as a test wants."""

    def __init__(self, engine: Engine, clock: Clock, api: BotApi, people: dict[int, int]) -> None:
        self.engine = engine
        self.clock = clock
        self.api = api
        self.people = people

    async def start(self) -> Relay:
        transactions = Transactions(self.engine, self.clock)
        told: list[tuple[str, int | None, str]] = []

        async def treat(_: int, raw: dict[str, Any]) -> None:
            if "message" in raw and "text" in raw["message"]:
                to = self.people[raw["message"]["chat"]["id"]]
                await transactions.commit(relay, to, raw)

        def hook(name: str) -> Any:
            def tell(session: Session, owed: Delivery, reason: str, *, now: datetime) -> None:
                told.append((name, owed.source_message, reason))

            return tell

        calls = Calls(self.api, PlainCards())
        hooks = Hooks(hook("unreachable"), hook("failed"), hook("uncertain"))
        sender = Sender(transactions, calls, clock=self.clock, rates=LIFTED, hooks=hooks)
        lanes = Lanes(transactions, treat)
        await sender.start()
        await lanes.start()
        poller = Poller(self.api, transactions, lanes.offer, clock=self.clock)
        return Relay(transactions, asyncio.create_task(poller.run()), lanes, sender, told)


@pytest.fixture
def mentor(world: World) -> SimulatedPerson:
    return world.add_person("李教授", role="mentor", started=True)


@pytest.fixture
async def desk(
    engine: Engine, clock: Clock, sim: Simulator, asker: SimulatedPerson, mentor: SimulatedPerson
) -> AsyncIterator[Desk]:
    people = {asker.id: mentor.id, mentor.id: asker.id}
    async with AiohttpRequest() as transport:
        yield Desk(engine, clock, BotApi(transport, sim.url, TOKEN), people)


@pytest.fixture
async def running(desk: Desk) -> AsyncIterator[Relay]:
    made = await desk.start()
    yield made
    await made.stop()


def texts(person: SimulatedPerson) -> list[str | None]:
    return [message.text for message in person.chat.messages if message.from_bot]


async def test_what_either_writes_reaches_the_other_and_a_reply_stays_one(
    running: Relay, asker: SimulatedPerson, mentor: SimulatedPerson
) -> None:
    asker.send_text("一")
    asker.send_text("二")
    await until(lambda: texts(mentor) == ["一", "二"])
    first = mentor.chat.messages[0]
    mentor.send_text("答一", reply_to=first)
    await until(lambda: texts(asker) == ["答一"])
    reply = asker.chat.messages[-1].reply_to
    assert reply is not None
    assert (reply if isinstance(reply, int) else reply.id) == asker.chat.messages[0].id


async def test_a_storm_with_faults_loses_nothing_and_keeps_the_order(
    running: Relay, sim: Simulator, asker: SimulatedPerson, mentor: SimulatedPerson, clock: Clock
) -> None:
    sim.faults.fail(502, method="copyMessage", times=3)
    sim.faults.drop_answer(method="copyMessage", chat_id=mentor.id, times=1)
    sim.faults.flood(3, method="copyMessage", times=2)
    sim.faults.repeat_updates(5)
    for number in range(40):
        asker.send_text(f"问{number}")
        mentor.send_text(f"答{number}")
    while len(texts(mentor)) < 40 or len(texts(asker)) < 40:
        clock.advance(1)
        running.sender.wake()
        await asyncio.sleep(0.005)
    assert texts(mentor) == [f"问{number}" for number in range(40)]
    assert texts(asker) == [f"答{number}" for number in range(40)]
    await until(lambda: [name for name, _, _ in running.told] == ["uncertain"])


async def test_a_process_killed_in_the_storm_loses_nothing(
    desk: Desk, asker: SimulatedPerson, mentor: SimulatedPerson, rows: Rows
) -> None:
    ends = 4
    for end in range(ends):
        running = await desk.start()
        for number in range(10):
            asker.send_text(f"问{end * 10 + number}")
        await until(lambda end=end: len(texts(mentor)) > end * 10 + 3)
        await running.kill()
    running = await desk.start()
    wanted = [f"问{number}" for number in range(ends * 10)]
    await until(lambda: list(dict.fromkeys(texts(mentor))) == wanted)
    await until(lambda: len(rows(MessagePair)) == len(wanted))
    assert len(texts(mentor)) <= len(wanted) + ends
    assert all(row.done_at for row in rows(InboxUpdate))
    await running.stop()


async def test_a_mentor_who_blocked_the_bot_is_reported(
    running: Relay, asker: SimulatedPerson, mentor: SimulatedPerson, rows: Rows
) -> None:
    mentor.block_bot()
    message = asker.send_text("在吗")
    await until(lambda: running.told == [("unreachable", message.id, "blocked")])
    await until(lambda: fates(rows(Delivery)) == [("failed", "blocked")])


async def test_a_person_who_is_no_more_is_reported(
    running: Relay, world: World, asker: SimulatedPerson, mentor: SimulatedPerson
) -> None:
    world.deactivate(mentor)
    message = asker.send_text("在吗")
    await until(lambda: running.told == [("unreachable", message.id, "deactivated")])


async def test_a_message_deleted_before_it_was_copied_is_reported(
    desk: Desk, sim: Simulator, asker: SimulatedPerson, mentor: SimulatedPerson
) -> None:
    gone = asker.send_text("删掉")
    asker.delete(gone)
    running = await desk.start()
    await until(lambda: running.told)
    assert running.told == [("failed", gone.id, "Bad Request: message to copy not found")]
    await running.stop()


async def test_a_chat_never_opened_is_reported(
    running: Relay, world: World, asker: SimulatedPerson, desk: Desk
) -> None:
    desk.people[asker.id] = world.add_person("没来过").id
    asker.send_text("在吗")
    await until(lambda: running.told)
    assert running.told[0][::2] == ("unreachable", "not_started")


async def test_a_group_that_grew_gets_what_it_is_owed(
    running: Relay, world: World, asker: SimulatedPerson, desk: Desk, rows: Rows
) -> None:
    group = world.add_group("组", members=[asker])
    larger = world.migrate(group)
    desk.people[asker.id] = group.id
    asker.send_text("给大家")
    await until(lambda: rows(Delivery, Delivery.state == DeliveryState.SENT))
    assert larger.messages[-1].text == "给大家"


async def test_a_card_is_edited_in_place_and_sent_anew_where_it_was_deleted(
    running: Relay, asker: SimulatedPerson, rows: Rows
) -> None:
    def owe(session: Session, number: int, *, now: datetime) -> None:
        owe_card(session, asker.id, "progress", {"n": number}, now=now, slot="load")

    def all_sent() -> bool:
        return {row.state for row in rows(Delivery)} == {DeliveryState.SENT}

    for number in (1, 2, 2):
        await running.transactions.commit(owe, number)
        await until(all_sent)
    assert texts(asker) == ["progress 2"]
    asker.delete(asker.chat.messages[-1])
    await running.transactions.commit(owe, 3)
    await until(all_sent)
    assert texts(asker)[-1] == "progress 3"
