"""What binds those who read in confidence, and who looked where only two should."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, UniqueConstraint, event
from sqlmodel import Field, SQLModel

from bot.sealing import SealedText
from knowledge.tables.columns import UtcDateTime, word


class Undertaking(SQLModel, table=True):
    """The words on confidentiality as somebody read them: kept whole, for they bind.

    `digest`: SHA-256 of the text in that language.
    """

    __tablename__ = "undertaking"

    id: int | None = Field(default=None, primary_key=True)
    version: int
    language: str = Field(max_length=8)
    digest: str = Field(max_length=64, unique=True)
    text: str


class Agreement(SQLModel, table=True):
    """A person agreed to an undertaking, first for this consultation; never changed."""

    __tablename__ = "agreement"
    __table_args__ = (UniqueConstraint("person_id", "version"),)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    undertaking_id: int = Field(foreign_key="undertaking.id")
    version: int
    digest: str = Field(max_length=64)
    consultation_id: int = Field(foreign_key="consultation.id")
    agreed_at: datetime = Field(sa_type=UtcDateTime)


class LookState(StrEnum):
    ASKED = "asked"
    OPEN = "open"
    OVER = "over"
    LEFT = "left"


class Look(SQLModel, table=True):
    """An admin reads a consultation, once and for a while."""

    __tablename__ = "look"

    id: int | None = Field(default=None, primary_key=True)
    consultation_id: int = Field(foreign_key="consultation.id", index=True)
    admin_id: int = Field(foreign_key="person.id")
    chat_id: int = Field(sa_type=BigInteger)
    reason: str = Field(sa_type=SealedText)
    state: LookState = Field(default=LookState.ASKED, sa_type=word(LookState), index=True)
    asked_at: datetime = Field(sa_type=UtcDateTime)
    pages: int = 0
    opened_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ends_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Audit(SQLModel, table=True):
    """An act that nobody may do unseen; each row's hash is over itself and the row before.

    Rows are only ever added. `previous` is unique, so that two cannot follow the same one.
    """

    __tablename__ = "audit"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
    actor_id: int
    act: str = Field(max_length=24)
    consultation_id: int
    reason: str = Field(sa_type=SealedText)
    previous: str = Field(max_length=64, unique=True)
    hash: str = Field(max_length=64)


class AppendOnlyError(Exception):
    """A row of the audit was to be changed or deleted."""


def _refuse(*_: object) -> None:
    raise AppendOnlyError("rows of the audit are only added")


event.listen(Audit, "before_update", _refuse)
event.listen(Audit, "before_delete", _refuse)
