"""Questions to the tables; each answers with views, by one statement."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import sqlalchemy
from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    and_,
    bindparam,
    case,
    exists,
    false,
    func,
    or_,
)
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from knowledge.tables import (
    Appointment,
    Dispatch,
    Entry,
    EntryKind,
    Organisation,
    OrganisationKind,
    Passage,
    Person,
    PersonRole,
    Role,
)
from knowledge.views import (
    AppointmentView,
    Bond,
    EnterpriseView,
    EntryView,
    PassageView,
    PersonView,
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
        )
        .join(Entry, col(Entry.id) == Passage.entry_id)
        .outerjoin(Person, col(Person.id) == Entry.person_id)
        .where(_known())
        .order_by(col(Passage.key))
        .execution_options(yield_per=1000)
    )
    for key, entry, kind, language, text in rows:
        yield PassageView(key, entry, kind.value, language, text)


def entries_by_key(session: Session, keys: Iterable[str]) -> dict[str, EntryView]:
    """The entries that are still known; a removed one is missing from the answer."""
    rows = session.execute(_entries().where(col(Entry.key).in_(set(keys))))
    return {entry.key: _entry_view(entry, person, home) for entry, person, home in rows}


def bonds(
    session: Session, keys: Iterable[str], enterprise_id: int | None, on: date
) -> dict[str, Bond]:
    """By key, of the entries still known: what orders people, by one statement and no objects."""
    values = {"keys": list(set(keys)), "enterprise": enterprise_id, "today": on}
    rows = session.connection().execute(_BONDS, values)
    return {
        key: Bond(kind.value, person, home, bool(region) and region == own, appointed, supervises)
        for key, kind, person, home, region, own, appointed, supervises in rows
    }


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


def appointments_of(session: Session, enterprise_id: int, on: date) -> list[AppointmentView]:
    """The appointments in force on a day, the oldest first."""
    rows = session.execute(
        select(Appointment, Person)
        .join(Person, col(Person.id) == Appointment.mentor_id)
        .where(
            Appointment.enterprise_id == enterprise_id,
            Appointment.starts_on <= on,
            Appointment.ends_on >= on,
            col(Appointment.ended_at).is_(None),
            col(Appointment.removed_at).is_(None),
            col(Person.removed_at).is_(None),
        )
        .order_by(col(Appointment.starts_on), col(Appointment.id))
    )
    return [
        AppointmentView(
            id=bond.id,
            mentor_id=bond.mentor_id,
            mentor_name_zh=mentor.name_zh,
            mentor_name_en=mentor.name_en,
            starts_on=bond.starts_on,
            ends_on=bond.ends_on,
        )
        for bond, mentor in rows
    ]


def liaison_of(session: Session, enterprise_id: int, on: date) -> int | None:
    """The person sent to an enterprise on a day, the latest sent if there are several."""
    return session.exec(
        select(Dispatch.student_id)
        .join(Person, col(Person.id) == Dispatch.student_id)
        .where(
            Dispatch.enterprise_id == enterprise_id,
            Dispatch.starts_on <= on,
            Dispatch.ends_on >= on,
            col(Dispatch.ended_at).is_(None),
            col(Dispatch.removed_at).is_(None),
            col(Person.removed_at).is_(None),
        )
        .order_by(col(Dispatch.starts_on).desc(), col(Dispatch.id).desc())
    ).first()


def counts(session: Session) -> dict[str, int]:
    """How many entries of each kind are known; a kind without any counts 0."""
    rows = session.execute(
        select(Entry.kind, func.count())
        .select_from(Entry)
        .outerjoin(Person, col(Person.id) == Entry.person_id)
        .where(_known())
        .group_by(col(Entry.kind))
    )
    found = {kind.value: number for kind, number in rows}
    return {kind.value: found.get(kind.value, 0) for kind in EntryKind}


def _known() -> ColumnElement[bool]:
    """Neither the entry was removed nor, from an expert, the person."""
    return col(Entry.removed_at).is_(None) & or_(
        col(Entry.kind) != EntryKind.EXPERT, col(Person.removed_at).is_(None)
    )


def _entries() -> Any:
    """An expert's organisation is the person's, so that somebody who moves is moved once."""
    home = func.coalesce(Entry.organisation_id, Person.organisation_id)
    return (
        select(Entry, Person, Organisation)
        .outerjoin(Person, col(Person.id) == Entry.person_id)
        .outerjoin(Organisation, col(Organisation.id) == home)
        .where(_known())
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


def _in_force(bond: type[Appointment] | type[Dispatch]) -> ColumnElement[bool]:
    """A term of the enterprise that runs on the day, first and last day included."""
    today = bindparam("today", type_=Date)
    return and_(
        col(bond.enterprise_id) == bindparam("enterprise", type_=Integer),
        col(bond.starts_on) <= today,
        col(bond.ends_on) >= today,
        col(bond.ended_at).is_(None),
        col(bond.removed_at).is_(None),
    )


def _bonds() -> Any:
    own = aliased(Organisation)
    return (
        sqlalchemy.select(
            col(Entry.key),
            col(Entry.kind),
            col(Entry.person_id),
            func.coalesce(Person.organisation_id, Entry.organisation_id),
            col(Organisation.region),
            sqlalchemy.select(col(own.region))
            .where(col(own.id) == bindparam("enterprise", type_=Integer))
            .scalar_subquery(),
            exists().where(_in_force(Appointment), col(Appointment.mentor_id) == Entry.person_id),
            exists().where(_in_force(Dispatch), col(Dispatch.supervisor_id) == Entry.person_id),
        )
        .outerjoin(Person, col(Person.id) == Entry.person_id)
        .outerjoin(
            Organisation,
            col(Organisation.id) == func.coalesce(Person.organisation_id, Entry.organisation_id),
        )
        .where(_known(), col(Entry.key).in_(bindparam("keys", expanding=True)))
    )


# Built once: on the way of every question, building it costs more than running it.
_BONDS = _bonds()
