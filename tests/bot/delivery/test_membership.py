"""Workers side by side on one PostgreSQL, each with its lanes and its sender."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session, SQLModel

from bot.delivery import workers
from bot.delivery.bell import MOVED
from bot.delivery.calls import Calls
from bot.delivery.lanes import Lanes
from bot.delivery.ledger import REPEATED
from bot.delivery.membership import Membership
from bot.delivery.outbox import owe_copy
from bot.delivery.sender import Sender
from bot.delivery.shares import ALL, SHARES, Box, ring_nobody, share_of
from bot.delivery.tables import Delivery, DeliveryState, InboxUpdate
from bot.delivery.transactions import Transactions
from bot.delivery.workers import LeaseLostError
from knowledge.database import open_engine
from tests.bot.delivery.conftest import Clock, Rows, until
from tests.bot.delivery.sending import LIFTED, FakeTelegram, PlainCards

LEASE = 600.0
# Two chats of each worker's shares, whichever those are.
CHATS = range(1000, 1000 + 2 * SHARES)


@pytest.fixture
def engine(postgres_url: str) -> Iterator[Engine]:
    engine = open_engine(postgres_url)
    SQLModel.metadata.create_all(engine)
    yield engine
    engine.dispose()


def written(number: int, chat: int) -> dict[str, Any]:
    return {"update_id": number, "message": {"chat": {"id": chat}}}


def relay(session: Session, chat: int, message: int, *, now: datetime) -> None:
    owe_copy(session, chat, (chat, message), now=now, thread=1)


class Hand:
    """One worker; `seconds` is its clock, `treated` the updates that it has treated."""

    def __init__(
        self, url: str, clock: Clock, telegram: FakeTelegram, patience: float = 60.0
    ) -> None:
        self.seconds = 0.0
        self.treated: list[int] = []
        self.engine = open_engine(url)
        self.membership = Membership(self.engine, LEASE, lambda: self.seconds, patience)
        self.shares = self.membership.shares
        self.transactions = Transactions(self.engine, clock, hold=self.membership.hold)
        calls = Calls(telegram, PlainCards())  # type: ignore[arg-type]
        self.sender = Sender(
            self.transactions, calls, clock=clock, rates=LIFTED, shares=self.shares
        )
        self.lanes = Lanes(self.transactions, self.treat, shares=self.shares)

    async def treat(self, number: int, raw: dict[str, Any]) -> None:
        self.treated.append(number)
        await self.transactions.commit(relay, raw["message"]["chat"]["id"], number)

    async def start(self) -> None:
        await self.sender.start()
        await self.lanes.start()
        await self.membership.start(self.lanes, self.sender)

    async def receive(self, *updates: dict[str, Any]) -> None:
        """As its webhook does."""
        self.lanes.offer(await self.transactions.receive(updates))

    def beat(self) -> None:
        """Look at who owns what, now."""
        with Session(self.engine) as session:
            workers.say(session, [MOVED])
            session.commit()

    def sleep(self) -> None:
        assert self.membership._running is not None
        self.membership._running.cancel()

    def kill(self) -> None:
        """No answer is awaited, and what was sent is not recorded."""
        for task in (self.membership._running, self.sender._loop, *self.sender._sending):
            assert task is not None
            task.cancel()

    async def beats(self, after: float = 1.0) -> None:
        """So many seconds later it has looked at who owns what."""
        self.seconds += after
        self.beat()
        await until(lambda: self.membership._sure_until == self.seconds + LEASE)

    async def outlast(self) -> None:
        """It has renewed its lease for so long that whoever has not is dead."""
        for _ in range(2):
            await self.beats(LEASE - 1)

    async def lapse(self) -> None:
        """Its lease has run out, as when it sleeps; it is not missed for its lock."""
        late = "UPDATE worker SET there = false, until = now() - interval '1 hour' WHERE id = :id"
        with self.engine.begin() as connection:
            connection.execute(text(late), {"id": self.membership._number})

    async def close(self) -> None:
        await self.lanes.stop()
        await self.sender.stop()
        await self.transactions.close()
        await self.membership.close()
        self.engine.dispose()


class Office:
    def __init__(self, url: str, clock: Clock) -> None:
        self.url, self.clock, self.telegram = url, clock, FakeTelegram()
        self.hands: list[Hand] = []

    async def hire(self, patience: float = 60.0) -> Hand:
        """A worker that has its part, as all others have theirs."""
        hand = Hand(self.url, self.clock, self.telegram, patience)
        self.hands.append(hand)
        await hand.start()
        await until(self.dealt)
        return hand

    async def dismiss(self) -> None:
        """The first one ends in peace; those that stay have its part."""
        await self.hands.pop(0).close()
        await until(self.dealt)

    def dealt(self) -> bool:
        sizes = [len(hand.shares.owned) for hand in self.hands]
        return sum(sizes) == SHARES and max(sizes) - min(sizes) <= 1


@pytest.fixture
async def office(engine: Engine, postgres_url: str, clock: Clock) -> AsyncIterator[Office]:
    made = Office(postgres_url, clock)
    yield made
    for hand in made.hands:
        await hand.close()


def chat_of(hand: Hand) -> int:
    return next(chat for chat in CHATS if hand.shares.owns(chat))


async def test_the_first_owns_all_and_shares_with_whoever_comes(office: Office) -> None:
    first = await office.hire()
    assert first.shares.owned == ALL
    second, third = await office.hire(), await office.hire()
    assert sorted(len(hand.shares.owned) for hand in office.hands) == [21, 21, 22]
    assert not first.shares.owned & second.shares.owned & third.shares.owned
    assert first.shares.leads
    assert not second.shares.leads


async def test_an_update_is_treated_by_the_owner_of_its_lane_whoever_received_it(
    office: Office, rows: Rows
) -> None:
    first, second = await office.hire(), await office.hire()
    mine, theirs = chat_of(first), chat_of(second)
    await first.receive(written(1, mine), written(2, theirs))
    await second.receive(written(3, mine), written(4, theirs))
    await until(lambda: len(office.telegram.made) == 4)
    assert (first.treated, second.treated) == ([1, 3], [2, 4])
    await until(lambda: all(row.done_at for row in rows(InboxUpdate)))
    assert first.shares.part_of_all == second.shares.part_of_all == 0.5


async def test_the_order_of_a_chat_is_kept_through_two_workers(office: Office) -> None:
    hands = [await office.hire(), await office.hire()]
    for number in range(1, 201):
        await hands[number % 2].receive(written(number, CHATS[number % 10]))
    await until(lambda: len(office.telegram.made) == 200)
    for place in range(10):
        expected = [f"copy {number}" for number in range(1, 201) if number % 10 == place]
        assert office.telegram.to(CHATS[place]) == expected


async def test_workers_come_and_go_in_the_middle_of_a_storm_and_nothing_is_repeated(
    office: Office, rows: Rows
) -> None:
    await office.hire()
    turns = 0

    async def storm(updates: int) -> None:
        nonlocal turns
        for number in range(turns + 1, turns + updates + 1):
            hand = office.hands[number % len(office.hands)]
            await hand.receive(written(number, CHATS[number % 20]))
        turns += updates

    for coming in (True, True, False, True, False):
        moving = asyncio.create_task(office.hire() if coming else office.dismiss())
        while not moving.done():
            await storm(20)
        await moving
    await until(lambda: len(office.telegram.made) == turns)
    for place in range(20):
        expected = [f"copy {number}" for number in range(1, turns + 1) if number % 20 == place]
        assert office.telegram.to(CHATS[place]) == expected
    await until(lambda: all(row.state is DeliveryState.SENT for row in rows(Delivery)))
    assert {row.error for row in rows(Delivery)} == {""}


async def test_what_one_worker_owes_to_another_ones_chat_is_sent_by_that_one(
    office: Office, rows: Rows
) -> None:
    first, second = await office.hire(), await office.hire()
    theirs = chat_of(second)
    second.seconds += 2 * LEASE  # in doubt of its lease it sends nothing
    await first.transactions.commit(relay, theirs, 1)
    await until(lambda: rows(Delivery)[0].state is DeliveryState.SENDING)
    assert office.telegram.made == []
    second.beat()
    await until(lambda: office.telegram.to(theirs) == ["copy 1"])


async def test_what_two_workers_owe_to_one_chat_goes_in_the_order_in_which_it_was_owed(
    office: Office,
) -> None:
    first, second = await office.hire(), await office.hire()
    theirs = chat_of(second)
    await first.transactions.commit(relay, theirs, 1)
    await until(lambda: office.telegram.to(theirs) == ["copy 1"])
    first.shares.ring = ring_nobody  # its word is late
    await first.transactions.commit(relay, theirs, 2)
    await second.transactions.commit(relay, theirs, 3)
    await until(lambda: office.telegram.to(theirs) == ["copy 1", "copy 2", "copy 3"])


async def test_a_share_is_given_back_once_nothing_of_it_is_under_way(office: Office) -> None:
    first = await office.hire()
    for share in ALL:
        first.shares.begin(share)
    second = Hand(office.url, office.clock, office.telegram)
    office.hands.append(second)
    await second.start()
    await until(lambda: len(first.shares.owned) == SHARES // 2)
    for _ in range(5):
        await first.beats()
        await second.beats()
    assert second.shares.owned == frozenset()
    for share in ALL:
        first.shares.end(share)
    await until(office.dealt)


async def test_a_share_in_which_something_never_ends_is_kept_and_served(
    office: Office, rows: Rows
) -> None:
    first = await office.hire(patience=0.05)
    stuck = CHATS[1]
    office.telegram.held = {stuck: asyncio.Event()}
    await first.transactions.commit(relay, stuck, 1)
    await until(lambda: stuck in office.telegram.under_way)
    others = ALL - {share_of(stuck)}
    for share in others:  # whatever it chooses to give back, something is under way
        first.shares.begin(share)
    second = Hand(office.url, office.clock, office.telegram)
    office.hands.append(second)
    await second.start()
    await until(lambda: len(first.shares.owned) < SHARES)
    await until(lambda: first.shares.owned == ALL)
    await first.transactions.commit(relay, stuck + SHARES, 2)
    await until(lambda: office.telegram.to(stuck + SHARES) == ["copy 2"])
    office.telegram.held[stuck].set()
    await until(lambda: all(row.state is DeliveryState.SENT for row in rows(Delivery)))
    assert [row.error for row in rows(Delivery)] == ["", ""]
    for share in others:
        first.shares.end(share)
    first.beat()
    await until(office.dealt)


async def test_whoever_ends_leaves_its_shares_to_the_others_at_once(office: Office) -> None:
    first, second = await office.hire(), await office.hire()
    await office.dismiss()
    assert first not in office.hands
    assert second.shares.owned == ALL
    assert second.shares.leads


async def test_a_worker_taken_for_dead_changes_nothing_any_more(office: Office, rows: Rows) -> None:
    first, second = await office.hire(), await office.hire()
    chat = chat_of(first)
    first.sleep()
    await first.lapse()
    await second.outlast()
    await until(lambda: second.shares.owned == ALL)
    with pytest.raises(LeaseLostError):
        await first.transactions.commit(relay, chat, 1)
    assert rows(Delivery) == []
    assert first.membership.lost
    await first.receive(written(2, chat))  # it wakes, and still keeps what it is given
    await until(lambda: first.treated == [2])
    assert office.telegram.made == []
    second.lanes.look(Box.INBOX, [chat])
    await until(lambda: office.telegram.to(chat) == ["copy 2"])
    assert second.treated == [2]


async def test_what_a_dead_worker_had_under_way_is_marked_and_sent_by_its_successor(
    office: Office, rows: Rows
) -> None:
    first, second = await office.hire(), await office.hire()
    dying, living = chat_of(first), chat_of(second)
    office.telegram.held = {dying: asyncio.Event(), living: asyncio.Event()}
    await first.transactions.commit(relay, dying, 1)
    await first.transactions.commit(relay, living, 2)
    await until(lambda: len(office.telegram.under_way) == 2)
    first.kill()
    await first.lapse()
    await until(lambda: office.telegram.under_way == [living])
    await second.outlast()
    office.telegram.held[dying].set()
    await until(lambda: office.telegram.to(dying) == ["copy 1", "copy 1"])
    office.telegram.held[living].set()
    await until(lambda: all(row.state is DeliveryState.SENT for row in rows(Delivery)))
    errors = {row.chat_id: row.error for row in rows(Delivery)}
    assert errors == {dying: REPEATED, living: ""}
