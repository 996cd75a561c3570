"""How people treat each other here, and what was decided about it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, text
from sqlmodel import Field, SQLModel

from bot.desk.errors import RefusedError
from bot.sealing import SealedText
from knowledge.tables.columns import UtcDateTime, word


class ReportState(StrEnum):
    OPEN = "open"
    DISMISSED = "dismissed"
    BANNED = "banned"


class Report(SQLModel, table=True):
    """One side of a consultation tells the admins about the other."""

    __tablename__ = "report"

    id: int | None = Field(default=None, primary_key=True)
    consultation_id: int = Field(foreign_key="consultation.id", index=True)
    reporter_id: int = Field(foreign_key="person.id")
    reported_id: int = Field(foreign_key="person.id", index=True)
    text: str = Field(sa_type=SealedText)
    state: ReportState = Field(default=ReportState.OPEN, sa_type=word(ReportState))
    reported_at: datetime = Field(sa_type=UtcDateTime)
    decided_by: int | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    def decide(self, state: ReportState, admin_id: int, now: datetime) -> None:
        """Raises RefusedError("report_decided") where somebody decided before."""
        if self.state is not ReportState.OPEN:
            raise RefusedError("report_decided")
        self.state, self.decided_by, self.decided_at = state, admin_id, now


class Ban(SQLModel, table=True):
    """A person may do nothing here but appeal, see and take what is theirs; until it is lifted."""

    __tablename__ = "ban"
    __table_args__ = (
        Index(
            "ix_ban_in_force",
            "person_id",
            unique=True,
            sqlite_where=text("lifted_at IS NULL"),
            postgresql_where=text("lifted_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    reason: str = Field(sa_type=SealedText)
    report_id: int | None = Field(default=None, foreign_key="report.id")
    banned_by: int = Field(foreign_key="person.id")
    banned_at: datetime = Field(sa_type=UtcDateTime)
    lifted_by: int | None = Field(default=None, foreign_key="person.id")
    lifted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Appeal(SQLModel, table=True):
    """What a banned person says to it, once a ban; `granted` is None until it is decided."""

    __tablename__ = "appeal"

    id: int | None = Field(default=None, primary_key=True)
    ban_id: int = Field(foreign_key="ban.id", unique=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    text: str = Field(sa_type=SealedText)
    made_at: datetime = Field(sa_type=UtcDateTime)
    granted: bool | None = None
    decided_by: int | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Act(SQLModel, table=True):
    """What was done about a person, or swept away: who, to whom, when and how much. No words."""

    __tablename__ = "act"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
    act: str = Field(max_length=24)
    actor_id: int | None = Field(default=None, foreign_key="person.id")
    subject_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    consultation_id: int | None = Field(default=None, foreign_key="consultation.id")
    figures: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
