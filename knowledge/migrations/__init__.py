"""One chain of revisions for every table of the database, the conversation's included."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, text

from knowledge.database import DatabaseAwayError

FOLDER = Path(__file__).parent
# Any number will do that nobody else locks by: this is "xiaoqi" in ASCII.
_POSTGRES_LOCK = int.from_bytes(b"xiaoqi")


def upgrade(engine: Engine) -> None:
    """Bring the schema to the newest revision, or change nothing.

    Of two processes that start at once one waits for the other. Raises DatabaseAwayError for a
    database that a newer Xiaoqi made.
    """
    with locked(engine) as connection:
        try:
            command.upgrade(config_for(connection), "head")
        except CommandError as error:
            raise DatabaseAwayError(
                f"The database was made by a newer Xiaoqi ({error}). Install that version, or name"
                " another database in DATABASE_URL."
            ) from error


def config_for(connection: Connection) -> Config:
    """Alembic's configuration, without a file, to work within this connection's transaction."""
    # Alembic keeps its options in an ini parser, for which a percent sign begins a reference.
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


@contextmanager
def locked(engine: Engine) -> Iterator[Connection]:
    """One transaction that nobody else can migrate beside."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            with _sqlite_locked(connection):
                yield connection
        else:
            with connection.begin():
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_POSTGRES_LOCK})"))
                yield connection


@contextmanager
def _sqlite_locked(connection: Connection) -> Iterator[None]:
    """Keys are off meanwhile, for SQLite alters a table by dropping and refilling it."""
    raw = connection.connection.dbapi_connection
    assert raw is not None
    cursor = raw.cursor()
    cursor.execute("PRAGMA foreign_keys = OFF")
    try:
        with connection.begin():
            yield
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise RuntimeError(f"a migration left rows that point nowhere: {broken[:3]}")
    finally:
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()
