"""Organisations, people and the bonds between them."""

from datetime import date, datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel

from knowledge.tables.columns import UtcDateTime, word


class OrganisationKind(StrEnum):
    UNIVERSITY = "university"
    ENTERPRISE = "enterprise"
    OFFICE = "office"


class Tier(StrEnum):
    """Graded cultivation of quality enterprises, MIIT 工信部企业〔2022〕63号."""

    NONE = "none"
    INNOVATIVE = "innovative"
    SPECIALISED = "specialised"
    LITTLE_GIANT = "little_giant"


class PersonRole(StrEnum):
    ASKER = "asker"
    MENTOR = "mentor"
    LIAISON = "liaison"
    OFFICER = "officer"
    ADMIN = "admin"


class Organisation(SQLModel, table=True):
    """`key` is the id in the knowledge files; None for an enterprise first met in chat."""

    __tablename__ = "organisation"

    id: int | None = Field(default=None, primary_key=True)
    key: str | None = Field(default=None, unique=True, max_length=64)
    kind: OrganisationKind = Field(sa_type=word(OrganisationKind))
    name_zh: str = ""
    name_en: str = ""
    region: str = ""
    city: str = ""
    industry: str = Field(default="", max_length=1)
    tier: Tier = Field(default=Tier.NONE, sa_type=word(Tier))
    fictional: bool = False
    removed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Person(SQLModel, table=True):
    """`key` is the id in the knowledge files; None for somebody first met in chat.

    `language`: the one they read, their own choice; `languages`: those they can answer in.
    """

    __tablename__ = "person"

    id: int | None = Field(default=None, primary_key=True)
    key: str | None = Field(default=None, unique=True, max_length=64)
    name_zh: str = ""
    name_en: str = ""
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id", index=True)
    language: str = Field(default="zh", max_length=8)
    languages: str = Field(default="", max_length=16)
    fictional: bool = False
    removed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Role(SQLModel, table=True):
    __tablename__ = "role"

    person_id: int = Field(foreign_key="person.id", primary_key=True)
    role: PersonRole = Field(primary_key=True, sa_type=word(PersonRole))


class Appointment(SQLModel, table=True):
    """A mentor employed by an enterprise for a term (双聘), first and last day included.

    `ended_at`: an admin ended it early; `removed_at`: the knowledge files no longer name it.
    """

    __tablename__ = "appointment"

    id: int | None = Field(default=None, primary_key=True)
    key: str | None = Field(default=None, unique=True, max_length=64)
    mentor_id: int = Field(foreign_key="person.id", index=True)
    enterprise_id: int = Field(foreign_key="organisation.id", index=True)
    starts_on: date
    ends_on: date
    appointed_by: int | None = Field(default=None, foreign_key="person.id")
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    removed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Dispatch(SQLModel, table=True):
    """A doctoral student sent to an enterprise as its liaison (博士生派驻).

    `supervisor_id`: of their university; `enterprise_supervisor_id`: of the enterprise.
    """

    __tablename__ = "dispatch"

    id: int | None = Field(default=None, primary_key=True)
    key: str | None = Field(default=None, unique=True, max_length=64)
    student_id: int = Field(foreign_key="person.id", index=True)
    enterprise_id: int = Field(foreign_key="organisation.id", index=True)
    supervisor_id: int | None = Field(default=None, foreign_key="person.id")
    enterprise_supervisor_id: int | None = Field(default=None, foreign_key="person.id")
    starts_on: date
    ends_on: date
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    removed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
