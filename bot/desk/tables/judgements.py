"""What rankings can learn from."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel

from knowledge.tables.columns import UtcDateTime, word


class Verdict(StrEnum):
    """What an act of the asker or the mentor says of an entry that was found."""

    CHOSEN = "chosen"
    DECLINED = "declined"
    SOLVED = "solved"
    UNSOLVED = "unsolved"
    NOT_RELEVANT = "not_relevant"
    RELEVANT = "relevant"


class Judgement(SQLModel, table=True):
    """Evidence that rankings can learn from: never changed, a later one supersedes.

    The question stays with its consultation. `reason`: of who declined, their coded one.
    """

    __tablename__ = "judgement"

    id: int | None = Field(default=None, primary_key=True)
    consultation_id: int = Field(foreign_key="consultation.id", index=True)
    entry_key: str = Field(max_length=64)
    verdict: Verdict = Field(sa_type=word(Verdict))
    reason: str = Field(default="", max_length=24)
    person_id: int = Field(foreign_key="person.id")
    judged_at: datetime = Field(sa_type=UtcDateTime)
