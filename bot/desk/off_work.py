"""An asker who writes while their mentor is off work learns when they are back."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from bot.delivery.outbox import owe_card
from bot.desk.hours import hours_said, off_until, usual_hours
from bot.desk.members import language_of
from bot.desk.placing import Sides
from bot.desk.tables import Consultation, MentorDesk, Message, Quiet
from knowledge.prepared import Prepared

JUST_NOW = timedelta(hours=1)
# On the way of every message.
_SAID = Prepared(
    select_columns(
        col(MentorDesk.hours), col(MentorDesk.time_zone), col(MentorDesk.away_until)
    ).where(col(MentorDesk.person_id) == bindparam("mentor"))
)


def say_off_work(session: Session, talk: Sides, chat_id: int, now: datetime) -> None:
    """Once until the mentor is back, to the asker in `chat_id`; the consultation is locked.

    Of who is away its asker was told already.
    """
    assert talk.id is not None
    said = next(iter(_SAID.rows(session, mentor=talk.mentor_id)), None)
    hours = hours_said(said, usual_hours(session))
    opens_at = off_until(hours, now)
    away = said is not None and said.away_until is not None and now < said.away_until
    if opens_at is None or away:
        return
    quiet = session.get(Quiet, talk.id) or Quiet(consultation_id=talk.id)
    if quiet.opening_told == opens_at or _is_there(session, talk.id, now):
        return
    quiet.opening_told = opens_at
    session.add(quiet)
    view = {"consultation": talk.id, "opens_at": opens_at}
    language = language_of(session, chat_id)
    owe_card(
        session,
        chat_id,
        "off_work",
        view,
        now=now,
        language=language,
        thread=talk.id,
        silent=True,
    )


def _is_there(session: Session, number: int, now: datetime) -> bool:
    """Whether the mentor accepted or wrote just now: they work late."""
    accepted = session.exec(select(Consultation.accepted_at).where(Consultation.id == number))
    wrote = select(func.max(col(Message.written_at))).where(
        Message.consultation_id == number, col(Message.by_asker).is_(False)
    )
    times = (accepted.one(), session.exec(wrote).one())
    return any(at is not None and now - at < JUST_NOW for at in times)
