"""How many consultations and offers stand where: numbers for whoever watches the desk."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from bot.desk.tables import Consultation, Offer, OfferState, Stage


@dataclass(frozen=True)
class Tally:
    """Consultations by stage, each stage named; offers not answered, and those past their time."""

    stages: dict[Stage, int]
    open_offers: int
    overdue_offers: int


def tally(session: Session, *, now: datetime) -> Tally:
    by_stage = select(Consultation.stage, func.count()).group_by(col(Consultation.stage))
    is_open, late = Offer.state == OfferState.OPEN, col(Offer.expires_at) < now
    offers = select(func.count()).select_from(Offer)
    return Tally(
        dict.fromkeys(Stage, 0) | {Stage(word): number for word, number in session.exec(by_stage)},
        session.exec(offers.where(is_open)).one(),
        session.exec(offers.where(is_open, late)).one(),
    )
