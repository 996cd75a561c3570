"""What is wrong with the desk itself, from when to when."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from knowledge.tables.columns import UtcDateTime, word


class Alarm(StrEnum):
    INBOX = "inbox"
    OUTBOX = "outbox"
    SET_ASIDE = "set_aside"
    DISK = "disk"


class Incident(SQLModel, table=True):
    """Told to the admins as it begins and as it ends; of one kind there is one at a time."""

    __tablename__ = "incident"
    __table_args__ = (
        Index(
            "ux_incident_now",
            "alarm",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    alarm: Alarm = Field(sa_type=word(Alarm))
    began_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
