"""What came with a question for whom it was given to: whose doing it was, and their note."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from bot.desk.members import name_of
from bot.desk.tables import Escalation, Offer, OfferedAs
from bot.desk.views import Words

NOBODY = Words("", "")


@dataclass(frozen=True)
class Given:
    """`by`: empty for the programme office, and where nobody gave it."""

    by: Words = NOBODY
    note: str = ""


def given_with(session: Session, offer: Offer) -> Given:
    """Nothing with an offer that nobody's doing was."""
    if offer.offered_as not in (OfferedAs.ESCALATED, OfferedAs.PASSED_ON):
        return Given()
    found = session.exec(
        select(Escalation.by_id, Escalation.note, Offer.offered_as)
        .join(Offer, col(Offer.id) == Escalation.offer_id)
        .where(
            Escalation.consultation_id == offer.consultation_id,
            Escalation.to_id == offer.person_id,
        )
        .order_by(col(Escalation.id).desc())
    ).first()
    if found is None:
        return Given()
    by_id, note, offered_as = found
    office = offered_as is OfferedAs.ADMIN
    return Given(NOBODY if office else name_of(session, by_id)[0], note)
