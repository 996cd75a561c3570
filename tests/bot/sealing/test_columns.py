"""Sealed columns, by the ORM and by the core, on both databases."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, bindparam, create_engine, insert, select, text, update
from sqlmodel import Session, SQLModel, col

from bot.delivery import inbox
from bot.delivery.ledger import load
from bot.delivery.outbox import owe_card
from bot.delivery.tables import Delivery, InboxUpdate, table_of
from bot.desk.tables import Parked
from bot.sealing import KeyRing, SealError, install
from bot.sealing.columns import ring_of
from knowledge.database import open_engine, read_only

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
WORDS = "铝压铸件有气孔"
parked = table_of(Parked)


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'x.db'}" if sqlite else request.getfixturevalue("postgres_url")
    made = open_engine(url)
    install(made, KeyRing([b"k" * 32]))
    SQLModel.metadata.create_all(made)
    yield made
    made.dispose()


def raw(engine: Engine, what: str) -> list[Any]:
    """As the database itself has it."""
    with engine.connect() as connection:
        return list(connection.execute(text(f"SELECT {what}")).scalars())


def row(words: str = WORDS) -> dict[str, Any]:
    return {"chat_id": 1, "message_id": 2, "kind": "text", "text": words, "parked_at": NOW}


def test_what_the_orm_writes_is_sealed_and_read_again(engine: Engine) -> None:
    with Session(engine) as session:
        session.add(Parked(**row()))
        session.commit()
    (kept,) = raw(engine, "text FROM parked")
    assert WORDS not in kept
    with Session(engine) as session:
        assert session.get_one(Parked, 1).text == WORDS


def test_a_core_insert_with_returning_and_of_many_rows_is_sealed(engine: Engine) -> None:
    with engine.begin() as connection:
        statement = insert(parked).returning(parked.c.text)
        returned = connection.execute(statement, [row("一"), row("二")]).scalars().all()
        connection.execute(insert(parked), [row("三"), row("四")])
    assert returned == ["一", "二"]
    assert all(kept.startswith("xq1.") for kept in raw(engine, "text FROM parked"))


def test_a_statement_built_once_seals_and_opens_each_time(engine: Engine) -> None:
    change = update(parked).where(parked.c.id == bindparam("this")).values(text=bindparam("new"))
    find = select(parked.c.text).where(parked.c.id == bindparam("this"))
    with engine.begin() as connection:
        connection.execute(insert(parked), row())
        for words in ("一", "二", ""):
            connection.execute(change, {"this": 1, "new": words})
            assert connection.execute(find, {"this": 1}).scalar() == words


def test_a_reading_engine_has_the_keys_of_the_one_it_is_made_from(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(insert(parked), row())
    with read_only(engine).connect() as connection:
        assert connection.execute(select(parked.c.text)).scalar() == WORDS


def test_an_update_and_a_delivery_are_sealed_on_their_way(engine: Engine) -> None:
    with Session(engine) as session:
        update_of_it = {"update_id": 1, "message": {"chat": {"id": 5}, "text": WORDS}}
        inbox.store(session, [update_of_it], NOW)
        owe_card(session, 5, "notice", {"code": "x", "values": {"text": WORDS}}, now=NOW)
        session.commit()
        assert inbox.waiting_in(session, 5, 9, NOW)[0].raw == update_of_it
        assert load(session, [5], 9)[5][0].values["values"] == {"text": WORDS}
    for kept in (*raw(engine, "raw FROM inbox_update"), *raw(engine, '"values" FROM delivery')):
        assert WORDS not in kept
        assert kept.startswith("xq1.")


def test_values_that_say_nothing_are_left_as_they_are(engine: Engine) -> None:
    with Session(engine) as session:
        session.add(Delivery(chat_id=1, method="copyMessage", owed_at=NOW))
        session.commit()
        assert session.get_one(Delivery, 1).values == {}
    assert raw(engine, '"values" FROM delivery') == ["{}"]


def test_a_sealed_column_is_never_searched_in_vain() -> None:
    with pytest.raises(TypeError, match="can't be searched"):
        select(InboxUpdate).where(col(InboxUpdate.raw).contains(WORDS))
    with pytest.raises(TypeError, match="can't be searched"):
        select(Parked).where(col(Parked.text) == WORDS)


def test_each_engine_has_its_own_keys(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'x.db'}"
    first, second = open_engine(url), open_engine(url)
    install(first, KeyRing([b"1" * 32]))
    install(second, KeyRing([b"2" * 32]))
    SQLModel.metadata.create_all(first)
    with first.begin() as connection:
        connection.execute(insert(parked), row())
    with second.connect() as connection, pytest.raises(SealError, match="MESSAGE_KEYS"):
        connection.execute(select(parked.c.text)).all()


def test_an_engine_without_keys_says_so() -> None:
    with pytest.raises(SealError, match="has no keys"):
        ring_of(create_engine("sqlite://").dialect)
