"""What was written is edited: so is its copy, and what it said before is kept."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from bot.delivery.outbox import owe_card, owe_change, owe_copy
from bot.delivery.tables import Delivery, Priority
from bot.desk.beside import require_still
from bot.desk.copying import BARE, captioned, media_of, reading_chats, source_of, written
from bot.desk.errors import RefusedError
from bot.desk.members import find_member, language_of, notify
from bot.desk.parking import correct_parked
from bot.desk.tables import ENDED, TALKING, Consultation, Message, MessageVersion
from bot.desk.views import Heard

# What changes by itself: a live location many times a minute, a checklist with each tick.
_ALIVE = frozenset({"location", "venue", "checklist", "poll", "dice", "game"})
_CAPTIONED = frozenset({"photo", "video", "animation", "document", "audio", "voice"})
EDITS = frozenset({"editMessageText", "editMessageCaption", "editMessageMedia"})


def correct(session: Session, heard: Heard, *, now: datetime) -> None:
    """Take an edited message: its copies are changed in place, wherever they are by then.

    Raises RefusedError("closed_edit") where the consultation has ended.
    """
    message = written(session, heard.chat_id, heard.message_id)
    if message is None:
        _correct_elsewhere(session, heard, now)
        return
    if message.file.get(BARE):  # it goes along with a question, which is not changed by an edit
        _say_unchanged(session, session.get_one(Consultation, message.consultation_id), heard, now)
        return
    if heard.kind in _ALIVE or message.removed_at is not None or _says_the_same(message, heard):
        return
    consultation = session.get_one(Consultation, message.consultation_id)
    if consultation.stage in ENDED:
        raise RefusedError("closed_edit", consultation=message.consultation_id)
    require_still(session, message, consultation)
    change = _change(message, heard)
    _keep_version(session, message, heard, now)
    if consultation.stage in TALKING:
        for chat_id in reading_chats(session, source_of(heard)):
            _owe(session, chat_id, message, heard, change, now)


def edit_refused(session: Session, delivery: Delivery, *, now: datetime) -> None:
    """Telegram does not change that copy: it is corrected by a note and a new copy."""
    if delivery.reply_chat is None or delivery.reply_message is None or delivery.thread is None:
        return
    source = (delivery.reply_chat, delivery.reply_message)
    message = written(session, *source)
    if message is not None and message.removed_at is None:
        _copy_anew(session, delivery.chat_id, source, delivery.thread, now)


def _correct_elsewhere(session: Session, heard: Heard, now: datetime) -> None:
    """An edit of what was never carried: kept for later, or asked and now with others."""
    if correct_parked(session, heard):
        return
    member = find_member(session, heard.chat_id)
    if member is None:
        return
    asked = select(Consultation).where(
        Consultation.asker_id == member.person_id, Consultation.asked_message == heard.message_id
    )
    question = session.exec(asked.order_by(col(Consultation.id).desc())).first()
    if question is not None:
        _say_unchanged(session, question, heard, now)


def _say_unchanged(session: Session, question: Consultation, heard: Heard, now: datetime) -> None:
    if question.stage in ENDED:
        return
    code = "edit_sent" if question.confirmed_at else "edit_draft"
    notify(
        session,
        heard.chat_id,
        code,
        now=now,
        reply_to=heard.message_id,
        consultation=question.id or 0,
    )


def _says_the_same(message: Message, heard: Heard) -> bool:
    """Telegram calls a message edited when its preview was loaded, too."""
    return (
        message.text == heard.text
        and message.entities == list(heard.entities)
        and message.file == dict(heard.file)
    )


def _change(message: Message, heard: Heard) -> tuple[str, dict[str, Any]] | None:
    """The method that makes the copy say the same, and its values; None where there is none."""
    if heard.kind == "text" and message.kind == "text":
        return "editMessageText", {"text": heard.text, "entities": list(heard.entities)}
    same_file = message.file.get("unique_id") == heard.file.get("unique_id")
    if message.kind == heard.kind and same_file and heard.kind in _CAPTIONED:
        return "editMessageCaption", captioned(heard)
    media = media_of(heard)
    return ("editMessageMedia", {"media": media}) if media else None


def _keep_version(session: Session, message: Message, heard: Heard, now: datetime) -> None:
    session.add(
        MessageVersion(
            message_id=message.id or 0,
            number=message.version,
            text=message.text,
            entities=message.entities,
            file=message.file,
            replaced_at=now,
        )
    )
    message.version += 1
    message.kind, message.text = heard.kind, heard.text
    message.entities, message.file = list(heard.entities), dict(heard.file)
    message.edited_at = now
    session.add(message)


def _owe(
    session: Session,
    chat_id: int,
    message: Message,
    heard: Heard,
    change: tuple[str, dict[str, Any]] | None,
    now: datetime,
) -> None:
    source = source_of(heard)
    if change is None:
        _copy_anew(session, chat_id, source, message.consultation_id, now)
        return
    method, values = change
    # A newer edit of the same kind makes this one needless; one of another kind does not.
    slot = f"{method}:{source[0]}:{source[1]}"
    thread = message.consultation_id
    owe_change(session, chat_id, method, source, values, now=now, thread=thread, slot=slot)


def _copy_anew(
    session: Session, chat_id: int, source: tuple[int, int], thread: int, now: datetime
) -> None:
    """A note that replies to the earlier copy, and the message as it is now."""
    owe_card(
        session,
        chat_id,
        "corrected",
        {"consultation": thread},
        now=now,
        language=language_of(session, chat_id),
        thread=thread,
        priority=Priority.MESSAGE,
        reply_to=source,
    )
    owe_copy(session, chat_id, source, now=now, thread=thread, reply_to=source)
