"""Each answer of Telegram's has its own consequence, and holds up nobody else."""

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from bot.delivery.api import RefusedCallError
from bot.delivery.hooks import Hooks
from bot.delivery.outbox import owe_card
from bot.delivery.tables import Delivery, DeliveryState, MessagePair
from bot.delivery.transport import MaybeActedError, NotSentError
from tests.bot.delivery.conftest import Clock, Rows, until
from tests.bot.delivery.sending import Post, fates

BLOCKED = RefusedCallError(403, "Forbidden: bot was blocked by the user")
SENT, QUEUED = ("sent", ""), ("queued", "")


@dataclass
class Told:
    """What the hooks were told; each owes a notice to the writer, in the same transaction."""

    heard: list[tuple[str, Any, str]] = field(default_factory=list)

    def hooks(self) -> Hooks:
        def hook(name: str) -> Any:
            def told(session: Session, owed: Delivery, reason: str, *, now: datetime) -> None:
                self.heard.append((name, owed.source_message, reason))
                if owed.source_chat is not None:
                    owe_card(session, owed.source_chat, name, {}, now=now)

            return told

        def migrated(session: Session, old: int, new: int, *, now: datetime) -> None:
            self.heard.append(("migrated", old, str(new)))

        return Hooks(hook("unreachable"), hook("failed"), hook("uncertain"), migrated)


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
async def post(engine: Engine, clock: Clock, told: Told) -> AsyncIterator[Post]:
    made = Post(engine, clock)
    made.hooks = told.hooks()
    await made.start()
    yield made
    await made.close()


async def settled(rows: Rows, count: int) -> None:
    """Until no delivery is under way, and `count` are no longer queued."""
    waiting = (DeliveryState.QUEUED, DeliveryState.SENDING)
    await until(lambda: sum(row.state not in waiting for row in rows(Delivery)) == count)


async def test_a_chat_told_to_slow_down_waits_alone_and_it_is_no_attempt(
    post: Post, rows: Rows, clock: Clock
) -> None:
    post.telegram.errors[5].append(RefusedCallError(429, "Too Many Requests", retry_after=60))
    await post.copy(5, 31)
    await post.copy(5, 32)
    await post.copy(6, 33)
    await settled(rows, 1)
    await until(lambda: rows(Delivery)[0].state is DeliveryState.QUEUED)
    slowed = rows(Delivery)[0]
    assert (slowed.attempts, slowed.not_before) == (0, clock.now + timedelta(seconds=60))
    assert post.telegram.made == [(6, "copy 33")]
    await post.later(59)
    await post.copy(6, 34)
    await until(lambda: post.telegram.to(6) == ["copy 33", "copy 34"])
    assert post.telegram.to(5) == []
    await post.later(1)
    await until(lambda: post.telegram.to(5) == ["copy 31", "copy 32"])


async def test_a_flood_of_many_chats_pauses_all(post: Post, rows: Rows) -> None:
    for chat in (5, 6, 7):
        post.telegram.errors[chat].append(RefusedCallError(429, "Flood", retry_after=30))
        await post.copy(chat, 31)
    await until(lambda: [row.error for row in rows(Delivery)] == ["slow_down"] * 3)
    await post.copy(8, 32)
    await post.later(29)
    assert post.telegram.made == []
    await post.later(1)
    await settled(rows, 4)


async def test_a_person_who_blocked_the_bot_is_told_of_to_the_writer(
    post: Post, rows: Rows, told: Told
) -> None:
    post.telegram.errors[5].append(BLOCKED)
    await post.copy(5, 31)
    await settled(rows, 2)
    assert fates(rows(Delivery)) == [("failed", "blocked"), SENT]
    assert told.heard == [("unreachable", 31, "blocked")]
    assert post.telegram.to(1) == ["unreachable "]
    assert rows(MessagePair) == []


async def test_a_refused_message_is_told_of_and_the_next_one_goes(
    post: Post, rows: Rows, told: Told
) -> None:
    post.telegram.errors[5].append(RefusedCallError(400, "Bad Request: message to copy not found"))
    await post.copy(5, 31)
    await post.copy(5, 32)
    await settled(rows, 3)
    assert told.heard == [("failed", 31, "Bad Request: message to copy not found")]
    assert post.telegram.to(5) == ["copy 32"]


async def test_a_group_that_became_a_supergroup_gets_everything_under_its_new_id(
    post: Post, rows: Rows, told: Told
) -> None:
    post.telegram.errors[-5].append(RefusedCallError(400, "upgraded", migrate_to=-1005))
    await asyncio.gather(*(post.copy(-5, number) for number in range(30)))
    await settled(rows, 30)
    assert told.heard == [("migrated", -5, "-1005")]
    assert post.telegram.to(-1005) == [f"copy {number}" for number in range(30)]
    assert {row.chat_id for row in rows(Delivery)} == {-1005}


async def test_what_was_sent_without_an_answer_is_not_sent_twice(
    post: Post, rows: Rows, told: Told
) -> None:
    post.telegram.lost[5].append(MaybeActedError("no answer"))
    await post.copy(5, 31)
    await post.copy(5, 32)
    await settled(rows, 3)
    assert post.telegram.to(5) == ["copy 31", "copy 32"]
    assert fates(rows(Delivery))[0] == ("uncertain", "no_answer")
    assert told.heard == [("uncertain", 31, "no_answer")]


