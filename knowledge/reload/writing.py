"""Writes a batch: all of it in the caller's transaction, each row by its key."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, update
from sqlmodel import Session, col, select

from knowledge.importers.batch import Batch
from knowledge.importers.experts import EvidenceRow
from knowledge.importers.kinds import FileKind
from knowledge.importers.people import AppointmentRow, DispatchRow, PersonRow
from knowledge.importers.row import Row
from knowledge.reload.checking import CHUNK, checked
from knowledge.reload.differences import Change, Diff, Difference, differences
from knowledge.reload.passages import LANGUAGES, Text, evidence_passages, passages_of
from knowledge.reload.records import Values, values_of
from knowledge.reload.shelves import SHELVES, Shelf
from knowledge.reload.stored import EVIDENCE_KINDS, ids_by_key
from knowledge.tables import Entry, Passage, Person, PersonRole, Role


@dataclass(frozen=True)
class Applied:
    """What was done, by the word for one row; `passages` is how many texts were written anew."""

    kinds: Mapping[str, Change]
    passages: int


def plan(session: Session, batch: Batch) -> Diff:
    """What `apply` would change. Raises BadBatchError for a batch with any problem."""
    found = differences(session, checked(session, batch))
    return Diff({kind.one: difference.change() for kind, difference in found.items()})


def apply(session: Session, batch: Batch, *, remove: bool, now: datetime) -> Applied:
    """Write the batch; doing it twice changes nothing more. The caller commits.

    With `remove` entries of the batch's kinds that it does not name are marked as removed; they
    return with the next batch that names them. Raises BadBatchError for a batch with any problem.
    """
    found = differences(session, checked(session, batch))
    texts = 0
    for kind, difference in found.items():
        if kind is FileKind.EVIDENCE:
            texts += _write_evidence(session, difference, remove=remove)
        else:
            _write_rows(session, SHELVES[kind], difference, now if remove else None)
            if SHELVES[kind].table is Entry:
                texts += _write_passages(session, difference)
    _give_roles(session, [row for d in found.values() for row in (*d.added, *d.changed)])
    done = {kind.one: d.change(removed=remove) for kind, d in found.items()}
    return Applied(done, texts)


def _write_rows(
    session: Session, shelf: Shelf, difference: Difference, removed_at: datetime | None
) -> None:
    """`removed_at`: when what is no longer named is removed; None to leave it."""
    new: list[Values] = []
    known: list[Values] = []
    for row, values in _linked(session, shelf, (*difference.added, *difference.changed)):
        there = difference.stored.get(row.id)
        if there is None:
            new.append({"key": row.id} | _first_values(row, shelf) | values)
        else:
            known.append({"id": there.id, "removed_at": None} | values)
    gone = difference.removed.values() if removed_at else ()
    marked = [{"id": there.id, "removed_at": removed_at} for there in gone]
    if new:
        session.execute(insert(shelf.table), new)
    for rows in filter(None, (known, marked)):
        session.execute(update(shelf.table), rows)


def _first_values(row: Row, shelf: Shelf) -> Values:
    """Values that are given once: later a person chooses their language themselves."""
    if isinstance(row, PersonRow):
        return {"language": row.languages[0] if row.languages else "zh"}
    return {"kind": shelf.entry_kind} if shelf.entry_kind else {}


def _linked(session: Session, shelf: Shelf, rows: Sequence[Row]) -> Iterator[tuple[Row, Values]]:
    """Rows with their values, keys of others turned into ids."""
    ids = {table: ids_by_key(session, table) for table in set(shelf.links.values())}
    for row in rows:
        values = values_of(row)
        for link, table in shelf.links.items():
            key = values[link]
            values[link] = None if key is None else ids[table][key]
        yield row, values


def _write_passages(session: Session, difference: Difference) -> int:
    rows = [*difference.added, *difference.changed]
    ids = ids_by_key(session, Entry)
    old = [difference.stored[row.id].id for row in rows if row.id in difference.stored]
    for part in _chunks(old):
        session.execute(
            delete(Passage).where(
                col(Passage.entry_id).in_(part), col(Passage.kind).not_in(EVIDENCE_KINDS)
            ),
            execution_options={"synchronize_session": False},
        )
    return _insert_texts(
        session, [(ids[row.id], text) for row in rows for text in passages_of(row)]
    )


def _write_evidence(session: Session, difference: Difference, *, remove: bool) -> int:
    """Evidence is its passages, so that what is removed is deleted; a file brings it back."""
    ids = ids_by_key(session, Entry)
    rows = [*difference.added, *difference.changed]
    gone = [*(row.id for row in rows), *(difference.removed if remove else ())]
    keys = [f"{key}/{language}" for key in gone for language in LANGUAGES]
    for part in _chunks(keys):
        session.execute(
            delete(Passage).where(col(Passage.key).in_(part)),
            execution_options={"synchronize_session": False},
        )
    return _insert_texts(
        session,
        [
            (ids[row.expert], text)
            for row in rows
            if isinstance(row, EvidenceRow)
            for text in evidence_passages(row)
        ],
    )


def _insert_texts(session: Session, texts: Sequence[tuple[int, Text]]) -> int:
    if texts:
        rows = [{"entry_id": entry} | text._asdict() for entry, text in texts]
        session.execute(insert(Passage), rows)
    return len(texts)


def _give_roles(session: Session, rows: Sequence[Row]) -> None:
    """Roles of a file are added and never taken: others may have come in the chat."""
    wanted = [(key, role) for row in rows for key, role in _roles(row)]
    if not wanted:
        return
    ids = ids_by_key(session, Person)
    held = {(number, str(role)) for number, role in session.exec(select(Role.person_id, Role.role))}
    given = [
        {"person_id": number, "role": role}
        for number, role in dict.fromkeys((ids[key], role) for key, role in wanted)
        if (number, str(role)) not in held
    ]
    if given:
        session.execute(insert(Role), given)


def _roles(row: Row) -> Iterator[tuple[str, PersonRole]]:
    if isinstance(row, PersonRow):
        yield from ((row.id, role) for role in row.roles)
    elif isinstance(row, AppointmentRow):
        yield row.mentor, PersonRole.MENTOR
    elif isinstance(row, DispatchRow):
        yield row.student, PersonRole.LIAISON


def _chunks(values: Sequence[object]) -> Iterator[Sequence[object]]:
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]
