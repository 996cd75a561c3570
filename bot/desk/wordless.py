"""What is sent without a word is kept; two words of text are asked for, to match by."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlmodel import Session

from bot.desk import following
from bot.desk.enclosing import (
    MOST_ENCLOSED,
    Kept,
    album_question,
    check_enclosable,
    enclose,
    say_enclosed,
    say_unread,
    waiting_files,
)
from bot.desk.errors import RefusedError
from bot.desk.members import await_text, notify, require_member
from bot.desk.tables import Awaiting, Consultation, Stage
from bot.desk.talking import relay
from bot.desk.views import Heard


def is_part(session: Session, heard: Heard) -> bool:
    """Whether another part of its album went somewhere: Telegram hands an album over part by
    part, and its words with one of them."""
    return album_question(session, heard) is not None


def take_part(session: Session, heard: Heard, *, now: datetime) -> None:
    """Put a part of an album where its first part went."""
    require_member(session, heard.chat_id)
    question = album_question(session, heard)
    assert question is not None
    if question.stage is Stage.DRAFT or question.stage is Stage.OFFERED:
        enclose(session, question, [heard], now)
    else:
        relay(session, heard, question.id or 0, now=now)


def keep(session: Session, heard: Heard, *, now: datetime) -> None:
    """It goes along with the question that is being asked, or else waits for the words of one.

    Raises RefusedError("only_media") for what says nothing of a problem.
    """
    check_enclosable(heard)
    draft = following.draft_of(session, heard)
    if draft is not None:
        consultation = session.get_one(Consultation, draft.consultation)
        enclose(session, consultation, [heard], now)
        say_enclosed(session, consultation, heard, now)
        return
    say_unread(session, heard, now)
    _wait(session, heard, now)


def remember(session: Session, chat_id: int, files: Sequence[Heard]) -> None:
    """These wait for the next words typed in this chat, which make a question of them."""
    if not files:
        return
    notes = [
        asdict(Kept(one.message_id, one.kind, dict(one.file), one.album))
        for one in files[:MOST_ENCLOSED]
    ]
    await_text(session, chat_id, Awaiting.WORDS, {"files": notes})


def _wait(session: Session, heard: Heard, now: datetime) -> None:
    waiting = waiting_files(session, heard.chat_id)
    if len(waiting) >= MOST_ENCLOSED:
        raise RefusedError("enclosed_enough", limit=MOST_ENCLOSED)
    remember(session, heard.chat_id, [*waiting, heard])
    if not any(heard.album and one.album == heard.album for one in waiting):
        # An album is one thing to whoever sends it.
        code, reply_to = "words_wanted", heard.message_id
        notify(session, heard.chat_id, code, now=now, reply_to=reply_to)
