"""A database in a file: copied by SQLite itself, page by page, while others write to it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from bot.backup.archive import BackupError

NAME = "database/xiaoqi.db"
# Beside the file while it is in use; without it they mean nothing, and with another one harm.
BESIDE = ("-wal", "-shm", "-journal")


def copy(source: Path, target: Path) -> dict[str, int]:
    """All of it as of one moment, in one file; how many rows each table has."""
    with _opened(source, "?mode=ro") as live, _opened(target) as made:
        live.backup(made)
        made.execute("PRAGMA journal_mode = DELETE")
        return _counted(made)


def check(path: Path) -> dict[str, int]:
    """Rows of each table, once every page and every key has been looked at."""
    with _opened(path, "?mode=ro") as found:
        (told,) = found.execute("PRAGMA integrity_check").fetchone()
        if told != "ok":
            raise BackupError(f"The database in this backup is damaged ({told}).")
        if found.execute("PRAGMA foreign_key_check").fetchone() is not None:
            raise BackupError("Rows of the database in this backup point nowhere.")
        return _counted(found)


def put(path: Path, target: Path) -> None:
    """Make `path`, on the same disk, the database; what was there goes.

    Raises BackupError where another program has that open: it would go on with a file that is gone.
    """
    if target.exists():
        _require_idle(target)
    for end in BESIDE:
        target.with_name(target.name + end).unlink(missing_ok=True)
    path.replace(target)


def _require_idle(target: Path) -> None:
    """To leave WAL mode SQLite must be alone with the file; it also takes in what lies beside."""
    uri = f"{target.absolute().as_uri()}?mode=rw"
    try:
        with closing(sqlite3.connect(uri, uri=True, timeout=1.0)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.Error as error:
        # A damaged one is what a backup is for.
        if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise BackupError(f"{target} is in use: stop the bot first.") from error


def revision(path: Path) -> str:
    """The schema's; empty where there is no database of ours."""
    if not path.exists():
        return ""
    with _opened(path, "?mode=ro") as found:
        tables = "SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'"
        if found.execute(tables).fetchone() is None:
            return ""
        row = found.execute("SELECT version_num FROM alembic_version").fetchone()
        return str(row[0]) if row else ""


def _counted(connection: sqlite3.Connection) -> dict[str, int]:
    names = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'sqlite_*'"
        " ORDER BY name"
    ).fetchall()
    return {
        name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608 (the schema's own names)
        for (name,) in names
    }


@contextmanager
def _opened(path: Path, how: str = "") -> Iterator[sqlite3.Connection]:
    """As a URI: a plain path would make the file that isn't there. Raises BackupError."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}{how}", uri=True)) as connection:
            yield connection
    except sqlite3.Error as error:
        raise BackupError(f"The database {path} can't be used ({error}).") from error
