"""A person can't be reached: what that means for the other side, said in words."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from bot.delivery import held
from bot.delivery.tables import Delivery
from bot.desk.members import notify, tell
from bot.desk.tables import TALKING, Chat, ChatState, Consultation
from bot.desk.views import NoticeView

# How an absence is called in the codes of sentences; what Telegram does not explain is "lost".
_CALLED = {ChatState.BLOCKED: "blocked", ChatState.DEACTIVATED: "gone"}


def say_lost(session: Session, consultation: Consultation, lost: int, now: datetime) -> None:
    """Tell the other side why `lost` can't be reached, and what happens next."""
    side = "asker" if consultation.asker_id == lost else "partner"
    _tell_other(session, consultation, lost, f"{side}_{_called(session, lost)}", now)


def say_back(session: Session, consultation: Consultation, back: int, now: datetime) -> None:
    """Tell the other side that they are here again, and that what was kept is on its way."""
    side = "asker" if consultation.asker_id == back else "partner"
    _tell_other(session, consultation, back, f"{side}_back", now)


def say_kept(session: Session, delivery: Delivery, *, now: datetime) -> None:
    """Tell the writer of a message, on that message, what becomes of it."""
    assert delivery.source_chat is not None
    gone = session.get_one(Chat, delivery.chat_id).state is ChatState.DEACTIVATED
    notify(
        session,
        delivery.source_chat,
        "gone_for_good" if gone else "kept_until_back",
        now=now,
        reply_to=delivery.source_message,
        consultation=delivery.thread or 0,
    )


def give_up(session: Session, keep_for: timedelta, *, now: datetime) -> int:
    """End what was kept too long for somebody who did not come back; how much was told of.

    Its writers are told once for each consultation, with the number of their messages.
    """
    _release_stranded(session)
    found = held.give_up(session, now - keep_for)
    for one in found:
        notify(
            session,
            one.source_chat,
            "kept_too_long",
            now=now,
            consultation=one.thread,
            number=one.number,
            days=keep_for.days,
        )
    return len(found)


def _release_stranded(session: Session) -> None:
    """What was held in the very moment in which its reader came back."""
    waiting = held.chats(session)
    here = select(Chat.chat_id).where(
        col(Chat.chat_id).in_(waiting), Chat.state == ChatState.ACTIVE
    )
    for chat_id in session.exec(here).all() if waiting else ():
        held.release(session, chat_id)


def talks_of(session: Session, person_id: int) -> list[Consultation]:
    """The talks in which this person is on either side."""
    either = (col(Consultation.asker_id) == person_id) | (col(Consultation.mentor_id) == person_id)
    talks = select(Consultation).where(col(Consultation.stage).in_(TALKING), either)
    return list(session.exec(talks.order_by(col(Consultation.id))))


def keep_refused(session: Session, delivery: Delivery) -> None:
    """What was just refused goes once its reader is here again, unless that can't be."""
    chat = session.get(Chat, delivery.chat_id)
    if chat is not None and chat.state is not ChatState.DEACTIVATED:
        held.hold_one(session, delivery)


def _called(session: Session, person_id: int) -> str:
    """Of their latest chat."""
    latest = select(Chat.state).where(Chat.person_id == person_id)
    state = session.exec(latest.order_by(col(Chat.first_seen).desc())).first()
    return _CALLED.get(ChatState(state), "lost") if state else "lost"


def _tell_other(
    session: Session, consultation: Consultation, person_id: int, code: str, now: datetime
) -> None:
    as_asker = consultation.asker_id == person_id
    other = consultation.mentor_id if as_asker else consultation.asker_id
    if other is not None:
        view = NoticeView(code, {"consultation": consultation.id or 0})
        tell(session, other, "notice", view, now=now, thread=consultation.id)
