"""Who gave a consultation to whom, and who reads along."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Column, ForeignKey, Index, text
from sqlmodel import Field, SQLModel

from bot.sealing import SealedText
from knowledge.tables.columns import UtcDateTime, word


class Escalation(SQLModel, table=True):
    """Somebody gave what they were offered (`offer_id`) to a colleague whom they named.

    `by_id`: its column is called as in the days when only an enterprise's liaison could.
    """

    __tablename__ = "escalation"

    id: int | None = Field(default=None, primary_key=True)
    consultation_id: int = Field(foreign_key="consultation.id", index=True)
    by_id: int = Field(
        sa_column=Column("liaison_id", ForeignKey("person.id"), index=True, nullable=False)
    )
    to_id: int = Field(foreign_key="person.id", index=True)
    offer_id: int = Field(foreign_key="offer.id", unique=True)
    note: str = Field(default="", sa_type=SealedText)
    escalated_at: datetime = Field(sa_type=UtcDateTime)


class FollowedAs(StrEnum):
    LIAISON = "liaison"
    SUPERVISOR = "supervisor"


class FollowState(StrEnum):
    INVITED = "invited"
    FOLLOWING = "following"
    LEFT = "left"


class Reading(StrEnum):
    """Whether a follower reads along; up to ALLOWED only their asker can say."""

    NO = "no"
    ASKED = "asked"
    ALLOWED = "allowed"
    REFUSED = "refused"


class Follow(SQLModel, table=True):
    """Somebody beside the talk: they learn its stages, and read along where they may.

    `told`: the stage they know. `read_to`: the last message they had, or that was before them.
    """

    __tablename__ = "follow"
    __table_args__ = (Index("ux_follow", "consultation_id", "person_id", unique=True),)

    id: int | None = Field(default=None, primary_key=True)
    consultation_id: int = Field(foreign_key="consultation.id")
    person_id: int = Field(foreign_key="person.id", index=True)
    followed_as: FollowedAs = Field(sa_type=word(FollowedAs))
    state: FollowState = Field(default=FollowState.INVITED, sa_type=word(FollowState), index=True)
    reading: Reading = Field(default=Reading.NO, sa_type=word(Reading))
    told: str = Field(default="", max_length=24)
    read_to: int = 0
    invited_at: datetime = Field(sa_type=UtcDateTime)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class TransferState(StrEnum):
    PROPOSED = "proposed"  # by its mentor; its asker is asked
    OFFERED = "offered"  # its asker agreed, or an admin wants it; the new mentor is asked
    ACCEPTED = "accepted"
    REFUSED = "refused"  # by its asker
    DECLINED = "declined"  # by the new mentor
    LAPSED = "lapsed"  # not answered in time, or the talk has ended


UNDER_WAY = (TransferState.PROPOSED, TransferState.OFFERED)
_ONE = text("state IN ('proposed', 'offered')")


class Transfer(SQLModel, table=True):
    """A talk that is to go from one mentor to another; until it is accepted it is the first's."""

    __tablename__ = "transfer"
    __table_args__ = (
        Index(
            "ux_transfer_under_way",
            "consultation_id",
            unique=True,
            sqlite_where=_ONE,
            postgresql_where=_ONE,
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    consultation_id: int = Field(foreign_key="consultation.id", index=True)
    from_id: int = Field(foreign_key="person.id", index=True)
    to_id: int = Field(foreign_key="person.id", index=True)
    by_id: int = Field(foreign_key="person.id", index=True)
    reason: str = Field(default="", sa_type=SealedText)
    state: TransferState = Field(
        default=TransferState.PROPOSED, sa_type=word(TransferState), index=True
    )
    proposed_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
