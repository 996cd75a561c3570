"""What followers are told of a talk, and the copies of those who read along.

Found in the tables turn by turn, so that whatever moves a consultation need know of no follower,
and no talk waits for one.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import String, cast
from sqlmodel import Session, col, or_, select
from sqlmodel.sql.expression import Select

from bot.delivery.outbox import owe_card, owe_copy
from bot.delivery.tables import Delivery, MessagePair, Priority
from bot.desk import undertaking
from bot.desk.copying import heard_again, manner_of, source_of
from bot.desk.members import chat_of, reachable, tell
from bot.desk.supervising import stands
from bot.desk.tables import (
    TALKING,
    Chat,
    Consultation,
    Follow,
    FollowState,
    Message,
    Reading,
    Receipt,
    Stage,
)
from bot.desk.views import NoticeView

# In one turn, so that no turn holds the database for long.
AT_ONCE = 50
# A message that reached nobody for so long is not waited for.
WAITED = timedelta(days=1)


def keep_up(session: Session, *, now: datetime) -> int:
    """Tell each follower what has changed, and carry what was said; how many were told."""
    told = 0
    for row, consultation in session.exec(_followed()).all():
        if row.person_id == consultation.mentor_id:  # it has become theirs
            row.state = FollowState.LEFT
            session.add(row)
        elif _carry(session, row, consultation, now):
            told += _tell_stage(session, row, consultation, now)
    return told


def due(session: Session) -> bool:
    """Whether anything is followed that may have moved."""
    return session.exec(_followed().limit(1)).first() is not None


def is_for_reader(session: Session, delivery: Delivery) -> bool:
    """Whether it is a copy for somebody who reads along: what becomes of it is no concern of the
    writer."""
    if delivery.thread is None or delivery.source_chat is None:
        return False
    return is_reader(session, delivery.chat_id, delivery.thread)


def is_reader(session: Session, chat_id: int, consultation_id: int) -> bool:
    """Whether this chat is a follower's, and not that of either side."""
    beside = (
        select(Follow.id)
        .join(Chat, col(Chat.person_id) == Follow.person_id)
        .join(Consultation, col(Consultation.id) == Follow.consultation_id)
        .where(
            Chat.chat_id == chat_id,
            Follow.consultation_id == consultation_id,
            or_(
                col(Consultation.mentor_id).is_(None),
                col(Consultation.mentor_id) != Follow.person_id,
            ),
        )
    )
    return session.exec(beside).first() is not None


def _followed() -> Select[Follow, Consultation]:
    """What goes on, and what has moved since it was told."""
    known = col(Follow.told).startswith(cast(Consultation.stage, String))
    return (
        select(Follow, Consultation)
        .join(Consultation, col(Consultation.id) == Follow.consultation_id)
        .where(
            Follow.state == FollowState.FOLLOWING,
            col(Consultation.stage).in_((Stage.OFFERED, *TALKING)) | ~known,
        )
        .order_by(col(Follow.id))
    )


def _tell_stage(session: Session, row: Follow, consultation: Consultation, now: datetime) -> int:
    """Of what lies between two turns the last is told."""
    now_stands = stands(consultation)
    if row.told == now_stands:
        return 0
    stage, _, mentor = row.told.partition(":")
    moved = consultation.mentor_id is not None and mentor not in ("0", str(consultation.mentor_id))
    code = "transferred" if moved and stage == consultation.stage else consultation.stage.value
    row.told = now_stands
    session.add(row)
    number = row.consultation_id
    view = NoticeView(f"follow_{code}", {"consultation": number})
    tell(session, row.person_id, "notice", view, now=now, thread=number)
    return 1


def _carry(session: Session, row: Follow, consultation: Consultation, now: datetime) -> bool:
    """Whether nothing is left that they are to read before they are told of a stage."""
    here = chat_of(session, row.person_id)
    if here is None or not _may_read(session, row, consultation):
        return True
    chat_id = here[0]
    side: bool | None = None
    session.add(row)
    for message in _unread(session, row):
        if not _is_ready(session, message, now):
            return False
        row.read_to = message.id or 0
        if message.removed_at is not None or not _arrived(session, message):
            continue
        if side is not message.by_asker:
            side = message.by_asker
            _say_side(session, row, here, side, now)
        heard = heard_again(message)
        number, manner = row.consultation_id, manner_of(heard)
        owe_copy(session, chat_id, source_of(heard), now=now, thread=number, **manner)
    return True


def _say_side(
    session: Session, row: Follow, here: tuple[int, str], by_asker: bool, now: datetime
) -> None:
    """Above the copies: whose they are, and that they are for reading."""
    (chat_id, language), number = here, row.consultation_id
    owe_card(
        session,
        chat_id,
        "read_along",
        {"consultation": number, "by_asker": by_asker},
        now=now,
        language=language,
        thread=number,
        priority=Priority.MESSAGE,
    )


def _may_read(session: Session, row: Follow, consultation: Consultation) -> bool:
    if row.reading is not Reading.ALLOWED or consultation.stage in (Stage.DRAFT, Stage.OFFERED):
        return False
    if undertaking.lacks(session, row.person_id, consultation):
        return False
    return bool(reachable(session, {row.person_id}))


def _unread(session: Session, row: Follow) -> Sequence[Message]:
    unread = select(Message).where(
        Message.consultation_id == row.consultation_id, col(Message.id) > row.read_to
    )
    return session.exec(unread.order_by(col(Message.id)).limit(AT_ONCE)).all()


def _is_ready(session: Session, message: Message, now: datetime) -> bool:
    """It has reached the other side, or never will: until then the other side comes first."""
    if message.removed_at is not None or message.receipt == Receipt.FAILED:
        return True
    return _arrived(session, message) or message.written_at <= now - WAITED


def _arrived(session: Session, message: Message) -> bool:
    arrived = select(MessagePair.id).where(
        MessagePair.source_chat == message.chat_id,
        MessagePair.source_message == message.message_id,
    )
    return session.exec(arrived.limit(1)).first() is not None
