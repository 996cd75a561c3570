"""A question on its way, and the shortlist that was found for it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger
from sqlmodel import Field, SQLModel

from bot.desk.errors import WrongStageError
from bot.sealing import SealedJson, SealedText
from knowledge.tables.columns import UtcDateTime, word


class Stage(StrEnum):
    DRAFT = "draft"
    OFFERED = "offered"
    ACTIVE = "active"
    ANSWERED = "answered"
    RESOLVED = "resolved"
    UNRESOLVED = "unresolved"
    SILENT = "silent"
    WITHDRAWN = "withdrawn"


class Level(StrEnum):
    """Who reads the question: whoever it is offered to, or only whoever accepts it.

    MATCH_ONLY: it is searched by, and shown once somebody accepts. NDA: that somebody has agreed
    to our words on confidentiality before.
    """

    PUBLIC = "public"
    MATCH_ONLY = "match_only"
    NDA = "nda"


TALKING = (Stage.ACTIVE, Stage.ANSWERED)
CLOSED = (Stage.RESOLVED, Stage.UNRESOLVED, Stage.SILENT)
ENDED = (*CLOSED, Stage.WITHDRAWN)
NONE_OF_THEM, IN_OWN_WORDS = 0, -1  # answers to a clarifying question beside its choices


class Consultation(SQLModel, table=True):
    """A question on its way: as typed, and `forwarded` as its asker lets others read it.

    `choices`: what its clarifying question offered; `choice`: the number of the one tapped,
    NONE_OF_THEM, or IN_OWN_WORDS once more was typed after that.
    `kept`: keys of what was marked as looking secret and is to stay; `shared`: keys of the
    sentences that may be read before anybody accepts (see bot.desk.confiding).
    """

    __tablename__ = "consultation"

    id: int | None = Field(default=None, primary_key=True)
    asker_id: int = Field(foreign_key="person.id", index=True)
    enterprise_id: int | None = Field(default=None, foreign_key="organisation.id")
    mentor_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    chosen_id: int | None = Field(default=None, foreign_key="person.id")
    language: str = Field(default="zh", max_length=8)
    question: str = Field(sa_type=SealedText)
    forwarded: str = Field(sa_type=SealedText)
    asked_message: int = Field(sa_type=BigInteger)
    file_text: str = Field(default="", sa_type=SealedText, sa_column_kwargs={"server_default": ""})
    enclosed: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    stage: Stage = Field(default=Stage.DRAFT, sa_type=word(Stage), index=True)
    asked_at: datetime = Field(sa_type=UtcDateTime)
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    accepted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    rating: int | None = None
    rated_for: str = Field(default="", max_length=24, sa_column_kwargs={"server_default": ""})
    choices: list[str] = Field(
        default_factory=list, sa_type=JSON, sa_column_kwargs={"server_default": "[]"}
    )
    choice: int | None = None
    level: Level = Field(
        default=Level.PUBLIC, sa_type=word(Level), sa_column_kwargs={"server_default": "public"}
    )
    kept: list[str] = Field(
        default_factory=list, sa_type=SealedJson, sa_column_kwargs={"server_default": "[]"}
    )
    shared: list[str] = Field(
        default_factory=list, sa_type=SealedJson, sa_column_kwargs={"server_default": "[]"}
    )

    @property
    def masked(self) -> bool:
        """Whether the question itself is hidden from those it is offered to."""
        return self.level is not Level.PUBLIC and self.stage in (Stage.DRAFT, Stage.OFFERED)

    @property
    def narrowed_to(self) -> str:
        """The choice that became a turn, if one did."""
        return self.choices[self.choice - 1] if self.choice and self.choice > 0 else ""

    def confirm(self, now: datetime) -> None:
        self._move(Stage.OFFERED, Stage.DRAFT)
        self.confirmed_at = now

    def accept(self, mentor_id: int, now: datetime) -> None:
        self._move(Stage.ACTIVE, Stage.OFFERED)
        self.mentor_id, self.accepted_at = mentor_id, now

    def answer(self) -> None:
        self._move(Stage.ANSWERED, Stage.ACTIVE)

    def continue_(self) -> None:
        """The asker says it is not solved yet, and the talk goes on."""
        self._move(Stage.ACTIVE, *TALKING)

    def resolve(self, solved: bool, now: datetime) -> None:
        """Of one that was closed for its silence the asker may still say it."""
        self._move(Stage.RESOLVED if solved else Stage.UNRESOLVED, *TALKING, Stage.SILENT)
        self.ended_at = now

    def fall_silent(self, now: datetime) -> None:
        self._move(Stage.SILENT, *TALKING)
        self.ended_at = now

    def rate(self, stars: int) -> None:
        self._require(Stage.RESOLVED, Stage.UNRESOLVED)
        self.rating, self.rated_for = stars, ""

    def rate_for(self, reason: str) -> None:
        """The coded reason of the stars; empty to take it back."""
        self._require(Stage.RESOLVED, Stage.UNRESOLVED)
        self.rated_for = reason

    def reopen(self) -> None:
        """The talk goes on with the mentor whom it had."""
        self._move(Stage.ACTIVE, *CLOSED)
        self.ended_at = None

    def reoffer(self) -> None:
        """Its mentor does not go on with it: it is put to others, and they may not write in it."""
        self._move(Stage.OFFERED, Stage.ACTIVE)
        self.mentor_id = self.accepted_at = None

    def transfer(self, mentor_id: int, now: datetime) -> None:
        """The talk goes on with another mentor."""
        self._move(Stage.ACTIVE, *TALKING)
        self.mentor_id, self.accepted_at = mentor_id, now

    def withdraw(self, now: datetime) -> None:
        self._move(Stage.WITHDRAWN, Stage.DRAFT, Stage.OFFERED)
        self.ended_at = now

    def _move(self, to: Stage, *allowed: Stage) -> None:
        self._require(*allowed)
        self.stage = to

    def _require(self, *allowed: Stage) -> None:
        if self.stage not in allowed:
            raise WrongStageError(self.id or 0, self.stage)


class Candidate(SQLModel, table=True):
    """One line of a consultation's shortlist, with the evidence that the card quotes."""

    __tablename__ = "candidate"

    id: int | None = Field(default=None, primary_key=True)
    consultation_id: int = Field(foreign_key="consultation.id", index=True)
    rank: int
    entry_key: str = Field(max_length=64)
    person_id: int | None = Field(default=None, foreign_key="person.id")
    evidence: str
    score: float
    strength: str = Field(max_length=16)
    reasons: list[Any] = Field(
        default_factory=list, sa_type=JSON, sa_column_kwargs={"server_default": "[]"}
    )
