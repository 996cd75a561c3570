"""A message did not arrive, or nobody knows: its writer learns why, and decides what follows."""

from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, select

from bot.delivery.outbox import owe_card, owe_change, owe_copy
from bot.delivery.tables import Delivery, DeliveryState, table_of
from bot.desk.beside import require_still
from bot.desk.copying import heard_again, manner_of, source_of, written
from bot.desk.correcting import EDITS, edit_refused
from bot.desk.errors import RefusedError
from bot.desk.members import language_of, require_member
from bot.desk.placing import is_group
from bot.desk.reacting import REACTS, reaction_refused
from bot.desk.reading_along import is_for_reader
from bot.desk.receipts import reaction_of
from bot.desk.removing import DELETES, removal_refused
from bot.desk.tables import TALKING, Consultation, Message, Receipt
from bot.desk.talking import carry
from bot.desk.views import Member

_messages = table_of(Message)
# Words of Telegram's refusals, lower case, and our code for each.
REASONS = {
    "message to copy not found": "gone",
    "message_id_invalid": "gone",
    "can't be copied": "protected",
    "protected content": "protected",
    "voice_messages_forbidden": "no_voice",
    "too big": "too_large",
    "too large": "too_large",
    "not enough rights": "no_rights",
    "have no rights": "no_rights",
    "no_topic": "no_topic",
}
_OURS_TO_DECIDE = (DeliveryState.FAILED, DeliveryState.UNCERTAIN)


def failed(session: Session, delivery: Delivery, reason: str, *, now: datetime) -> None:
    """Telegram refused it for good; `reason` is its sentence, or a code of ours."""
    if delivery.method in EDITS:
        edit_refused(session, delivery, now=now)
    elif delivery.method == REACTS:
        reaction_refused(session, delivery, now=now)
    elif delivery.method == DELETES:
        removal_refused(session, delivery, now=now)
    else:
        _tell(session, delivery, "undelivered", _reason(reason), now)


def uncertain(session: Session, delivery: Delivery, _: str, *, now: datetime) -> None:
    """No answer came: it may have arrived, and is not sent twice unless its writer says so."""
    _tell(session, delivery, "uncertain", "", now)


def retry(session: Session, chat_id: int, delivery_id: int, *, now: datetime) -> None:
    """Its writer has it sent again, to whoever is on the other side now; an album as a whole."""
    delivery = _decided(session, chat_id, delivery_id)
    for one in _whole(session, delivery):
        _set(session, one, DeliveryState.SUPERSEDED)
        _carry_again(session, one, now)
    _say_decided(session, delivery, "resent", now)


def leave(session: Session, chat_id: int, delivery_id: int, *, now: datetime) -> None:
    """Its writer lets it be."""
    delivery = _decided(session, chat_id, delivery_id)
    for one in _whole(session, delivery):
        _set(session, one, DeliveryState.SUPERSEDED)
    _say_decided(session, delivery, "left", now)


def _tell(session: Session, delivery: Delivery, card: str, reason: str, now: datetime) -> None:
    source_chat, source_message = delivery.source_chat, delivery.source_message
    if source_chat is None or source_message is None or delivery.thread is None:
        return
    if is_for_reader(session, delivery):
        return
    _unmark(session, delivery, source_chat, source_message, now)
    if _told_of_album(session, delivery):
        return
    view = {"consultation": delivery.thread, "delivery": delivery.id or 0, "reason": reason}
    owe_card(
        session,
        source_chat,
        card,
        view,
        now=now,
        language=language_of(session, source_chat),
        thread=delivery.thread,
        slot=f"failed:{delivery.id}",
        reply_to=(source_chat, source_message),
    )


def _unmark(
    session: Session, delivery: Delivery, chat_id: int, message_id: int, now: datetime
) -> None:
    """The mark that it was accepted would promise too much."""
    this = (_messages.c.chat_id == chat_id) & (_messages.c.message_id == message_id)
    pending = _messages.c.receipt <= Receipt.ACCEPTED
    before = written(session, chat_id, message_id)
    was = before.receipt if before is not None else Receipt.OVERTAKEN
    connection = session.connection()
    connection.execute(update(_messages).where(this, pending).values(receipt=Receipt.FAILED))
    if was == Receipt.ACCEPTED:
        values = {"reaction": reaction_of(Receipt.FAILED)}
        thread, message = delivery.thread or 0, (chat_id, message_id)
        owe_change(session, chat_id, REACTS, message, values, now=now, thread=thread)


def _reason(said: str) -> str:
    lower = said.lower()
    return next((code for words, code in REASONS.items() if words in lower), "other")


def _decided(session: Session, chat_id: int, delivery_id: int) -> Delivery:
    """Raises RefusedError where it is another's message, or was decided upon before."""
    member = require_member(session, chat_id)
    delivery = session.get(Delivery, delivery_id, with_for_update=True)
    if delivery is None or not _is_theirs(session, delivery, member):
        raise RefusedError("not_yours")
    if delivery.state not in _OURS_TO_DECIDE:
        raise RefusedError("decided")
    return delivery


def _is_theirs(session: Session, delivery: Delivery, member: Member) -> bool:
    """Whether they wrote it; for what their lab wrote a mentor decides."""
    chat_id = delivery.source_chat
    if chat_id is None or not is_group(chat_id) or delivery.thread is None:
        return chat_id == member.chat_id
    return session.get_one(Consultation, delivery.thread).mentor_id == member.person_id


def _whole(session: Session, delivery: Delivery) -> list[Delivery]:
    """It, or all parts of its album that fared alike."""
    if not delivery.album:
        return [delivery]
    parts = select(Delivery).where(
        Delivery.chat_id == delivery.chat_id,
        Delivery.album == delivery.album,
        Delivery.state == delivery.state,
        Delivery.source_chat == delivery.source_chat,
    )
    return list(session.exec(parts.order_by(col(Delivery.source_message))))


def _told_of_album(session: Session, delivery: Delivery) -> bool:
    """An album that went as one is told of once."""
    return _whole(session, delivery)[0].id != delivery.id


def _carry_again(session: Session, delivery: Delivery, now: datetime) -> None:
    assert delivery.source_chat is not None
    assert delivery.source_message is not None
    message = written(session, delivery.source_chat, delivery.source_message)
    if message is None or message.removed_at is not None:
        raise RefusedError("deleted_already")
    consultation = session.get_one(Consultation, message.consultation_id)
    if consultation.stage not in TALKING:
        raise RefusedError("closed", consultation=message.consultation_id)
    require_still(session, message, consultation)
    if message.receipt == Receipt.FAILED:
        message.receipt = Receipt.NONE
        session.add(message)
    heard = heard_again(message)
    if is_group(delivery.chat_id) and not message.by_asker:  # its asker has it
        thread, manner = message.consultation_id, manner_of(heard)
        owe_copy(session, delivery.chat_id, source_of(heard), now=now, thread=thread, **manner)
    else:
        carry(session, consultation, heard, message.by_asker, now, lab_too=False)


def _set(session: Session, delivery: Delivery, state: DeliveryState) -> None:
    delivery.state = state
    session.add(delivery)
    session.flush()


def _say_decided(session: Session, delivery: Delivery, card: str, now: datetime) -> None:
    assert delivery.source_chat is not None
    owe_card(
        session,
        delivery.source_chat,
        card,
        {"consultation": delivery.thread},
        now=now,
        language=language_of(session, delivery.source_chat),
        thread=delivery.thread,
        slot=f"failed:{delivery.id}",
    )
