"""Questions to the tables; each answers with views, by one statement."""

from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy
from sqlalchemy import ColumnElement, case, false, func, or_
from sqlmodel import Session, col, select

from knowledge.tables import (
    Entry,
    EntryKind,
    Organisation,
    OrganisationKind,
    Passage,
    Person,
    PersonRole,
    Role,
)
from knowledge.views import EnterpriseView, EntryView, PassageView, PersonView

# An expert's organisation is the person's, so that somebody who moves is moved once.
_HOME = func.coalesce(Entry.organisation_id, Person.organisation_id)
# In both languages, so that a question in one finds what stands in the other.
_TITLES = (col(Entry.title_zh), col(Entry.title_en))
_NAMES = (
    col(Person.name_zh),
    col(Person.name_en),
    col(Organisation.name_zh),
    col(Organisation.name_en),
)


def passages(session: Session) -> Iterator[PassageView]:
    """Every text that can be searched, in the order of its key."""
    rows = session.execute(
        sqlalchemy.select(
            col(Passage.key),
            col(Entry.key),
            col(Entry.kind),
            col(Passage.language),
            col(Passage.text),
            *_TITLES,
            *_NAMES,
        )
        .join(Entry, col(Entry.id) == Passage.entry_id)
        .outerjoin(Person, col(Person.id) == Entry.person_id)
        .outerjoin(Organisation, col(Organisation.id) == _HOME)
        .where(known())
        .order_by(col(Passage.key))
        .execution_options(yield_per=1000)
    )
    for key, entry, kind, language, text, *called in rows:
        titles, names = called[: len(_TITLES)], called[len(_TITLES) :]
        yield PassageView(key, entry, kind.value, language, text, _lines(titles), _lines(names))


def _lines(texts: Iterable[str | None]) -> str:
    return "\n".join(dict.fromkeys(filter(None, texts)))


def entries_by_key(session: Session, keys: Iterable[str]) -> dict[str, EntryView]:
    """The entries that are still known; a removed one is missing from the answer."""
    rows = session.execute(_entries().where(col(Entry.key).in_(set(keys))))
    return {entry.key: _entry_view(entry, person, home) for entry, person, home in rows}


def entry_by_id(session: Session, entry_id: int) -> EntryView | None:
    row = session.execute(_entries().where(Entry.id == entry_id)).first()
    return None if row is None else _entry_view(*row)


def find_people(
    session: Session, text: str, role: PersonRole | None = None, limit: int = 10
) -> list[PersonView]:
    """People whose name contains `text` or whose id it is, the closest first.

    Without `role`: those of the knowledge files, and whoever else is more than an asker.
    """
    wanted = col(Role.role) == role if role else col(Role.role) != PersonRole.ASKER
    holders = col(Person.id).in_(select(Role.person_id).where(wanted))
    rows = session.execute(
        select(Person, Organisation)
        .outerjoin(Organisation, col(Organisation.id) == Person.organisation_id)
        .where(
            col(Person.removed_at).is_(None),
            holders if role else or_(holders, col(Person.key).is_not(None)),
            _named(Person, text),
        )
        .order_by(_closeness(Person, text), col(Person.name_zh), col(Person.id))
        .limit(limit)
    )
    return [_person_view(person, home) for person, home in rows]


def find_enterprises(session: Session, text: str, limit: int = 10) -> list[EnterpriseView]:
    """Enterprises whose name contains `text` or whose id it is, the closest first."""
    rows = session.execute(
        select(Organisation)
        .where(
            Organisation.kind == OrganisationKind.ENTERPRISE,
            col(Organisation.removed_at).is_(None),
            _named(Organisation, text),
        )
        .order_by(_closeness(Organisation, text), col(Organisation.name_zh), col(Organisation.id))
        .limit(limit)
    )
    return [_enterprise_view(enterprise) for (enterprise,) in rows]


def counts(session: Session) -> dict[str, int]:
    """How many entries of each kind are known; a kind without any counts 0."""
    rows = session.execute(
        select(Entry.kind, func.count())
        .select_from(Entry)
        .outerjoin(Person, col(Person.id) == Entry.person_id)
        .where(known())
        .group_by(col(Entry.kind))
    )
    found = {kind.value: number for kind, number in rows}
    return {kind.value: found.get(kind.value, 0) for kind in EntryKind}


def known() -> ColumnElement[bool]:
    """Of an entry joined to its person: neither it was removed nor, if an expert, the person."""
    return col(Entry.removed_at).is_(None) & or_(
        col(Entry.kind) != EntryKind.EXPERT, col(Person.removed_at).is_(None)
    )


def _entries() -> Any:
    return (
        select(Entry, Person, Organisation)
        .outerjoin(Person, col(Person.id) == Entry.person_id)
        .outerjoin(Organisation, col(Organisation.id) == _HOME)
        .where(known())
    )


def _entry_view(entry: Entry, person: Person | None, home: Organisation | None) -> EntryView:
    assert entry.id is not None
    return EntryView(
        id=entry.id,
        key=entry.key,
        kind=entry.kind.value,
        title_zh=entry.title_zh,
        title_en=entry.title_en,
        summary_zh=entry.summary_zh,
        summary_en=entry.summary_en,
        organisation_name_zh=home.name_zh if home else "",
        organisation_name_en=home.name_en if home else "",
        region=home.region if home else entry.details.get("region", ""),
        person_id=entry.person_id,
        person_name_zh=person.name_zh if person else "",
        person_name_en=person.name_en if person else "",
        fictional=entry.fictional or bool(person and person.fictional),
        details=entry.details,
        industries=tuple(entry.industries),
    )


def _person_view(person: Person, home: Organisation | None) -> PersonView:
    assert person.id is not None
    return PersonView(
        id=person.id,
        key=person.key,
        name_zh=person.name_zh,
        name_en=person.name_en,
        organisation_name_zh=home.name_zh if home else "",
        organisation_name_en=home.name_en if home else "",
        fictional=person.fictional,
    )


def _enterprise_view(enterprise: Organisation) -> EnterpriseView:
    assert enterprise.id is not None
    return EnterpriseView(
        id=enterprise.id,
        key=enterprise.key,
        name_zh=enterprise.name_zh,
        name_en=enterprise.name_en,
        region=enterprise.region,
        city=enterprise.city,
        industry=enterprise.industry,
        tier=enterprise.tier.value,
        fictional=enterprise.fictional,
    )


def _squeezed(text: Any) -> Any:
    """Without spaces and case: "zhangsan" finds "Zhang San"."""
    return func.replace(func.lower(text), " ", "")


def _named(table: type[Person] | type[Organisation], text: str) -> ColumnElement[bool]:
    wanted = "".join(text.split()).lower()
    if not wanted:
        return false()
    return or_(
        _squeezed(table.name_zh).contains(wanted, autoescape=True),
        _squeezed(table.name_en).contains(wanted, autoescape=True),
        col(table.key) == text.strip(),
    )


def _closeness(table: type[Person] | type[Organisation], text: str) -> Any:
    """0 for the very name or id, 1 for a name that begins so, 2 for the others."""
    wanted = "".join(text.split()).lower()
    names = (_squeezed(table.name_zh), _squeezed(table.name_en))
    return case(
        (or_(*(name == wanted for name in names), col(table.key) == text.strip()), 0),
        (or_(*(name.startswith(wanted, autoescape=True) for name in names)), 1),
        else_=2,
    )
