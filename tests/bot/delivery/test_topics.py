"""The topic of a consultation: there before what is said in it, and only once."""

import asyncio
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine
from sqlmodel import Session, SQLModel, col, select

from bot.delivery.api import BotApi
from bot.delivery.calls import Calls
from bot.delivery.hooks import Hooks
from bot.delivery.outbox import owe_card
from bot.delivery.owed import NAMES, Owed
from bot.delivery.place import Place, place_of
from bot.delivery.sender import Sender
from bot.delivery.tables import Delivery, DeliveryState, Priority, Topic, TopicState
from bot.delivery.topics import (
    OPENS,
    adopt_topic,
    lose,
    open_topic,
    owe_topic,
    rename_topic,
    thread_in,
)
from bot.delivery.transactions import Transactions
from bot.delivery.transport import AiohttpRequest
from bot.simulator.chats import SimulatedChat
from bot.simulator.people import SimulatedPerson
from bot.simulator.server import Simulator
from bot.simulator.world import TOKEN, World
from knowledge.database import open_engine
from tests.bot.delivery.conftest import Clock, Rows, until
from tests.bot.delivery.sending import LIFTED, PlainCards

NUMBER = 12
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@dataclass
class Desk:
    """A sender over the simulated Telegram, and what it was told of."""

    transactions: Transactions
    world: World
    person: SimulatedPerson
    failed: list[tuple[str, str]]

    async def say(self, text: str, chat: int | None = None, **given: Any) -> None:
        to = self.person.id if chat is None else chat

        def owe(session: Session, *, now: datetime) -> None:
            owe_card(session, to, text, {}, now=now, **({"thread": NUMBER} | given))

        await self.transactions.commit(owe)

    async def open(self, chat: int | None = None) -> None:
        to = self.person.id if chat is None else chat
        await self.transactions.commit(open_topic, to, NUMBER, "#12 王老板")

    def said(self, chat: SimulatedChat | None = None) -> list[tuple[str, int | None]]:
        """What the bot said in a chat, each with its topic."""
        messages = (chat or self.person.chat).messages
        return [
            (message.text.strip(), message.thread_id)
            for message in messages
            if message.from_bot and message.text and not message.deleted
        ]

    def topics(self, chat: SimulatedChat | None = None) -> list[int]:
        """Every topic that was ever opened in a chat, in order."""
        return [
            message.id
            for message in (chat or self.person.chat).messages
            if "forum_topic_created" in message.content
        ]


def again(session: Session, chat_id: int, thread: int, *, now: datetime) -> None:
    owe_topic(session, chat_id, thread, "#12 又", now=now)
    owe_card(session, chat_id, "summary", {}, now=now, thread=thread, priority=Priority.TOPIC)


@pytest.fixture
async def desk(
    engine: Engine, clock: Clock, sim: Simulator, world: World, asker: SimulatedPerson
) -> AsyncIterator[Desk]:
    world.topics_in_private = True
    transport = AiohttpRequest()
    await transport.initialize()
    transactions = Transactions(engine, clock)
    failed: list[tuple[str, str]] = []

    def hook(_: Session, owed: Delivery, reason: str, /, *, now: datetime) -> None:
        failed.append((owed.card or owed.method, reason))

    sender = Sender(
        transactions,
        Calls(BotApi(transport, sim.url, TOKEN), PlainCards()),
        clock=clock,
        rates=LIFTED,
        hooks=Hooks(hook, hook, hook, topic_gone=again),
    )
    await sender.start()
    yield Desk(transactions, world, asker, failed)
    await sender.stop()
    await transactions.close()
    await transport.shutdown()


async def settled(rows: Rows, count: int) -> None:
    """Until so many deliveries have been made or given up."""
    open_ones = (DeliveryState.QUEUED, DeliveryState.SENDING)

    def done() -> bool:
        found = rows(Delivery)
        return len(found) >= count and not any(row.state in open_ones for row in found)

    await until(done)


