"""Who can't be reached and who is back: offers move on, talks wait, and everybody knows."""

from datetime import datetime, timedelta

from sqlmodel import Session, select

from bot.delivery import held
from bot.delivery.tables import Delivery, InboxUpdate
from bot.desk.absence import keep_refused, say_back, say_kept, say_lost, talks_of
from bot.desk.members import chat_of, notify, tell_role
from bot.desk.offering import pass_on
from bot.desk.reading_along import is_for_reader
from bot.desk.tables import Chat, ChatState, Offer, OfferState
from knowledge.tables import PersonRole


def chat_lost(
    session: Session, chat_id: int, reason: str, offer_for: timedelta, *, now: datetime
) -> None:
    """A person can't be reached any more: their open offers pass on, their partners are told.

    What is owed to them is held back; where they are here in another chat it goes there.
    """
    chat = session.get(Chat, chat_id, with_for_update=True)
    if chat is None or chat.state is not ChatState.ACTIVE:
        return
    chat.state = ChatState(reason) if reason in set(ChatState) else ChatState.UNREACHABLE
    session.add(chat)
    session.flush()
    held.hold(session, chat_id)
    if chat.state is ChatState.DEACTIVATED:
        held.fail(session, chat_id, reason)
    other = chat_of(session, chat.person_id)
    if other is not None:
        held.move(session, chat_id, other[0])
        held.release(session, other[0])
        return
    _pass_on_offers(session, chat.person_id, offer_for, now)
    for consultation in talks_of(session, chat.person_id):
        say_lost(session, consultation, chat.person_id, now)


def chat_back(session: Session, chat_id: int, *, now: datetime) -> None:
    """A person is here again: what was kept for them goes, once and in order; partners know."""
    chat = session.get(Chat, chat_id, with_for_update=True)
    if chat is None or chat.state is ChatState.ACTIVE:
        return
    was_here = chat_of(session, chat.person_id) is not None
    chat.state = ChatState.ACTIVE
    session.add(chat)
    session.flush()
    for other in _other_chats(session, chat):
        held.move(session, other, chat_id)
    held.release(session, chat_id)
    if not was_here:
        for consultation in talks_of(session, chat.person_id):
            say_back(session, consultation, chat.person_id, now)


def refused(
    session: Session, delivery: Delivery, reason: str, offer_for: timedelta, *, now: datetime
) -> None:
    """Telegram refused a delivery for its chat: it is kept for the reader, its writer is told."""
    if session.get(Chat, delivery.chat_id) is None:
        copy_failed(session, delivery, "unreachable", now=now)
        return
    first = _is_first(session, delivery)
    chat_lost(session, delivery.chat_id, reason, offer_for, now=now)
    if first:
        say_kept(session, delivery, now=now)
    keep_refused(session, delivery)


def copy_failed(session: Session, delivery: Delivery, code: str, *, now: datetime) -> None:
    """The writer of a message that did not arrive learns it, on that message, by a sentence."""
    if is_for_reader(session, delivery):
        return
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


def _other_chats(session: Session, chat: Chat) -> list[int]:
    """Of the same person, where they can't be reached."""
    others = select(Chat.chat_id).where(
        Chat.person_id == chat.person_id, Chat.state != ChatState.ACTIVE
    )
    return list(session.exec(others))


def _is_first(session: Session, delivery: Delivery) -> bool:
    """Whether this is a person's message, and none of its consultation is kept yet."""
    thread = delivery.thread
    if delivery.source_chat is None or thread is None:
        return False
    if is_for_reader(session, delivery):
        return False
    return not held.waits(session, delivery.chat_id, thread)


def _pass_on_offers(session: Session, person_id: int, offer_for: timedelta, now: datetime) -> None:
    offers = select(Offer).where(Offer.person_id == person_id, Offer.state == OfferState.OPEN)
    for offer in session.exec(offers).all():
        pass_on(session, offer, OfferState.UNREACHABLE, offer_for, now)
