"""A database on a server: each table by COPY, all within one snapshot.

Not by pg_dump: it must be installed beside the bot and be no older than the server, and what it
writes is tied to roles and extensions. The tables are made anew by our own migrations instead, at
the revision that they had, so that an older backup is upgraded as an older database would be.
"""

import json
from collections.abc import Iterator
from typing import Any

from alembic import command
from alembic.util import CommandError
from psycopg import Connection as Driver
from psycopg import sql
from sqlalchemy import Connection, Engine, MetaData, Table, func, inspect, select, text

from bot.backup.archive import BackupError, Reader, Writer
from knowledge.migrations import config_for, locked

VERSION = "alembic_version"
COLUMNS = "database/columns.json"
_ONE_MOMENT = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


def dump(engine: Engine, writer: Writer) -> tuple[str, dict[str, int]]:
    """The revision, and how many rows each table has."""
    rows, columns = {}, {}
    with engine.connect().execution_options(**_ONE_MOMENT) as connection, connection.begin():
        found = revision(connection)
        for table in _tables(connection):
            columns[table.name] = [column.name for column in table.columns]
            with writer.part(_part(table.name)) as part:
                rows[table.name] = _copy_out(_driver(connection), table, part.write)
    with writer.part(COLUMNS) as part:
        part.write(json.dumps(columns).encode())
    return found, rows


def load(engine: Engine, reader: Reader) -> None:
    """Replace what is there, in one transaction. Raises BackupError; then nothing has changed."""
    columns: dict[str, list[str]] = json.loads(b"".join(reader.pieces(COLUMNS)))
    with locked(engine) as connection:
        _drop(connection)
        _make(connection, reader.manifest.schema)
        tables = _tables(connection)
        if {table.name for table in tables} != columns.keys():
            raise BackupError("The tables in this backup are not those of its schema.")
        for table in reversed(tables):  # a migration may have written rows of its own
            connection.execute(table.delete())
        for table in tables:
            if not set(columns[table.name]) <= set(table.columns.keys()):
                raise BackupError(f"The columns of {table.name} are not those of its schema.")
            _copy_in(_driver(connection), table.name, columns[table.name], reader)
        for table in tables:
            _go_on_counting(connection, table)
        reader.manifest.require_rows(dict(_counts(connection, tables)))


def require_idle(engine: Engine) -> None:
    """Raises BackupError where others are connected: a bot would go on with other people's rows."""
    others = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    )
    with engine.connect() as connection:
        found = connection.execute(others).scalar_one()
    if found:
        raise BackupError(f"{found} other sessions use this database: stop the bot first.")


def revision(connection: Connection) -> str:
    """The schema's; empty where there is no database of ours."""
    if not inspect(connection).has_table(VERSION):
        return ""
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")


def _tables(connection: Connection) -> list[Table]:
    """Those that others refer to first."""
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != VERSION]


def _drop(connection: Connection) -> None:
    found = MetaData()
    found.reflect(connection)
    found.drop_all(connection)


def _make(connection: Connection, schema: str) -> None:
    try:
        command.upgrade(config_for(connection), schema)
    except CommandError as error:
        raise BackupError(
            f"This backup was made by a newer Xiaoqi ({error}): restore it with that version."
        ) from error


def _driver(connection: Connection) -> "Driver[Any]":
    found = connection.connection.driver_connection
    assert isinstance(found, Driver)
    return found


def _copy_out(driver: "Driver[Any]", table: Table, write: Any) -> int:
    with driver.cursor() as cursor:
        with cursor.copy(_copy(table.name, list(table.columns.keys()), "TO STDOUT")) as copy:
            for piece in copy:
                write(piece)
        return cursor.rowcount


def _copy_in(driver: "Driver[Any]", name: str, columns: list[str], reader: Reader) -> None:
    with driver.cursor() as cursor, cursor.copy(_copy(name, columns, "FROM STDIN")) as copy:
        for piece in reader.pieces(_part(name)):
            copy.write(piece)


def _copy(name: str, columns: list[str], way: str) -> sql.Composed:
    listed = sql.SQL(", ").join(map(sql.Identifier, columns))
    return sql.SQL("COPY {} ({}) ").format(sql.Identifier(name), listed) + sql.SQL(way)


def _go_on_counting(connection: Connection, table: Table) -> None:
    """The next number of a row is after the last one there is."""
    for column in table.primary_key.columns:
        asked = {"name": f'"{table.name}"', "column": column.name}
        find = text("SELECT pg_get_serial_sequence(:name, :column)")
        sequence = connection.execute(find, asked).scalar()
        if sequence is not None:
            last = connection.execute(select(func.max(column))).scalar() or 0
            connection.execute(select(func.setval(sequence, last + 1, False)))


def _counts(connection: Connection, tables: list[Table]) -> Iterator[tuple[str, int]]:
    for table in tables:
        query = select(func.count()).select_from(table)
        yield table.name, connection.execute(query).scalar_one()


def _part(table: str) -> str:
    return f"database/{table}.copy"
