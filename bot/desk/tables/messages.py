"""What people write to each other."""

from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any

from sqlalchemy import BigInteger, Index, SmallInteger, text
from sqlmodel import Field, SQLModel

from bot.sealing import SealedJson, SealedText
from knowledge.tables.columns import UtcDateTime, word


class Receipt(IntEnum):
    """The mark that its writer sees on a message; `OVERTAKEN`: none of ours stands there.

    Up to ACCEPTED another is still to come.
    """

    NONE = 0
    ACCEPTED = 1
    DELIVERED = 2
    FAILED = 3
    OVERTAKEN = 4


class Message(SQLModel, table=True):
    """A message as a person wrote it in their chat, in its newest version.

    `text`: its text or caption, with its `entities` as Telegram counts them (UTF-16 units).
    `file`: of what has one: id, unique_id, and name, mime, size where known. `quote`: the words it
    replies to. `album`: of a media group, whose parts are rows of their own. `version`: how many
    MessageVersions came before it. `writer`: who of the mentor's lab wrote it, if not they.
    `asker_reaction`, `mentor_reaction`: the emoji that either side has set on it. A message that
    was removed has no words left.
    """

    __tablename__ = "message"
    __table_args__ = (
        Index("ix_message_written", "chat_id", "message_id"),
        Index(
            "ix_message_unmarked",
            "id",
            sqlite_where=text("receipt < 2"),
            postgresql_where=text("receipt < 2"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    consultation_id: int = Field(foreign_key="consultation.id", index=True)
    by_asker: bool
    chat_id: int = Field(sa_type=BigInteger)
    message_id: int = Field(sa_type=BigInteger)
    reply_to: int | None = Field(default=None, sa_type=BigInteger)
    kind: str = Field(max_length=16)
    text: str = Field(default="", sa_type=SealedText, sa_column_kwargs={"server_default": ""})
    entities: list[dict[str, Any]] = Field(
        default_factory=list, sa_type=SealedJson, sa_column_kwargs={"server_default": "[]"}
    )
    file: dict[str, Any] = Field(
        default_factory=dict, sa_type=SealedJson, sa_column_kwargs={"server_default": "{}"}
    )
    quote: dict[str, Any] = Field(
        default_factory=dict, sa_type=SealedJson, sa_column_kwargs={"server_default": "{}"}
    )
    album: str = Field(default="", max_length=64, sa_column_kwargs={"server_default": ""})
    writer: str = Field(default="", sa_type=SealedText, sa_column_kwargs={"server_default": ""})
    asker_reaction: str | None = Field(default=None, sa_type=SealedText)
    mentor_reaction: str | None = Field(default=None, sa_type=SealedText)
    # What was written before there were receipts gets none.
    receipt: int = Field(
        default=Receipt.NONE, sa_type=SmallInteger, sa_column_kwargs={"server_default": "4"}
    )
    version: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    written_at: datetime = Field(sa_type=UtcDateTime)
    edited_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    removed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class MessageVersion(SQLModel, table=True):
    """What a message said before it was edited; `number` counts from 0, the first."""

    __tablename__ = "message_version"

    id: int | None = Field(default=None, primary_key=True)
    message_id: int = Field(foreign_key="message.id", index=True)
    number: int
    text: str = Field(default="", sa_type=SealedText)
    entities: list[dict[str, Any]] = Field(default_factory=list, sa_type=SealedJson)
    file: dict[str, Any] = Field(default_factory=dict, sa_type=SealedJson)
    replaced_at: datetime = Field(sa_type=UtcDateTime)


class ParkedFor(StrEnum):
    """What a kept message waits for: its writer's word on where it belongs, their consent to our
    terms, or room among a day's questions."""

    CHOICE = "choice"
    CONSENT = "consent"
    ROOM = "room"


class Parked(SQLModel, table=True):
    """A message that could belong to two consultations (or that came before consent), kept.

    `rest`: what Heard says beyond these columns. `consultation_id`: where it went.
    """

    __tablename__ = "parked"

    id: int | None = Field(default=None, primary_key=True)
    chat_id: int = Field(sa_type=BigInteger, index=True)
    message_id: int = Field(sa_type=BigInteger)
    reply_to: int | None = Field(default=None, sa_type=BigInteger)
    kind: str = Field(max_length=16)
    text: str = Field(default="", sa_type=SealedText)
    rest: dict[str, Any] = Field(
        default_factory=dict, sa_type=SealedJson, sa_column_kwargs={"server_default": "{}"}
    )
    album: str = Field(default="", max_length=64, sa_column_kwargs={"server_default": ""})
    consultation_id: int | None = Field(default=None, foreign_key="consultation.id")
    waits_for: ParkedFor = Field(
        default=ParkedFor.CHOICE,
        sa_type=word(ParkedFor),
        sa_column_kwargs={"server_default": "choice"},
    )
    parked_at: datetime = Field(sa_type=UtcDateTime)
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
