"""What binds people to enterprises, and to whom an entry belongs: appointments and dispatches."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import sqlalchemy
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Date,
    Integer,
    and_,
    bindparam,
    exists,
    func,
    or_,
)
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from knowledge.queries import known
from knowledge.tables import Appointment, Dispatch, Entry, Organisation, Person
from knowledge.views import AppointmentView, Bond


def appointments_of(session: Session, enterprise_id: int, on: date) -> list[AppointmentView]:
    """The appointments in force on a day, the oldest first."""
    rows = session.execute(
        select(Appointment, Person)
        .join(Person, col(Person.id) == Appointment.mentor_id)
        .where(in_force(Appointment, enterprise_id, on), col(Person.removed_at).is_(None))
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
        .where(in_force(Dispatch, enterprise_id, on), col(Person.removed_at).is_(None))
        .order_by(col(Dispatch.starts_on).desc(), col(Dispatch.id).desc())
    ).first()


def supervisors_of(session: Session, student_id: int, enterprise_id: int, on: date) -> list[int]:
    """Both of a student sent there: the university's, and the enterprise's.

    Where none of the enterprise is named, its mentor under appointment stands in.
    """
    sent = select(Dispatch.supervisor_id, Dispatch.enterprise_supervisor_id).where(
        in_force(Dispatch, enterprise_id, on), Dispatch.student_id == student_id
    )
    dispatched = session.exec(sent).all()
    if not dispatched:
        return []
    inside = [person for _, person in dispatched if person is not None]
    if not inside:
        inside = [one.mentor_id for one in appointments_of(session, enterprise_id, on)[:1]]
    both = dict.fromkeys([*(person for person, _ in dispatched), *inside])
    return [person for person in both if person is not None and person != student_id]


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


def in_force(
    bond: type[Appointment] | type[Dispatch],
    enterprise_id: int | BindParameter[int],
    on: date | BindParameter[date],
) -> ColumnElement[bool]:
    """A term of the enterprise that runs on the day, first and last day included."""
    return and_(
        col(bond.enterprise_id) == enterprise_id,
        col(bond.starts_on) <= on,
        col(bond.ends_on) >= on,
        col(bond.ended_at).is_(None),
        col(bond.removed_at).is_(None),
    )


def _bonds() -> Any:
    own = aliased(Organisation)
    enterprise, today = bindparam("enterprise", type_=Integer), bindparam("today", type_=Date)
    return (
        sqlalchemy.select(
            col(Entry.key),
            col(Entry.kind),
            col(Entry.person_id),
            func.coalesce(Person.organisation_id, Entry.organisation_id),
            col(Organisation.region),
            sqlalchemy.select(col(own.region)).where(col(own.id) == enterprise).scalar_subquery(),
            exists().where(
                in_force(Appointment, enterprise, today),
                col(Appointment.mentor_id) == Entry.person_id,
            ),
            exists().where(
                in_force(Dispatch, enterprise, today),
                or_(
                    col(Dispatch.supervisor_id) == Entry.person_id,
                    col(Dispatch.enterprise_supervisor_id) == Entry.person_id,
                ),
            ),
        )
        .outerjoin(Person, col(Person.id) == Entry.person_id)
        .outerjoin(
            Organisation,
            col(Organisation.id) == func.coalesce(Person.organisation_id, Entry.organisation_id),
        )
        .where(known(), col(Entry.key).in_(bindparam("keys", expanding=True)))
    )


# Built once: on the way of every question, building it costs more than running it.
_BONDS = _bonds()
