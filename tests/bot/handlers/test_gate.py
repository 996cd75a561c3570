"""What every update passes: nothing is dropped, and what is too much is explained once."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, SQLModel
from telegram import Bot, Update

from bot.delivery.lanes import LaterError
from bot.delivery.tables import InboxUpdate
from bot.delivery.transactions import CurrentUpdate, Transactions, current_update
from bot.desk import appealing, banning, talking, undelivered
from bot.desk.policy import Policy
from bot.desk.tables import ChatState
from bot.handlers.floods import REMEMBERED, Floods
from bot.handlers.gate import Gate
from knowledge.database import open_engine
from tests.bot.desk.conftest import ADMIN, ASKER, DAY, MENTORS, NOW, Office, furnish

POLICY = Policy(messages_a_minute=6, presses_a_minute=12)
BOT = Bot("123456:" + "A" * 35)


@dataclass
class Door:
    """A gate before a desk in memory, and its clock."""

    engine: Engine
    now: datetime = NOW
    numbers: Iterator[int] = field(default_factory=count)

    def __post_init__(self) -> None:
        self.transactions = Transactions(self.engine, lambda: self.now)
        self.gate = Gate(self.transactions, POLICY, lambda: self.now)

    async def comes(self, **what: Any) -> bool:
        return await self.gate.admits(self.update(**what))

    def update(
        self, text: str = "", press: str = "", chat: int = ASKER, kind: str = "private"
    ) -> Update:
        number = next(self.numbers)
        message = {
            "message_id": number,
            "date": 0,
            "chat": {"id": chat, "type": kind, "first_name": "王"},
            "from": {"id": chat, "is_bot": False, "first_name": "王", "language_code": "zh"},
            "text": text or "你好",
        }
        query = {
            "id": str(number),
            "from": message["from"],
            "chat_instance": "1",
            "data": press,
            "message": message,
        }
        what = {"callback_query": query} if press else {"message": message}
        found = Update.de_json({"update_id": number, **what}, BOT)
        assert found is not None
        return found


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = open_engine(f"sqlite:///{tmp_path}/desk.db")
    SQLModel.metadata.create_all(made)
    yield made
    made.dispose()


@pytest.fixture
def office(engine: Engine) -> Iterator[Office]:
    with Session(engine) as session:
        yield furnish(session)


@pytest.fixture
async def door(engine: Engine, office: Office) -> Any:
    office.session.commit()
    made = Door(engine)
    yield made
    await made.transactions.close()


def notices(office: Office, chat_id: int) -> list[str]:
    office.session.expire_all()
    return [owed.values["code"] for owed in office.owed(chat_id) if owed.card == "notice"]


async def test_what_is_over_the_limit_waits_and_is_explained_once(
    door: Door, office: Office
) -> None:
    for _ in range(6):
        assert await door.comes()
    for _ in range(4):
        with pytest.raises(LaterError) as later:
            await door.comes()
        assert 0 < later.value.seconds <= 10
    assert notices(office, ASKER) == ["slowly"]
    door.now += timedelta(seconds=10)
    assert await door.comes()
    with pytest.raises(LaterError):
        await door.comes()
    assert notices(office, ASKER) == ["slowly"]


async def test_after_a_quiet_minute_it_is_explained_again(door: Door, office: Office) -> None:
    for _ in range(2):
        for _ in range(6):
            await door.comes()
        with pytest.raises(LaterError):
            await door.comes()
        door.now += timedelta(minutes=2)
    assert notices(office, ASKER) == ["slowly", "slowly"]


async def test_buttons_and_messages_and_people_are_counted_apart(door: Door) -> None:
    for _ in range(6):
        await door.comes()
    for _ in range(12):
        assert await door.comes(press="counts~x")
    assert await door.comes(chat=MENTORS[0])
    with pytest.raises(LaterError):
        await door.comes(press="counts~x")


async def test_a_group_is_not_one_person(door: Door) -> None:
    for _ in range(20):
        assert await door.comes(chat=-100, kind="supergroup")


async def test_an_explanation_leaves_the_update_to_be_done(door: Door, office: Office) -> None:
    office.session.add(InboxUpdate(update_id=77, lane=ASKER, raw="{}", received_at=NOW))
    office.session.commit()
    for _ in range(6):
        await door.comes()
    handled = CurrentUpdate(77)
    token = current_update.set(handled)
    with pytest.raises(LaterError):
        await door.comes()
    current_update.reset(token)
    office.session.expire_all()
    assert not handled.done
    assert office.session.get_one(InboxUpdate, 77).done_at is None


async def test_whoever_comes_is_back_and_the_other_side_learns_it(
    door: Door, office: Office
) -> None:
    number = office.talk()
    undelivered.chat_lost(office.session, ASKER, "blocked", DAY, now=NOW)
    talking.relay(office.session, office.heard(MENTORS[0]), number, now=NOW)
    office.session.commit()
    assert await door.comes()
    assert notices(office, MENTORS[0])[-1] == "asker_back"
    assert office.chat(ASKER).state is ChatState.ACTIVE


@pytest.fixture
def banned(office: Office) -> Office:
    banning.ask_reason(office.session, ADMIN, office.people[ASKER], 0, now=NOW)
    banning.ban(office.session, ADMIN, "辱骂对方", DAY, now=NOW)
    office.session.commit()
    return office


async def test_to_whatever_a_banned_person_does_the_answer_is_their_ban(
    door: Door, banned: Office
) -> None:
    assert not await door.comes(text="/ask")
    assert not await door.comes(text="你们好")
    assert not await door.comes(text="/ / appeal")
    assert not await door.comes(press="send:1:abc~x")
    banned.session.expire_all()
    assert banned.cards(ASKER).count("banned") == 5


@pytest.mark.parametrize(
    "text", ["/appeal", "/appeal@xiaoqi_bot", "/mydata", "/FORGET", "/language"]
)
async def test_a_banned_person_has_their_rights(door: Door, banned: Office, text: str) -> None:
    assert await door.comes(text=text)


async def test_a_banned_person_may_press_appeal_and_write_it(door: Door, banned: Office) -> None:
    assert await door.comes(press="appeal~x")
    assert not await door.comes(text="我申诉")
    appealing.ask_text(banned.session, ASKER, now=NOW)
    banned.session.commit()
    assert await door.comes(text="我申诉")


def test_chats_that_are_quiet_are_forgotten_and_busy_ones_are_not() -> None:
    floods = Floods(POLICY)
    for _ in range(6):
        floods.wait(1, "message", 0.0)
    for chat in range(2, REMEMBERED + 2):
        floods.wait(chat, "message", 0.0)
    for _ in range(6):
        floods.wait(1, "message", 300.0)
    floods.wait(REMEMBERED + 2, "message", 300.0)
    assert floods.wait(1, "message", 300.0) > 0
    assert len(floods._buckets) < 5
