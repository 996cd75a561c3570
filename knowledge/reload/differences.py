"""What a batch adds to, changes in, and no longer names of what the tables hold."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice, zip_longest

from sqlmodel import Session

from knowledge.importers.batch import Batch, Placed
from knowledge.importers.experts import EvidenceRow
from knowledge.importers.kinds import FileKind
from knowledge.importers.people import PersonRow
from knowledge.importers.row import Row
from knowledge.reload.records import Values, name_of, values_of
from knowledge.reload.stored import Stored, load, roles_by_key

EXAMPLES = 10
_LONGEST_NAME = 60


@dataclass(frozen=True)
class Change:
    """Counts, and examples such as "+ expert-lin 教授，压铸" (+ added, ~ changed, - removed)."""

    added: int
    changed: int
    removed: int
    examples: tuple[str, ...]


@dataclass(frozen=True)
class Diff:
    """Changes by the word for one row: organisation, person, expert, evidence ...

    `removed` are those of a kind in the batch that the batch does not name.
    """

    kinds: Mapping[str, Change]


@dataclass(frozen=True)
class Difference:
    """`added` holds what is new and what returns; `stored` is what the tables hold, by key."""

    added: Sequence[Row]
    changed: Sequence[Row]
    removed: Mapping[str, Stored]
    stored: Mapping[str, Stored]

    def change(self, *, removed: bool = True) -> Change:
        gone = self.removed if removed else {}
        return Change(len(self.added), len(self.changed), len(gone), tuple(self._examples(gone)))

    def _examples(self, gone: Mapping[str, Stored]) -> Iterator[str]:
        added = (f"+ {row.id} {name_of(row)[:_LONGEST_NAME]}" for row in self.added)
        changed = (f"~ {row.id} {name_of(row)[:_LONGEST_NAME]}" for row in self.changed)
        removed = (f"- {key} {stored.name[:_LONGEST_NAME]}" for key, stored in gone.items())
        mixed = chain.from_iterable(zip_longest(removed, changed, added))
        return islice((example.strip() for example in mixed if example), EXAMPLES)


def differences(session: Session, batch: Batch) -> dict[FileKind, Difference]:
    """By kind, for the kinds that the batch holds, in the order in which they are written."""
    roles = roles_by_key(session) if FileKind.PEOPLE in batch.rows else {}
    # What the batch itself refers to is not removed by it.
    named = {(reference.refers.kind, reference.id) for reference in batch.unresolved}
    found = {}
    for kind in FileKind:
        if batch.rows.get(kind):
            kept = {key for of, key in named if of is kind}
            found[kind] = _difference(batch.rows[kind], load(session, kind), roles, kept)
    return found


def compared(row: Row) -> Values:
    """A row in the terms in which `load` tells what is stored."""
    if isinstance(row, EvidenceRow):
        values = row.model_dump(exclude={"id"})
        return values | {"kind": row.kind.value}
    return values_of(row)


def _difference(
    placed: Sequence[Placed],
    stored: dict[str, Stored],
    roles: Mapping[str | None, set[str]],
    kept: set[str],
) -> Difference:
    added, changed = [], []
    for row, *_ in placed:
        there = stored.get(row.id)
        if there is None or there.removed:
            added.append(row)
        elif compared(row) != there.values or _gains_role(row, roles):
            changed.append(row)
    named = kept | {row.id for row, *_ in placed}
    removed = {
        key: there for key, there in stored.items() if key not in named and not there.removed
    }
    return Difference(added, changed, removed, stored)


def _gains_role(row: Row, roles: Mapping[str | None, set[str]]) -> bool:
    return isinstance(row, PersonRow) and not set(row.roles) <= roles.get(row.id, set())
