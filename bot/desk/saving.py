"""A mentor keeps an answer of theirs under a short name, to use it again inline."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from bot.delivery.outbox import owe_card
from bot.desk.errors import RefusedError
from bot.desk.members import notify, require_role
from bot.desk.resting import ANSWERING
from bot.desk.tables import CannedAnswer
from bot.desk.views import Heard

MOST, NAME_LENGTH = 50, 32


def save(session: Session, chat_id: int, name: str, said: Heard | None, *, now: datetime) -> None:
    """`said`: the message of their own that they replied to. The same name replaces.

    Raises RefusedError("save_how") without a name or words, ("save_full") beyond MOST.
    """
    member = require_role(session, chat_id, *ANSWERING)
    name = " ".join(name.split())
    if said is None or not said.text or not 0 < len(name) <= NAME_LENGTH:
        raise RefusedError("save_how", limit=NAME_LENGTH)
    # Their names are sealed, so they are compared here; there are few.
    kept = _kept(session, member.person_id)
    same = next((one for one in kept if one.name.casefold() == name.casefold()), None)
    if same is None and len(kept) >= MOST:
        raise RefusedError("save_full", most=MOST)
    found = same or CannedAnswer(person_id=member.person_id, name=name, text="", saved_at=now)
    found.name, found.text, found.entities = name, said.text, list(said.entities)
    found.saved_at = now
    session.add(found)
    session.flush()
    notify(session, chat_id, "saved", now=now, title=name, reply_to=said.message_id)


def show(session: Session, chat_id: int, *, now: datetime) -> None:
    """/save alone: what is kept, each with a button that deletes it."""
    member = require_role(session, chat_id, *ANSWERING)
    kept = [{"number": row.id, "name": row.name} for row in _kept(session, member.person_id)]
    view = {"kept": kept, "limit": NAME_LENGTH}
    given: dict[str, Any] = {"now": now, "language": member.language, "slot": "kept"}
    owe_card(session, chat_id, "kept", view, **given)


def delete(session: Session, chat_id: int, number: int, *, now: datetime) -> None:
    """Gone already is no error: the list is shown as it stands. Nobody deletes another's."""
    member = require_role(session, chat_id, *ANSWERING)
    row = session.get(CannedAnswer, number)
    if row is not None and row.person_id != member.person_id:
        raise RefusedError("not_yours")
    if row is not None:
        session.delete(row)
        session.flush()
    show(session, chat_id, now=now)


def _kept(session: Session, person_id: int) -> Sequence[CannedAnswer]:
    theirs = select(CannedAnswer).where(CannedAnswer.person_id == person_id)
    return session.exec(theirs.order_by(col(CannedAnswer.id))).all()
