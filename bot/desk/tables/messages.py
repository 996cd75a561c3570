"""What people write to each other."""

from datetime import datetime

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel

from bot.sealing import SealedText
from knowledge.tables.columns import UtcDateTime


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
    text: str = Field(default="", sa_type=SealedText)
    parked_at: datetime = Field(sa_type=UtcDateTime)
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
