"""The topics of consultations: what a use case may owe of them, and what the sender learns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from bot.delivery.outbox import owe_call
from bot.delivery.owed import Owed
from bot.delivery.tables import Delivery, Priority, Topic, TopicState, table_of
from knowledge.prepared import Prepared

OPENS = "createForumTopic"
RENAMES = "editForumTopic"
# Telegram's limit for a topic's name, in UTF-16 units as it counts them.
NAME_LIMIT = 128
_topics, _deliveries = table_of(Topic), table_of(Delivery)
_row = _topics.c
_OF = Prepared(
    select(_row.state, _row.number).where(
        _row.chat_id == bindparam("chat"), _row.thread == bindparam("thread")
    )
)
_IN = select(_row.thread).where(
    _row.chat_id == bindparam("chat"), _row.number == bindparam("number")
)
# INSERT that waits for whoever opens the same topic, and then does nothing.
_INSERT = {
    dialect.__name__.rpartition(".")[2]: dialect.insert(_topics)
    .on_conflict_do_nothing(index_elements=["chat_id", "thread"])
    .returning(_row.id)
    for dialect in (postgresql, sqlite)
}


@dataclass(frozen=True, slots=True)
class Stand:
    """How a consultation's topic stands in a chat; `number` is there while it is open."""

    state: TopicState
    number: int | None


@dataclass(frozen=True, slots=True)
class Room:
    """The topic to send to; `lost`: there is none where there must be one."""

    topic: int | None
    lost: bool = False


NO_TOPIC = Room(None)


# -- for use cases


def topic_of(session: Session, chat_id: int, thread: int) -> Stand | None:
    found = next(iter(_OF.rows(session, chat=chat_id, thread=thread)), None)
    return None if found is None else Stand(found.state, found.number)


def thread_in(session: Session, chat_id: int, number: int) -> int | None:
    """The consultation whose topic this is."""
    found: int | None = (
        session.connection().execute(_IN, {"chat": chat_id, "number": number}).scalar()
    )
    return found


def open_topic(session: Session, chat_id: int, thread: int, name: str, *, now: datetime) -> bool:
    """Owe a consultation its topic in a chat; False where it was owed before, whatever came of it.

    Two who do so at once are one after the other: the row is what the second waits for.
    """
    name = fitted(name)
    row = _new(chat_id, thread, name, now) | {"state": TopicState.OPENING, "number": None}
    if not _insert(session, row):
        return False
    owe_topic(session, chat_id, thread, name, now=now)
    return True


def adopt_topic(
    session: Session, chat_id: int, thread: int, number: int, name: str, *, now: datetime
) -> bool:
    """A topic that somebody opened themselves becomes the consultation's."""
    return _insert(
        session,
        _new(chat_id, thread, fitted(name), now) | {"state": TopicState.OPEN, "number": number},
    )


def owe_topic(session: Session, chat_id: int, thread: int, name: str, *, now: datetime) -> None:
    """Owe the call that opens it; what is said in it goes after."""
    values = {"name": name}
    priority = Priority.TOPIC
    owe_call(session, chat_id, OPENS, values, now=now, thread=thread, priority=priority)


def rename_topic(session: Session, chat_id: int, thread: int, name: str, *, now: datetime) -> None:
    """Owe it another name, unless it has that one."""
    name = fitted(name)
    this = (_row.chat_id == chat_id) & (_row.thread == thread) & (_row.name != name)
    renamed = update(_topics).where(this).values(name=name).returning(_row.state)
    if session.connection().execute(renamed).scalar() is TopicState.OPEN:
        owe_call(session, chat_id, RENAMES, {"name": name}, now=now, thread=thread)


def close_topics(session: Session, chat_id: int, threads: Sequence[int]) -> None:
    """Nothing more of these consultations is said in this chat's topics."""
    these = (_row.chat_id == chat_id) & _row.thread.in_(threads)
    closed = update(_topics).where(these).values(state=TopicState.NONE, number=None)
    session.connection().execute(closed)


def forget_closed(session: Session, chat_id: int) -> None:
    """What could not be opened here, or was closed, may be opened anew."""
    these = (_row.chat_id == chat_id) & (_row.state == TopicState.NONE)
    session.connection().execute(_topics.delete().where(these))


def fitted(name: str) -> str:
    """A name as Telegram takes it: one line, not empty, and not too long."""
    line = " ".join(name.split()) or "#"
    return line.encode("utf-16-le")[: 2 * NAME_LIMIT].decode("utf-16-le", "ignore")


# -- for the sender


def room_for(session: Session, owed: Owed) -> Room:
    """Where in its chat a delivery goes.

    In a group nothing of a consultation is said outside its topic; groups have negative ids.
    """
    if owed.thread is None or owed.method == OPENS:
        return Room(owed.topic)
    found = topic_of(session, owed.chat_id, owed.thread)
    if found is None:
        return Room(owed.topic)
    return Room(found.number, lost=owed.chat_id < 0 and found.number is None)


def keep_opened(session: Session, owed: Owed, number: int | None) -> None:
    """A delivery has opened it."""
    state = TopicState.OPEN if number is not None else TopicState.NONE
    _change(session, owed, state=state, number=number)


def give_up(session: Session, owed: Owed) -> None:
    """It could not be opened, or nobody knows whether it was: a second one is not tried."""
    _change(session, owed, state=TopicState.NONE, number=None)


def lose(session: Session, owed: Owed, number: int) -> bool:
    """A topic is gone; True for the first who notices, and the consultation is to have another."""
    # What it replies to went with the topic.
    without = {"topic": None, "reply_chat": None, "reply_message": None}
    this_one = update(_deliveries).where(_deliveries.c.id == owed.id)
    session.connection().execute(this_one.values(**without))
    if owed.thread is None:
        return False
    # One that is gone before anything could be said in it is not opened for ever.
    again = owed.priority != Priority.TOPIC
    state = TopicState.OPENING if again else TopicState.NONE
    this = (_row.chat_id == owed.chat_id) & (_row.thread == owed.thread) & (_row.number == number)
    lost = update(_topics).where(this).values(state=state, number=None)
    return session.connection().execute(lost).rowcount > 0 and again


def readdress(session: Session, old: int, new: int) -> None:
    """A group's topics are those of the supergroup that it became."""
    moved = update(_topics).where(_row.chat_id == old).values(chat_id=new)
    session.connection().execute(moved)


def _change(session: Session, owed: Owed, **values: object) -> None:
    this = (_row.chat_id == owed.chat_id) & (_row.thread == owed.thread)
    session.connection().execute(update(_topics).where(this).values(**values))


def _new(chat_id: int, thread: int, name: str, now: datetime) -> dict[str, object]:
    return {"chat_id": chat_id, "thread": thread, "name": name, "owed_at": now}


def _insert(session: Session, row: dict[str, object]) -> bool:
    session.flush()
    connection = session.connection()
    return connection.execute(_INSERT[connection.dialect.name], row).first() is not None
