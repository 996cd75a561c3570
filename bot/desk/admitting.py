"""Who comes: somebody who is back, somebody who is banned, or simply somebody."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from bot.desk.members import notify
from bot.desk.tables import Awaiting, Ban, Chat, ChatState
from knowledge.prepared import Prepared

_ADMISSION = Prepared(
    select_columns(col(Chat.state), col(Chat.awaiting), col(Ban.id).label("ban"))
    .outerjoin(Ban, (col(Ban.person_id) == Chat.person_id) & col(Ban.lifted_at).is_(None))
    .where(col(Chat.chat_id) == bindparam("chat_id"))
)
# All that a banned person may do: know why, appeal, and have what is theirs.
OPEN_COMMANDS = frozenset({"appeal", "mydata", "forget", "language"})
OPEN_PRESSES = frozenset({"appeal", "language", "forget", "forget_now", "forget_not"})
OPEN_FORMS = frozenset({Awaiting.APPEAL})


@dataclass(frozen=True)
class Admission:
    """`here`: Telegram said nothing else lately."""

    here: bool = True
    banned: bool = False
    awaiting: Awaiting = Awaiting.NOTHING

    def bars(self, command: str, press: str) -> bool:
        """Whether a ban stands against what they want; `command` without its slash."""
        if not self.banned:
            return False
        if command or press:
            return command not in OPEN_COMMANDS and press not in OPEN_PRESSES
        return self.awaiting not in OPEN_FORMS


def admission(session: Session, chat_id: int) -> Admission:
    """One query, before each update of a private chat."""
    rows = _ADMISSION.rows(session, chat_id=chat_id)
    if not rows:
        return Admission()
    row = rows[0]
    return Admission(row.state is ChatState.ACTIVE, row.ban is not None, row.awaiting)


def say_slowly(session: Session, chat_id: int, language_code: str, *, now: datetime) -> None:
    """What is over the limit waits its turn: said once."""
    notify(session, chat_id, "slowly", now=now, language_code=language_code)
