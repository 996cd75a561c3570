"""A key is changed: everything is sealed anew, in steps that may be cut short."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, insert, select, text
from sqlmodel import Session, SQLModel
from typer.testing import CliRunner

from bot.app import prepare_database
from bot.cli import app
from bot.delivery.tables import table_of
from bot.desk.tables import Consultation, Parked
from bot.sealing import KeyRing, SealError, install, resealing
from bot.sealing.resealing import heads_counted, reseal, sealed_columns
from bot.sealing.ring import head_of, new_key
from bot.settings import Settings
from knowledge.database import open_engine
from tests.bot.desk.conftest import QUESTION, furnish
from tests.bot.sealing.test_columns import raw, row

OLD, NEW = b"o" * 32, b"n" * 32
parked = table_of(Parked)
ALL = SQLModel.metadata


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Seven texts sealed with the old key, and now a new one before it."""
    sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'x.db'}" if sqlite else request.getfixturevalue("postgres_url")
    made = open_engine(url)
    install(made, KeyRing([OLD]))
    SQLModel.metadata.create_all(made)
    with made.begin() as connection:
        connection.execute(insert(parked), [row(f"话{n}") for n in range(7)])
    install(made, KeyRing([NEW, OLD]))
    yield made
    made.dispose()


def texts(engine: Engine) -> list[str | None]:
    with engine.connect() as connection:
        return list(connection.execute(select(parked.c.text).order_by(parked.c.id)).scalars())


def test_everything_is_sealed_with_the_newest_key_and_says_the_same(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resealing, "BATCH", 3)
    before = texts(engine)
    assert reseal(engine, ALL) == 7
    assert heads_counted(engine, ALL) == {head_of(NEW): 7}
    install(engine, KeyRing([NEW]))
    assert texts(engine) == before


def test_what_was_cut_short_goes_on_where_it_ended(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resealing, "BATCH", 3)

    def cut(done: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reseal(engine, ALL, cut)
    assert heads_counted(engine, ALL) == {head_of(NEW): 3, head_of(OLD): 4}
    assert len(texts(engine)) == 7
    assert reseal(engine, ALL) == 4


def test_a_text_that_the_desk_changes_meanwhile_is_not_put_back(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    batches = resealing._batch

    def changed_after_reading(*args: object) -> list[tuple[int, str]]:
        found = batches(*args)
        with Session(engine) as session:
            session.get_one(Parked, 2).text = "后来的话"
            session.commit()
        return found

    monkeypatch.setattr(resealing, "_batch", changed_after_reading)
    reseal(engine, ALL)
    assert texts(engine)[1] == "后来的话"


def test_a_missing_key_stops_it_and_spoils_nothing(engine: Engine) -> None:
    install(engine, KeyRing([NEW]))
    kept = raw(engine, "text FROM parked ORDER BY id")
    with pytest.raises(SealError, match="MESSAGE_KEYS"):
        reseal(engine, ALL)
    assert raw(engine, "text FROM parked ORDER BY id") == kept


def test_every_sealed_column_is_found() -> None:
    found = {f"{one.column.table.name}.{one.column.name}" for one in sealed_columns(ALL)}
    assert found >= {
        "chat.notes",
        "consultation.question",
        "consultation.forwarded",
        "parked.text",
        "inbox_update.raw",
        "delivery.values",
    }


def desk(folder: Path, *keys: str) -> Settings:
    url = f"sqlite:///{folder / 'x.db'}"
    return Settings(
        _env_file=None, var_folder=folder, database_url=url, message_keys=",".join(keys)
    )


def asked(folder: Path, *keys: str) -> int:
    """A question is asked at a desk with these keys: its number."""
    engine = prepare_database(desk(folder, *keys))
    with Session(engine) as session:
        number = furnish(session).ask()
        session.commit()
    engine.dispose()
    return number


def question(folder: Path, number: int, *keys: str) -> str:
    engine = prepare_database(desk(folder, *keys))
    with Session(engine) as session:
        found = session.get_one(Consultation, number).question
    engine.dispose()
    return found


def test_what_an_older_xiaoqi_kept_plain_is_sealed_at_the_start(tmp_path: Path) -> None:
    key = new_key()
    number = asked(tmp_path, key)
    plain = create_engine(f"sqlite:///{tmp_path / 'x.db'}")
    with plain.begin() as connection:
        connection.execute(text("UPDATE consultation SET question = :it"), {"it": QUESTION})
    assert question(tmp_path, number, key) == QUESTION
    assert all(kept.startswith("xq1.") for kept in raw(plain, "question FROM consultation"))


def test_a_key_is_rotated_by_the_command_and_then_needed_no_more(tmp_path: Path) -> None:
    old, new = new_key(), new_key()
    number = asked(tmp_path, old)
    environment = {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'x.db'}",
        "VAR_FOLDER": str(tmp_path),
        "MESSAGE_KEYS": f"{new},{old}",
    }
    result = CliRunner().invoke(app, ["rotate-keys"], env=environment)
    assert result.exit_code == 0, result.output
    assert "no longer needed" in result.output
    assert question(tmp_path, number, new) == QUESTION


def test_the_command_without_the_old_key_says_what_is_missing(tmp_path: Path) -> None:
    asked(tmp_path, new_key())
    environment = {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'x.db'}",
        "VAR_FOLDER": str(tmp_path),
        "MESSAGE_KEYS": new_key(),
    }
    result = CliRunner().invoke(app, ["rotate-keys"], env=environment)
    assert result.exit_code == 2
    assert "Add that key again" in result.output
    assert "Traceback" not in result.output