async def test_a_topic_is_there_before_what_is_said_in_it(desk: Desk, rows: Rows) -> None:
    def owe(session: Session, *, now: datetime) -> None:
        owe_card(session, desk.person.id, "notice", {}, now=now, thread=NUMBER)
        priority = Priority.MESSAGE
        owe_card(session, desk.person.id, "message", {}, now=now, thread=NUMBER, priority=priority)
        owe_card(session, desk.person.id, "other", {}, now=now)
        open_topic(session, desk.person.id, NUMBER, "#12 王老板", now=now)

    await desk.transactions.commit(owe)
    await settled(rows, 4)
    (topic,) = desk.topics()
    assert desk.said() == [("message", topic), ("notice", topic), ("other", None)]
    (kept,) = rows(Topic)
    assert (kept.state, kept.number) == (TopicState.OPEN, topic)
    assert await desk.transactions.read(thread_in, desk.person.id, topic) == NUMBER


@pytest.mark.parametrize("by_bot", [False, True])  # Telegram has a sentence for each
async def test_a_deleted_topic_is_opened_again_once_and_nothing_is_lost(
    desk: Desk, rows: Rows, by_bot: bool
) -> None:
    await desk.open()
    await desk.say("before")
    await settled(rows, 2)
    (gone,) = desk.topics()
    desk.world.delete_topic(desk.person.chat, gone, by_bot=by_bot)

    def owe(session: Session, *, now: datetime) -> None:
        for text in ("one", "two", "three"):
            owe_card(session, desk.person.id, text, {}, now=now, thread=NUMBER)

    await desk.transactions.commit(owe)
    await settled(rows, 7)
    _, new = desk.topics()
    assert desk.said() == [(text, new) for text in ("summary", "one", "two", "three")]
    assert not desk.failed


async def test_of_the_parts_of_an_album_that_find_it_gone_the_first_has_it_opened(
    desk: Desk, rows: Rows
) -> None:
    await desk.open()
    await desk.say("one")
    await settled(rows, 2)
    owed, gone = (
        Owed(**{name: getattr(rows(Delivery)[1], name) for name in NAMES}),
        desk.topics()[0],
    )

    def lose_each(session: Session, *, now: datetime) -> list[bool]:
        return [lose(session, owed, gone) for _ in range(3)]

    assert await desk.transactions.commit(lose_each) == [True, False, False]


async def test_a_topic_is_never_looked_at_but_only_sent_to(
    desk: Desk, rows: Rows, sim: Simulator
) -> None:
    await desk.open()
    await settled(rows, 1)
    desk.world.delete_topic(desk.person.chat, desk.topics()[0])
    await asyncio.sleep(0.05)
    assert len(desk.topics()) == 1
    assert [row.number for row in rows(Topic)] == desk.topics()


async def test_where_topics_are_off_what_is_owed_is_said_outside(desk: Desk, rows: Rows) -> None:
    desk.world.topics_in_private = False
    await desk.open()
    await desk.say("message")
    await settled(rows, 2)
    assert desk.said() == [("message", None)]
    assert [(row.state, row.number) for row in rows(Topic)] == [(TopicState.NONE, None)]


async def test_in_a_group_nothing_is_said_outside_its_topic(desk: Desk, rows: Rows) -> None:
    group = desk.world.add_group("课题组", forum=True, admins=[desk.person])
    await desk.open(group.id)
    await desk.say("message", group.id)
    await settled(rows, 2)
    assert desk.said(group) == []
    assert [what for what, _ in desk.failed] == [OPENS, "message"]
    assert "not enough rights" in desk.failed[0][1]
    assert desk.failed[1][1] == "no_topic"


async def test_in_a_group_a_topic_holds_what_is_said(desk: Desk, rows: Rows) -> None:
    group = desk.world.add_group("课题组", forum=True, admins=[desk.person], bot_is_admin=True)
    await desk.open(group.id)
    await desk.say("message", group.id)
    await settled(rows, 2)
    assert desk.said(group) == [("message", desk.topics(group)[0])]


async def test_a_topic_is_renamed_only_where_the_name_changes(desk: Desk, rows: Rows) -> None:
    await desk.open()
    await settled(rows, 1)
    for name in ("#12 王老板", "#12 李老板", "#12 李老板"):
        await desk.transactions.commit(rename_topic, desk.person.id, NUMBER, name)
    await settled(rows, 2)
    assert desk.person.chat.topics[desk.topics()[0]].name == "#12 李老板"
    assert len(rows(Delivery)) == 2


