"""What a mentor asked before they decided on an offer."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel

from bot.sealing import SealedJson, SealedText
from knowledge.tables.columns import UtcDateTime, word


class DetailState(StrEnum):
    ASKED = "asked"
    ANSWERED = "answered"
    UNSAID = "unsaid"  # its asker would rather not say


class Detail(SQLModel, table=True):
    """One question back, before an offer is decided on; its answer is part of what was asked.

    `answer`: until it is ANSWERED a draft that nobody reads. `version` counts the drafts. `kept`:
    keys of what was marked in it as looking secret and is to stay. `shared`: whether it is read
    before anybody accepts, where the question itself is not.
    """

    __tablename__ = "detail"

    id: int | None = Field(default=None, primary_key=True)
    consultation_id: int = Field(foreign_key="consultation.id", index=True)
    offer_id: int = Field(foreign_key="offer.id", unique=True)
    by_id: int = Field(foreign_key="person.id", index=True)
    asker_id: int = Field(foreign_key="person.id", index=True)
    question: str = Field(sa_type=SealedText)
    answer: str = Field(default="", sa_type=SealedText)
    kept: list[str] = Field(default_factory=list, sa_type=SealedJson)
    version: int = 0
    shared: bool = True
    state: DetailState = Field(default=DetailState.ASKED, sa_type=word(DetailState))
    asked_at: datetime = Field(sa_type=UtcDateTime)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
