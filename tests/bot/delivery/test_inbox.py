"""Updates are kept as they came, once each, in the lane of their chat."""

from datetime import timedelta
from functools import reduce
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from bot.delivery import inbox
from bot.delivery.tables import InboxUpdate
from tests.bot.delivery.conftest import Clock, Rows

CHAT = {"id": -7, "type": "group"}
PERSON = {"id": 5, "is_bot": False}


def text(number: int, chat: int = 1) -> dict[str, Any]:
    return {"update_id": number, "message": {"chat": {"id": chat}, "text": f"第{number}条"}}


@pytest.mark.parametrize(
    ("part", "lane"),
    [
        ({"message": {"chat": CHAT, "from": PERSON}}, -7),
        ({"edited_message": {"chat": CHAT}}, -7),
        ({"my_chat_member": {"chat": CHAT, "from": PERSON}}, -7),
        ({"message_reaction": {"chat": CHAT, "user": PERSON}}, -7),
        ({"callback_query": {"from": PERSON, "message": {"chat": CHAT}}}, -7),
        ({"callback_query": {"from": PERSON, "inline_message_id": "x"}}, 5),
        ({"inline_query": {"from": PERSON, "query": "x"}}, 5),
        ({"poll_answer": {"user": PERSON}}, 5),
        ({"something_new": {"from": PERSON}}, 5),
        ({}, 0),
        ({"message": None}, 0),
        ({"message": {"chat": {"id": "one"}}}, 0),
        ({"callback_query": "broken"}, 0),
        ({"poll": {"id": "1"}}, 0),
    ],
)
def test_an_update_belongs_to_its_chat_or_else_to_its_person(
    part: dict[str, Any], lane: int
) -> None:
    assert inbox.lane_of({"update_id": 1, **part}) == lane


def test_an_update_is_kept_as_it_came(engine: Engine, clock: Clock, rows: Rows) -> None:
    with Session(engine) as session:
        (received,) = inbox.store(session, [text(3)], clock.now)
        session.commit()
    assert received == inbox.Received(3, 1, text(3))
    with Session(engine) as session:
        (waiting,) = inbox.waiting_in(session, 1, 9, clock.now)
    assert waiting.raw == text(3)
    assert rows(InboxUpdate)[0].received_at == clock.now


def test_an_update_given_twice_is_kept_once(engine: Engine, clock: Clock, rows: Rows) -> None:
    with Session(engine) as session:
        first = inbox.store(session, [text(1), text(2), text(2)], clock.now)
        again = inbox.store(session, [text(2), text(3), text(1)], clock.now)
        session.commit()
    assert [one.update_id for one in first] == [1, 2]
    assert [one.update_id for one in again] == [3]
    assert len(rows(InboxUpdate)) == 3


def test_what_makes_no_sense_is_kept_beside_the_others(
    engine: Engine, clock: Clock, rows: Rows
) -> None:
    broken: list[Any] = [{"update_id": 2, "message": ["nonsense"]}, {"no": "id"}, None, "x"]
    with Session(engine) as session:
        kept = inbox.store(session, [text(1), *broken, text(3)], clock.now)
        session.commit()
    assert [(one.update_id, one.lane) for one in kept] == [(1, 1), (2, 0), (3, 1)]


@pytest.mark.parametrize(
    "odd",
    [
        {"update_id": 2, "message": {"text": "half a \ud83d, a \x00", "chat": {"id": 7}}},
        {"update_id": 2, "message": {"chat": {"id": 10**30}, "from": {"id": -(2**70)}}},
        {"update_id": 2, "message": reduce(lambda part, _: {"in": part}, range(5000), {})},
        {"update_id": 10**30, "message": {}},
    ],
    ids=["text", "ids", "depth", "update_id"],
)
def test_what_no_database_can_hold_keeps_no_other_from_being_kept(
    engine: Engine, clock: Clock, odd: dict[str, Any]
) -> None:
    with Session(engine) as session:
        kept = inbox.store(session, [{"update_id": 1}, odd, {"update_id": 3}], clock())
        session.commit()
        numbers = [one.update_id for one in kept]
        assert numbers in ([1, 2, 3], [1, 3])
        assert (2 in numbers) is (odd["update_id"] == 2)
        assert sum(len(inbox.waiting_in(session, lane, 9, clock())) for lane in (0, 7)) == len(kept)


def test_what_waits_is_found_by_lane_in_order(engine: Engine, clock: Clock) -> None:
    with Session(engine) as session:
        inbox.store(session, [text(4, 9), text(2, 8), text(3, 9), text(1, 7)], clock.now)
        inbox.mark_done(session, 1, clock.now)
        inbox.quarantine(session, 3, "ValueError", clock.now)
        assert inbox.waiting_lanes(session) == [8, 9]
        found = inbox.waiting_in(session, 9, 5, clock.now + timedelta(seconds=1))
    assert [(one.update_id, one.inherited) for one in found] == [(4, True)]


def test_an_update_is_done_once(engine: Engine, clock: Clock) -> None:
    with Session(engine) as session:
        inbox.store(session, [text(1)], clock.now)
        assert inbox.mark_done(session, 1, clock.now)
        assert not inbox.mark_done(session, 1, clock.now)


def test_what_was_done_long_ago_is_forgotten_and_what_is_quarantined_stays(
    engine: Engine, clock: Clock, rows: Rows
) -> None:
    with Session(engine) as session:
        inbox.store(session, [text(number) for number in range(4)], clock.now)
        inbox.mark_done(session, 0, clock.now)
        inbox.quarantine(session, 1, "KeyError", clock.now)
        clock.advance(3600)
        inbox.mark_done(session, 2, clock.now)
        clock.advance(3000)
        assert inbox.forget_done(session, timedelta(hours=1), now=clock.now) == 1
        session.commit()
    assert [row.update_id for row in rows(InboxUpdate)] == [1, 2, 3]


def test_waiting_updates_are_found_by_their_index(engine: Engine) -> None:
    with engine.connect() as connection:
        plan = connection.exec_driver_sql(
            "EXPLAIN QUERY PLAN SELECT raw FROM inbox_update"
            " WHERE lane = 1 AND done_at IS NULL ORDER BY update_id"
        ).all()
    assert "ix_inbox_waiting" in str(plan)
    assert "TEMP B-TREE" not in str(plan)
