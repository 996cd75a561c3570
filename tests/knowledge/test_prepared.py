"""What the driver runs by itself gives what SQLAlchemy's own execution gives."""

from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

import pytest
from sqlalchemy import (
    JSON,
    Column,
    Engine,
    Integer,
    MetaData,
    Table,
    Text,
    bindparam,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError, InternalError, OperationalError, StatementError
from sqlmodel import Session

from knowledge.database import DatabaseAwayError, open_engine, read_only
from knowledge.prepared import Prepared
from knowledge.tables.columns import UtcDateTime, word

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class Fruit(StrEnum):
    PEAR = "pear"
    PLUM = "plum"


basket = Table(
    "basket",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("fruit", word(Fruit), nullable=False),
    Column("picked_at", UtcDateTime),
    Column("notes", JSON),
    Column("label", Text, unique=True),
)
row = basket.c
PUT = Prepared(insert(basket).returning(row.id), ["fruit", "picked_at", "notes", "label"])
PLUMS = Prepared(
    select(row.fruit, row.picked_at, row.notes, row.label)
    .where(row.fruit == Fruit.PLUM, row.id >= bindparam("least"))
    .order_by(row.id)
)
LABEL = Prepared(
    update(basket).where(row.id == bindparam("this")).values(label=bindparam("become"))
)


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    if request.param == "postgres":
        made = open_engine(request.getfixturevalue("postgres_url"))
    else:
        made = open_engine(f"sqlite:///{tmp_path / 'basket.db'}")
    basket.create(made)
    yield made
    made.dispose()


def put(session: Session, label: str, fruit: Fruit = Fruit.PLUM) -> int:
    (made,) = PUT.rows(
        session, fruit=fruit, picked_at=NOW, notes={"成熟": [1, "100%"]}, label=label
    )
    number: int = made.id
    return number


def test_values_are_converted_both_ways_as_their_columns_say(engine: Engine) -> None:
    with Session(engine) as session:
        put(session, "梨", Fruit.PEAR)
        put(session, "李子 100%")
        found = PLUMS.rows(session, least=0)
        usual = session.connection().execute(select(basket).where(row.label == "李子 100%")).one()
    assert [tuple(one) for one in found] == [tuple(usual)[1:]]
    assert found[0].fruit is Fruit.PLUM
    assert found[0].picked_at == NOW
    assert found[0].notes == {"成熟": [1, "100%"]}


def test_a_change_says_how_many_rows_it_changed(engine: Engine) -> None:
    with Session(engine) as session:
        number = put(session, "one")
        assert LABEL.change(session, this=number, become="two") == 1
        assert LABEL.change(session, this=number + 1, become="three") == 0
        LABEL.change_each(session, [{"this": number, "become": text} for text in ("four", None)])
        assert PLUMS.rows(session, least=0)[0].label is None


def test_what_the_session_does_belongs_to_the_same_transaction(engine: Engine) -> None:
    with Session(engine) as session:
        put(session, "gone")
        session.rollback()
        assert PLUMS.rows(session, least=0) == []
    with engine.connect() as connection:
        with connection.begin() as around, Session(connection) as session:
            put(session, "gone too")
            around.rollback()
        with Session(connection) as session:
            assert PLUMS.rows(session, least=0) == []


def test_a_wrong_or_missing_value_is_named(engine: Engine) -> None:
    with Session(engine) as session, pytest.raises(TypeError, match=r"takes \['least'\]"):
        PLUMS.rows(session, most=1)


def test_an_error_is_the_one_that_sqlalchemy_raises(engine: Engine) -> None:
    with Session(engine) as session:
        number = put(session, "same")
        other = put(session, "other")
        session.commit()
        with pytest.raises(IntegrityError):
            LABEL.change(session, this=other, become="same")
        session.rollback()
        with pytest.raises(IntegrityError):
            LABEL.change_each(session, [{"this": other, "become": "same"}])
        session.rollback()
        assert LABEL.change(session, this=number, become="free") == 1
    with Session(read_only(engine)) as session, pytest.raises((OperationalError, InternalError)):
        LABEL.change(session, this=number, become="written")


def test_no_error_quotes_what_a_statement_was_given(engine: Engine) -> None:
    """A moment without a zone is taken by no column: the error has no word of the rest."""
    values = {"fruit": Fruit.PLUM, "picked_at": NOW.replace(tzinfo=None), "label": "机密配方"}
    with Session(engine) as session:
        for run in (
            lambda: PUT.rows(session, notes={}, **values),
            lambda: session.connection().execute(insert(basket), values),
        ):
            with pytest.raises((ValueError, StatementError), match="no time zone") as error:
                run()
            assert "机密" not in str(error.value)
            session.rollback()


def test_a_lost_connection_is_given_up_and_the_next_one_works(postgres_url: str) -> None:
    engine = open_engine(postgres_url)
    basket.create(engine)
    with Session(engine) as session, Session(engine) as other:
        put(session, "before")
        mine = session.connection().exec_driver_sql("SELECT pg_backend_pid()").scalar()
        other.connection().exec_driver_sql(f"SELECT pg_terminate_backend({mine})")
        with pytest.raises(DatabaseAwayError, match="start it"):
            put(session, "after")
        session.rollback()
        put(session, "again")
    engine.dispose()


def test_a_full_disk_says_what_to_mend(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'small.db'}")
    basket.create(engine)
    with Session(engine) as session:
        session.connection().exec_driver_sql("PRAGMA max_page_count = 8")
        with pytest.raises(DatabaseAwayError, match="free some space"):
            put(session, "长" * 100_000)
    engine.dispose()
