"""Files that go along with a question: whoever accepts it receives them, and nobody before.

A caption stays behind: it is the question itself, which its asker may have redacted since.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, func, or_, select

from bot.desk.copying import BARE, check_copied
from bot.desk.errors import RefusedError
from bot.desk.members import notify
from bot.desk.tables import Awaiting, Chat, Consultation, Message
from bot.desk.views import Enclosed, Heard

MOST_ENCLOSED = 10
# What shows or says something of a problem; a sticker or a contact does not.
ENCLOSABLE = frozenset(
    {
        *("photo", "live_photo", "video", "animation", "document", "audio"),
        *("voice", "video_note", "location", "venue"),
    }
)


@dataclass(frozen=True)
class Kept:
    """A file that waits for the words of its question, as Chat.notes holds it."""

    message_id: int
    kind: str
    file: dict[str, Any]
    album: str


def check_enclosable(heard: Heard) -> None:
    """Raises RefusedError for what says nothing of a problem, and what nobody can copy."""
    check_copied(heard)
    if heard.kind not in ENCLOSABLE:
        raise RefusedError("only_media")


def enclose(
    session: Session, consultation: Consultation, files: Sequence[Heard], now: datetime
) -> None:
    """Keep these with the question. Raises RefusedError("enclosed_enough") past MOST_ENCLOSED."""
    assert consultation.id is not None
    here = len(_rows(session, consultation.id))
    for heard in files:
        if here >= MOST_ENCLOSED:
            raise RefusedError("enclosed_enough", limit=MOST_ENCLOSED)
        here += 1
        session.add(
            Message(
                consultation_id=consultation.id,
                by_asker=True,
                chat_id=heard.chat_id,
                message_id=heard.message_id,
                kind=heard.kind,
                file=dict(heard.file) | {BARE: True},
                album=heard.album,
                written_at=now,
            )
        )
        consultation.enclosed = heard.message_id
    session.add(consultation)
    session.flush()


def enclose_asked(
    session: Session,
    consultation: Consultation,
    heard: Heard,
    waiting: Sequence[Heard],
    now: datetime,
) -> None:
    """What a question was asked by besides words, and what waited for these words.

    Its asker is told that it goes along, and what of it was read.
    """
    own = [heard] if heard.kind in ENCLOSABLE else []
    if not waiting and not own:
        return
    enclose(session, consultation, [*waiting, *own][:MOST_ENCLOSED], now)
    if heard.read:
        consultation.file_text = heard.read
        session.add(consultation)
    say_enclosed(session, consultation, heard, now)


def say_enclosed(session: Session, consultation: Consultation, heard: Heard, now: datetime) -> None:
    say_unread(session, heard, now)
    code = "read_and_enclosed" if heard.read else "enclosed"
    number, reply_to = consultation.id or 0, heard.message_id
    notify(session, heard.chat_id, code, now=now, reply_to=reply_to, consultation=number)


def say_unread(session: Session, heard: Heard, now: datetime) -> None:
    if heard.unread:
        notify(session, heard.chat_id, heard.unread, now=now, reply_to=heard.message_id)


def enclosed_in(session: Session, consultation_id: int) -> tuple[Enclosed, ...]:
    """What goes along with a question, in the order it was sent."""
    rows = _rows(session, consultation_id)
    return tuple(Enclosed(row.kind, str(row.file.get("name", ""))) for row in rows)


def enclosed_count(session: Session, consultation_id: int) -> int:
    return len(_rows(session, consultation_id))


def take_out(session: Session, consultation: Consultation) -> None:
    """Nothing goes along with the question any more."""
    for row in _rows(session, consultation.id or 0):
        session.delete(row)
    consultation.enclosed, consultation.file_text = 0, ""
    session.add(consultation)


def move_enclosed(
    session: Session, start: Consultation, to: Consultation, message_id: int | None = None
) -> None:
    """What goes along with one question goes along with another: all of it, or what came with
    this message and its album."""
    moved = _rows(session, start.id or 0, message_id)
    for row in moved:
        row.consultation_id = to.id or 0
        to.enclosed = max(to.enclosed, row.message_id)
        session.add(row)
    if any(row.kind == "document" for row in moved):
        to.file_text, start.file_text = start.file_text or to.file_text, ""
    session.add_all([start, to])


def _rows(
    session: Session, consultation_id: int, message_id: int | None = None
) -> Sequence[Message]:
    found = select(Message).where(
        Message.consultation_id == consultation_id, col(Message.removed_at).is_(None)
    )
    if message_id is not None:
        album = select(Message.album).where(
            Message.consultation_id == consultation_id, Message.message_id == message_id
        )
        same = (Message.album != "") & (Message.album == album.limit(1).scalar_subquery())
        found = found.where(or_(Message.message_id == message_id, same))
    rows = session.exec(found.order_by(col(Message.id))).all()
    # Sealed, so it is looked at here and not in the statement.
    return [row for row in rows if row.file.get(BARE)]


# -- files that wait for words


def waiting_files(session: Session, chat_id: int) -> list[Heard]:
    """What was sent without words in this chat and waits for some."""
    chat = session.get(Chat, chat_id)
    if chat is None or chat.awaiting is not Awaiting.WORDS:
        return []
    kept = [Kept(**one) for one in chat.notes["files"]]
    return [
        Heard(chat_id, one.message_id, one.kind, file=one.file, album=one.album) for one in kept
    ]


def album_question(session: Session, heard: Heard) -> Consultation | None:
    """The question with which an earlier part of this album goes along."""
    if not heard.album:
        return None
    number = session.exec(
        select(func.max(Message.consultation_id)).where(
            Message.chat_id == heard.chat_id, Message.album == heard.album
        )
    ).one()
    return session.get(Consultation, number) if number is not None else None
