"""Knowledge on its way in."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from knowledge.tables.columns import UtcDateTime, word


class ReloadState(StrEnum):
    RECEIVED = "received"
    REFUSED = "refused"
    READY = "ready"
    CONFIRMED = "confirmed"
    APPLIED = "applied"
    CANCELLED = "cancelled"
    FAILED = "failed"


class Reload(SQLModel, table=True):
    """A knowledge file an admin sent, from its arrival to the snapshot that serves it."""

    __tablename__ = "reload"

    id: int | None = Field(default=None, primary_key=True)
    chat_id: int = Field(sa_type=BigInteger)
    admin_id: int = Field(foreign_key="person.id")
    filename: str
    file_id: str
    path: str = ""
    state: ReloadState = Field(default=ReloadState.RECEIVED, sa_type=word(ReloadState), index=True)
    remove: bool = False
    received_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
