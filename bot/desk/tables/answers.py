"""Solved questions on their way to becoming knowledge."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlmodel import Field, SQLModel

from bot.desk.errors import RefusedError
from bot.sealing import SealedJson, SealedText
from knowledge.tables.columns import UtcDateTime, word


class AnswerState(StrEnum):
    """WISHED: its asker is asked whether there may be a draft at all. SHELVED: its consultation
    was reopened."""

    WISHED = "wished"
    DRAFT = "draft"
    PUBLIC = "public"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    SHELVED = "shelved"


UNDECIDED = (AnswerState.WISHED, AnswerState.DRAFT)


class Answer(SQLModel, table=True):
    """A question and its answer, drafted from a consultation; public once both sides approve.

    `parts`: the answer's paragraphs, each with its `text` and whether it is `dropped`. `version`
    counts edits: a button approves what was seen. `shown` counts the messages that showed it.
    `remind_at`: when whoever has it before them is reminded. `indexed`: the index holds it as it
    stands now.
    """

    __tablename__ = "answer"

    id: int | None = Field(default=None, primary_key=True)
    consultation_id: int = Field(foreign_key="consultation.id", unique=True)
    asker_id: int = Field(foreign_key="person.id", index=True)
    mentor_id: int = Field(foreign_key="person.id", index=True)
    language: str = Field(default="zh", max_length=8)
    question: str = Field(sa_type=SealedText)
    parts: list[dict[str, Any]] = Field(default_factory=list, sa_type=SealedJson)
    version: int = 0
    shown: int = 0
    state: AnswerState = Field(sa_type=word(AnswerState), index=True)
    mentor_approved: bool = False
    asker_approved: bool = False
    entry_key: str = Field(default="", max_length=64)
    indexed: bool = Field(default=True, index=True)
    drafted_at: datetime = Field(sa_type=UtcDateTime)
    remind_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    @property
    def text(self) -> str:
        """The answer as it would be public."""
        return "\n\n".join(part["text"] for part in self.parts if not part["dropped"])

    def change(self) -> None:
        """The words are others now: whoever approved has not seen them."""
        self.require(AnswerState.DRAFT)
        self.version += 1
        self.mentor_approved = self.asker_approved = False

    def approve(self, *, by_asker: bool) -> bool:
        """Whether both have approved now."""
        self.require(AnswerState.DRAFT)
        if by_asker:
            self.asker_approved = True
        else:
            self.mentor_approved = True
        return self.asker_approved and self.mentor_approved

    def publish(self, key: str, now: datetime) -> None:
        self.require(AnswerState.DRAFT)
        self.state, self.entry_key, self.indexed, self.ended_at = (
            AnswerState.PUBLIC,
            key,
            False,
            now,
        )

    def decline(self, now: datetime) -> None:
        self.require(*UNDECIDED)
        self.state, self.ended_at = AnswerState.DECLINED, now

    def withdraw(self, now: datetime) -> None:
        self.require(AnswerState.PUBLIC)
        self.state, self.indexed, self.ended_at = AnswerState.WITHDRAWN, False, now

    def shelve(self, now: datetime) -> None:
        self.require(*UNDECIDED)
        self.state, self.ended_at = AnswerState.SHELVED, now

    def require(self, *states: AnswerState) -> None:
        """Raises RefusedError("answer_moved") where it has moved on."""
        if self.state not in states:
            raise RefusedError("answer_moved")
