"""What mentors asked before they decided, and its asker answered: part of the question."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from bot.delivery.tables import Delivery, Priority
from bot.desk.members import tell
from bot.desk.tables import Consultation, Detail, DetailState, Level, Offer
from bot.desk.views import DetailLine, Heard, OfferDetails

# A card has room for so many: an offer's, which shows the question too, and one of their own.
ON_OFFER, IN_ALL = 2, 6
# Where its asker is asked: with the number of the row.
SLOT = "detail:"


@dataclass(frozen=True)
class DetailsView:
    """For whoever has accepted: all of them."""

    consultation: int
    lines: tuple[DetailLine, ...]


def shown_on(session: Session, consultation: Consultation, offer: Offer) -> OfferDetails:
    """What others learned, as far as it is shown before anybody accepts; their own in any state."""
    rows = [row for row in _rows(session, consultation) if is_shown(row, consultation, offer)]
    lines = tuple(_line(row, consultation) for row in rows)
    asked = any(row.offer_id == offer.id for row in rows)
    return OfferDetails(lines[-ON_OFFER:], len(lines[:-ON_OFFER]), asked)


def wanted_in(session: Session, heard: Heard) -> int:
    """The question back on whose card this text is a reply; nought for any other message."""
    if heard.kind != "text" or heard.reply_to is None:
        return 0
    card = select(Delivery.slot).where(
        Delivery.chat_id == heard.chat_id,
        Delivery.sent_message == heard.reply_to,
        Delivery.card == "detail_wanted",
    )
    slot = session.exec(card.order_by(col(Delivery.id).desc())).first()
    number = int(slot.removeprefix(SLOT)) if slot else 0
    row = session.get(Detail, number)
    return number if row is not None and row.state is DetailState.ASKED else 0


def hand_over(session: Session, consultation: Consultation, person_id: int, now: datetime) -> None:
    """Whoever accepted reads them all, before what is carried next."""
    lines = answered_in(session, consultation)
    if not lines:
        return
    view, number = DetailsView(consultation.id or 0, lines[-IN_ALL:]), consultation.id
    priority = Priority.MESSAGE
    tell(session, person_id, "details", view, now=now, thread=number, priority=priority)


def answered_in(session: Session, consultation: Consultation) -> tuple[DetailLine, ...]:
    """All of them in the order in which they were answered."""
    return tuple(
        DetailLine(row.question, row.answer, row.state.value)
        for row in _rows(session, consultation)
        if row.state is DetailState.ANSWERED
    )


def _rows(session: Session, consultation: Consultation) -> Sequence[Detail]:
    asked = select(Detail).where(Detail.consultation_id == consultation.id)
    return session.exec(asked.order_by(col(Detail.answered_at), col(Detail.id))).all()


def is_shown(row: Detail, consultation: Consultation, offer: Offer) -> bool:
    """Whether anything of it stands on this offer."""
    return row.offer_id == offer.id or (
        row.state is DetailState.ANSWERED and not _is_veiled(row, consultation)
    )


def _line(row: Detail, consultation: Consultation) -> DetailLine:
    if row.state is not DetailState.ANSWERED:
        return DetailLine(row.question, "", row.state.value)
    if _is_veiled(row, consultation):
        return DetailLine(row.question, "", "veiled")
    return DetailLine(row.question, row.answer, "answered")


def _is_veiled(row: Detail, consultation: Consultation) -> bool:
    """Whether its answer is kept from those who have not accepted."""
    return consultation.level is not Level.PUBLIC and not row.shared
