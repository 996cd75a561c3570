"""To whom a consultation was put."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel

from bot.desk.errors import WrongStageError
from knowledge.tables.columns import UtcDateTime, word


class OfferState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    TAKEN = "taken"
    UNREACHABLE = "unreachable"
    AWAY = "away"  # its mentor went away before they answered
    LEFT = "left"  # accepted, and did not go on with it when it was reopened
    ESCALATED = "escalated"  # its liaison gave it to a mentor
    PASSED_ON = "passed_on"  # whoever had it gave it to a colleague


class OfferedAs(StrEnum):
    OWN_MENTOR = "own_mentor"
    CHOSEN = "chosen"
    NEXT = "next"
    LIAISON = "liaison"
    ESCALATED = "escalated"  # by the liaison
    PASSED_ON = "passed_on"  # by a colleague
    TRANSFERRED = "transferred"  # from the mentor who had it
    ADMIN = "admin"


class DeclineReason(StrEnum):
    NO_TIME = "no_time"
    OUTSIDE_FIELD = "outside_field"
    CONFLICT = "conflict"
    UNCLEAR = "unclear"


class Offer(SQLModel, table=True):
    """A consultation put to one person; without `expires_at` it stays open (an admin's).

    `remind_at`: when they are told of it again, if it is still open; `reminded`: how often so far.
    """

    __tablename__ = "offer"

    id: int | None = Field(default=None, primary_key=True)
    consultation_id: int = Field(foreign_key="consultation.id", index=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    offered_as: OfferedAs = Field(sa_type=word(OfferedAs))
    state: OfferState = Field(default=OfferState.OPEN, sa_type=word(OfferState), index=True)
    reason: str = Field(default="", max_length=24)
    offered_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    remind_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reminded: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    @property
    def slot(self) -> str:
        """Where its card stands: that of its last reminder."""
        return f"offer:{self.id}:{self.reminded}" if self.reminded else f"offer:{self.id}"

    def end(self, state: OfferState, now: datetime, reason: str = "") -> None:
        """Raises WrongStageError when the offer has ended already."""
        if self.state is not OfferState.OPEN:
            raise WrongStageError(self.consultation_id, self.state)
        self.state, self.ended_at, self.reason = state, now, reason
