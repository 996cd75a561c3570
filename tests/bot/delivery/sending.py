"""A Telegram that a test scripts, and a sender over it."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session

from bot.delivery.calls import Calls
from bot.delivery.hooks import Hooks
from bot.delivery.limits import Rates
from bot.delivery.outbox import owe_card, owe_copy
from bot.delivery.sender import Sender
from bot.delivery.tables import Delivery, Priority
from bot.delivery.transactions import Transactions
from bot.delivery.transport import NotSentError
from tests.bot.delivery.conftest import Clock

LIFTED = Rates(1e6, 1e6, 1e6)
THREAD = 77


class FakeTelegram:
    """Takes every call and gives each message a number, unless told otherwise for a chat.

    `errors[chat]` are raised in turn, before anything is done. `lost[chat]` are raised in turn
    after the message was made. A chat in `held` is answered when its event is set. While it is
    `away` nothing reaches it.
    """

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.made: list[tuple[int, str]] = []
        self.errors: defaultdict[int, deque[Exception]] = defaultdict(deque)
        self.lost: defaultdict[int, deque[Exception]] = defaultdict(deque)
        self.held: dict[int, asyncio.Event] = {}
        self.away = False
        self.under_way: list[int] = []
        self.most_under_way = 0
        self.numbers = iter(range(1000, 10**6))

    async def call(
        self,
        method: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        document: Path | None = None,
        patience: float = 0,
    ) -> Any:
        given = dict(parameters or {})
        chat = given["chat_id"]
        if document is not None:
            given["document"] = await asyncio.to_thread(document.read_bytes)
        self.calls.append((method, given))
        assert chat not in self.under_way, "two deliveries of one chat at once"
        self.under_way.append(chat)
        self.most_under_way = max(self.most_under_way, len(self.under_way))
        try:
            await asyncio.sleep(0)
            if self.away:
                raise NotSentError("nobody listens")
            if self.errors[chat]:
                raise self.errors[chat].popleft()
            number = given["message_id"] if method == "editMessageText" else next(self.numbers)
            self.made.append((chat, what(method, given)))
            if chat in self.held:
                await self.held[chat].wait()
            if self.lost[chat]:
                raise self.lost[chat].popleft()
            return {"message_id": number}
        finally:
            self.under_way.remove(chat)

    def to(self, chat: int) -> list[str]:
        """What was made in a chat, in its order."""
        return [said for where, said in self.made if where == chat]

    def asked(self, method: str) -> list[dict[str, Any]]:
        return [given for name, given in self.calls if name == method]


def what(method: str, given: Mapping[str, Any]) -> str:
    if method == "copyMessage":
        return f"copy {given['message_id']}"
    if method == "sendDocument":
        return f"document {given.get('caption', '')}"
    return f"{'edit: ' if method == 'editMessageText' else ''}{given['text']}"


class PlainCards:
    """Cards as plain text; the card "broken" can't be rendered."""

    def render(
        self, card: str, values: Mapping[str, Any], language: str, chat_id: int
    ) -> dict[str, Any]:
        if card == "broken":
            raise KeyError("a secret")
        keyboard = {"inline_keyboard": [[{"text": "x", "callback_data": "y"}]]}
        return {"text": f"{card} {values.get('n', '')}", "reply_markup": keyboard}


class Post:
    """A sender that a test starts, kills and starts again on the same database."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self.engine = engine
        self.clock = clock
        self.transactions = Transactions(engine, clock)
        self.telegram = FakeTelegram()
        self.hooks = Hooks()
        self.rates = LIFTED
        self.senders: list[Sender] = []

    async def start(self, concurrency: int = 32) -> Sender:
        sender = Sender(
            self.transactions,
            Calls(self.telegram, PlainCards()),  # type: ignore[arg-type]
            clock=self.clock,
            rates=self.rates,
            hooks=self.hooks,
            concurrency=concurrency,
        )
        self.senders.append(sender)
        await sender.start()
        return sender

    async def kill(self) -> None:
        """What SIGKILL leaves: no answer is awaited, and what was sent is not recorded."""
        sender = self.senders.pop()
        for task in (*sender._sending, sender._loop):
            assert task is not None
            task.cancel()
        await self.transactions.close()
        self.transactions = Transactions(self.engine, self.clock)

    async def close(self) -> None:
        for sender in self.senders:
            await sender.stop()
        await self.transactions.close()

    async def later(self, seconds: float) -> None:
        """Time passes."""
        self.clock.advance(seconds)
        self.senders[-1].wake()
        await asyncio.sleep(0)

    async def copy(self, chat: int, message: int, reply_to: tuple[int, int] | None = None) -> None:
        await self.transactions.commit(owe_one_copy, chat, message, reply_to)

    async def card(self, chat: int, card: str, **given: Any) -> None:
        await self.transactions.commit(owe_one_card, chat, card, given)


def owe_one_copy(
    session: Session, chat: int, message: int, reply_to: tuple[int, int] | None, *, now: datetime
) -> None:
    owe_copy(session, chat, (1, message), now=now, thread=THREAD, reply_to=reply_to)


def owe_one_card(
    session: Session, chat: int, card: str, given: dict[str, Any], *, now: datetime
) -> None:
    view = {"n": given.pop("n", "")}
    owe_card(session, chat, card, view, now=now, **given)


def fates(rows: list[Delivery]) -> list[tuple[str, str]]:
    """State and error of deliveries, in the order they were owed."""
    return [(row.state.value, row.error) for row in sorted(rows, key=lambda row: row.id or 0)]


__all__ = ["LIFTED", "THREAD", "FakeTelegram", "PlainCards", "Post", "Priority", "fates"]
