"""Connections to the PostgreSQL server that keeps the index, and the schema it is kept in."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

import psycopg
from psycopg import Connection, errors
from psycopg_pool import ConnectionPool

from retrieval.errors import BrokenSnapshotError, SnapshotError, StoreAwayError

# Raised with each change of the tables; a step for each stands in _STEPS.
VERSION: Final = 1
# Iterative scans, without which a filter would leave too few of the nearest, came with 0.8.
OLDEST: Final = (0, 8)
CONNECTIONS, CONNECT_SECONDS = 8, 10.0
# Any two numbers nobody else locks by: who changes the tables, who writes a snapshot.
SCHEMA_LOCK = int.from_bytes(b"xiaoqi-i")
WRITER_LOCK = int.from_bytes(b"xiaoqi-w")
# Set once a connection, for a question has no round trip to spare.
_SETTINGS: Final = {
    # How many the graph keeps in view: chosen by measure (docs/benchmarks.md).
    "hnsw.ef_search": "800",
    # Behind a filter the scan goes on until enough rows have passed.
    "hnsw.iterative_scan": "relaxed_order",
    "hnsw.max_scan_tuples": "200000",
    "hnsw.scan_mem_multiplier": "8",
    # Where the graph can give the order nothing is sorted, whatever the planner thinks of costs.
    "enable_sort": "off",
    # Compiling a statement takes longer than any of ours.
    "jit": "off",
    # A writer whose machine went dark gives its lock back within two minutes.
    "tcp_keepalives_idle": "60",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "6",
}
OPTIONS = " ".join(f"-c {name}={value}" for name, value in _SETTINGS.items())
# A server that is there and has no room, on its disk or in /dev/shm.
_FULL: Final = (errors.DiskFull, errors.OutOfMemory)
_STEPS: Final = (
    """
    CREATE TABLE retrieval.snapshot (
        number integer PRIMARY KEY,
        identity uuid NOT NULL DEFAULT gen_random_uuid(),
        created timestamptz NOT NULL DEFAULT clock_timestamp(),
        format integer NOT NULL,
        rows integer NOT NULL,
        model text NOT NULL,
        dimension integer NOT NULL,
        entries integer NOT NULL,
        passages integer NOT NULL
    );
    CREATE TABLE retrieval.file (
        number integer NOT NULL REFERENCES retrieval.snapshot ON DELETE CASCADE,
        name text NOT NULL,
        part integer NOT NULL,
        sha256 bytea NOT NULL,
        content bytea NOT NULL,
        PRIMARY KEY (number, name, part)
    );
    CREATE TABLE retrieval.pointer (
        only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
        number integer NOT NULL REFERENCES retrieval.snapshot
    );
    """,
)


class Database:
    """A pool of connections, opened at the first use; any number of threads may share it."""

    def __init__(self, url: str) -> None:
        """`url` as libpq takes it: postgresql://user:password@host:5432/name."""
        own = psycopg.conninfo.conninfo_to_dict(url).get("options") or ""
        options = f"{OPTIONS} {own}"  # whoever runs the server has the last word
        self._pool = ConnectionPool(
            url,
            min_size=0,
            max_size=CONNECTIONS,
            timeout=CONNECT_SECONDS,
            open=False,
            kwargs={"options": options, "connect_timeout": int(CONNECT_SECONDS)},
        )
        self._url, self._prepared = url, False

    @property
    def place(self) -> str:
        """Name and host of the database, no password."""
        parts = psycopg.conninfo.conninfo_to_dict(self._url)
        return f"the database {parts.get('dbname')} at {parts.get('host') or 'the local socket'}"

    def read(self, query: str, values: Mapping[str, Any] | Sequence[Any] = ()) -> list[Any]:
        """The rows of one query, one round trip. Raises StoreAwayError, BrokenSnapshotError."""
        try:
            return self._read(query, values)
        except StoreAwayError:
            # The server may have been started anew: the connections kept are all dead, and a
            # question only reads.
            self._pool.check()
            return self._read(query, values)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """One connection, committed at the end. SnapshotError with what to do."""
        self._prepare()
        with self._told(), self._pool.connection() as connection:
            yield connection

    def close(self) -> None:
        self._pool.close()

    def _read(self, query: str, values: Mapping[str, Any] | Sequence[Any]) -> list[Any]:
        self._prepare()
        with self._told(), self._pool.connection() as connection:
            # One statement is a transaction of its own: BEGIN and COMMIT would be two more trips.
            connection.autocommit = True
            try:
                return connection.execute(query.encode(), values).fetchall()
            finally:
                if not connection.closed:
                    connection.autocommit = False

    def _prepare(self) -> None:
        if not self._prepared:
            with self._told():
                self._pool.open()
                with self._pool.connection() as connection:
                    migrate(connection)
            self._prepared = True

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except errors.UndefinedTable as error:
            raise BrokenSnapshotError(
                "The snapshot is no longer in the database: newer ones took its place. It is"
                " taken up again at the next refresh; if this goes on, run a reload."
            ) from error
        except _FULL as error:
            raise self._refused(error) from error
        except psycopg.OperationalError as error:
            raise StoreAwayError(
                f"The index in {self.place} can't be reached ({type(error).__name__}): start the"
                " server, or mend DATABASE_URL."
            ) from error
        except psycopg.Error as error:
            raise self._refused(error) from error

    def _refused(self, error: psycopg.Error) -> SnapshotError:
        return SnapshotError(
            f"The index in {self.place} refused ({_first_line(error)}). The former one stays"
            " in use; mend that and reload."
        )


