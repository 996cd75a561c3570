"""What is known: entries and the passages they are found by."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from knowledge.tables.columns import UtcDateTime, word


class EntryKind(StrEnum):
    EXPERT = "expert"
    PLATFORM = "platform"
    PATENT = "patent"
    ACHIEVEMENT = "achievement"
    ANSWER = "answer"
    POLICY = "policy"


class Entry(SQLModel, table=True):
    """`person_id`: the expert, the answer's mentor, the platform's officer.

    `details` holds what only its kind has.
    """

    __tablename__ = "entry"

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True, max_length=64)
    kind: EntryKind = Field(sa_type=word(EntryKind), index=True)
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id", index=True)
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    title_zh: str = ""
    title_en: str = ""
    summary_zh: str = ""
    summary_en: str = ""
    industries: str = ""
    details: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    fictional: bool = False
    removed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Passage(SQLModel, table=True):
    """One text in one language that an entry is found by: its summary, a paper, a skill ..."""

    __tablename__ = "passage"

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True, max_length=96)
    entry_id: int = Field(foreign_key="entry.id", index=True)
    kind: str = Field(max_length=16)
    language: str = Field(max_length=8)
    year: int | None = None
    text: str
