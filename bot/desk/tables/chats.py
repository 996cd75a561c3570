"""Who is in a chat, and what is expected of them next."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from bot.sealing import SealedJson
from knowledge.tables.columns import UtcDateTime, word


class ChatState(StrEnum):
    """Whether Telegram lets the bot write there, and if not, why."""

    ACTIVE = "active"
    BLOCKED = "blocked"
    DEACTIVATED = "deactivated"  # the account is gone, and does not come back
    KICKED = "kicked"
    DELETED = "deleted"
    NOT_STARTED = "not_started"
    UNREACHABLE = "unreachable"


class Awaiting(StrEnum):
    """What the next text typed in a chat answers."""

    NOTHING = ""
    ENTERPRISE = "enterprise"
    EDIT = "edit"
    QUESTION = "question"
    WORDS = "words"
    APPOINT_MENTOR = "appoint_mentor"
    APPOINT_ENTERPRISE = "appoint_enterprise"
    APPOINT_TERM = "appoint_term"
    INVITE_MENTOR = "invite_mentor"
    LOOK = "look"
    REPORT = "report"
    PERSON = "person"
    BAN_REASON = "ban_reason"
    APPEAL = "appeal"
    ANSWER_QUESTION = "answer_question"
    ANSWER_TEXT = "answer_text"
    AWAY = "away"
    CAPACITY = "capacity"
    HOURS = "hours"
    ESCALATION_NOTE = "escalation_note"
    COLLEAGUE = "colleague"
    DETAIL_QUESTION = "detail_question"
    DETAIL_ANSWER = "detail_answer"
    TRANSFER_NAME = "transfer_name"


class Chat(SQLModel, table=True):
    """A person's private chat with the bot; `notes` holds the form that `awaiting` is filling.

    `current_id`: the consultation they switched to, and since when.
    """

    __tablename__ = "chat"

    chat_id: int = Field(
        primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    person_id: int = Field(foreign_key="person.id", index=True)
    state: ChatState = Field(default=ChatState.ACTIVE, sa_type=word(ChatState))
    awaiting: Awaiting = Field(default=Awaiting.NOTHING, sa_type=word(Awaiting))
    notes: dict[str, Any] = Field(default_factory=dict, sa_type=SealedJson)
    consent_version: int = 0
    consented_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    current_id: int | None = Field(default=None, foreign_key="consultation.id")
    current_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    first_seen: datetime = Field(sa_type=UtcDateTime)
