"""What the tables hold of one kind, in the same terms as a row of a file."""

from collections.abc import Mapping
from typing import NamedTuple

import sqlalchemy
from sqlmodel import Session, col, select

from knowledge.importers.experts import EvidenceKind
from knowledge.importers.kinds import FileKind
from knowledge.reload.records import Values
from knowledge.reload.shelves import SHELVES, Keyed, Shelf
from knowledge.tables import Entry, EntryKind, Passage, Person, Role

# How the key of what was born at the desk begins; no id of a file may hold a colon.
BORN_HERE = "desk:"
EVIDENCE_KINDS = tuple(kind.value for kind in EvidenceKind)


class Stored(NamedTuple):
    """`values`: links hold keys. `removed`: it is kept for old talks, and known no more."""

    id: int
    name: str
    removed: bool
    values: Values


def load(session: Session, kind: FileKind) -> dict[str, Stored]:
    """What the files gave of a kind, by key; what came from the chat stays out: it has no key, or
    one that begins with BORN_HERE."""
    if kind is FileKind.EVIDENCE:
        return _evidence(session)
    shelf = SHELVES[kind]
    keys = {table: keys_by_id(session, table) for table in set(shelf.links.values())}
    found = {}
    for key, number, removed_at, *values in session.execute(_query(shelf)):
        named = dict(zip((*shelf.values, *shelf.links), values, strict=True))
        for link, table in shelf.links.items():
            named[link] = keys[table].get(named[link])
        name = named.get("name_zh") or named.get("name_en") or named.get("title_zh")
        name = name or named.get("title_en") or ""
        found[key] = Stored(number, name, removed_at is not None, named)
    return found


def keys_by_id(session: Session, table: Keyed) -> dict[int | None, str | None]:
    return {number: key for number, key in session.exec(select(table.id, table.key))}  # noqa: C416 (rows, not pairs)


def ids_by_key(session: Session, table: Keyed) -> dict[str | None, int]:
    query = select(table.key, table.id).where(col(table.key).is_not(None))
    return {key: number for key, number in session.exec(query) if number is not None}


def roles_by_key(session: Session) -> Mapping[str | None, set[str]]:
    found: dict[str | None, set[str]] = {}
    query = select(Person.key, Role.role).join(Role, col(Role.person_id) == Person.id)
    for key, role in session.exec(query.where(col(Person.key).is_not(None))):
        found.setdefault(key, set()).add(role)
    return found


def _query(shelf: Shelf) -> sqlalchemy.Select[tuple[object, ...]]:
    names = ("key", "id", "removed_at", *shelf.values, *shelf.links)
    columns = [getattr(shelf.table, name) for name in names]
    given = col(shelf.table.key).is_not(None) & ~col(shelf.table.key).startswith(BORN_HERE)
    query = sqlalchemy.select(*columns).where(given)
    if shelf.entry_kind is not None:
        query = query.where(Entry.kind == shelf.entry_kind)  # type: ignore[arg-type]
    return query


def _evidence(session: Session) -> dict[str, Stored]:
    """Evidence lies in its passages: `<id>/zh` and `<id>/en`."""
    rows = session.execute(
        sqlalchemy.select(
            col(Passage.key),
            col(Passage.kind),
            col(Passage.language),
            col(Passage.text),
            col(Passage.year),
            col(Entry.id),
            col(Entry.key),
            col(Entry.removed_at),
        )
        .join(Entry, col(Entry.id) == Passage.entry_id)
        .where(col(Entry.kind) == EntryKind.EXPERT, col(Passage.kind).in_(EVIDENCE_KINDS))
    )
    found: dict[str, Stored] = {}
    for key, kind, language, text, year, entry, expert, removed_at in rows:
        values = {"expert": expert, "kind": kind, "year": year, "text_zh": "", "text_en": ""}
        stored = found.setdefault(
            key.partition("/")[0], Stored(entry, text, removed_at is not None, values)
        )
        stored.values[f"text_{language}"] = text
    return found
