"""The durable edge: updates received, deliveries owed, and which message became which."""

from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any

from sqlalchemy import BigInteger, Column, ForeignKey, Index, SmallInteger, Table, text
from sqlmodel import Field, SQLModel

from bot.sealing import SealedJson, SealedText
from knowledge.tables.columns import UtcDateTime, word


class InboxUpdate(SQLModel, table=True):
    """An update as Telegram sent it, committed before it is acknowledged.

    `lane` is the chat whose order it keeps (the person's id where an update has no chat).
    """

    __tablename__ = "inbox_update"
    __table_args__ = (
        Index(
            "ix_inbox_waiting",
            "lane",
            "update_id",
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
        Index(
            "ix_inbox_set_aside",
            "done_at",
            sqlite_where=text("quarantined"),
            postgresql_where=text("quarantined"),
        ),
    )

    update_id: int = Field(
        primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    lane: int = Field(sa_type=BigInteger)
    raw: str = Field(sa_type=SealedText)
    received_at: datetime = Field(sa_type=UtcDateTime)
    attempts: int = 0
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    quarantined: bool = False
    error: str = ""


class DeliveryState(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    FAILED = "failed"
    SUPERSEDED = "superseded"
    HELD = "held"  # until its chat can be reached again


class Priority(IntEnum):
    """A topic goes before what it holds, messages before notices, notices before broadcasts."""

    TOPIC = -1
    MESSAGE = 0
    NOTICE = 1
    BROADCAST = 2


class Delivery(SQLModel, table=True):
    """A call owed to Telegram: a `method` with its parameters, or a `card` rendered when sent.

    `values`: the method's parameters, or the card's view as plain values.
    `source_chat`, `source_message`: what this is the copy of; the pair is recorded once sent.
    `reply_chat`, `reply_message`: what this replies to, as its writer sees it; the counterpart
    in `chat_id` is looked up at sending, when it is known.
    `thread`: the consultation it belongs to, so that a reply to it finds its way; where that has a
    topic in `chat_id`, it is sent there. `topic`: the one it is sent to where `thread` has none.
    `album`: parts of one album in a chat are sent as one. `slot`: a later delivery of the same slot
    edits the earlier one's message (progress, a card whose buttons are spent); one that was not
    sent before a later one was owed is superseded.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        Index(
            "ix_delivery_due",
            "chat_id",
            "priority",
            "id",
            sqlite_where=text("state = 'queued'"),
            postgresql_where=text("state = 'queued'"),
        ),
        Index(
            "ix_delivery_slot",
            "chat_id",
            "slot",
            sqlite_where=text("slot <> ''"),
            postgresql_where=text("slot <> ''"),
        ),
        Index(
            "ix_delivery_card_sent",
            "chat_id",
            "sent_message",
            sqlite_where=text("card <> ''"),
            postgresql_where=text("card <> ''"),
        ),
        Index(
            "ix_delivery_held",
            "chat_id",
            "id",
            sqlite_where=text("state = 'held'"),
            postgresql_where=text("state = 'held'"),
        ),
        Index(
            "ix_delivery_sending",
            "id",
            sqlite_where=text("state = 'sending'"),
            postgresql_where=text("state = 'sending'"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    chat_id: int = Field(sa_type=BigInteger)
    priority: int = Field(default=Priority.NOTICE, sa_type=SmallInteger)
    state: DeliveryState = Field(default=DeliveryState.QUEUED, sa_type=word(DeliveryState))
    method: str = Field(default="", max_length=32)
    card: str = Field(default="", max_length=32)
    values: dict[str, Any] = Field(default_factory=dict, sa_type=SealedJson)
    language: str = Field(default="", max_length=8)
    attachment: str = ""
    thread: int | None = None
    topic: int | None = Field(default=None, sa_type=BigInteger)
    slot: str = Field(default="", max_length=64)
    album: str = Field(default="", max_length=64, sa_column_kwargs={"server_default": ""})
    source_chat: int | None = Field(default=None, sa_type=BigInteger)
    source_message: int | None = Field(default=None, sa_type=BigInteger)
    reply_chat: int | None = Field(default=None, sa_type=BigInteger)
    reply_message: int | None = Field(default=None, sa_type=BigInteger)
    owed_at: datetime = Field(sa_type=UtcDateTime)
    not_before: datetime | None = Field(default=None, sa_type=UtcDateTime)
    attempts: int = 0
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    sent_message: int | None = Field(default=None, sa_type=BigInteger)
    error: str = ""


class MessagePair(SQLModel, table=True):
    """One message as its writer and as its reader see it; append-only, looked up from both ends."""

    __tablename__ = "message_pair"
    __table_args__ = (
        Index("ix_pair_source", "source_chat", "source_message"),
        Index("ix_pair_copy", "copy_chat", "copy_message"),
    )

    id: int | None = Field(default=None, primary_key=True)
    thread: int | None = None
    source_chat: int = Field(sa_type=BigInteger)
    source_message: int = Field(sa_type=BigInteger)
    copy_chat: int = Field(sa_type=BigInteger)
    copy_message: int = Field(sa_type=BigInteger)


class TopicState(StrEnum):
    OPENING = "opening"
    OPEN = "open"
    NONE = "none"


class Topic(SQLModel, table=True):
    """The topic of a consultation in a chat: one row for both, so no second one is ever opened.

    `number`: Telegram's message_thread_id, while it is OPEN. OPENING: a delivery that opens it is
    owed. NONE: it could not be opened.
    """

    __tablename__ = "topic"
    __table_args__ = (
        Index("ix_topic_of", "chat_id", "thread", unique=True),
        Index("ix_topic_number", "chat_id", "number"),
    )

    id: int | None = Field(default=None, primary_key=True)
    chat_id: int = Field(sa_type=BigInteger)
    thread: int
    name: str = Field(max_length=128)
    state: TopicState = Field(default=TopicState.OPENING, sa_type=word(TopicState))
    number: int | None = Field(default=None, sa_type=BigInteger)
    owed_at: datetime = Field(sa_type=UtcDateTime)


class Worker(SQLModel, table=True):
    """A process that shares the work with others on PostgreSQL, for as long as it lives.

    Its number is never given again. `until`: the database's time by which it must have renewed its
    lease, or another worker deletes the row, and with it every transaction of this one fails.
    `there`: while it lives it holds a lock as well (see bot.delivery.bell), and is missed sooner.
    """

    __tablename__ = "worker"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=64)
    until: datetime = Field(sa_type=UtcDateTime)
    there: bool = False


class LaneShare(SQLModel, table=True):
    """Which worker has the chats of a share (see bot.delivery.shares); nobody while it has none."""

    __tablename__ = "lane_share"

    share: int = Field(
        primary_key=True, sa_type=SmallInteger, sa_column_kwargs={"autoincrement": False}
    )
    owner: int | None = Field(
        default=None, sa_column=Column(ForeignKey("worker.id", ondelete="SET NULL"))
    )


def table_of(row: type[SQLModel]) -> Table:
    """The table behind a row class, for statements that need no objects."""
    return SQLModel.metadata.tables[str(row.__tablename__)]
