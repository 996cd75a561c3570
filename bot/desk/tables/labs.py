"""Groups of labs in which a mentor's consultations are talked of."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, Index, text
from sqlmodel import Field, SQLModel

from bot.desk.errors import RefusedError
from knowledge.tables.columns import UtcDateTime, word


class LabState(StrEnum):
    ASKED = "asked"
    BOUND = "bound"
    REFUSED = "refused"
    ENDED = "ended"


class LabEnd(StrEnum):
    """Why a group is bound no more."""

    UNBOUND = "unbound"
    KICKED = "kicked"
    NO_RIGHTS = "no_rights"
    MENTOR_LEFT = "mentor_left"
    REPLACED = "replaced"


class LabGroup(SQLModel, table=True):
    """A forum that a mentor wants bound, from their /bind to its end; one at a time is in force.

    `chat_id` is the group's, and changes when it becomes a supergroup.
    """

    __tablename__ = "lab_group"
    __table_args__ = (
        Index(
            "ix_lab_group_in_force",
            "mentor_id",
            unique=True,
            sqlite_where=text("state IN ('asked', 'bound')"),
            postgresql_where=text("state IN ('asked', 'bound')"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    chat_id: int = Field(sa_type=BigInteger, index=True)
    title: str = Field(max_length=255)
    mentor_id: int = Field(foreign_key="person.id", index=True)
    state: LabState = Field(default=LabState.ASKED, sa_type=word(LabState))
    reason: str = Field(default="", max_length=24)
    asked_at: datetime = Field(sa_type=UtcDateTime)
    decided_by: int | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    def bind(self, admin_id: int, now: datetime) -> None:
        self._decide(LabState.BOUND, admin_id, now)

    def refuse(self, admin_id: int, now: datetime) -> None:
        self._decide(LabState.REFUSED, admin_id, now)

    def end(self, reason: LabEnd, now: datetime) -> None:
        self.state, self.reason, self.ended_at = LabState.ENDED, reason.value, now

    def _decide(self, state: LabState, admin_id: int, now: datetime) -> None:
        """Raises RefusedError("lab_decided") where it was decided, or taken back, before."""
        if self.state is not LabState.ASKED:
            raise RefusedError("lab_decided")
        self.state, self.decided_by, self.decided_at = state, admin_id, now
