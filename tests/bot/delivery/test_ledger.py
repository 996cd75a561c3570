"""What the sender and the outbox read, they find by an index, however much was sent before."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from bot.delivery import ledger, outbox
from tests.bot.delivery.conftest import Clock


@pytest.fixture
def plans(engine: Engine) -> Callable[[Callable[[Session], object]], list[str]]:
    """How SQLite finds what a call reads, a text for each of its statements."""

    def explained(call: Callable[[Session], object]) -> list[str]:
        seen: list[str] = []
        with Session(engine) as session:
            connection = session.connection()
            raw = connection.connection.dbapi_connection
            assert raw is not None
            raw.set_trace_callback(seen.append)  # type: ignore[attr-defined]
            call(session)
            raw.set_trace_callback(None)  # type: ignore[attr-defined]
            reading = [statement for statement in seen if not statement.startswith("INSERT")]
            return [
                str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}").all())
                for statement in reading
            ]

    return explained


Plans = Callable[[Callable[[Session], object]], list[str]]


def test_the_deliveries_of_a_chat_are_read_in_their_order_without_sorting(plans: Plans) -> None:
    (plan,) = plans(lambda session: ledger.load(session, [5], 16))
    assert "ix_delivery_due" in plan
    assert "TEMP B-TREE" not in plan


def test_a_slot_is_found_by_its_index(plans: Plans, clock: Clock) -> None:
    def claim(session: Session) -> None:
        outbox.owe_card(session, 5, "progress", {}, now=clock.now, slot="load")
        ledger.claim(session, session.info["owed"], clock.now)

    later, claimed, shown = plans(claim)
    assert "ix_delivery_slot" in later
    assert "ix_delivery_slot" in shown
    assert "INTEGER PRIMARY KEY" in claimed


def test_what_was_under_way_is_found_by_its_index(plans: Plans, clock: Clock) -> None:
    plan, _ = plans(lambda session: ledger.recover(session, clock.now))
    assert "ix_delivery_sending" in plan


def test_the_parts_of_an_album_are_found_by_an_index(plans: Plans, clock: Clock) -> None:
    def claim(session: Session) -> None:
        outbox.owe_copy(session, 5, (1, 2), now=clock.now, thread=3, album="9")
        ledger.claim(session, session.info["owed"], clock.now)

    (parts,) = plans(claim)
    assert "ix_delivery_due" in parts


def test_the_consultation_of_a_copy_or_a_card_is_found_by_an_index(plans: Plans) -> None:
    pairs, cards = plans(lambda session: outbox.thread_of(session, 5, 77))
    assert "ix_pair_copy" in pairs
    assert "ix_pair_source" in pairs
    assert "ix_delivery_card_sent" in cards


def test_the_counterpart_of_a_reply_is_found_by_an_index(plans: Plans, clock: Clock) -> None:
    def claim(session: Session) -> None:
        outbox.owe_copy(session, 5, (1, 2), now=clock.now, thread=3, reply_to=(1, 1))
        ledger.claim(session, session.info["owed"], clock.now)

    _, counterpart, *_ = plans(claim)
    assert "ix_pair_copy" in counterpart
    assert "ix_pair_source" in counterpart
