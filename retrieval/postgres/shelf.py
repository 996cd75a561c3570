"""Snapshots in PostgreSQL, shared by any number of workers.

A snapshot is two tables of its own, for vectors and passages, and the small files that every worker
fetches once into a folder of its own. Everything is written in one transaction, the pointer too.
"""

import fcntl
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import numpy as np
from psycopg import Connection

from retrieval.errors import (
    BrokenSnapshotError,
    ForeignSnapshotError,
    NoSnapshotError,
    SnapshotError,
)
from retrieval.postgres.database import WRITER_LOCK, Database
from retrieval.postgres.tables import (
    PostgresTexts,
    drop_tables,
    passage_table,
    vector_table,
    write_tables,
)
from retrieval.postgres.vectors import PostgresVectors
from retrieval.rows import read_columns
from retrieval.shelf import FORMAT, KEPT, Snapshot
from retrieval.shelves import COLUMNS, Contents, Opened, read_beside

# A value of the protocol goes through memory whole, on both sides.
PART_BYTES = 8 << 20
_COLUMNS: Final = "number, identity, created, format, model, dimension, entries, passages"


class PostgresShelf:
    """`folder` keeps what this worker has fetched; it may be emptied at any time."""

    def __init__(self, url: str, folder: Path) -> None:
        """Connects at the first use."""
        self._database, self._folder = Database(url), folder

    @property
    def place(self) -> str:
        return self._database.place

    def close(self) -> None:
        self._database.close()

    def publish(self, contents: Contents, facts: Mapping[str, str | int]) -> Snapshot:
        """A second writer waits for the first; whoever fails leaves nothing behind."""
        try:
            with _alone(self._folder, "writing") as scratch:
                contents.write_beside(scratch, np.zeros(0, np.int64))
                with self._writing() as connection:
                    number = _written(connection, contents, facts, scratch)
                    _point(connection, number)
        except OSError as error:
            raise SnapshotError(
                f"The index could not be written ({error.strerror or error}). The former one stays"
                f" in use; make room in {self._folder} or mend the folder's rights, and reload."
            ) from error
        self._sweep()
        return self._named(number)

    def current(self) -> Snapshot:
        found = self._database.read(
            f"SELECT {_COLUMNS} FROM retrieval.snapshot JOIN retrieval.pointer USING (number)"  # noqa: S608 (our own names)
        )
        if not found:
            raise NoSnapshotError(f"There is no index in {self.place} yet. Run a reload.")
        return self._snapshot(found[0])

    def list_snapshots(self) -> list[Snapshot]:
        found = self._database.read(
            f"SELECT {_COLUMNS} FROM retrieval.snapshot WHERE format = %s ORDER BY number",  # noqa: S608 (our own names)
            [FORMAT],
        )
        return [self._snapshot(row) for row in found]

    def activate(self, name: str) -> Snapshot:
        snapshot = self._named(int(name)) if name.isdecimal() else None
        if snapshot is None or snapshot.name != name:
            raise NoSnapshotError(f"There is no snapshot {name} in {self.place}.")
        self.open(snapshot)
        with self._writing() as connection:
            _point(connection, int(name))
        return snapshot

    def open(self, snapshot: Snapshot) -> Opened:
        number = int(snapshot.name)
        self._count(snapshot, number)
        if not self._whole(snapshot.folder, number):
            self._fetch(snapshot.folder, number)
        columns, _ = read_columns(snapshot.folder / COLUMNS)
        vectors = PostgresVectors(self._database, number, columns)
        texts = PostgresTexts(self._database, number)
        return Opened(columns, texts, vectors, *read_beside(snapshot.folder))

    def _named(self, number: int) -> Snapshot:
        query = f"SELECT {_COLUMNS} FROM retrieval.snapshot WHERE number = %s"  # noqa: S608 (our own names)
        found = self._database.read(query, [number])
        if not found:
            raise NoSnapshotError(f"There is no snapshot {number:06} in {self.place}.")
        return self._snapshot(found[0])

    def _snapshot(self, row: tuple[Any, ...]) -> Snapshot:
        number, identity, created, written, model, dimension, entries, passages = row
        if written != FORMAT:
            raise ForeignSnapshotError(
                f"The snapshot {number:06} in {self.place} was written by another version of this"
                " program. Run a reload."
            )
        # By its identity too: another database has other snapshots of the same number.
        folder = self._folder / f"{number:06}-{identity}"
        return Snapshot(f"{number:06}", folder, model, dimension, entries, passages, created)

    def _count(self, snapshot: Snapshot, number: int) -> None:
        """BrokenSnapshotError unless both tables have every row."""
        vectors, passages = vector_table(number), passage_table(number)
        counted = self._database.read(
            f"SELECT (SELECT count(*) FROM {vectors}), (SELECT count(*) FROM {passages}),"  # noqa: S608 (our own names)
            " (SELECT rows FROM retrieval.snapshot WHERE number = %s)",
            [number],
        )[0]
        if len(set(counted)) != 1:
            raise self._broken(snapshot.name, "rows are missing")

    def _whole(self, folder: Path, number: int) -> bool:
        """Whether every file was fetched as it was written."""
        query = (
            "SELECT name, array_agg(sha256 ORDER BY part) FROM retrieval.file"
            " WHERE number = %s GROUP BY name"
        )
        sums = self._database.read(query, [number])
        try:
            return all(
                [sha256(part).digest() for part in _parts(folder / name)] == wanted
                for name, wanted in sums
            )
        except OSError:
            return False

    def _fetch(self, folder: Path, number: int) -> None:
        """All files, beside first. SnapshotError if the disk refuses."""
        try:
            with _alone(self._folder, "fetching") as scratch:
                beside = scratch / "files"
                beside.mkdir()
                self._download(beside, number)
                if not self._whole(beside, number):
                    raise self._broken(f"{number:06}", "a file is altered")
                shutil.rmtree(folder, ignore_errors=True)
                beside.rename(folder)
            self._forget()
        except OSError as error:
            raise SnapshotError(
                f"The index could not be fetched into {self._folder} ({error.strerror or error})."
                " Make room there or mend the folder's rights."
            ) from error

    def _download(self, folder: Path, number: int) -> None:
        named = "SELECT name, part FROM retrieval.file WHERE number = %s ORDER BY name, part"
        one = "SELECT content FROM retrieval.file WHERE number = %s AND name = %s AND part = %s"
        for name, part in self._database.read(named, [number]):
            with (folder / name).open("ab") as stream:
                for (content,) in self._database.read(one, [number, name, part]):
                    stream.write(content)

    def _forget(self) -> None:
        """The oldest that were fetched. A file in use stays mapped though its name is gone."""
        for folder in sorted(self._folder.glob("[0-9]*"))[:-KEPT]:
            shutil.rmtree(folder, ignore_errors=True)

    def _sweep(self) -> None:
        """The oldest snapshots, in a transaction of their own: it may wait for a question."""
        with self._writing() as connection:
            found = connection.execute(
                "SELECT number FROM retrieval.snapshot WHERE number NOT IN"
                " (SELECT number FROM retrieval.pointer) AND number NOT IN"
                " (SELECT number FROM retrieval.snapshot ORDER BY number DESC LIMIT %s)",
                [KEPT],
            )
            for (number,) in found.fetchall():
                drop_tables(connection, number)
                connection.execute("DELETE FROM retrieval.snapshot WHERE number = %s", [number])

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """One writer at a time, over all workers; a second one waits."""
        with self._database.transaction() as connection:
            connection.execute("SELECT pg_advisory_xact_lock(%s)", [WRITER_LOCK])
            yield connection

    def _broken(self, name: str, why: str) -> BrokenSnapshotError:
        return BrokenSnapshotError(
            f"The snapshot {name} in {self.place} is broken ({why}). Run a reload, or activate an"
            " older one."
        )


