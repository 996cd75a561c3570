"""What was sent is changed: the counterpart is found when the call is made."""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from bot.delivery.api import RefusedCallError
from bot.delivery.outbox import owe_change, owe_copy
from bot.delivery.tables import Delivery, DeliveryState, MessagePair
from bot.delivery.transport import MaybeActedError
from tests.bot.delivery.conftest import Clock, Rows, until
from tests.bot.delivery.sending import THREAD, FakeTelegram, Post

READER, WRITER = 5, 1
CHANGES = ["editMessageText", "setMessageReaction", "deleteMessage"]


class ChangingTelegram(FakeTelegram):
    """`answers` are raised in turn by what changes a message."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: list[Exception] = []
        self.changed: list[tuple[str, int]] = []

    async def call(
        self,
        method: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        document: Path | None = None,
        patience: float = 0,
    ) -> Any:
        given = dict(parameters or {})
        if method not in CHANGES:
            return await super().call(method, given, document=document, patience=patience)
        self.calls.append((method, given))
        if self.answers:
            raise self.answers.pop(0)
        self.changed.append((method, given["message_id"]))
        return True


@pytest.fixture
def telegram() -> ChangingTelegram:
    return ChangingTelegram()


@pytest.fixture
async def post(engine: Engine, clock: Clock, telegram: ChangingTelegram) -> AsyncIterator[Post]:
    made = Post(engine, clock)
    made.telegram = telegram
    yield made
    await made.close()


def owe_one_change(session: Session, method: str, slot: str = "", *, now: datetime) -> None:
    what = (method, (WRITER, 31), {"x": 1})
    owe_change(session, READER, *what, now=now, thread=THREAD, slot=slot)


def owe_quoting(session: Session, quote: str, *, now: datetime) -> None:
    words = {"quote": quote, "quote_position": 2}
    answered = (WRITER, 31)
    owe_copy(session, READER, (WRITER, 32), now=now, thread=THREAD, reply_to=answered, quote=words)


def settled(rows: Rows) -> bool:
    return all(row.state is DeliveryState.SENT for row in rows(Delivery))


@pytest.mark.parametrize("method", CHANGES)
async def test_a_change_owed_before_its_message_was_sent_changes_its_copy(
    post: Post, telegram: ChangingTelegram, rows: Rows, method: str
) -> None:
    await post.copy(READER, 31)
    await post.transactions.commit(owe_one_change, method)
    await post.start()
    await until(lambda: settled(rows))
    (pair,) = rows(MessagePair)
    assert telegram.changed == [(method, pair.copy_message)]


async def test_what_was_never_sent_is_not_changed(
    post: Post, telegram: ChangingTelegram, rows: Rows
) -> None:
    await post.transactions.commit(owe_one_change, "editMessageText")
    await post.start()
    await until(lambda: settled(rows))
    assert telegram.calls == []


async def test_of_changes_in_one_slot_the_last_is_made(
    post: Post, telegram: ChangingTelegram, rows: Rows
) -> None:
    await post.copy(READER, 31)
    for _ in range(3):
        await post.transactions.commit(owe_one_change, "editMessageText", "edit:31")
    await post.start()
    await until(lambda: telegram.changed)
    assert len(telegram.changed) == 1


@pytest.mark.parametrize(
    ("method", "said"),
    [
        ("editMessageText", "Bad Request: message is not modified: nothing"),
        ("deleteMessage", "Bad Request: message to delete not found"),
        ("setMessageReaction", "Bad Request: message to react not found"),
    ],
)
async def test_what_is_so_already_needs_no_change(
    post: Post, telegram: ChangingTelegram, rows: Rows, method: str, said: str
) -> None:
    telegram.answers.append(RefusedCallError(400, said))
    await post.copy(READER, 31)
    await post.transactions.commit(owe_one_change, method)
    await post.start()
    await until(lambda: settled(rows))


async def test_a_change_without_an_answer_is_made_again_for_twice_is_once(
    post: Post, telegram: ChangingTelegram, rows: Rows
) -> None:
    telegram.answers.append(MaybeActedError("no answer"))
    await post.copy(READER, 31)
    await post.transactions.commit(owe_one_change, "editMessageText")
    await post.start()
    await until(lambda: any(row.error == "no_answer" for row in rows(Delivery)))
    await post.later(5)
    await until(lambda: telegram.changed)


async def test_a_quote_goes_with_the_reply(post: Post, telegram: ChangingTelegram) -> None:
    await post.copy(READER, 31)
    await post.transactions.commit(owe_quoting, "什么合金？")
    await post.start()
    await until(lambda: len(telegram.asked("copyMessage")) == 2)
    reply = telegram.asked("copyMessage")[1]["reply_parameters"]
    assert (reply["quote"], reply["quote_position"]) == ("什么合金？", 2)
    assert "quote" not in telegram.asked("copyMessage")[1]


async def test_a_quote_that_does_not_stand_in_the_copy_is_left_out(
    post: Post, telegram: ChangingTelegram, rows: Rows
) -> None:
    await post.copy(READER, 31)
    await post.start()
    await until(lambda: settled(rows))
    telegram.errors[READER].append(RefusedCallError(400, "Bad Request: QUOTE_TEXT_INVALID"))
    await post.transactions.commit(owe_quoting, "别的")
    await until(lambda: len(rows(MessagePair)) == 2)
    assert "quote" not in telegram.asked("copyMessage")[-1]["reply_parameters"]
    assert telegram.to(READER) == ["copy 31", "copy 32"]
