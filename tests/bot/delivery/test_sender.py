"""What is owed is sent, in order within a chat, and recorded."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from bot.delivery.limits import Rates
from bot.delivery.outbox import owe_card, owe_document
from bot.delivery.tables import Delivery, DeliveryState, MessagePair, Priority
from tests.bot.delivery.conftest import Clock, Rows, until
from tests.bot.delivery.sending import THREAD, Post, fates


@pytest.fixture
async def post(engine: Engine, clock: Clock) -> AsyncIterator[Post]:
    made = Post(engine, clock)
    yield made
    await made.close()


def all_in(rows: Rows, state: DeliveryState) -> bool:
    return all(row.state is state for row in rows(Delivery))


async def test_a_copy_is_sent_and_the_pair_of_messages_recorded(
    post: Post, rows: Rows, clock: Clock
) -> None:
    await post.start()
    await post.copy(5, 31)
    await until(lambda: rows(MessagePair))
    (call,) = post.telegram.calls
    assert call == ("copyMessage", {"chat_id": 5, "from_chat_id": 1, "message_id": 31})
    (sent,) = rows(Delivery)
    assert (sent.state, sent.sent_at, sent.sent_message) == ("sent", clock.now, 1000)
    (pair,) = rows(MessagePair)
    assert (pair.source_chat, pair.source_message) == (1, 31)
    assert (pair.copy_chat, pair.copy_message, pair.thread) == (5, 1000, THREAD)


async def test_a_silent_card_makes_no_sound(post: Post, rows: Rows) -> None:
    await post.start()
    for silent in (True, False):
        await post.transactions.commit(owe_card, 5, "x", {}, silent=silent)
    await until(lambda: len(post.telegram.calls) == 2)
    assert [given.get("disable_notification") for _, given in post.telegram.calls] == [True, None]


async def test_deliveries_of_a_chat_go_one_by_one_in_order_and_chats_side_by_side(
    post: Post, rows: Rows
) -> None:
    await post.start()
    for begin in range(0, 300, 60):
        await asyncio.gather(*(post.copy(n % 7, n) for n in range(begin, begin + 60)))
    await until(lambda: all_in(rows, DeliveryState.SENT))
    for chat in range(7):
        owed = sorted(rows(Delivery, Delivery.chat_id == chat), key=lambda row: row.id)
        assert post.telegram.to(chat) == [f"copy {row.source_message}" for row in owed]
        assert len(owed) == len([n for n in range(300) if n % 7 == chat])
    assert post.telegram.most_under_way > 1


async def test_as_many_calls_are_under_way_as_allowed_and_never_more(
    post: Post, rows: Rows
) -> None:
    gate = asyncio.Event()
    post.telegram.held = dict.fromkeys(range(40), gate)
    await post.start(concurrency=3)
    await asyncio.gather(*(post.copy(n, n) for n in range(40)))
    await until(lambda: len(post.telegram.under_way) == 3)
    gate.set()
    await until(lambda: all_in(rows, DeliveryState.SENT))
    assert post.telegram.most_under_way == 3


async def test_a_card_is_rendered_when_it_is_sent(post: Post, rows: Rows) -> None:
    await post.start()
    await post.card(5, "welcome", n=1, reply_to=(5, 44))
    await until(lambda: all_in(rows, DeliveryState.SENT))
    ((method, given),) = post.telegram.calls
    assert (method, given["text"]) == ("sendMessage", "welcome 1")
    assert given["reply_parameters"] == {"message_id": 44, "allow_sending_without_reply": True}
    assert given["reply_markup"]["inline_keyboard"]


async def test_a_document_is_uploaded_with_its_caption(
    post: Post, rows: Rows, tmp_path: Path
) -> None:
    path = tmp_path / "report.csv"
    path.write_bytes(b"row,fault\n")

    def owe(session: Session, *, now: datetime) -> None:
        owe_document(session, 5, str(path), now=now, caption="报告")

    await post.start()
    await post.transactions.commit(owe)
    await until(lambda: all_in(rows, DeliveryState.SENT))
    ((method, given),) = post.telegram.calls
    assert (method, given["document"], given["caption"]) == ("sendDocument", b"row,fault\n", "报告")


async def test_a_reply_is_to_the_same_message_as_its_reader_knows_it(
    post: Post, rows: Rows
) -> None:
    await post.start()
    await post.copy(5, 31)
    await until(lambda: rows(MessagePair))
    await post.copy(5, 32, reply_to=(1, 31))
    await until(lambda: len(rows(MessagePair)) == 2)
    # The mentor (5) answers the copy; the asker (1) sees it as an answer to their own message.
    await post.card(1, "answer", reply_to=(5, 1000))
    await post.copy(5, 33, reply_to=(1, 99))
    await until(lambda: len(post.telegram.calls) == 4)
    replied = {
        given["chat_id"]: given.get("reply_parameters", {}).get("message_id")
        for _, given in post.telegram.calls[1:3]
    }
    assert post.telegram.asked("copyMessage")[1]["reply_parameters"]["message_id"] == 1000
    assert post.telegram.asked("sendMessage")[0]["reply_parameters"]["message_id"] == 31
    assert "reply_parameters" not in post.telegram.asked("copyMessage")[2]
    assert replied


async def test_a_reply_to_what_is_still_on_its_way_finds_it_when_it_is_sent(
    post: Post, rows: Rows
) -> None:
    await post.copy(5, 31)
    await post.copy(5, 32, reply_to=(1, 31))
    await post.start()
    await until(lambda: all_in(rows, DeliveryState.SENT))
    assert post.telegram.asked("copyMessage")[1]["reply_parameters"]["message_id"] == 1000


async def test_a_later_card_of_a_slot_edits_the_earlier_ones_message(
    post: Post, rows: Rows
) -> None:
    await post.start()
    await post.card(5, "progress", n=1, slot="load")
    await until(lambda: all_in(rows, DeliveryState.SENT))
    await post.card(6, "progress", n=9, slot="load")
    await post.card(5, "progress", n=2, slot="load")
    await until(lambda: all_in(rows, DeliveryState.SENT) and len(rows(Delivery)) == 3)
    assert post.telegram.to(5) == ["progress 1", "edit: progress 2"]
    assert post.telegram.to(6) == ["progress 9"]
    assert [row.sent_message for row in rows(Delivery, Delivery.chat_id == 5)] == [1000, 1000]


async def test_of_several_cards_of_a_slot_that_wait_only_the_newest_is_sent(
    post: Post, rows: Rows
) -> None:
    for number in range(5):
        await post.card(5, "progress", n=number, slot="load")
    await post.card(5, "other", n=7, slot="else")
    await post.start()
    await until(lambda: len(post.telegram.made) == 2)
    assert post.telegram.to(5) == ["progress 4", "other 7"]
    await until(lambda: not rows(Delivery, Delivery.state == DeliveryState.SENDING))
    states = [row.state for row in rows(Delivery)]
    assert states == [DeliveryState.SUPERSEDED] * 4 + [DeliveryState.SENT] * 2


async def test_peoples_messages_overtake_notices_and_broadcasts(post: Post, rows: Rows) -> None:
    post.telegram.held[5] = asyncio.Event()
    await post.start()
    await post.card(5, "first")
    await until(lambda: post.telegram.under_way)
    await post.card(5, "broadcast", priority=Priority.BROADCAST)
    await post.card(5, "notice")
    await post.copy(5, 31)
    post.telegram.held[5].set()
    await until(lambda: all_in(rows, DeliveryState.SENT))
    assert post.telegram.to(5) == ["first ", "copy 31", "notice ", "broadcast "]


async def test_a_backlog_larger_than_memory_is_sent_in_order(post: Post, rows: Rows) -> None:
    await asyncio.gather(*(post.copy(n % 3, n) for n in range(150)))
    await post.start()
    await until(lambda: all_in(rows, DeliveryState.SENT))
    for chat in range(3):
        owed = sorted(rows(Delivery, Delivery.chat_id == chat), key=lambda row: row.id)
        assert post.telegram.to(chat) == [f"copy {row.source_message}" for row in owed]


async def test_what_another_process_owes_is_found_by_a_sweep(
    post: Post, engine: Engine, clock: Clock
) -> None:
    await post.start()
    other = Post(engine, clock)
    await other.copy(5, 31)
    await other.close()
    assert post.telegram.calls == []
    await post.later(6)
    await until(lambda: post.telegram.to(5) == ["copy 31"])


async def test_the_limits_are_kept(post: Post, rows: Rows) -> None:
    post.rates = Rates(overall=1e6, chat_burst=2)
    for number in range(4):
        await post.copy(5, number)
    await post.copy(6, 9)
    await post.start()
    await until(lambda: len(post.telegram.made) == 3 and not post.telegram.under_way)
    await until(lambda: not rows(Delivery, Delivery.state == DeliveryState.SENDING))
    assert post.telegram.to(5) == ["copy 0", "copy 1"]
    await post.later(1)
    await until(lambda: len(post.telegram.to(5)) == 3)
    await post.later(1)
    await until(lambda: len(post.telegram.to(5)) == 4)


async def test_a_stop_records_what_is_under_way_and_begins_nothing_more(
    post: Post, rows: Rows
) -> None:
    post.telegram.held[5] = asyncio.Event()
    sender = await post.start()
    await post.copy(5, 31)
    await post.copy(5, 32)
    await until(lambda: post.telegram.under_way)
    stopping = asyncio.create_task(sender.stop())
    await asyncio.sleep(0)
    post.telegram.held[5].set()
    await stopping
    assert fates(rows(Delivery)) == [("sent", ""), ("queued", "")]
    assert len(rows(MessagePair)) == 1


async def test_a_delivery_that_is_no_longer_queued_is_not_sent(post: Post, rows: Rows) -> None:
    def withdraw(session: Session, *, now: datetime) -> None:
        owed = session.get_one(Delivery, 2)
        owed.state = DeliveryState.FAILED
        session.add(owed)

    post.telegram.held[5] = asyncio.Event()
    await post.start()
    for number in (31, 32, 33):
        await post.copy(5, number)
    await until(lambda: post.telegram.under_way)
    await post.transactions.commit(withdraw)
    post.telegram.held[5].set()
    await until(lambda: post.telegram.to(5) == ["copy 31", "copy 33"])
