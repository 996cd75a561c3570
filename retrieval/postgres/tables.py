"""The two tables of one snapshot: its vectors, and its passages."""

import json
import struct
from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt
from psycopg import Connection

from retrieval.index import EXACT
from retrieval.passages import Passage
from retrieval.postgres.database import Database
from retrieval.rows import Columns, Rows
from retrieval.shelves import Contents

Floats = npt.NDArray[np.float32]

# Chosen by measure (docs/benchmarks.md), as `hnsw.ef_search` is.
LINKS, BREADTH = 24, 128
# Of a row in a graph that is being built, beside its vector: 980 measured. One that outgrows its
# memory is built three to five times slower.
GRAPH_BYTES, LEAST_MEGABYTES, MOST_MEGABYTES = 1100, 64, 4096
_HEAD: Final = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
_TAIL: Final = b"\xff\xff"
# Rows handed to the server at a time.
_BATCH: Final = 1000


def vector_table(number: int) -> str:
    return f"retrieval.vector_{number:06}"


def passage_table(number: int) -> str:
    return f"retrieval.passage_{number:06}"


def worth_a_graph(rows: int) -> bool:
    """Below that, comparing them all takes no longer and misses nothing."""
    return rows > EXACT


class PostgresTexts:
    def __init__(self, database: Database, number: int) -> None:
        self._database, self._table = database, passage_table(number)

    def of(self, rows: Rows) -> list[Passage]:
        """One round trip, whatever their number."""
        if not len(rows):
            return []
        found = self._database.read(
            f"SELECT passage FROM unnest(%(rows)s::integer[])"  # noqa: S608 (our own names)
            f" WITH ORDINALITY AS wanted (row, place)"
            f" JOIN {self._table} USING (row) ORDER BY place",
            {"rows": rows.tolist()},
        )
        return [Passage(**json.loads(line)) for (line,) in found]


def write_tables(connection: Connection, number: int, contents: Contents) -> None:
    """Within the caller's transaction, so that a half of them is never seen."""
    vectors, passages = vector_table(number), passage_table(number)
    connection.execute(
        f"CREATE TABLE {vectors} (row integer NOT NULL, kind smallint NOT NULL,"
        f" vector halfvec({contents.vectors.shape[1]}) NOT NULL);"
        f"CREATE TABLE {passages} (row integer NOT NULL, passage text NOT NULL)".encode()
    )
    _copy(
        connection,
        f"{vectors} (row, kind, vector)",
        _vector_rows(contents.columns, contents.vectors),
    )
    # In ASCII: PostgreSQL's texts take neither lone surrogates nor a zero character.
    lines = (json.dumps(vars(row)).encode() for row in contents.rows)
    numbered = ((struct.pack(">i", place), line) for place, line in enumerate(lines))
    _copy(connection, f"{passages} (row, passage)", numbered)
    _index(connection, number, *contents.vectors.shape)


def drop_tables(connection: Connection, number: int) -> None:
    for table in (vector_table(number), passage_table(number)):
        connection.execute(f"DROP TABLE IF EXISTS {table}".encode())


def _index(connection: Connection, number: int, rows: int, width: int) -> None:
    """After the rows are in: so the graph is built in memory, on several cores."""
    vectors, passages = vector_table(number), passage_table(number)
    megabytes = min(max(rows * (GRAPH_BYTES + 2 * width) >> 20, LEAST_MEGABYTES), MOST_MEGABYTES)
    connection.execute(
        f"ALTER TABLE {vectors} ADD PRIMARY KEY (row);"
        f"ALTER TABLE {passages} ADD PRIMARY KEY (row);"
        f"CREATE INDEX ON {vectors} (kind);"
        f"SET LOCAL maintenance_work_mem = '{megabytes}MB'".encode()
    )
    if worth_a_graph(rows):
        connection.execute(
            f"CREATE INDEX ON {vectors} USING hnsw (vector halfvec_ip_ops)"
            f" WITH (m = {LINKS}, ef_construction = {BREADTH})".encode()
        )
    connection.execute(f"ANALYZE {vectors}; ANALYZE {passages}".encode())


def _vector_rows(columns: Columns, laid: Floats) -> Iterator[tuple[bytes, ...]]:
    halves = laid.astype(">f2")
    head = struct.pack(">hh", laid.shape[1], 0)
    for place, (kind, half) in enumerate(zip(columns.kinds.tolist(), halves, strict=True)):
        yield struct.pack(">i", place), struct.pack(">h", kind), head + half.tobytes()


def _copy(connection: Connection, target: str, rows: Iterator[tuple[bytes, ...]]) -> None:
    """In PostgreSQL's binary form: as text it took thirty times as long (docs/benchmarks.md)."""
    command = f"COPY {target} FROM STDIN (FORMAT BINARY)".encode()
    with connection.cursor() as cursor, cursor.copy(command) as copy:
        copy.write(_HEAD)
        waiting: list[bytes] = []
        for row in rows:
            waiting.append(struct.pack(">h", len(row)))
            waiting += [struct.pack(">i", len(field)) + field for field in row]
            if len(waiting) > _BATCH:
                copy.write(b"".join(waiting))
                waiting = []
        copy.write(b"".join(waiting) + _TAIL)
