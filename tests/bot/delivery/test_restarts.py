"""A process that ends at any instant loses nothing, and repeats at most the one under way."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import Engine

from bot.delivery import ledger
from bot.delivery.api import RefusedCallError
from bot.delivery.ledger import REPEATED
from bot.delivery.tables import Delivery, DeliveryState, MessagePair
from tests.bot.delivery.conftest import Clock, Rows, until
from tests.bot.delivery.sending import Post, fates


@pytest.fixture
async def post(engine: Engine, clock: Clock) -> AsyncIterator[Post]:
    made = Post(engine, clock)
    yield made
    await made.close()


def all_sent(rows: Rows) -> bool:
    return all(row.state is DeliveryState.SENT for row in rows(Delivery))


async def test_what_was_owed_before_the_end_is_sent_after_it(post: Post, rows: Rows) -> None:
    await post.copy(5, 31)
    await post.copy(6, 32)
    await post.start()
    await until(lambda: all_sent(rows))
    assert sorted(post.telegram.made) == [(5, "copy 31"), (6, "copy 32")]


async def test_an_end_between_the_claim_and_the_call_sends_once(post: Post, rows: Rows) -> None:
    await post.copy(5, 31)
    await post.transactions.write(
        lambda session, now: ledger.claim(session, ledger.load(session, [5], 9)[5], now)
    )
    assert fates(rows(Delivery)) == [("sending", "")]
    await post.start()
    await until(lambda: all_sent(rows))
    assert post.telegram.made == [(5, "copy 31")]


async def test_an_end_between_the_call_and_its_record_repeats_that_one_alone(
    post: Post, rows: Rows
) -> None:
    post.telegram.held = {5: asyncio.Event(), 6: asyncio.Event()}
    await post.start()
    for number in (31, 32, 33):
        await post.copy(5, number)
        await post.copy(6, number)
    await until(lambda: len(post.telegram.made) == 2)
    await post.kill()
    post.telegram.held = {}
    await post.start()
    await until(lambda: all_sent(rows))
    for chat in (5, 6):
        assert post.telegram.to(chat) == ["copy 31", "copy 31", "copy 32", "copy 33"]
    assert [error for _, error in fates(rows(Delivery))].count(REPEATED) == 2
    assert len(rows(MessagePair)) == 6


async def test_an_end_after_the_record_repeats_nothing(post: Post, rows: Rows) -> None:
    await post.start()
    await post.copy(5, 31)
    await until(lambda: all_sent(rows))
    await post.kill()
    await post.start()
    await post.copy(5, 32)
    await until(lambda: len(post.telegram.made) == 2 and all_sent(rows))
    assert post.telegram.to(5) == ["copy 31", "copy 32"]


async def test_a_wait_that_telegram_asked_for_outlasts_the_process(
    post: Post, rows: Rows, clock: Clock
) -> None:
    post.telegram.errors[5].append(RefusedCallError(429, "Flood", retry_after=60))
    await post.start()
    await post.copy(5, 31)
    await until(lambda: rows(Delivery)[0].not_before)
    await post.kill()
    clock.advance(30)
    await post.start()
    await post.copy(6, 32)
    await until(lambda: post.telegram.to(6) == ["copy 32"])
    assert post.telegram.to(5) == []
    await post.later(30)
    await until(lambda: post.telegram.to(5) == ["copy 31"])


async def test_ends_in_the_middle_of_a_storm_lose_nothing_and_keep_the_order(
    post: Post, rows: Rows
) -> None:
    """Each end may repeat what was under way in each chat, and nothing else."""
    ends, chats, number = 6, 5, 0
    for _ in range(ends):
        await post.start()
        for _ in range(8):
            await asyncio.gather(*(post.copy(chat, number + chat) for chat in range(chats)))
            number += chats
        seen = len(post.telegram.made)
        await until(lambda seen=seen: len(post.telegram.made) > seen + 3)
        await post.kill()
    await post.start()
    await until(lambda: all_sent(rows))
    for chat in range(chats):
        owed = sorted(rows(Delivery, Delivery.chat_id == chat), key=lambda row: row.id)
        made = post.telegram.to(chat)
        firsts = list(dict.fromkeys(made))
        assert firsts == [f"copy {row.source_message}" for row in owed]
        assert made == sorted(made, key=firsts.index), "a repeat came later than in its place"
        assert len(made) - len(firsts) <= ends