def migrate(connection: Connection) -> None:
    """Bring extension and tables to what this program needs, or change nothing."""
    connection.execute("SELECT pg_advisory_xact_lock(%s)", [SCHEMA_LOCK])
    _require_pgvector(connection)
    connection.execute(
        "CREATE SCHEMA IF NOT EXISTS retrieval;"
        "CREATE TABLE IF NOT EXISTS retrieval.version (number integer NOT NULL)"
    )
    found = connection.execute("SELECT max(number) FROM retrieval.version").fetchone()
    reached = (found and found[0]) or 0
    if reached > VERSION:
        raise SnapshotError(
            "The index's tables were made by a newer Xiaoqi. Install that version, or name"
            " another database in DATABASE_URL."
        )
    for number, step in enumerate(_STEPS[reached:], reached + 1):
        connection.execute(step)
        connection.execute("INSERT INTO retrieval.version VALUES (%s)", [number])


def _require_pgvector(connection: Connection) -> None:
    query = "SELECT extversion FROM pg_extension WHERE extname = 'vector'"
    try:
        found = connection.execute(query).fetchone()
        if found is None:
            connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
            found = connection.execute(query).fetchone()
    except errors.InsufficientPrivilege as error:
        raise SnapshotError(
            "This user may not add the extension pgvector. Have an administrator of the server"
            " run CREATE EXTENSION vector; in this database, or set VECTOR_STORE=faiss."
        ) from error
    except (errors.FeatureNotSupported, errors.UndefinedFile) as error:
        raise SnapshotError(
            "The PostgreSQL server has no pgvector. Install pgvector 0.8 or newer on the server"
            " (its package is often called postgresql-NN-pgvector), or set VECTOR_STORE=faiss."
        ) from error
    version = str(found[0]) if found else "0"
    if not recent_enough(version):
        raise SnapshotError(
            f"pgvector {version} is too old; 0.8 or newer is needed. Install it on the server and"
            " run ALTER EXTENSION vector UPDATE; in this database, or set VECTOR_STORE=faiss."
        )


def recent_enough(version: str) -> bool:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:2]) >= OLDEST


def _first_line(error: psycopg.Error) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)
