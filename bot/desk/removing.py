"""Whoever wrote a message takes its copy back."""

from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from bot.delivery.outbox import owe_change, thread_of
from bot.delivery.tables import Delivery, DeliveryState, table_of
from bot.desk.copying import on_their_way, reading_chats, written
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
    if delivery.reply_chat is not None:
        notify(
            session,
            delivery.reply_chat,
            "delete_refused",
            now=now,
            reply_to=delivery.reply_message,
            consultation=delivery.thread or 0,
        )


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
    chats = reading_chats(session, source)
    for chat_id in chats:
        thread = message.consultation_id
        owe_change(session, chat_id, DELETES, source, {}, now=now, thread=thread)
    message.removed_at = now
    message.text, message.entities, message.file, message.quote = "", [], {}, {}
    session.add(message)
    session.connection().execute(
        delete(table_of(MessageVersion)).where(col(MessageVersion.message_id) == message.id)
    )
    return bool(chats)


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
