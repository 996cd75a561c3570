"""What leaves a query: frozen and plain. A text may be empty in one of its two languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple


@dataclass(frozen=True)
class EntryView:
    """`industries`: section letters. `details`: what only its kind has, dates as YYYY-MM-DD.

    `region`: the organisation's, a policy's own. `fictional`: the entry or its person is.
    """

    id: int
    key: str
    kind: str
    title_zh: str
    title_en: str
    summary_zh: str
    summary_en: str
    organisation_name_zh: str
    organisation_name_en: str
    region: str
    person_id: int | None
    person_name_zh: str
    person_name_en: str
    fictional: bool
    details: Mapping[str, Any]
    industries: tuple[str, ...]


class PassageView(NamedTuple):
    """An indexed text; `entry` is the key and `kind` the kind of the entry that it speaks for;
    `also` has that one's titles, `names` those of its person and its institution, a line each."""

    key: str
    entry: str
    kind: str
    language: str
    text: str
    also: str
    names: str


@dataclass(frozen=True)
class PersonView:
    id: int
    key: str | None
    name_zh: str
    name_en: str
    organisation_name_zh: str
    organisation_name_en: str
    fictional: bool


@dataclass(frozen=True)
class EnterpriseView:
    id: int
    key: str | None
    name_zh: str
    name_en: str
    region: str
    city: str
    industry: str
    tier: str
    fictional: bool


@dataclass(frozen=True)
class AppointmentView:
    """A term in force, first and last day included."""

    id: int
    mentor_id: int
    mentor_name_zh: str
    mentor_name_en: str
    starts_on: date
    ends_on: date


class Bond(NamedTuple):
    """What ties an entry and its person to an enterprise; `home_id` is the person's organisation.

    `supervises`: the person guides the student whom the enterprise has as its liaison.
    """

    kind: str
    person_id: int | None
    home_id: int | None
    same_region: bool
    appointed: bool
    supervises: bool
