"""A reaction to a message shows on its counterpart on the other side."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, or_, select

from bot.delivery.outbox import owe_card, owe_change
from bot.delivery.tables import Delivery, MessagePair, Priority, table_of
from bot.desk.members import language_of
from bot.desk.reading_along import is_reader
from bot.desk.receipts import reaction_of
from bot.desk.tables import Message, Receipt

REACTS = "setMessageReaction"
_messages = table_of(Message)


@dataclass(frozen=True)
class Reacted:
    """What somebody set on a message as they see it.

    `emoji`: empty where they took it away, or where it is none of Telegram's own. `named`: it is
    there, and no bot may set it; then `emoji` is the nearest, if any.
    """

    chat_id: int
    message_id: int
    emoji: str = ""
    named: bool = False


def react(session: Session, reacted: Reacted, *, now: datetime) -> None:
    """Owe it to every counterpart; nothing where the message is none of a consultation's."""
    for pair in _pairs(session, reacted):
        own = _is_own(pair, reacted)
        if not own and is_reader(session, reacted.chat_id, pair.thread or 0):
            continue  # or it would look like the other side's
        _note(session, pair, reacted.emoji, own=own)
        there = pair.copy_chat if own else pair.source_chat
        if reacted.named:
            _say(session, there, pair, reacted, now)
            continue
        shown = reaction_of(reacted.emoji)
        if not own:
            shown = _instead_of_receipt(session, pair, reacted.emoji)
        owe_change(
            session,
            there,
            REACTS,
            (reacted.chat_id, reacted.message_id),
            {"reaction": shown},
            now=now,
            thread=pair.thread or 0,
            slot=f"{REACTS}:{reacted.chat_id}:{reacted.message_id}",
            priority=Priority.NOTICE,
        )


def reaction_refused(session: Session, delivery: Delivery, *, now: datetime) -> None:
    """Telegram does not let a bot set it: it is said in words."""
    set_to = delivery.values.get("reaction") or []
    if delivery.reply_chat is None or delivery.reply_message is None or not set_to:
        return
    reacted = Reacted(delivery.reply_chat, delivery.reply_message, set_to[0].get("emoji", ""))
    for pair in _pairs(session, reacted):
        there = pair.copy_chat if _is_own(pair, reacted) else pair.source_chat
        if there == delivery.chat_id:
            _say(session, there, pair, reacted, now)


def _pairs(session: Session, reacted: Reacted) -> Sequence[MessagePair]:
    """What stands for this message elsewhere: one in a chat, the newest."""
    own = (MessagePair.source_chat == reacted.chat_id) & (
        MessagePair.source_message == reacted.message_id
    )
    theirs = (MessagePair.copy_chat == reacted.chat_id) & (
        MessagePair.copy_message == reacted.message_id
    )
    found = session.exec(select(MessagePair).where(or_(own, theirs)).order_by(col(MessagePair.id)))
    return list({(pair.source_chat, pair.copy_chat): pair for pair in found}.values())


def _is_own(pair: MessagePair, reacted: Reacted) -> bool:
    """Whether they reacted to what they wrote themselves."""
    return (pair.source_chat, pair.source_message) == (reacted.chat_id, reacted.message_id)


def _note(session: Session, pair: MessagePair, emoji: str, *, own: bool) -> None:
    """What stands on a message stands in its transcript too."""
    written = (Message.chat_id == pair.source_chat, Message.message_id == pair.source_message)
    message = session.exec(select(Message).where(*written)).first()
    if message is None or message.removed_at is not None:
        return
    if message.by_asker == own:
        message.asker_reaction = emoji or None
    else:
        message.mentor_reaction = emoji or None
    session.add(message)


def _instead_of_receipt(session: Session, pair: MessagePair, emoji: str) -> list[dict[str, str]]:
    """A bot has one reaction on a message: theirs goes before ours, which says less."""
    receipt = Receipt.OVERTAKEN if emoji else Receipt.DELIVERED
    this = (_messages.c.chat_id == pair.source_chat) & (
        _messages.c.message_id == pair.source_message
    )
    session.connection().execute(update(_messages).where(this).values(receipt=receipt))
    return reaction_of(emoji or receipt)


def _say(session: Session, there: int, pair: MessagePair, reacted: Reacted, now: datetime) -> None:
    owe_card(
        session,
        there,
        "reacted",
        {"consultation": pair.thread, "emoji": reacted.emoji},
        now=now,
        language=language_of(session, there),
        thread=pair.thread,
        reply_to=(reacted.chat_id, reacted.message_id),
    )
