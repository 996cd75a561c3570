"""Each consultation has a topic of its own on each side, where the chat has topics."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from bot.delivery.outbox import owe_card
from bot.delivery.tables import Priority
from bot.delivery.topics import (
    adopt_topic,
    fitted,
    open_topic,
    owe_topic,
    rename_topic,
    thread_in,
    topic_of,
)
from bot.desk.members import chat_of, language_of, name_of, tell
from bot.desk.placing import TOPICS, Sides, lab_of
from bot.desk.tables import Consultation, Message
from bot.desk.views import Heard, NoticeView, Words


@dataclass(frozen=True)
class TopicAgainView:
    """What a deleted topic was about; `ours`, `theirs`: how many messages came from each side."""

    consultation: int
    name: Words
    organisation: Words
    question: str
    began_at: datetime | None
    ours: int
    theirs: int


def settle_in(session: Session, consultation: Consultation, now: datetime) -> None:
    """Both sides have its topic from now on, under the other side's name.

    A topic that was there before, the asker's own or one of an earlier mentor's days, is renamed.
    """
    for reader in (consultation.asker_id, consultation.mentor_id):
        found = room_of(session, consultation, reader) if reader is not None else None
        if found is None or reader is None:
            continue
        chat_id, language = found
        if not ensure(session, consultation, reader, chat_id, language, now):
            name = _name(session, consultation, reader, language)
            rename_topic(session, chat_id, consultation.id or 0, name, now=now)


def room_of(session: Session, consultation: Sides, reader: int) -> tuple[int, str] | None:
    """(chat, language) where a side reads what the other writes: their lab, or their own chat.

    None where they can't be reached now.
    """
    if reader == consultation.mentor_id and consultation.id is not None:
        lab = lab_of(session, consultation.id, reader)
        if lab is not None:
            return lab
    return chat_of(session, reader)


def ensure(
    session: Session,
    consultation: Sides,
    reader: int,
    chat_id: int,
    language: str,
    now: datetime,
) -> bool:
    """Owe the consultation its topic in this chat; False where it has one or can't have any."""
    number, in_lab = consultation.id or 0, chat_id < 0
    if not in_lab and not session.info.get(TOPICS):
        return False
    if topic_of(session, chat_id, number) is not None:
        return False
    name = _name(session, consultation, reader, language)
    opened = open_topic(session, chat_id, number, name, now=now)
    if opened and in_lab:
        view = NoticeView("lab_reads", {"consultation": number})
        tell(session, consultation.asker_id, "notice", view, now=now, thread=number)
    return opened


def adopt(session: Session, heard: Heard, consultation_id: int, now: datetime) -> None:
    """A question that was asked in a topic the asker opened for it stays there."""
    if heard.topic is None or not session.info.get(TOPICS):
        return
    if thread_in(session, heard.chat_id, heard.topic) is None:
        name = f"#{consultation_id}"
        adopt_topic(session, heard.chat_id, consultation_id, heard.topic, name, now=now)


def open_again(session: Session, chat_id: int, thread: int, *, now: datetime) -> None:
    """A topic was deleted: another one, with what it was about; what was to be sent goes there."""
    consultation = session.get_one(Consultation, thread)
    language = language_of(session, chat_id)
    by_asker = _is_askers(session, consultation, chat_id)
    reader = consultation.asker_id if by_asker else consultation.mentor_id
    if reader is None:
        reader = consultation.asker_id
    owe_topic(
        session, chat_id, thread, fitted(_name(session, consultation, reader, language)), now=now
    )
    view = _again(session, consultation, reader)
    owe_card(
        session,
        chat_id,
        "topic_again",
        view,
        now=now,
        language=language,
        thread=thread,
        priority=Priority.TOPIC,  # before what found the topic gone
    )


def _name(session: Session, consultation: Sides, reader: int, language: str) -> str:
    """Its number and the other side, once that is known."""
    by_asker = reader == consultation.asker_id
    other = consultation.mentor_id if by_asker else consultation.asker_id
    if other is None:
        return f"#{consultation.id}"
    name, home = name_of(session, other)
    parts = [_say(name, language), _say(home, language)]
    return fitted(f"#{consultation.id} {' · '.join(part for part in parts if part)}")


def _say(words: Words, language: str) -> str:
    first, second = (words.en, words.zh) if language == "en" else (words.zh, words.en)
    return first or second


def _is_askers(session: Session, consultation: Consultation, chat_id: int) -> bool:
    found = chat_of(session, consultation.asker_id)
    return found is not None and found[0] == chat_id


def _again(session: Session, consultation: Consultation, reader: int) -> TopicAgainView:
    by_asker = reader == consultation.asker_id
    other = consultation.mentor_id if by_asker else consultation.asker_id
    name, home = name_of(session, other) if other else (Words("", ""), Words("", ""))
    counted = select(Message.by_asker, func.count()).where(
        Message.consultation_id == consultation.id
    )
    written = dict(session.exec(counted.group_by(col(Message.by_asker))).all())
    return TopicAgainView(
        consultation=consultation.id or 0,
        name=name,
        organisation=home,
        question=consultation.forwarded,
        began_at=consultation.accepted_at,
        ours=written.get(by_asker, 0),
        theirs=written.get(not by_asker, 0),
    )
