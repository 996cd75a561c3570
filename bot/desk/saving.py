"""A mentor keeps an answer of theirs under a short name, to use it again inline."""

from datetime import datetime

from sqlmodel import Session, col, select

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
    kept = session.exec(
        select(CannedAnswer)
        .where(CannedAnswer.person_id == member.person_id)
        .order_by(col(CannedAnswer.id))
    ).all()
    same = next((one for one in kept if one.name.casefold() == name.casefold()), None)
    if same is None and len(kept) >= MOST:
        raise RefusedError("save_full", most=MOST)
    found = same or CannedAnswer(person_id=member.person_id, name=name, text="", saved_at=now)
    found.name, found.text, found.entities = name, said.text, list(said.entities)
    found.saved_at = now
    session.add(found)
    session.flush()
    notify(session, chat_id, "saved", now=now, title=name, reply_to=said.message_id)