@contextmanager
def _alone(folder: Path, doing: str) -> Iterator[Path]:
    """An empty folder within it, for one at a time; what a killed one left goes first."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f".{doing}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        scratch = folder / f".{doing}"
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir()
        try:
            yield scratch
        finally:
            shutil.rmtree(scratch, ignore_errors=True)


def _written(
    connection: Connection, contents: Contents, facts: Mapping[str, str | int], folder: Path
) -> int:
    """Everything of a new snapshot but the pointer; its number."""
    number = _next(connection)
    connection.execute(
        "INSERT INTO retrieval.snapshot"
        " (number, format, rows, model, dimension, entries, passages) VALUES (%(number)s,"
        " %(format)s, %(rows)s, %(model)s, %(dimension)s, %(entries)s, %(passages)s)",
        {"number": number, "format": FORMAT, "rows": len(contents.rows), **facts},
    )
    write_tables(connection, number, contents)
    for path in sorted(folder.iterdir()):
        for place, part in enumerate(_parts(path)):
            connection.execute(
                "INSERT INTO retrieval.file VALUES (%s, %s, %s, %s, %s)",
                [number, path.name, place, sha256(part).digest(), part],
            )
    return number


def _next(connection: Connection) -> int:
    found = connection.execute("SELECT max(number) FROM retrieval.snapshot").fetchone()
    return ((found and found[0]) or 0) + 1


def _point(connection: Connection, number: int) -> None:
    connection.execute(
        "INSERT INTO retrieval.pointer (number) VALUES (%s)"
        " ON CONFLICT (only_one) DO UPDATE SET number = EXCLUDED.number",
        [number],
    )


def _parts(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while part := stream.read(PART_BYTES):
            yield part
