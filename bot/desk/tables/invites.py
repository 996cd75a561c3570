"""Who was asked in."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from knowledge.tables.columns import UtcDateTime


class Invite(SQLModel, table=True):
    """A one-time deep link; `person_id` is the known person whom it lets in, if there is one."""

    __tablename__ = "invite"

    id: int | None = Field(default=None, primary_key=True)
    role: str = Field(max_length=16)
    person_id: int | None = Field(default=None, foreign_key="person.id")
    invited_by: int | None = Field(default=None, foreign_key="person.id")
    invited_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    used_by: int | None = Field(default=None, foreign_key="person.id")
