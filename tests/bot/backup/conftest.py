"""A desk with a talk in progress, on SQLite and then on PostgreSQL, and an empty place."""

import base64
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from pydantic import SecretStr
from sqlalchemy import Engine, make_url
from sqlmodel import Session

from bot.app import prepare_database
from bot.desk import talking
from bot.indexing import snapshots
from bot.settings import Settings
from retrieval.snapshot import TextCache, write_snapshot
from tests.bot.desk.conftest import ASKER, NOW, furnish
from tests.retrieval.fakes import CORPUS, HashedWords

KEY = base64.urlsafe_b64encode(bytes(range(32))).decode()
SAID = "模具温度一直是180度"
Place = Callable[[str], Settings]


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """Settings of an empty place of its own, by a name."""
    made: dict[str, str] = {}

    def at(name: str) -> Settings:
        folder = tmp_path / name
        if request.param == "sqlite":
            url = f"sqlite:///{folder / 'xiaoqi.db'}"
        else:
            url = made[name] = another_database(request.getfixturevalue("postgres_server"), name)
        return Settings(
            _env_file=None, database_url=url, var_folder=folder, message_keys=SecretStr(KEY)
        )

    yield at
    for name in made:
        with psycopg.connect(
            request.getfixturevalue("postgres_server"), autocommit=True
        ) as connection:
            connection.execute(f"DROP DATABASE backup_{name} WITH (FORCE)".encode())


def another_database(server: str, name: str) -> str:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE backup_{name}".encode())
    return make_url(server).set(database=f"backup_{name}").render_as_string(hide_password=False)


@pytest.fixture
def desk(place: Place) -> Settings:
    """A desk in the middle of a talk: what was said last is still owed."""
    settings = place("desk")
    engine = prepare_database(settings)
    with Session(engine) as session:
        office = furnish(session)
        number = office.talk()
        talking.relay(session, office.heard(ASKER, SAID), number, now=NOW)
        session.commit()
    engine.dispose()
    cache = TextCache(settings.var_folder / "vectors.db")
    write_snapshot(snapshots(settings.var_folder), CORPUS, HashedWords(), cache=cache)
    uploads = settings.var_folder / "uploads"
    uploads.mkdir()
    (uploads / "7.csv").write_bytes(b"id\n")
    return settings


def rows_of(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    """Every row as the database itself has it, sealed."""
    from sqlalchemy import MetaData, select

    found = MetaData()
    found.reflect(engine)
    with engine.connect() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(select(table))), key=repr)
            for table in found.sorted_tables
        }
