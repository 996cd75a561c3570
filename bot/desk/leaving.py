"""Somebody goes, banned or by their own will: what they leave open goes on without them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from bot.desk.absence import talks_of
from bot.desk.binding import end as end_binding
from bot.desk.members import tell
from bot.desk.offering import end_open_offers, pass_on
from bot.desk.parting import note_closing
from bot.desk.reopening import offer_anew
from bot.desk.tables import (
    Consultation,
    LabEnd,
    LabGroup,
    LabState,
    Offer,
    OfferState,
    Stage,
)
from bot.desk.views import NoticeView

Why = Literal["banned", "left"]


@dataclass(frozen=True)
class Left:
    """How many consultations ended, and how many were handed over to somebody else."""

    ended: int
    handed_over: int


def leave(
    session: Session, person_id: int, why: Why, offer_for: timedelta, *, now: datetime
) -> Left:
    """End what they asked, hand over what they answer, pass on what they were offered.

    Whoever is on the other side is told why. The person must count as not reachable already, or
    they would be asked again.
    """
    _end_labs(session, person_id, now)
    ended = _withdraw(session, person_id, now)
    handed_over = 0
    for consultation in talks_of(session, person_id):
        session.refresh(consultation, with_for_update=True)
        if consultation.asker_id == person_id:
            _end_asked(session, consultation, why, now)
            ended += 1
        else:
            _hand_over(session, consultation, why, offer_for, now)
            handed_over += 1
    for offer in session.exec(_open_offers(person_id)).all():
        pass_on(session, offer, OfferState.UNREACHABLE, offer_for, now)
    return Left(ended, handed_over)


def open_of(session: Session, person_id: int) -> tuple[int, int]:
    """How many consultations would end with them, and how many be handed over."""
    waiting = len(session.exec(_unanswered(person_id)).all())
    asked = [talk for talk in talks_of(session, person_id) if talk.asker_id == person_id]
    return waiting + len(asked), len(talks_of(session, person_id)) - len(asked)


def _end_labs(session: Session, person_id: int, now: datetime) -> None:
    """Their lab's group reads none of it any more."""
    bound = select(LabGroup).where(
        LabGroup.mentor_id == person_id, col(LabGroup.state).in_((LabState.ASKED, LabState.BOUND))
    )
    for lab in session.exec(bound).all():
        end_binding(session, lab, LabEnd.MENTOR_LEFT, now)


def _unanswered(person_id: int) -> SelectOfScalar[Consultation]:
    return select(Consultation).where(
        Consultation.asker_id == person_id,
        col(Consultation.stage).in_((Stage.DRAFT, Stage.OFFERED)),
    )


def _open_offers(person_id: int) -> SelectOfScalar[Offer]:
    return select(Offer).where(Offer.person_id == person_id, Offer.state == OfferState.OPEN)


def _withdraw(session: Session, person_id: int, now: datetime) -> int:
    """Questions that nobody has accepted yet; whoever was offered them sees them end."""
    waiting = session.exec(_unanswered(person_id).with_for_update()).all()
    for consultation in waiting:
        consultation.withdraw(now)
        session.add(consultation)
        end_open_offers(session, consultation, OfferState.WITHDRAWN, now)
    return len(waiting)


def _end_asked(session: Session, consultation: Consultation, why: Why, now: datetime) -> None:
    consultation.fall_silent(now)
    session.add(consultation)
    note_closing(session, consultation, None, now)
    if consultation.mentor_id is not None:
        _tell(session, consultation, consultation.mentor_id, f"asker_{why}", now)


def _hand_over(
    session: Session, consultation: Consultation, why: Why, offer_for: timedelta, now: datetime
) -> None:
    """The asker is told before the question goes on, so that the next card makes sense."""
    _tell(session, consultation, consultation.asker_id, f"mentor_{why}", now)
    consultation.continue_()
    session.add(consultation)
    offer_anew(session, consultation, offer_for, now, why=OfferState.UNREACHABLE)


def _tell(
    session: Session, consultation: Consultation, person_id: int, code: str, now: datetime
) -> None:
    view = NoticeView(code, {"consultation": consultation.id or 0})
    tell(session, person_id, "notice", view, now=now, thread=consultation.id)