async def test_an_edit_without_an_answer_is_made_again(post: Post, rows: Rows, told: Told) -> None:
    await post.card(5, "progress", n=1, slot="load")
    await settled(rows, 1)
    post.telegram.lost[5].append(MaybeActedError("no answer"))
    await post.card(5, "progress", n=2, slot="load")
    await until(lambda: rows(Delivery)[1].error == "no_answer")
    await post.later(2)
    await settled(rows, 2)
    assert post.telegram.to(5) == ["progress 1", "edit: progress 2", "edit: progress 2"]
    assert told.heard == []


async def test_nothing_is_lost_however_long_telegram_is_away(
    post: Post, rows: Rows, told: Told, caplog: pytest.LogCaptureFixture
) -> None:
    post.telegram.away = True
    for chat in (5, 6):
        await post.copy(chat, 31)
        await post.copy(chat, 32)
    while len(post.telegram.calls) < 40:
        await post.later(31)
        await asyncio.sleep(0.001)
    post.telegram.away = False
    await until(lambda: not rows(Delivery, Delivery.state == DeliveryState.SENDING))
    await post.later(31)
    await settled(rows, 4)
    assert post.telegram.to(5) == post.telegram.to(6) == ["copy 31", "copy 32"]
    assert told.heard == []
    lines = [line for line in caplog.messages if "Telegram" in line]
    assert len(lines) == 2


async def test_while_nothing_gets_through_nobody_else_is_tried(post: Post, rows: Rows) -> None:
    post.telegram.errors[5].append(NotSentError("away"))
    await post.copy(5, 31)
    await until(lambda: rows(Delivery)[0].error == "not_sent")
    await post.copy(6, 32)
    assert post.telegram.made == []
    await post.later(1)
    await settled(rows, 2)


async def test_a_server_error_makes_that_chat_wait_longer_each_time(
    post: Post, rows: Rows, clock: Clock
) -> None:
    post.telegram.errors[5].extend(RefusedCallError(502, "Bad Gateway") for _ in range(4))
    await post.copy(5, 31)
    waits: list[float] = []
    for attempt in range(1, 5):
        await until(
            lambda attempt=attempt: (
                (rows(Delivery)[0].attempts, rows(Delivery)[0].state)
                == (attempt, DeliveryState.QUEUED)
            )
        )
        waits.append((rows(Delivery)[0].not_before - clock.now).total_seconds())
        await post.copy(6, attempt)
        await until(lambda attempt=attempt: len(post.telegram.to(6)) == attempt)
        await post.later(waits[-1])
    await settled(rows, 5)
    assert waits == [1, 2, 4, 8]


async def test_a_card_that_can_not_be_rendered_fails_alone_and_its_words_stay_out_of_the_log(
    post: Post, rows: Rows, caplog: pytest.LogCaptureFixture
) -> None:
    await post.card(5, "broken")
    await post.card(5, "whole")
    await settled(rows, 2)
    assert fates(rows(Delivery)) == [("failed", "card: KeyError"), SENT]
    assert "secret" not in caplog.text
    assert "broken" in caplog.text


async def test_an_edit_that_changes_nothing_is_as_good_as_sent(post: Post, rows: Rows) -> None:
    await post.card(5, "progress", n=1, slot="load")
    await settled(rows, 1)
    error = RefusedCallError(400, "Bad Request: message is not modified: ...")
    post.telegram.errors[5].append(error)
    await post.card(5, "progress", n=1, slot="load")
    await settled(rows, 2)
    assert [(row.state, row.sent_message) for row in rows(Delivery)] == [("sent", 1000)] * 2


async def test_where_the_edited_message_is_gone_the_card_is_sent_anew(
    post: Post, rows: Rows
) -> None:
    await post.card(5, "progress", n=1, slot="load")
    await settled(rows, 1)
    gone = RefusedCallError(400, "Bad Request: message to edit not found")
    post.telegram.errors[5].append(gone)
    await post.card(5, "progress", n=2, slot="load")
    await settled(rows, 2)
    await post.card(5, "progress", n=3, slot="load")
    await settled(rows, 3)
    assert post.telegram.to(5) == ["progress 1", "progress 2", "edit: progress 3"]
    assert [row.sent_message for row in rows(Delivery)] == [1000, 1001, 1001]


async def test_a_hook_that_fails_leaves_the_delivery_settled(
    post: Post, rows: Rows, caplog: pytest.LogCaptureFixture
) -> None:
    def hook(session: Session, owed: Delivery, reason: str, *, now: datetime) -> None:
        owe_card(session, 9, "notice", {}, now=now)
        raise LookupError("a secret")

    await post.senders[0].stop()
    post.hooks = Hooks(unreachable=hook)
    await post.start()
    post.telegram.errors[5].append(BLOCKED)
    await post.copy(5, 31)
    await settled(rows, 1)
    assert fates(rows(Delivery)) == [("failed", "blocked")]
    assert "secret" not in caplog.text


async def test_a_fault_of_ours_in_a_call_is_uncertain_and_the_chat_goes_on(
    post: Post, rows: Rows, told: Told
) -> None:
    post.telegram.errors[5].append(ZeroDivisionError("ours"))
    await post.copy(5, 31)
    await post.copy(5, 32)
    await settled(rows, 3)
    assert fates(rows(Delivery))[0][0] == "uncertain"
    assert post.telegram.to(5) == ["copy 32"]
    assert [name for name, _, _ in told.heard] == ["uncertain"]


async def test_no_words_of_people_are_logged(
    post: Post, rows: Rows, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        post.telegram.errors[5].extend([NotSentError("x"), BLOCKED])
        await post.card(5, "card", n="秘密的话")
        await until(lambda: rows(Delivery)[0].error)
        await post.later(1)
        await settled(rows, 1)
    assert "秘密" not in caplog.text
    await asyncio.sleep(0)
