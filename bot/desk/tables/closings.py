"""How consultations ended, what was quiet in them, and the transcripts asked for."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, Index, text
from sqlmodel import Field, SQLModel

from knowledge.tables.columns import UtcDateTime, word


class Closing(SQLModel, table=True):
    """One time that a consultation was closed; one that was reopened may have several.

    `solved`: as its asker says; None where nobody said anything. `asked_at`: when its asker was
    asked whether it still holds. `holds`: what they answered.
    """

    __tablename__ = "closing"
    __table_args__ = (
        Index(
            "ix_closing_unasked",
            "closed_at",
            sqlite_where=text("asked_at IS NULL"),
            postgresql_where=text("asked_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    consultation_id: int = Field(foreign_key="consultation.id", index=True)
    solved: bool | None = None
    closed_at: datetime = Field(sa_type=UtcDateTime)
    asked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    holds: bool | None = None
    reopened_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Quiet(SQLModel, table=True):
    """What was done about the silence in a consultation; void as soon as somebody writes.

    `since`: no silence counts before (its asker keeps it open, or it was reopened). `warned_at`:
    whoever should write was told. `admins_at`: the admins were, of a mentor who owes an answer.
    `opening_told`: until when the mentor is off work, as the asker who wrote was told.
    """

    __tablename__ = "quiet"

    consultation_id: int = Field(
        primary_key=True,
        foreign_key="consultation.id",
        sa_column_kwargs={"autoincrement": False},
    )
    since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    warned_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    admins_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    opening_told: datetime | None = Field(default=None, sa_type=UtcDateTime)


class TranscriptState(StrEnum):
    WANTED = "wanted"
    MADE = "made"
    FAILED = "failed"
    SWEPT = "swept"


class Transcript(SQLModel, table=True):
    """A consultation as a file, for one of its sides; `path`: where it lies until it is sent."""

    __tablename__ = "transcript"

    id: int | None = Field(default=None, primary_key=True)
    consultation_id: int = Field(foreign_key="consultation.id", index=True)
    chat_id: int = Field(sa_type=BigInteger)
    state: TranscriptState = Field(
        default=TranscriptState.WANTED, sa_type=word(TranscriptState), index=True
    )
    attempts: int = 0
    path: str = ""
    wanted_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
