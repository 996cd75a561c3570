"""What the conversation remembers. Stages move by the verbs on the rows."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, Index
from sqlmodel import Field, SQLModel

from bot.desk.errors import WrongStageError
from knowledge.tables.columns import UtcDateTime, word


class ChatState(StrEnum):
    ACTIVE = "active"
    BLOCKED = "blocked"
    DEACTIVATED = "deactivated"
    UNREACHABLE = "unreachable"


class Awaiting(StrEnum):
    """What the next text typed in a chat answers."""

    NOTHING = ""
    ENTERPRISE = "enterprise"
    EDIT = "edit"
    QUESTION = "question"
    APPOINT_MENTOR = "appoint_mentor"
    APPOINT_ENTERPRISE = "appoint_enterprise"
    APPOINT_TERM = "appoint_term"
    INVITE_MENTOR = "invite_mentor"


class Chat(SQLModel, table=True):
    """A person's private chat with the bot; `notes` holds the form that `awaiting` is filling."""

    __tablename__ = "chat"

    chat_id: int = Field(
        primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    person_id: int = Field(foreign_key="person.id", index=True)
    state: ChatState = Field(default=ChatState.ACTIVE, sa_type=word(ChatState))
    awaiting: Awaiting = Field(default=Awaiting.NOTHING, sa_type=word(Awaiting))
    notes: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    consent_version: int = 0
    consented_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    first_seen: datetime = Field(sa_type=UtcDateTime)


class Stage(StrEnum):
    DRAFT = "draft"
    OFFERED = "offered"
    ACTIVE = "active"
    ANSWERED = "answered"
    RESOLVED = "resolved"
    UNRESOLVED = "unresolved"
    WITHDRAWN = "withdrawn"


TALKING = (Stage.ACTIVE, Stage.ANSWERED)
ENDED = (Stage.RESOLVED, Stage.UNRESOLVED, Stage.WITHDRAWN)
NONE_OF_THEM, IN_OWN_WORDS = 0, -1  # answers to a clarifying question beside its choices


class Consultation(SQLModel, table=True):
    """A question on its way: as typed, and `forwarded` as its asker lets others read it.

    `choices`: what its clarifying question offered; `choice`: the number of the one tapped,
    NONE_OF_THEM, or IN_OWN_WORDS once more was typed after that.
    """

    __tablename__ = "consultation"

    id: int | None = Field(default=None, primary_key=True)
    asker_id: int = Field(foreign_key="person.id", index=True)
    enterprise_id: int | None = Field(default=None, foreign_key="organisation.id")
    mentor_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    chosen_id: int | None = Field(default=None, foreign_key="person.id")
    language: str = Field(default="zh", max_length=8)
    question: str
    forwarded: str
    asked_message: int = Field(sa_type=BigInteger)
    stage: Stage = Field(default=Stage.DRAFT, sa_type=word(Stage), index=True)
    asked_at: datetime = Field(sa_type=UtcDateTime)
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    accepted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    rating: int | None = None
    choices: list[str] = Field(
        default_factory=list, sa_type=JSON, sa_column_kwargs={"server_default": "[]"}
    )
    choice: int | None = None

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
        self._move(Stage.RESOLVED if solved else Stage.UNRESOLVED, *TALKING)
        self.ended_at = now

    def rate(self, stars: int) -> None:
        self._require(Stage.RESOLVED, Stage.UNRESOLVED)
        self.rating = stars

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


class OfferState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    TAKEN = "taken"
    UNREACHABLE = "unreachable"


class OfferedAs(StrEnum):
    OWN_MENTOR = "own_mentor"
    CHOSEN = "chosen"
    NEXT = "next"
    LIAISON = "liaison"
    ADMIN = "admin"


class DeclineReason(StrEnum):
    NO_TIME = "no_time"
    OUTSIDE_FIELD = "outside_field"
    CONFLICT = "conflict"
    UNCLEAR = "unclear"


class Offer(SQLModel, table=True):
    """A consultation put to one person; without `expires_at` it stays open (an admin's)."""

    __tablename__ = "offer"

    id: int | None = Field(default=None, primary_key=True)
    consultation_id: int = Field(foreign_key="consultation.id", index=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    offered_as: OfferedAs = Field(sa_type=word(OfferedAs))
    state: OfferState = Field(default=OfferState.OPEN, sa_type=word(OfferState), index=True)
    reason: str = Field(default="", max_length=24)
    offered_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    def end(self, state: OfferState, now: datetime, reason: str = "") -> None:
        """Raises WrongStageError when the offer has ended already."""
        if self.state is not OfferState.OPEN:
            raise WrongStageError(self.consultation_id, self.state)
        self.state, self.ended_at, self.reason = state, now, reason


class Message(SQLModel, table=True):
    """A message as a person wrote it in their chat; its words stay with Telegram."""

    __tablename__ = "message"
    __table_args__ = (Index("ix_message_written", "chat_id", "message_id"),)

    id: int | None = Field(default=None, primary_key=True)
    consultation_id: int = Field(foreign_key="consultation.id", index=True)
    by_asker: bool
    chat_id: int = Field(sa_type=BigInteger)
    message_id: int = Field(sa_type=BigInteger)
    reply_to: int | None = Field(default=None, sa_type=BigInteger)
    kind: str = Field(max_length=16)
    written_at: datetime = Field(sa_type=UtcDateTime)


class Parked(SQLModel, table=True):
    """A message that could belong to two consultations (or that came before consent), kept."""

    __tablename__ = "parked"

    id: int | None = Field(default=None, primary_key=True)
    chat_id: int = Field(sa_type=BigInteger, index=True)
    message_id: int = Field(sa_type=BigInteger)
    reply_to: int | None = Field(default=None, sa_type=BigInteger)
    kind: str = Field(max_length=16)
    text: str = ""
    parked_at: datetime = Field(sa_type=UtcDateTime)
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


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
