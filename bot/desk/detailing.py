"""A mentor asks for one detail before they decide on an offer."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, select

from bot.desk.accepting import own_offer
from bot.desk.choosing import NOBODY
from bot.desk.details import SLOT
from bot.desk.errors import RefusedError
from bot.desk.escalating import form_offer
from bot.desk.hours import hours_of
from bot.desk.members import await_text, name_of, notify, tell
from bot.desk.offer_cards import show_offer
from bot.desk.offering import give_time
from bot.desk.tables import Awaiting, Detail, Offer, OfferedAs
from bot.desk.views import Words

QUESTION_LIMIT = 120


@dataclass(frozen=True)
class DetailAskView:
    """In the place of the offer: the next text is the question."""

    offer: int
    consultation: int
    limit: int = QUESTION_LIMIT


@dataclass(frozen=True)
class DetailWantedView:
    """On the asker's card: who asks (nobody by name for the office), and where it stands.

    `until`: when the question goes on to the next, unless it is decided on before.
    """

    detail: int
    consultation: int
    state: str
    by: Words
    question: str
    until: datetime | None = None
    limit: int = 0


def ask(session: Session, chat_id: int, offer_id: int, *, now: datetime) -> None:
    """Once on each offer. Raises RefusedError("details_asked") the second time."""
    offer, _ = own_offer(session, chat_id, offer_id)
    _require_first(session, offer)
    await_text(session, chat_id, Awaiting.DETAIL_QUESTION, {"offer": offer_id})
    view, number = DetailAskView(offer_id, offer.consultation_id), offer.consultation_id
    tell(session, offer.person_id, "detail_ask", view, now=now, thread=number, slot=offer.slot)


def put(session: Session, chat_id: int, typed: str, offer_for: timedelta, *, now: datetime) -> None:
    """What is typed goes to the asker, whom it does not reveal, and the offer has its time again.

    Raises RefusedError: "details_words", "details_long"; the form stays open then.
    """
    open_ = form_offer(session, chat_id, now)
    if open_ is None:
        return
    question = " ".join(typed.split())
    if not any(letter.isalpha() for letter in question):
        raise RefusedError("details_words")
    if len(question) > QUESTION_LIMIT:
        raise RefusedError("details_long", limit=QUESTION_LIMIT, length=len(question))
    offer, consultation = own_offer(session, chat_id, open_.id or 0)
    _require_first(session, offer)
    row = Detail(
        consultation_id=offer.consultation_id,
        offer_id=offer.id or 0,
        by_id=offer.person_id,
        asker_id=consultation.asker_id,
        question=question,
        asked_at=now,
    )
    session.add(row)
    if offer.expires_at is not None:
        hours = hours_of(session, offer.person_id)
        give_time(offer, hours, offer_for, max(offer.expires_at, now))
        session.add(offer)
    session.flush()
    await_text(session, chat_id, Awaiting.NOTHING)
    show_offer(session, consultation, offer, now)
    code = "details_put" if show_asker(session, row, now) else "details_later"
    notify(session, chat_id, code, now=now, consultation=offer.consultation_id)


def show_asker(
    session: Session, row: Detail, now: datetime, state: str = "", limit: int = 0
) -> bool:
    """`state`: what is shown where it isn't the row's own. False if they can't be reached now."""
    offer = session.get_one(Offer, row.offer_id)
    office = offer.offered_as is OfferedAs.ADMIN
    by = NOBODY if office else name_of(session, row.by_id)[0]
    shown, number = state or row.state.value, row.consultation_id
    view = DetailWantedView(row.id or 0, number, shown, by, row.question, offer.expires_at, limit)
    slot = f"{SLOT}{row.id}"
    return tell(session, row.asker_id, "detail_wanted", view, now=now, thread=number, slot=slot)


def _require_first(session: Session, offer: Offer) -> None:
    if session.exec(select(Detail.id).where(Detail.offer_id == offer.id)).first() is not None:
        raise RefusedError("details_asked", consultation=offer.consultation_id)
