"""What happens when Telegram will not deliver: the writer is told, the question moves on."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from bot.delivery.tables import Delivery, InboxUpdate
from bot.desk.members import chat_of, notify, tell_role
from bot.desk.offering import pass_on
from bot.desk.tables import TALKING, Chat, ChatState, Consultation, Offer, OfferState
from bot.desk.talking import say_lost
from knowledge.tables import PersonRole

STATES = {
    "blocked": ChatState.BLOCKED,
    "deactivated": ChatState.DEACTIVATED,
}


def chat_lost(
    session: Session, chat_id: int, reason: str, offer_for: timedelta, *, now: datetime
) -> None:
    """A person can't be reached any more: their open offers pass on, their partners are told."""
    chat = session.get(Chat, chat_id)
    if chat is None or chat.state is not ChatState.ACTIVE:
        return
    chat.state = STATES.get(reason, ChatState.UNREACHABLE)
    session.add(chat)
    session.flush()
    if chat_of(session, chat.person_id) is not None:
        return  # they are here in another chat
    _pass_on_offers(session, chat.person_id, offer_for, now)
    _tell_partners(session, chat.person_id, now)


def chat_back(session: Session, chat_id: int, *, now: datetime) -> None:  # noqa: ARG001 (use cases have a clock)
    """A person who had blocked the bot is here again."""
    chat = session.get(Chat, chat_id)
    if chat is not None:
        chat.state = ChatState.ACTIVE
        session.add(chat)


def copy_failed(session: Session, delivery: Delivery, code: str, *, now: datetime) -> None:
    """The writer of a message that did not arrive learns it, on that message, by a sentence."""
    if delivery.source_chat is not None and delivery.thread is not None:
        notify(
            session,
            delivery.source_chat,
            code,
            now=now,
            reply_to=delivery.source_message,
            consultation=delivery.thread,
        )


def quarantined(session: Session, update_id: int, error: str, *, now: datetime) -> None:
    """An update was set aside: whoever wrote it and the admins are told."""
    lane = session.get_one(InboxUpdate, update_id).lane
    if session.get(Chat, lane) is not None:
        notify(session, lane, "set_aside", now=now)
    view = {"update": update_id, "error": error}
    tell_role(session, PersonRole.ADMIN, "quarantined", view, now=now)


def _pass_on_offers(session: Session, person_id: int, offer_for: timedelta, now: datetime) -> None:
    offers = select(Offer).where(Offer.person_id == person_id, Offer.state == OfferState.OPEN)
    for offer in session.exec(offers).all():
        pass_on(session, offer, OfferState.UNREACHABLE, offer_for, now)


def _tell_partners(session: Session, person_id: int, now: datetime) -> None:
    lost = (col(Consultation.asker_id) == person_id) | (col(Consultation.mentor_id) == person_id)
    talks = select(Consultation).where(col(Consultation.stage).in_(TALKING), lost)
    for consultation in session.exec(talks).all():
        say_lost(session, consultation, person_id, now)
