"""What waits for a mentor: offers with the time that is left, talks with whose turn it is."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from bot.delivery.outbox import owe_card
from bot.delivery.tables import Delivery, DeliveryState
from bot.desk.errors import RefusedError
from bot.desk.hours import hours_of
from bot.desk.members import name_of, require_role
from bot.desk.noting import count_of
from bot.desk.resting import ANSWERING
from bot.desk.tables import TALKING, Consultation, Message, Offer, OfferState, Stage
from bot.desk.veiling import shown_before
from bot.desk.views import Words
from bot.worktime import Hours

ABOUT_LENGTH = 40
# What one card can show; the rest is counted.
SHOWN = 8


@dataclass(frozen=True)
class Waiting:
    """An open offer; `minutes` are left until `until`, None where it does not lapse.

    `zone`: where its reader is.
    """

    offer: int
    consultation: int
    about: str
    offered_at: datetime
    minutes: int | None
    until: datetime | None = None
    zone: str = ""


@dataclass(frozen=True)
class Going:
    """A talk; `owed`: its mentor has the next word, since that moment. `notes` among mentors."""

    consultation: int
    name: Words
    about: str
    owed: bool
    since: datetime
    notes: int = 0


@dataclass(frozen=True)
class QueueView:
    """Both oldest first; talks in which an answer is owed before the others."""

    offers: tuple[Waiting, ...]
    talks: tuple[Going, ...]
    more: int = 0


def show_queue(session: Session, chat_id: int, *, now: datetime) -> None:
    member = require_role(session, chat_id, *ANSWERING)
    offers, talks = _offers(session, member.person_id, now), _talks(session, member.person_id)
    shown = offers[:SHOWN], talks[:SHOWN]
    more = len(offers) + len(talks) - len(shown[0]) - len(shown[1])
    view = QueueView(tuple(shown[0]), tuple(shown[1]), more)
    owe_card(session, chat_id, "queue", view, now=now, language=member.language)


def waiting_for(session: Session, person_id: int) -> int:
    """Open offers, and talks in which they owe the next word."""
    open_ = select(func.count()).select_from(Offer)
    theirs = open_.where(Offer.person_id == person_id, Offer.state == OfferState.OPEN)
    return session.exec(theirs).one() + sum(talk.owed for talk in _talks(session, person_id))


def show_offer_again(session: Session, chat_id: int, offer_id: int, *, now: datetime) -> None:
    """At the end of the chat, in answer to the offer's own card, so that a tap leads there.

    Its text is not repeated: where the offer is taken back, one card changes.
    """
    member = require_role(session, chat_id, *ANSWERING)
    offer = session.get(Offer, offer_id)
    if offer is None or offer.person_id != member.person_id:
        raise RefusedError("not_yours")
    if offer.state is not OfferState.OPEN:
        raise RefusedError("offer_ended", consultation=offer.consultation_id)
    consultation = session.get_one(Consultation, offer.consultation_id)
    hours = hours_of(session, member.person_id)
    view = _waiting(offer, consultation, hours, now)
    number, original = consultation.id, _card_of(session, chat_id, offer.slot)
    owe_card(
        session,
        chat_id,
        "offer_again",
        view,
        now=now,
        language=member.language,
        thread=number,
        reply_to=(chat_id, original) if original else None,
    )


def jump(session: Session, chat_id: int, consultation_id: int, *, now: datetime) -> None:
    """To a talk: a card in answer to its last message here, which a tap on it leads to."""
    member = require_role(session, chat_id, *ANSWERING)
    talk = session.get(Consultation, consultation_id)
    if talk is None or talk.mentor_id != member.person_id:
        raise RefusedError("not_yours")
    if talk.stage not in TALKING:
        raise RefusedError("closed", consultation=consultation_id)
    going = next(one for one in _talks(session, member.person_id, consultation_id))
    found = replace(going, notes=count_of(session, consultation_id))
    owe_card(
        session,
        chat_id,
        "queue_talk",
        found,
        now=now,
        language=member.language,
        thread=consultation_id,
        reply_to=_last_message(session, consultation_id),
    )


def _offers(session: Session, person_id: int, now: datetime) -> list[Waiting]:
    rows = session.exec(
        select(Offer, Consultation)
        .join(Consultation, col(Consultation.id) == Offer.consultation_id)
        .where(Offer.person_id == person_id, Offer.state == OfferState.OPEN)
        .order_by(col(Offer.offered_at), col(Offer.id))
    ).all()
    hours = hours_of(session, person_id)
    return [_waiting(offer, consultation, hours, now) for offer, consultation in rows]


def _waiting(offer: Offer, consultation: Consultation, hours: Hours, now: datetime) -> Waiting:
    left = offer.expires_at - now if offer.expires_at else None
    return Waiting(
        offer=offer.id or 0,
        consultation=offer.consultation_id,
        about=_about(shown_before(consultation)),
        offered_at=offer.offered_at,
        minutes=max(0, int(left.total_seconds() // 60)) if left is not None else None,
        until=offer.expires_at,
        zone=hours.zone.key,
    )


def _talks(session: Session, person_id: int, only: int | None = None) -> list[Going]:
    last = (
        select_columns(func.max(col(Message.id)).label("id"))
        .where(col(Message.removed_at).is_(None))
        .group_by(col(Message.consultation_id))
        .subquery()
    )
    query: Any = (
        select(Consultation, Message.by_asker, Message.written_at)
        .outerjoin(
            Message,
            (col(Message.consultation_id) == col(Consultation.id))
            & col(Message.id).in_(select_columns(last.c.id)),
        )
        .where(Consultation.mentor_id == person_id, col(Consultation.stage).in_(TALKING))
    )
    if only is not None:
        query = query.where(Consultation.id == only)
    talks = [_going(session, *row) for row in session.exec(query).all()]
    return sorted(talks, key=lambda talk: (not talk.owed, talk.since, talk.consultation))


def _going(
    session: Session, talk: Consultation, by_asker: bool | None, written_at: datetime | None
) -> Going:
    # Until the mentor has written the question itself waits for an answer.
    owed = talk.stage is Stage.ACTIVE and by_asker is not False
    times = [at for at in (talk.accepted_at, written_at) if at is not None]
    return Going(
        consultation=talk.id or 0,
        name=name_of(session, talk.asker_id)[0],
        about=_about(talk.forwarded),
        owed=owed,
        since=max(times),
    )


def _about(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= ABOUT_LENGTH else line[: ABOUT_LENGTH - 1] + "…"


def _card_of(session: Session, chat_id: int, slot: str) -> int | None:
    """The message in which a card stands."""
    return session.exec(
        select(Delivery.sent_message)
        .where(
            Delivery.chat_id == chat_id,
            Delivery.slot == slot,
            Delivery.state == DeliveryState.SENT,
        )
        .order_by(col(Delivery.id).desc())
    ).first()


def _last_message(session: Session, consultation_id: int) -> tuple[int, int] | None:
    """As its writer sees it: where it was carried to is looked up when the card is sent."""
    return session.exec(
        select(Message.chat_id, Message.message_id)
        .where(Message.consultation_id == consultation_id, col(Message.removed_at).is_(None))
        .order_by(col(Message.id).desc())
    ).first()