async def test_an_adopted_topic_holds_what_is_said(desk: Desk, rows: Rows) -> None:
    own = desk.person.open_topic("我的问题")
    await desk.transactions.commit(adopt_topic, desk.person.id, NUMBER, own, "#12")
    await desk.say("message")
    await settled(rows, 1)
    assert desk.said() == [("message", own)]


async def test_what_answers_an_update_is_said_in_its_topic(desk: Desk, rows: Rows) -> None:
    own = desk.person.open_topic("我的问题")

    def owe(session: Session, *, now: datetime) -> None:
        session.info["place"] = Place(desk.person.id, own)
        owe_card(session, desk.person.id, "answer", {}, now=now)

    await desk.transactions.commit(owe)
    await settled(rows, 1)
    assert desk.said() == [("answer", own)]
    desk.world.delete_topic(desk.person.chat, own)
    await desk.transactions.commit(owe)
    await settled(rows, 2)
    assert desk.said() == [("answer", None)]


async def test_a_topic_that_is_gone_each_time_is_not_opened_for_ever(
    desk: Desk, rows: Rows, world: World
) -> None:
    await desk.open()
    await settled(rows, 1)

    def delete(event: Any) -> None:
        if event.kind == "topic" and not event.detail["deleted"]:
            world.delete_topic(event.chat, event.detail["thread_id"])

    world.delete_topic(desk.person.chat, desk.topics()[0])
    world.subscribe(delete)
    await desk.say("message")
    await settled(rows, 2)
    assert ("message", None) in desk.said()
    assert len(desk.topics()) == 2


async def test_nobody_knows_whether_it_was_opened_so_no_second_one_is(
    desk: Desk, rows: Rows, sim: Simulator
) -> None:
    sim.faults.drop_answer(method=OPENS, times=1)
    await desk.open()
    await desk.say("message")
    await settled(rows, 2)
    assert len(desk.topics()) == 1
    assert desk.said() == [("message", None)]
    assert [row.state for row in rows(Topic)] == [TopicState.NONE]


def until_it_waits(url: str, thread: threading.Thread) -> None:
    """Until the second worker waits for the first, or has ended without."""
    with psycopg.connect(url, autocommit=True) as connection:
        while thread.is_alive():
            waiting = connection.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if waiting.fetchone() != (0,):
                return


def test_two_who_open_the_same_topic_at_once_open_one(postgres_url: str) -> None:
    engine = open_engine(postgres_url)
    SQLModel.metadata.create_all(engine)
    opened: list[bool] = []
    with Session(engine) as first:
        assert open_topic(first, 5, NUMBER, "#12", now=NOW)

        def second() -> None:
            with Session(engine) as session:
                opened.append(open_topic(session, 5, NUMBER, "#12", now=NOW))
                owe_card(session, 5, "message", {}, now=NOW, thread=NUMBER)
                session.commit()

        thread = threading.Thread(target=second, daemon=True)
        thread.start()
        until_it_waits(postgres_url, thread)
        first.commit()
    thread.join(30)
    assert opened == [False]
    with Session(engine) as session:
        owed = session.exec(select(Delivery).order_by(col(Delivery.id))).all()
        assert [row.method or row.card for row in owed] == [OPENS, "message"]
    engine.dispose()


@pytest.mark.parametrize(
    ("update", "place"),
    [
        ({"message": {"is_topic_message": True, "message_thread_id": 7}}, Place(5, 7)),
        ({"edited_message": {"is_topic_message": True, "message_thread_id": 7}}, Place(5, 7)),
        ({"message": {"message_thread_id": 7}}, None),  # a chain of replies
        ({"message": {"is_topic_message": True, "message_thread_id": "7"}}, None),
        ({"message": {}}, None),
        ({"poll": {}}, None),
    ],
)
def test_an_update_came_in_the_topic_it_says(update: dict[str, Any], place: Place | None) -> None:
    for part in update.values():
        part["chat"] = {"id": 5}
    assert place_of(update) == place
    assert place_of({"callback_query": update}) == (place if "message" in update else None)
