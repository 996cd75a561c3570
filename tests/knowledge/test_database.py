import threading
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, SQLModel, select

from knowledge.database import DatabaseAwayError, open_engine, read_only
from knowledge.tables import Organisation, OrganisationKind


def quick_to_give_up(folder: Path) -> Engine:
    return open_engine(f"sqlite:///{folder}/x.db?timeout=0.05")


def test_sqlite_keeps_every_commit_and_every_key(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/new/folder/x.db")
    with engine.connect() as connection:
        pragma = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    engine.dispose()
    full = 2
    assert pragma["journal_mode"] == "wal"
    assert (pragma["synchronous"], pragma["foreign_keys"]) == (full, 1)
    assert pragma["busy_timeout"] >= 10_000


def test_a_transaction_that_has_read_may_always_write(engine: Engine) -> None:
    """Eight threads read a count and write the next one: none fails, none is lost."""
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE tally (n INTEGER)"))
        connection.execute(text("INSERT INTO tally VALUES (0)"))

    def add() -> None:
        for _ in range(10):
            with Session(engine) as session:
                lock = "" if engine.dialect.name == "sqlite" else " FOR UPDATE"
                count = session.execute(text(f"SELECT n FROM tally{lock}")).scalar_one()
                session.execute(text("UPDATE tally SET n = :n"), {"n": count + 1})
                session.commit()

    threads = [threading.Thread(target=add) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT n FROM tally")).scalar() == 80


def test_a_reader_does_not_wait_for_a_writer(tmp_path: Path) -> None:
    engine = quick_to_give_up(tmp_path)
    SQLModel.metadata.create_all(engine)
    with Session(engine) as writer:
        writer.add(Organisation(key="zju", kind=OrganisationKind.UNIVERSITY))
        writer.flush()
        with Session(read_only(engine)) as reader:
            assert reader.exec(select(Organisation)).all() == []
        writer.commit()
    with Session(read_only(engine)) as reader:
        assert len(reader.exec(select(Organisation)).all()) == 1
    engine.dispose()


def test_a_reader_can_not_write(engine: Engine) -> None:
    with Session(read_only(engine)) as reader:
        reader.add(Organisation(key="zju", kind=OrganisationKind.UNIVERSITY))
        with pytest.raises(DBAPIError, match=r"(?i)read.?only"):
            reader.commit()
    with Session(engine) as writer:
        writer.add(Organisation(key="zju", kind=OrganisationKind.UNIVERSITY))
        writer.commit()


def test_a_writer_that_waits_in_vain_says_who_is_in_the_way(tmp_path: Path) -> None:
    engine = quick_to_give_up(tmp_path)
    with engine.begin():
        for _ in range(2):
            with pytest.raises(DatabaseAwayError, match="another program holds it"):
                engine.begin().__enter__()
    with engine.begin() as connection:
        assert connection.execute(text("SELECT 1")).scalar() == 1
    engine.dispose()


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("nonsense", "malformed"),
        ("postgresql://user:secret@host:port/x", "malformed"),
        ("mysql://user:secret@host/x", "SQLite .* or PostgreSQL"),
        ("sqlite://", "no file"),
        ("sqlite:///:memory:", "no file"),
        ("sqlite:////proc/nowhere/x.db", "can't be made"),
        ("sqlite:////dev", "may be written"),
        ("postgres://user:secret@127.0.0.1:1/x", "start it, or mend DATABASE_URL"),
    ],
)
def test_a_database_that_can_not_be_used_is_told_without_its_password(url: str, told: str) -> None:
    with pytest.raises(DatabaseAwayError, match=told) as raised:
        open_engine(url)
    assert "secret" not in str(raised.value)


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "letter.db"
    path.write_text("Dear Sir or Madam, " * 100)
    with pytest.raises(DatabaseAwayError, match="no SQLite database"):
        open_engine(f"sqlite:///{path}")
    assert path.read_text().startswith("Dear")


def test_a_server_that_goes_away_is_named(postgres_url: str, postgres_server: str) -> None:
    engine = open_engine(postgres_url)
    name = engine.url.database
    other = create_engine(postgres_server.replace("postgresql", "postgresql+psycopg"))
    with engine.connect() as connection:
        with other.connect() as killer:
            query = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"
            killer.execute(text(query), {"name": name})
        with pytest.raises(DatabaseAwayError, match=f"{name}.*start it"):
            connection.execute(text("SELECT 1"))
    with engine.connect() as connection:
        assert connection.execute(text("SELECT 1")).scalar() == 1
    engine.dispose()
    other.dispose()


@pytest.mark.parametrize("name", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgresql_goes_by_its_usual_names(postgres_url: str, name: str) -> None:
    engine = open_engine(postgres_url.replace("postgresql", name, 1))
    assert engine.driver == "psycopg"
    engine.dispose()
