"""Marks are set when there is time, and never in the way of people's messages."""

from collections import deque
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, SQLModel, select

from bot.delivery.api import RefusedCallError
from bot.delivery.tables import MessagePair
from bot.delivery.transactions import Transactions
from bot.delivery.transport import NotSentError
from bot.desk.tables import Consultation, Message, Receipt
from bot.handlers.receipting import MOST_WHILE_BUSY, Receipts
from knowledge.database import open_engine
from knowledge.tables import Person

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
CHATS = range(11, 16)


class Api:
    """Notes each mark, unless told to raise in its place."""

    def __init__(self) -> None:
        self.marks: list[tuple[int, str]] = []
        self.errors: deque[Exception] = deque()

    async def call(self, method: str, parameters: Mapping[str, Any]) -> bool:
        assert method == "setMessageReaction"
        if self.errors:
            raise self.errors.popleft()
        self.marks.append((parameters["chat_id"], parameters["reaction"][0]["emoji"]))
        return True


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """Five people have each written a message, a while ago, in a chat of their own."""
    engine = open_engine(f"sqlite:///{tmp_path / 'marks.db'}")
    SQLModel.metadata.create_all(engine)
    with Session(engine) as session:
        person = Person(name_zh="王", name_en="")
        session.add(person)
        session.flush()
        talk = Consultation(
            asker_id=person.id or 0, question="q", forwarded="q", asked_message=1, asked_at=NOW
        )
        session.add(talk)
        session.flush()
        for chat in CHATS:
            session.add(
                Message(
                    consultation_id=talk.id or 0,
                    by_asker=True,
                    chat_id=chat,
                    message_id=3,
                    kind="text",
                    written_at=NOW - timedelta(minutes=1),
                )
            )
        session.commit()
    yield engine
    engine.dispose()


class Marking:
    """The receipts with a clock and a sender that are busy or not, as a test says."""

    def __init__(self, engine: Engine) -> None:
        self.now = NOW
        self.busy = False
        self.api = Api()
        self.transactions = Transactions(engine, lambda: self.now)
        self.receipts = Receipts(
            self.api,  # type: ignore[arg-type]
            self.transactions,
            lambda: self.busy,
            lambda: self.now,
        )


@pytest.fixture
async def marking(engine: Engine) -> AsyncIterator[Marking]:
    made = Marking(engine)
    yield made
    await made.transactions.close()


def receipts_in(engine: Engine) -> list[int]:
    with Session(engine) as session:
        return list(session.exec(select(Message.receipt)))


async def test_each_message_is_marked_once_as_it_stands(marking: Marking, engine: Engine) -> None:
    with Session(engine) as session:
        pair = MessagePair(source_chat=11, source_message=3, copy_chat=99, copy_message=1)
        session.add(pair)
        session.commit()
    await marking.receipts.turn()
    await marking.receipts.turn()
    assert marking.api.marks == [(11, "👌"), *((chat, "✍") for chat in CHATS[1:])]
    assert receipts_in(engine) == [Receipt.DELIVERED, *[Receipt.ACCEPTED] * 4]


async def test_while_messages_wait_to_be_sent_only_few_marks_are_set(marking: Marking) -> None:
    marking.busy = True
    await marking.receipts.turn()
    assert len(marking.api.marks) == MOST_WHILE_BUSY


async def test_after_too_many_requests_marks_wait_as_long_as_told(marking: Marking) -> None:
    marking.api.errors.append(RefusedCallError(429, "Too Many Requests", retry_after=7))
    await marking.receipts.turn()
    await marking.receipts.turn()
    assert marking.api.marks == []
    marking.now += timedelta(seconds=7)
    await marking.receipts.turn()
    assert len(marking.api.marks) == len(CHATS)


async def test_a_chat_that_takes_no_marks_is_not_asked_again(
    marking: Marking, engine: Engine
) -> None:
    marking.api.errors.append(RefusedCallError(400, "Bad Request: message to react not found"))
    await marking.receipts.turn()
    assert [chat for chat, _ in marking.api.marks] == list(CHATS[1:])
    marking.api.marks.clear()
    await marking.receipts.turn()
    assert marking.api.marks == []


async def test_without_a_network_the_marks_are_set_later(marking: Marking, engine: Engine) -> None:
    marking.api.errors.append(NotSentError("nobody listens"))
    await marking.receipts.turn()
    assert receipts_in(engine) == [Receipt.NONE] * 5
    await marking.receipts.turn()
    assert len(marking.api.marks) == 5
