"""Once a week mentors are told how their week was: Monday at nine, where they are.

When the next one is owed stands in their row. Whoever sends it moves that on in the same
transaction and under a lock, so that however many desks run, it is sent once.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from statistics import fmean, median
from zoneinfo import ZoneInfo

from sqlalchemy import func
from sqlmodel import Session, col, select

from bot.delivery.outbox import owe_card
from bot.desk.members import require_role, tell
from bot.desk.queueing import waiting_for
from bot.desk.resting import desk_of, zone_of
from bot.desk.tables import (
    Closing,
    Consultation,
    MentorDesk,
    Message,
    Offer,
    OfferState,
)
from bot.desk.undertaking import insert_once
from knowledge.tables import PersonRole, Role

ANSWERING = (PersonRole.MENTOR, PersonRole.LIAISON)
HOUR, WEEK = time(9), timedelta(days=7)
# In one turn; the rest waits for the next.
AT_ONCE = 50


@dataclass(frozen=True)
class DigestView:
    """`waiting` now; all else within `since` and `until`. `rating`: the mean of so many `rated`.

    `minutes`: the median from an offer to their first word; None where there was none.
    """

    since: datetime
    until: datetime
    answered: int
    solved: int
    rating: float | None
    rated: int
    minutes: int | None
    waiting: int


def send_due(session: Session, zone: ZoneInfo, *, now: datetime) -> int:
    """Send what is owed, and set the day for who has none yet; how many were sent."""
    _enrol(session, zone, now)
    due = session.exec(
        select(MentorDesk)
        .where(col(MentorDesk.digest).is_(True), col(MentorDesk.digest_at) <= now)
        .order_by(col(MentorDesk.digest_at), col(MentorDesk.person_id))
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    sent = 0
    for desk in due:
        until = desk.digest_at or now
        desk.digest_at = next_after(now, zone_of(session, desk.person_id, zone))
        session.add(desk)
        if _answers(session, desk.person_id):
            sent += _send(session, desk.person_id, until, now)
    return sent


def subscribe(session: Session, chat_id: int, *, now: datetime, zone: ZoneInfo) -> None:
    """/digest: from the next Monday on, whatever was said before."""
    _set(session, chat_id, True, now, zone)


def stop(session: Session, chat_id: int, *, now: datetime, zone: ZoneInfo) -> None:
    _set(session, chat_id, False, now, zone)


def next_after(now: datetime, zone: ZoneInfo) -> datetime:
    """The next Monday at nine there; later than now."""
    local = now.astimezone(zone)
    monday = local.date() - timedelta(days=local.weekday())
    found = datetime.combine(monday, HOUR, zone)
    return found if found > now else datetime.combine(monday + WEEK, HOUR, zone)


def _set(session: Session, chat_id: int, wanted: bool, now: datetime, zone: ZoneInfo) -> None:
    member = require_role(session, chat_id, *ANSWERING)
    desk = desk_of(session, member.person_id)
    theirs = zone_of(session, member.person_id, zone)
    desk.digest, desk.digest_at = wanted, next_after(now, theirs)
    session.add(desk)
    view = {"wanted": wanted, "at": desk.digest_at}
    owe_card(session, chat_id, "digest_set", view, now=now, language=member.language)


def _enrol(session: Session, zone: ZoneInfo, now: datetime) -> None:
    """Whoever answers and has no day yet: theirs is the next."""
    dated = select(MentorDesk.person_id).where(col(MentorDesk.digest_at).is_not(None))
    people = session.exec(
        select(Role.person_id)
        .where(col(Role.role).in_(ANSWERING), col(Role.person_id).not_in(dated))
        .distinct()
        .order_by(col(Role.person_id))
        .limit(AT_ONCE)
    ).all()
    for person_id in people:
        insert_once(session, MentorDesk, {"person_id": person_id, "digest": True})
        desk = desk_of(session, person_id)
        if desk.digest_at is None:
            desk.digest_at = next_after(now, zone_of(session, person_id, zone))
            session.add(desk)


def _answers(session: Session, person_id: int) -> bool:
    held = select(Role.role).where(Role.person_id == person_id, col(Role.role).in_(ANSWERING))
    return session.exec(held).first() is not None


def _send(session: Session, person_id: int, until: datetime, now: datetime) -> bool:
    """Nothing where there is nothing to say."""
    view = _week(session, person_id, until - WEEK, until)
    if not (view.answered or view.solved or view.rated or view.waiting):
        return False
    return tell(session, person_id, "digest", view, now=now)


def _week(session: Session, person_id: int, since: datetime, until: datetime) -> DigestView:
    closed = session.exec(
        select(Consultation.id, Closing.solved, Consultation.rating)
        .join(Closing, col(Closing.consultation_id) == Consultation.id)
        .where(
            Consultation.mentor_id == person_id,
            Closing.closed_at >= since,
            Closing.closed_at < until,
            col(Closing.reopened_at).is_(None),
        )
    ).all()
    ratings = [rating for _, _, rating in closed if rating is not None]
    minutes = _first_words(session, person_id, since, until)
    return DigestView(
        since=since,
        until=until,
        answered=_answered(session, person_id, since, until),
        solved=len({number for number, solved, _ in closed if solved}),
        rating=round(fmean(ratings), 1) if ratings else None,
        rated=len(ratings),
        minutes=round(median(minutes)) if minutes else None,
        waiting=waiting_for(session, person_id),
    )


def _answered(session: Session, person_id: int, since: datetime, until: datetime) -> int:
    """Consultations in which they wrote."""
    counted = (
        select(func.count(func.distinct(col(Message.consultation_id))))
        .join(Consultation, col(Consultation.id) == Message.consultation_id)
        .where(
            Consultation.mentor_id == person_id,
            col(Message.by_asker).is_(False),
            Message.written_at >= since,
            Message.written_at < until,
        )
    )
    return session.exec(counted).one()


def _first_words(session: Session, person_id: int, since: datetime, until: datetime) -> list[float]:
    """Minutes from each offer they took to their first word in it, where that was this week."""
    first = func.min(Message.written_at)
    rows = session.exec(
        select(Offer.offered_at, first)
        .join(Consultation, col(Consultation.id) == Offer.consultation_id)
        .join(Message, col(Message.consultation_id) == Offer.consultation_id)
        .where(
            Offer.person_id == person_id,
            Offer.state == OfferState.ACCEPTED,
            Consultation.mentor_id == person_id,
            col(Message.by_asker).is_(False),
            Message.written_at >= Offer.offered_at,
        )
        .group_by(col(Offer.id), col(Offer.offered_at))
        .having(first >= since, first < until)
    ).all()
    return [(written - offered).total_seconds() / 60 for offered, written in rows]
