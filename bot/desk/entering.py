"""Somebody comes by a link from an inline result: to ask, with an entry before them."""

from datetime import datetime

from sqlmodel import Session

from bot.desk.asking import invite_question
from bot.desk.errors import RefusedError
from bot.desk.looking import show_entry
from bot.desk.members import find_member
from bot.desk.onboarding import start
from knowledge.queries import entry_by_id
from knowledge.tables import PersonRole


def begin_with(
    session: Session,
    chat_id: int,
    name: str,
    language_code: str,
    entry_id: int,
    *,
    now: datetime,
) -> None:
    """Show the entry, if it is still known, and ask for the question; newcomers agree first.

    Whoever asks nothing here is shown the entry all the same. Raises RefusedError("entry_gone").
    """
    member = find_member(session, chat_id)
    if member is None or not member.current:
        start(session, chat_id, name, language_code, now=now)
        return
    if entry_id:
        if entry_by_id(session, entry_id) is None:
            raise RefusedError("entry_gone")
        show_entry(session, chat_id, entry_id, now=now)
    if member.has(PersonRole.ASKER):
        invite_question(session, chat_id, now=now)
    elif not entry_id:
        start(session, chat_id, name, language_code, now=now)
