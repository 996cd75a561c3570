"""Whoever wrote a message takes its copy back."""

from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from bot.delivery.outbox import owe_change, thread_of
from bot.delivery.tables import Delivery, DeliveryState, MessagePair, table_of
from bot.desk.copying import on_their_way, written
from bot.desk.errors import RefusedError
from bot.desk.members import notify, require_member
from bot.desk.parking import forget_parked
from bot.desk.tables import Consultation, Message, MessageVersion, Receipt

DELETES = "deleteMessage"
_deliveries = table_of(Delivery)


def remove(session: Session, chat_id: int, message_id: int | None, *, now: datetime) -> None:
    """Take back a message, with all parts of its album, from wherever it was copied to.

    Raises RefusedError where it is not this person's, or was taken back before.
    """
    require_member(session, chat_id)
    if message_id is None:
        raise RefusedError("delete_how")
    if forget_parked(session, chat_id, message_id, now):
        notify(session, chat_id, "deleted_unsent", now=now, reply_to=message_id)
        return
    message = written(session, chat_id, message_id)
    if message is None:
        known = thread_of(session, chat_id, message_id) is not None
        raise RefusedError("delete_not_yours" if known else "delete_how")
    if message.removed_at is not None:
        raise RefusedError("deleted_already")
    # Locked: a mentor who accepts at this moment is carried what was written before.
    session.get_one(Consultation, message.consultation_id, with_for_update=True)
    taken = [_take_back(session, part, now) for part in _parts(session, message)]
    # Where no answer came, nobody knows of a copy that could be removed.
    unsent = "deleted_doubtful" if message.receipt == Receipt.FAILED else "deleted_unsent"
    code = "deleted" if any(taken) else unsent
    consultation = message.consultation_id
    notify(session, chat_id, code, now=now, reply_to=message_id, consultation=consultation)


def removal_refused(session: Session, delivery: Delivery, *, now: datetime) -> None:
    """Its writer learns that the copy stays."""
    source = _source_of(session, delivery)
    if source is not None:
        notify(
            session,
            source[0],
            "delete_refused",
            now=now,
            reply_to=source[1],
            consultation=delivery.thread or 0,
        )


def _source_of(session: Session, delivery: Delivery) -> tuple[int, int] | None:
    """Whose copy was to be removed: named by itself, or by what it is a copy of."""
    chat_id, message_id = delivery.reply_chat, delivery.reply_message
    if chat_id is None or message_id is None:
        return None
    if chat_id != delivery.chat_id:
        return chat_id, message_id
    copied = select(MessagePair.source_chat, MessagePair.source_message).where(
        MessagePair.copy_chat == chat_id, MessagePair.copy_message == message_id
    )
    return session.exec(copied).first()


def _parts(session: Session, message: Message) -> list[Message]:
    if not message.album:
        return [message]
    album = select(Message).where(
        Message.chat_id == message.chat_id,
        Message.album == message.album,
        col(Message.removed_at).is_(None),
    )
    return list(session.exec(album.order_by(col(Message.message_id))))


def _take_back(session: Session, message: Message, now: datetime) -> bool:
    """Whether there is a copy to be removed, or one that is being made at this moment."""
    source = (message.chat_id, message.message_id)
    _stop(session, source)
    copies = _copies(session, source)
    for chat_id, copy in copies:
        thread = message.consultation_id
        owe_change(session, chat_id, DELETES, copy, {}, now=now, thread=thread)
    message.removed_at = now
    message.text, message.entities, message.file, message.quote = "", [], {}, {}
    message.asker_reaction = message.mentor_reaction = None
    session.add(message)
    session.connection().execute(
        delete(table_of(MessageVersion)).where(col(MessageVersion.message_id) == message.id)
    )
    return bool(copies)


def _copies(session: Session, source: tuple[int, int]) -> list[tuple[int, tuple[int, int]]]:
    """(chat, message) of each copy: of those that stand there, and of those under way by source."""
    pairs = select(MessagePair.copy_chat, MessagePair.copy_message).where(
        MessagePair.source_chat == source[0], MessagePair.source_message == source[1]
    )
    standing = [(chat_id, (chat_id, copy)) for chat_id, copy in session.exec(pairs)]
    return standing + [(row.chat_id, source) for row in on_their_way(session, source)]


def _stop(session: Session, source: tuple[int, int]) -> None:
    """Copies that nobody has begun to send are not sent."""
    waiting = [
        row.id for row in on_their_way(session, source) if row.state is not DeliveryState.SENDING
    ]
    if waiting:
        these = update(_deliveries).where(
            _deliveries.c.id.in_(waiting), _deliveries.c.state != DeliveryState.SENDING
        )
        session.connection().execute(these.values(state=DeliveryState.SUPERSEDED))
