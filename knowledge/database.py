"""Opens the database: SQLite in a file by default, PostgreSQL by its URL."""

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, ExceptionContext, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

# A writer waits this long for another. The longest transaction of ours, the reload of 100,000
# rows, holds the database for well under half of it.
BUSY_SECONDS = 60.0
CONNECT_SECONDS = 10
_POSTGRES_NAMES = {"postgres", "postgresql", "postgresql+psycopg"}
_MEND_SQLITE = {
    sqlite3.SQLITE_BUSY: "another program holds it: close that program, then try again",
    sqlite3.SQLITE_CANTOPEN: "check that the folder exists and may be written to",
    sqlite3.SQLITE_READONLY: "allow this user to write the file and its folder",
    sqlite3.SQLITE_FULL: "the disk is full: free some space",
    sqlite3.SQLITE_IOERR: "the disk fails: look at the system's log",
    sqlite3.SQLITE_NOTADB: "the file is no SQLite database: move it away or mend DATABASE_URL",
    sqlite3.SQLITE_CORRUPT: "the file is damaged: restore it from a backup",
}


class DatabaseAwayError(Exception):
    """The database can't be used now; the text says where it is (no password) and what to mend."""


def open_engine(url: str) -> Engine:
    """An engine that has reached its database once. Raises DatabaseAwayError.

    A transaction on SQLite takes the write lock as it begins (see `read_only` for the others), so
    none that has read is refused when it comes to write. Whatever later use finds the database
    away raises DatabaseAwayError as well. No error quotes a statement's values: they are people's
    words.
    """
    target = _target(url)
    if target.get_backend_name() == "sqlite":
        engine = _sqlite_engine(target)
    else:
        engine = create_engine(
            target,
            hide_parameters=True,
            pool_pre_ping=True,
            connect_args={"connect_timeout": CONNECT_SECONDS},
        )
    event.listen(engine, "handle_error", _tell_what_to_mend)
    engine.connect().close()
    return engine


def read_only(engine: Engine) -> Engine:
    """The same engine and pool, whose transactions may only read and never wait for a writer."""
    return engine.execution_options(read_only=True, postgresql_readonly=True)


def _target(url: str) -> URL:
    try:
        target = make_url(url)
        if target.drivername in _POSTGRES_NAMES:
            return target.set(drivername="postgresql+psycopg")
        target.get_dialect()
    except (ArgumentError, NoSuchModuleError, ValueError):
        raise DatabaseAwayError(
            "DATABASE_URL is malformed. Write sqlite:///var/xiaoqi.db or"
            " postgresql://user:password@host:5432/xiaoqi"
        ) from None
    if target.drivername not in ("sqlite", "sqlite+pysqlite"):
        raise DatabaseAwayError(
            f"DATABASE_URL names {target.drivername}. Xiaoqi keeps its data in SQLite"
            " (sqlite:///var/xiaoqi.db) or PostgreSQL (postgresql://user:password@host/xiaoqi)."
        )
    if target.database in (None, "", ":memory:") or "mode" in target.query:
        raise DatabaseAwayError(
            "DATABASE_URL names no file, so nothing would outlive the process. Write"
            " sqlite:///var/xiaoqi.db"
        )
    return target


def _sqlite_engine(target: URL) -> Engine:
    folder = Path(target.database or "").parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseAwayError(
            f"The folder {folder} can't be made ({error.strerror}): make it, or mend DATABASE_URL."
        ) from error
    waiting = {} if "timeout" in target.query else {"timeout": BUSY_SECONDS}
    engine = create_engine(target, hide_parameters=True, connect_args=waiting)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, record: Any) -> None:  # noqa: ARG001 (SQLAlchemy's signature)
    # The driver would begin by itself, deferred and only before a write: too late for a lock.
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode = WAL")
    # In WAL mode only FULL survives a power cut with every commit.
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def _begin_sqlite(connection: Connection) -> None:
    reads = bool(connection.get_execution_options().get("read_only", False))
    if connection.info.get("read_only", False) != reads:
        connection.exec_driver_sql(f"PRAGMA query_only = {int(reads)}")
        connection.info["read_only"] = reads
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _tell_what_to_mend(context: ExceptionContext) -> None:
    if context.engine is None or context.is_pre_ping:
        return
    error = context.original_exception
    if isinstance(error, sqlite3.Error):
        mend = None if _reads_only(context) else _MEND_SQLITE.get(_primary_code(error))
    elif context.is_disconnect or context.connection is None:
        mend = "start it, or mend DATABASE_URL"
    else:
        mend = None
    if mend is not None:
        raise DatabaseAwayError(_sentence(context.engine.url, error, mend)) from error


def _reads_only(context: ExceptionContext) -> bool:
    """Whether a write was refused because the code said it would only read: its own fault."""
    connection = context.connection
    return connection is not None and bool(connection.get_execution_options().get("read_only"))


def _primary_code(error: sqlite3.Error) -> int:
    """SQLite's error code without its extension, which stands in the higher bytes."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _sentence(url: URL, error: BaseException, mend: str) -> str:
    place = f"{url.database} at {url.host}:{url.port or 5432}" if url.host else url.database
    reason = next(iter(str(error).strip().splitlines()), type(error).__name__)
    if url.password:
        reason = reason.replace(str(url.password), "***")
    return f"The database {place} can't be used ({reason}): {mend}."
