"""Before a question is sent, its asker may leave out the files that were to go along."""

from datetime import datetime

from sqlmodel import Session

from bot.desk.asking import own_consultation
from bot.desk.choosing import preview
from bot.desk.enclosing import take_out
from bot.desk.members import require_member
from bot.desk.tables import Stage


def leave_out(session: Session, chat_id: int, consultation_id: int, *, now: datetime) -> None:
    """The preview stands where it stood, without them."""
    member = require_member(session, chat_id)
    consultation = own_consultation(session, member, consultation_id, Stage.DRAFT)
    take_out(session, consultation)
    preview(session, member, consultation, now, again=True)
