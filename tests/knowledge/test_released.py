"""What each released version kept outlives the way to the newest schema: all of it, and sealed."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, Engine, MetaData, Table
from sqlalchemy import select as select_columns
from sqlmodel import Session, SQLModel, select

from bot.app import prepare_database
from bot.delivery import inbox
from bot.delivery.ledger import load, recover
from bot.desk import offering, talking
from bot.desk.tables import Offer, OfferState
from bot.desk.views import Heard
from bot.sealing.columns import SealedJson, SealedText, ring_of
from bot.sealing.ring import KeyRing, is_sealed, key_from
from bot.settings import Settings
from knowledge.database import open_engine
from knowledge.migrations import config_for, locked
from tests.conftest import KEY
from tests.knowledge.test_migrations import differences

FOLDER = Path(__file__).parent / "released"
RELEASED = [path.stem for path in sorted(FOLDER.glob("*.sql"))]
NOW = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)
Rows = dict[str, dict[tuple[Any, ...], dict[str, Any]]]


@pytest.fixture(params=RELEASED)
def release(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def kept(database_url: str, release: str) -> Rows:
    """A database as that release left it; every row of it."""
    engine = open_engine(database_url)
    with locked(engine) as connection:
        command.upgrade(config_for(connection), release)
    with engine.begin() as connection:
        for name in RELEASED[: RELEASED.index(release) + 1]:
            insert(connection, FOLDER / f"{name}.sql")
        go_on_counting(connection)
    found = rows_of(engine)
    engine.dispose()
    return found


@pytest.fixture
def upgraded(kept: Rows, database_url: str, tmp_path: Path) -> Iterator[Engine]:
    """As the newest version starts on it."""
    engine = prepare_database(
        Settings(_env_file=None, database_url=database_url, var_folder=tmp_path, message_keys=KEY)
    )
    yield engine
    engine.dispose()


def insert(connection: Connection, path: Path) -> None:
    """Each statement of a file, with SEAL('...') as the release would have sealed it."""
    ring = KeyRing([key_from(KEY)])
    plain = "\n".join(line for line in path.read_text().splitlines() if not line.startswith("--"))
    sealed = re.sub(r"SEAL\('([^']*)'\)", lambda found: f"'{ring.seal(found[1])}'", plain)
    for statement in sealed.split(";\n"):
        if statement.strip(" ;\n"):
            connection.exec_driver_sql(statement)


def go_on_counting(connection: Connection) -> None:
    """Rows with numbers given by hand leave PostgreSQL's sequences behind."""
    if connection.dialect.name != "postgresql":
        return
    for table in tables_of(connection):
        if "id" in table.columns and table.columns["id"].autoincrement is not False:
            connection.exec_driver_sql(
                f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'),"
                f" (SELECT coalesce(max(id), 0) + 1 FROM {table.name}), false)"
            )


def tables_of(of: Engine | Connection) -> list[Table]:
    found = MetaData()
    found.reflect(of)
    return [table for table in found.sorted_tables if table.name != "alembic_version"]


def rows_of(engine: Engine) -> Rows:
    """By table and key, as the database itself has them."""
    with engine.connect() as connection:
        return {
            table.name: {
                tuple(row[key.name] for key in table.primary_key): dict(row)
                for row in connection.execute(select_columns(table)).mappings()
            }
            for table in tables_of(engine)
        }


def test_every_table_of_a_release_has_rows_in_the_fixture(kept: Rows) -> None:
    """A release that adds a table adds rows of it here."""
    assert [name for name, rows in kept.items() if not rows] == []


def test_no_row_and_no_value_is_lost(kept: Rows, upgraded: Engine) -> None:
    now, ring = rows_of(upgraded), ring_of(upgraded.dialect)
    for name, rows in kept.items():
        columns = SQLModel.metadata.tables[name].columns
        assert now[name].keys() == rows.keys()
        for key, row in rows.items():
            for column, before in row.items():
                after = now[name][key][column]
                kind = columns[column].type
                if isinstance(kind, SealedText):
                    assert ring.open(after) == ring.open(before)
                elif isinstance(kind, SealedJson):
                    assert json.loads(ring.open(after)) == plain(before, ring)
                else:
                    assert after == before, f"{name}.{column}"


def plain(before: Any, ring: KeyRing) -> Any:
    """What an older release may have kept as JSON, which PostgreSQL's driver reads by itself."""
    return json.loads(ring.open(before)) if isinstance(before, str) else before


def test_what_is_to_be_sealed_is_sealed(upgraded: Engine) -> None:
    found = rows_of(upgraded)
    sealed = 0
    for table in SQLModel.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, (SealedText, SealedJson)):
                values = [row[column.name] for row in found[table.name].values()]
                told = [value for value in values if value not in ("", "{}", "[]", "null", None)]
                assert all(map(is_sealed, told)), f"{table.name}.{column.name}"
                sealed += len(told)
    assert sealed >= 10


def test_the_schema_is_that_of_the_code_and_every_row_can_be_read(upgraded: Engine) -> None:
    assert differences(upgraded) == []
    with Session(upgraded) as session:
        for mapper in SQLModel._sa_registry.mappers:
            session.exec(select(mapper.class_)).all()


def test_the_desk_goes_on_where_the_release_left_it(upgraded: Engine) -> None:
    with Session(upgraded) as session:
        # What was waiting is treated, what was owed is sent: the one under way once more.
        assert inbox.waiting_in(session, 1001, 9, NOW)[0].update_id == 900
        recover(session, NOW)
        assert [owed.id for owed in load(session, [1002], 9)[1002]] == [3]
        # The talk goes on, and a reply finds the message it is to.
        heard = Heard(1001, 62, "四米每秒可以吗", reply_to=52)
        talking.relay(session, heard, 1, now=NOW)
        session.flush()
        group = -1001234567890  # where the fourth release's mentor talks
        owed = [one for chat in load(session, [1002, group], 9).values() for one in chat]
        copies = [one for one in owed if one.method == "copyMessage"]
        assert [(one.source_message, one.reply_message) for one in copies] == [(62, 52)]
        # The open offer passes on in its time.
        offering.expire_due(session, timedelta(days=1), now=NOW + timedelta(days=9))
        assert session.get_one(Offer, 3).state is OfferState.EXPIRED
