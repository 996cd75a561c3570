"""Turns of a question on the way of every update: the inbox, the handlers, one transaction."""

import json
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, SQLModel, select
from telegram.ext import ApplicationBuilder
from telegram.request import BaseRequest, RequestData

from bot.cards.buttons import Button, pack
from bot.delivery import inbox
from bot.delivery.tables import Delivery
from bot.delivery.transactions import (
    CurrentUpdate,
    Transactions,
    UpdateDoneError,
    current_update,
)
from bot.desk.tables import Consultation, Stage
from bot.desk.views import Found
from bot.handlers.answering import on_error
from bot.handlers.parts import PARTS, DeskApplication
from bot.handlers.table import handlers
from bot.handlers.treating import Treatment
from knowledge.database import open_engine
from tests.bot.desk.conftest import ASKER, NOW, Office, furnish
from tests.bot.handlers.conftest import KEY, parts_with

BOT = {"id": 1, "is_bot": True, "first_name": "Xiaoqi", "username": "xiaoqi_bot"}
WANG = {"id": ASKER, "is_bot": False, "first_name": "王", "language_code": "zh"}
CHAT = {"id": ASKER, "type": "private"}
FIRST, LEANING, OTHER = "铝压铸件加工后有气孔", "那铸铁呢", "锂电池涂布厚边怎么办"


class Agreeing(BaseRequest):
    """A Telegram that says yes to every call."""

    read_timeout = 1.0

    async def initialize(self) -> None:
        pass

    async def shutdown(self) -> None:
        pass

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        result: object = BOT if url.endswith("/getMe") else True
        return 200, json.dumps({"ok": True, "result": result}).encode()


@dataclass
class Line:
    """An asker's chat with the desk; `alike` is the subject's likeness to be found next."""

    engine: Engine
    transactions: Transactions
    application: DeskApplication
    searched: list[str] = field(default_factory=list)
    alike: float = -0.05
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    async def find(self, question: str) -> Sequence[Found]:
        self.searched.append(question)
        return [Found("expert-1", 0.9, "strong", "证据")]

    async def likeness(self, _: str, __: str) -> float:
        return self.alike

    async def type(self, text: str) -> dict[str, Any]:
        number = next(self.numbers)
        return await self.arrive(number, message={**self.message(number), "text": text})

    async def press(self, action: str, *args: int) -> dict[str, Any]:
        number = next(self.numbers)
        data = pack(Button("", action, args), ASKER, KEY)
        query = {"id": "7", "from": WANG, "chat_instance": "x", "data": data}
        return await self.arrive(number, callback_query={**query, "message": self.message(900)})

    @staticmethod
    def message(number: int) -> dict[str, Any]:
        return {"message_id": number, "date": int(NOW.timestamp()), "chat": CHAT, "from": WANG}

    async def arrive(self, number: int, **part: Any) -> dict[str, Any]:
        """Keep an update, as polling does, and treat it; the update, to be treated once more."""
        raw = {"update_id": number, **part}
        with Session(self.engine) as session:
            inbox.store(session, [raw], NOW)
            session.commit()
        await self.treat(raw)
        return raw

    async def treat(self, raw: dict[str, Any]) -> None:
        """As its lane does: one done before is not done again."""
        token = current_update.set(CurrentUpdate(raw["update_id"]))
        try:
            with suppress(UpdateDoneError):
                await Treatment(self.application)(raw["update_id"], raw)
        finally:
            current_update.reset(token)

    def questions(self) -> list[tuple[str, Stage]]:
        with Session(self.engine) as session:
            kept = session.exec(select(Consultation).order_by("id")).all()
            return [(one.question, one.stage) for one in kept]

    def cards(self) -> list[str]:
        with Session(self.engine) as session:
            return [one.card or "" for one in session.exec(select(Delivery).order_by("id"))]


@pytest.fixture
async def line(tmp_path: Path) -> AsyncIterator[Line]:
    engine = open_engine(f"sqlite:///{tmp_path / 'desk.db'}")
    SQLModel.metadata.create_all(engine)
    with Session(engine) as session:
        office: Office = furnish(session)
        assert office.people
        session.commit()
    transactions = Transactions(engine, lambda: NOW)
    request = Agreeing()
    builder = ApplicationBuilder().token("1:a").request(request).get_updates_request(request)
    application: DeskApplication = builder.updater(None).job_queue(None).build()
    made = Line(engine, transactions, application)
    application.add_handlers(handlers())
    application.add_error_handler(on_error)
    application.bot_data[PARTS] = parts_with(transactions, made.find, made.likeness)
    async with application:
        yield made
    await transactions.close()
    engine.dispose()


async def test_a_turn_is_searched_with_what_was_asked_before(line: Line) -> None:
    await line.type(FIRST)
    await line.type(LEANING)
    assert line.searched == [FIRST, f"{FIRST}\n{LEANING}"]
    assert line.questions() == [(f"{FIRST}\n{LEANING}", Stage.DRAFT)]
    assert line.cards() == ["shortlist", "shortlist", "followed"]


async def test_what_is_about_something_else_is_searched_alone(line: Line) -> None:
    await line.type(FIRST)
    await line.type(OTHER)
    assert line.searched == [FIRST, OTHER]
    assert line.questions() == [(FIRST, Stage.DRAFT), (OTHER, Stage.DRAFT)]
    assert line.cards()[-1] == "asked_anew"


async def test_what_is_about_the_same_goes_on_without_saying_so(line: Line) -> None:
    await line.type(FIRST)
    line.alike = 0.3
    await line.type("模具温度要降吗")
    assert line.questions() == [(f"{FIRST}\n模具温度要降吗", Stage.DRAFT)]


async def test_a_turn_is_parted_into_a_question_of_its_own(line: Line) -> None:
    await line.type(FIRST)
    await line.type(LEANING)
    await line.press("part", 1, 2, 1)
    assert line.searched[2:] == [FIRST, LEANING]
    assert line.questions() == [(FIRST, Stage.DRAFT), (LEANING, Stage.DRAFT)]


async def test_a_question_of_its_own_is_joined_to_the_one_before(line: Line) -> None:
    await line.type(FIRST)
    await line.type(OTHER)
    await line.press("join", 2, 1)
    assert line.searched[-1] == f"{FIRST}\n{OTHER}"
    assert line.questions() == [(f"{FIRST}\n{OTHER}", Stage.DRAFT), (OTHER, Stage.WITHDRAWN)]


@pytest.mark.parametrize("press", [None, ("part", 1, 2, 1)])
async def test_an_update_that_comes_again_changes_nothing(
    line: Line, press: tuple[str, int, int, int] | None
) -> None:
    await line.type(FIRST)
    raw = await line.type(LEANING)
    if press:
        raw = await line.press(*press)
    questions, cards = line.questions(), line.cards()
    await line.treat(raw)
    assert (line.questions(), line.cards()) == (questions, cards)


async def test_a_join_that_comes_again_changes_nothing(line: Line) -> None:
    await line.type(FIRST)
    await line.type(OTHER)
    raw = await line.press("join", 2, 1)
    questions, cards = line.questions(), line.cards()
    await line.treat(raw)
    assert (line.questions(), line.cards()) == (questions, cards)
