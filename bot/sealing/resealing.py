"""Everything sealed is sealed again with the newest key, a batch at a time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import (
    Column,
    ColumnElement,
    Engine,
    MetaData,
    String,
    and_,
    bindparam,
    func,
    select,
    type_coerce,
    update,
)

from bot.sealing.columns import SealedJson, SealedText, ring_of
from bot.sealing.ring import HEAD, MARK, KeyRing
from knowledge.database import read_only

BATCH = 500
# What is not sealed, for it holds nothing.
BLANK = ("", "{}", "[]", "null")
Progress = Callable[[int], None]


@dataclass(frozen=True)
class SealedColumn:
    """A sealed column, with the key of its table; `raw` is what the database itself has in it."""

    key: Column[int]
    raw: ColumnElement[str]
    column: Column[str]


def sealed_columns(metadata: MetaData) -> Iterator[SealedColumn]:
    """Every sealed column there is, in the order of tables."""
    for table in metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, (SealedText, SealedJson)):
                (key,) = table.primary_key.columns
                yield SealedColumn(key, type_coerce(column, String()), column)


def heads_kept(engine: Engine, metadata: MetaData) -> tuple[frozenset[str], bool]:
    """By which keys the newest and the oldest text of each column are sealed, and whether any of
    them is not sealed at all. A look at the ends alone: see `reseal` for why they tell enough."""
    found: set[str] = set()
    with read_only(engine).connect() as connection:
        for one in sealed_columns(metadata):
            for order in (one.key.desc(), one.key.asc()):
                query = select(one.raw).where(one.raw.not_in(BLANK)).order_by(order).limit(1)
                found.update(connection.execute(query).scalars())
    heads = frozenset(kept[:HEAD] for kept in found if kept.startswith(MARK))
    return heads, any(not kept.startswith(MARK) for kept in found)


def open_ends(engine: Engine, metadata: MetaData) -> None:
    """Open the newest and the oldest of each sealed column. Raises SealError."""
    ring = ring_of(engine.dialect)
    with read_only(engine).connect() as connection:
        for one in sealed_columns(metadata):
            for order in (one.key.desc(), one.key.asc()):
                query = select(one.raw).order_by(order).limit(1)
                ring.open(connection.execute(query).scalar() or "")


def heads_counted(engine: Engine, metadata: MetaData) -> dict[str, int]:
    """How many values each key has sealed (under an empty head: those not sealed). Reads all."""
    counted: dict[str, int] = {}
    with read_only(engine).connect() as connection:
        for one in sealed_columns(metadata):
            head = func.substr(one.raw, 1, HEAD)
            query = select(head, func.count()).where(one.raw.not_in(BLANK)).group_by(head)
            for found, count in connection.execute(query):
                known = found if found.startswith(MARK) else ""
                counted[known] = counted.get(known, 0) + count
    return counted


def reseal(engine: Engine, metadata: MetaData, progress: Progress = lambda _: None) -> int:
    """Seal with the newest key whatever is not; how many values were.

    From the newest row to the oldest, each batch committed by itself: cut short, the oldest value
    tells that there is more to do, and the next run finds what is left. A running desk may go on
    writing: a value that it changed meanwhile is left as it is. Raises SealError where a key is
    missing; what was sealed till then stays so.
    """
    ring, done = ring_of(engine.dialect), 0
    for one in sealed_columns(metadata):
        below = None
        while batch := _batch(engine, one, ring, below):
            below = batch[-1][0]
            done += _rewritten(engine, one, ring, batch)
            progress(done)
    return done


def _batch(
    engine: Engine, one: SealedColumn, ring: KeyRing, below: int | None
) -> list[tuple[int, str]]:
    others = and_(one.raw.not_in(BLANK), func.substr(one.raw, 1, HEAD) != ring.newest)
    query = select(one.key, one.raw).where(others).order_by(one.key.desc()).limit(BATCH)
    if below is not None:
        query = query.where(one.key < below)
    with read_only(engine).connect() as connection:
        return [(key, kept) for key, kept in connection.execute(query)]


def _rewritten(
    engine: Engine, one: SealedColumn, ring: KeyRing, batch: list[tuple[int, str]]
) -> int:
    # Names that no column has: SQLAlchemy keeps those of columns for itself.
    anew = bindparam("sealed_anew", type_=String())
    statement = (
        update(one.column.table)
        .where(
            one.key == bindparam("row_key"), one.raw == bindparam("sealed_before", type_=String())
        )
        .values({one.column: type_coerce(anew, String())})
    )
    changed = 0
    opened = [(key, kept, ring.seal(ring.open(kept))) for key, kept in batch]
    with engine.begin() as connection:
        for key, kept, sealed in opened:
            given = {"row_key": key, "sealed_before": kept, "sealed_anew": sealed}
            changed += connection.execute(statement, given).rowcount
    return changed
