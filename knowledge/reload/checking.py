"""What a batch can't know by itself: whether the database bears the ids it names."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from sqlmodel import Session, col, select

from knowledge.importers.batch import Batch, Reference
from knowledge.importers.kinds import FileKind
from knowledge.importers.problems import MAX_PROBLEMS, MendableError, Problem
from knowledge.importers.references import dangling, not_an_enterprise
from knowledge.reload.shelves import ENTRY_KINDS
from knowledge.tables import Entry, EntryKind, Organisation, OrganisationKind, Person

# A database takes no more values in one statement than some 32,000.
CHUNK = 10_000


class BadBatchError(Exception):
    """A batch with problems was to be written; it carries them."""

    def __init__(self, batch: Batch) -> None:
        self.problems, self.problem_count = batch.problems, batch.problem_count
        super().__init__(f"{batch.problem_count} problem(s); the first: {batch.problems[0]}")


def check(session: Session, batch: Batch) -> Batch:
    """The batch with what the database finds wrong added to its problems."""
    found = [*_dangling(session, batch), *_taken(session, batch)]
    return replace(
        batch,
        problems=(*batch.problems, *found)[:MAX_PROBLEMS],
        problem_count=batch.problem_count + len(found),
        unresolved=batch.unresolved,
    )


def checked(session: Session, batch: Batch) -> Batch:
    """Raises BadBatchError unless the batch is good to the last row."""
    if not batch.problem_count:
        batch = check(session, batch)
    if batch.problem_count:
        raise BadBatchError(batch)
    return batch


def _dangling(session: Session, batch: Batch) -> Iterable[Problem]:
    known = {kind: _known(session, kind) for kind in {r.refers.kind for r in batch.unresolved}}
    for reference in batch.unresolved:
        keys = known[reference.refers.kind]
        if reference.id not in keys:
            yield _problem(reference, dangling(reference))
        elif reference.refers.enterprise and keys[reference.id] != OrganisationKind.ENTERPRISE:
            yield _problem(reference, not_an_enterprise(reference))


def _known(session: Session, kind: FileKind) -> Mapping[str, str]:
    """The keys that can be referred to, each with its sort."""
    if kind is FileKind.ORGANISATIONS:
        query = select(Organisation.key, Organisation.kind).where(
            col(Organisation.removed_at).is_(None)
        )
        return {key: sort for key, sort in session.exec(query) if key}
    if kind is FileKind.PEOPLE:
        people = select(Person.key).where(col(Person.removed_at).is_(None))
        return {key: "" for key in session.exec(people) if key}
    experts = select(Entry.key).where(
        Entry.kind == EntryKind.EXPERT, col(Entry.removed_at).is_(None)
    )
    return dict.fromkeys(session.exec(experts), "")


def _taken(session: Session, batch: Batch) -> Iterable[Problem]:
    """Ids that an entry of another kind bears, even a removed one: old talks still name it."""
    wanted = {
        placed.row.id: (kind, placed) for kind, placed in batch.placed() if kind in ENTRY_KINDS
    }
    keys = list(wanted)
    for start in range(0, len(keys), CHUNK):
        part = keys[start : start + CHUNK]
        query = select(Entry.key, Entry.kind).where(col(Entry.key).in_(part))
        for key, sort in session.exec(query):
            kind, placed = wanted[key]
            if ENTRY_KINDS[kind] != sort:
                error = _another_kind(key, EntryKind(sort))
                yield Problem(placed.file, placed.number, "id", error.zh, error.en)


def _another_kind(key: str, sort: EntryKind) -> MendableError:
    return MendableError(
        f"编号“{key}”在数据库中已属于另一类（{sort}）：请换一个编号。",
        f"the id {key!r} belongs to another kind in the database ({sort}): choose another id.",
    )


def _problem(reference: Reference, error: MendableError) -> Problem:
    return Problem(reference.file, reference.number, reference.column, error.zh, error.en)
