"""How mentors work here: their time, their ready answers, their notes among themselves."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from bot.sealing import SealedJson, SealedText
from knowledge.tables.columns import UtcDateTime


class MentorDesk(SQLModel, table=True):
    """What a mentor said of their time; without a row they take whatever comes.

    `capacity`: new consultations within seven days, None for as many as come. `away_until`: the
    moment from which they are asked again. `time_zone`, `hours` (a bot.worktime.Week): empty for
    the desk's own. `digest_at`: when their next weekly digest is owed, None where not known yet.
    """

    __tablename__ = "mentor_desk"

    person_id: int = Field(
        primary_key=True, foreign_key="person.id", sa_column_kwargs={"autoincrement": False}
    )
    capacity: int | None = None
    away_until: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    time_zone: str = Field(default="", max_length=64)
    hours: str = Field(default="", max_length=64, sa_column_kwargs={"server_default": ""})
    digest: bool = True
    digest_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)

    def is_away(self, now: datetime) -> bool:
        return self.away_until is not None and now < self.away_until


class CannedAnswer(SQLModel, table=True):
    """A mentor's ready answer, found by its short name by nobody but themselves."""

    __tablename__ = "canned_answer"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    name: str = Field(sa_type=SealedText)
    text: str = Field(sa_type=SealedText)
    entities: list[dict[str, Any]] = Field(default_factory=list, sa_type=SealedJson)
    saved_at: datetime = Field(sa_type=UtcDateTime)


class InternalNote(SQLModel, table=True):
    """What those who answer a consultation leave for each other; its asker never sees it."""

    __tablename__ = "internal_note"

    id: int | None = Field(default=None, primary_key=True)
    consultation_id: int = Field(foreign_key="consultation.id", index=True)
    writer_id: int = Field(foreign_key="person.id", index=True)
    text: str = Field(sa_type=SealedText)
    written_at: datetime = Field(sa_type=UtcDateTime)


class CommandMenu(SQLModel, table=True):
    """The commands that a chat's app was last given, in short (bot.desk.menus)."""

    __tablename__ = "command_menu"

    chat_id: int = Field(
        primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    menu: str = Field(max_length=32)
