"""A row of a file as the values of its table; whoever it refers to is named by key."""

from collections.abc import Callable
from datetime import date
from enum import StrEnum
from typing import Any

from knowledge.importers.entries import AchievementRow, PlatformRow, PolicyRow
from knowledge.importers.experts import AnswerRow, ExpertRow
from knowledge.importers.patents import PatentRow
from knowledge.importers.people import AppointmentRow, DispatchRow, OrganisationRow, PersonRow
from knowledge.importers.row import Row

Values = dict[str, Any]


def values_of(row: Row) -> Values:
    """By column of the table; links hold keys, None where there is none."""
    return _WRITERS[type(row)](row)


def name_of(row: Row) -> str:
    """What a person knows a row by, in Chinese where there is Chinese."""
    for name in ("name", "title", "question", "text"):
        texts = (getattr(row, f"{name}_zh", ""), getattr(row, f"{name}_en", ""))
        if any(texts):
            return texts[0] or texts[1]
    return ""


def _organisation(row: OrganisationRow) -> Values:
    return {
        "kind": row.kind,
        "name_zh": row.name_zh,
        "name_en": row.name_en,
        "region": row.region,
        "city": row.city,
        "industry": row.industry,
        "tier": row.tier,
        "fictional": row.fictional,
    }


def _person(row: PersonRow) -> Values:
    return {
        "name_zh": row.name_zh,
        "name_en": row.name_en,
        "languages": ";".join(row.languages),
        "fictional": row.fictional,
        "organisation_id": row.organisation or None,
    }


def _appointment(row: AppointmentRow) -> Values:
    return {
        "mentor_id": row.mentor,
        "enterprise_id": row.enterprise,
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
    }


def _dispatch(row: DispatchRow) -> Values:
    return {
        "student_id": row.student,
        "enterprise_id": row.enterprise,
        "supervisor_id": row.supervisor or None,
        "enterprise_supervisor_id": row.enterprise_supervisor or None,
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
    }


def _expert(row: ExpertRow) -> Values:
    # Their organisation is the person's: somebody who moves is moved once.
    return _entry(row, "title", "summary", person=row.person)


def _platform(row: PlatformRow) -> Values:
    more = ("equipment_zh", "equipment_en", "opening_zh", "opening_en")
    links = {"organisation": row.organisation, "person": row.officer}
    return _entry(row, "name", "capability", *more, **links)


def _patent(row: PatentRow) -> Values:
    more = ("number", "patent_type", "inventors", "licence", "fee", "royalty_percent")
    terms = ("terms_zh", "terms_en", "offered_from", "offered_until")
    return _entry(row, "title", "abstract", *more, *terms, organisation=row.organisation)


def _achievement(row: AchievementRow) -> Values:
    return _entry(row, "title", "summary", "people", "maturity", organisation=row.organisation)


def _answer(row: AnswerRow) -> Values:
    return _entry(row, "question", "answer", "answered_on", person=row.mentor)


def _policy(row: PolicyRow) -> Values:
    more = ("issuer_zh", "issuer_en", "issued_on", "url", "region")
    return _entry(row, "title", "summary", *more)


def _entry(
    row: Row, title: str, summary: str, *details: str, organisation: str = "", person: str = ""
) -> Values:
    """`title` and `summary` name the columns that become those; `details` those kept beside."""
    more = {name: _plain(getattr(row, name)) for name in details}
    return {
        "title_zh": getattr(row, f"{title}_zh"),
        "title_en": getattr(row, f"{title}_en"),
        "summary_zh": getattr(row, f"{summary}_zh"),
        "summary_en": getattr(row, f"{summary}_en"),
        "industries": "".join(getattr(row, "industries", ())),
        "fictional": getattr(row, "fictional", False),
        "details": {name: value for name, value in more.items() if value not in ("", None, [])},
        "organisation_id": organisation or None,
        "person_id": person or None,
    }


def _plain(value: object) -> object:
    """As JSON holds it: what is read back equals what was written."""
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


_WRITERS: dict[type[Row], Callable[[Any], Values]] = {
    OrganisationRow: _organisation,
    PersonRow: _person,
    ExpertRow: _expert,
    PlatformRow: _platform,
    PatentRow: _patent,
    AchievementRow: _achievement,
    AnswerRow: _answer,
    PolicyRow: _policy,
    AppointmentRow: _appointment,
    DispatchRow: _dispatch,
}
