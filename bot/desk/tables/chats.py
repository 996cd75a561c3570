"""Who is in a chat, and what is expected of them next."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from bot.sealing import SealedJson
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
    notes: dict[str, Any] = Field(default_factory=dict, sa_type=SealedJson)
    consent_version: int = 0
    consented_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    first_seen: datetime = Field(sa_type=UtcDateTime)
