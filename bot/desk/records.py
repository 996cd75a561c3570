"""How those who may be asked have answered so far, and how much they have in hand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from sqlalchemy import Row, and_, bindparam, func, or_
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from bot.desk.tables import TALKING, Consultation, DeclineReason, Offer, OfferState
from bot.desk.views import Member

# Offers of the last half year tell how somebody answers.
REMEMBERED = timedelta(days=180)

# An answer within so many hours is worth half; as many offers as PRIOR are taken to have been
# answered so by everybody, so that one late answer does not mark a newcomer.
HALF_LIFE = 12.0
PRIOR = 3


@dataclass(frozen=True)
class Record:
    """`load`: offers open and talks going on.

    `promptness`: 0 for never an answer, 0.5 for unknown, 1 for at once. `hours`: the median to an
    answer, rounded up. `conflict`: they declined this asker or enterprise for one of interest.
    """

    load: int = 0
    promptness: float = 0.5
    hours: int = 0
    conflict: bool = False


UNKNOWN = Record()
_ANSWERED = (OfferState.ACCEPTED, OfferState.DECLINED)

# What somebody has in hand of an offer joined to its consultation.
_HELD = or_(
    col(Offer.state) == OfferState.OPEN,
    and_(col(Offer.state) == OfferState.ACCEPTED, col(Consultation.stage).in_(TALKING)),
)

_OFFERS = (
    select_columns(
        col(Offer.person_id),
        col(Offer.state),
        col(Offer.reason),
        col(Offer.offered_at),
        col(Offer.ended_at),
        col(Consultation.stage),
        col(Consultation.asker_id),
        col(Consultation.enterprise_id),
    )
    .join(Consultation, col(Consultation.id) == Offer.consultation_id)
    .where(
        col(Offer.person_id).in_(bindparam("people", expanding=True)),
        or_(
            col(Offer.offered_at) >= bindparam("since"),
            _HELD,
            col(Offer.reason) == DeclineReason.CONFLICT,
        ),
    )
)


def records_of(
    session: Session, people: Iterable[int], member: Member, now: datetime
) -> dict[int, Record]:
    """By person, of those who were ever asked; one statement for all of them."""
    wanted = sorted(people)
    if not wanted:
        return {}
    session.flush()
    rows: Any = session.connection().execute(_OFFERS, {"people": wanted, "since": now - REMEMBERED})
    offers: dict[int, list[Row[Any]]] = {}
    for row in rows:
        offers.setdefault(row.person_id, []).append(row)
    return {person: _record(rows, member, now) for person, rows in offers.items()}


def in_hand(session: Session, person_id: int, beside: int | None = None) -> int:
    """Offers open and talks going on of one person now, `beside` one consultation."""
    held = (
        select(func.count())
        .select_from(Offer)
        .join(Consultation, col(Consultation.id) == Offer.consultation_id)
        .where(Offer.person_id == person_id, _HELD)
    )
    return session.exec(held if beside is None else held.where(Consultation.id != beside)).one()


def barred_from(session: Session, asker_id: int, enterprise_id: int | None) -> set[int]:
    """Those who declined this asker or enterprise for a conflict of interest, whenever it was."""
    same = col(Consultation.asker_id) == asker_id
    if enterprise_id is not None:
        same = or_(same, col(Consultation.enterprise_id) == enterprise_id)
    declined = (
        select(Offer.person_id)
        .join(Consultation, col(Consultation.id) == Offer.consultation_id)
        .where(Offer.reason == DeclineReason.CONFLICT, same)
    )
    return set(session.exec(declined))


def known_to(records: Mapping[int, Record], person_id: int) -> Record:
    return records.get(person_id, UNKNOWN)


def _record(offers: Sequence[Row[Any]], member: Member, now: datetime) -> Record:
    recent = [offer for offer in offers if offer.offered_at >= now - REMEMBERED]
    answers = [_hours(one) for one in recent if one.state in _ANSWERED]
    expired = sum(one.state is OfferState.EXPIRED for one in recent)
    worth = sum(0.5 ** (hours / HALF_LIFE) for hours in answers) + 0.5 * PRIOR
    return Record(
        load=sum(_in_hand(offer) for offer in offers),
        promptness=worth / (len(answers) + expired + PRIOR),
        hours=max(1, round(median(answers) + 0.5)) if answers else 0,
        conflict=any(_conflicting(offer, member) for offer in offers),
    )


def _hours(offer: Row[Any]) -> float:
    taken: timedelta = offer.ended_at - offer.offered_at
    return max(0.0, taken.total_seconds() / 3600)


def _in_hand(offer: Row[Any]) -> bool:
    talking = offer.state is OfferState.ACCEPTED and offer.stage in TALKING
    return offer.state is OfferState.OPEN or talking


def _conflicting(offer: Row[Any], member: Member) -> bool:
    if offer.reason != DeclineReason.CONFLICT:
        return False
    same = member.enterprise_id is not None and offer.enterprise_id == member.enterprise_id
    return bool(same or offer.asker_id == member.person_id)
