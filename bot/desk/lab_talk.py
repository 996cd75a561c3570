"""What is written in a lab's group: carried as its mentor's side, and told when it can't be."""

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from bot.delivery.outbox import owe_copy
from bot.delivery.tables import Delivery
from bot.delivery.topics import OPENS, thread_in
from bot.desk.binding import left, lost_rights
from bot.desk.copying import heard_again, manner_of, source_of, written
from bot.desk.errors import RefusedError
from bot.desk.members import chat_of
from bot.desk.placing import is_group, lab_of
from bot.desk.tables import Consultation, LabEnd
from bot.desk.talking import relay
from bot.desk.views import Heard

# Codes of ours, and words of Telegram's refusals in lower case.
_OUT = frozenset({"kicked", "deleted", "forbidden", "not_started"})
_NO_PLACE = ("no_topic", "topic_closed", "not a forum", "rights")


def hear(session: Session, heard: Heard, writer_chat: int, name: str, *, now: datetime) -> None:
    """In a consultation's topic it reaches the asker; anything else is the lab's own affair.

    Raises RefusedError: "lab_not_here" where the consultation is not this lab's any more.
    """
    number = thread_in(session, heard.chat_id, heard.topic) if heard.topic is not None else None
    if number is None:
        return
    consultation = session.get_one(Consultation, number)
    mentor_id = consultation.mentor_id
    lab = lab_of(session, number, mentor_id) if mentor_id is not None else None
    if lab is None or lab[0] != heard.chat_id or mentor_id is None:
        raise RefusedError("lab_not_here", consultation=number)
    mentor = chat_of(session, mentor_id)
    by = "" if mentor is not None and mentor[0] == writer_chat else name
    relay(session, replace(heard, by=by), number, now=now)


def taken_back(session: Session, delivery: Delivery, reason: str, *, now: datetime) -> bool:
    """What a lab's group has no place for goes to its mentor.

    False for any other chat, and where it is not for want of a place that it was refused. What the
    mentor was told themselves is not repeated.
    """
    group = delivery.chat_id
    if not is_group(group) or not _has_no_place(reason):
        return False
    if reason in _OUT:
        left(session, group, LabEnd.KICKED, now=now)
    elif delivery.method == OPENS:
        lost_rights(session, group, now=now)
    if delivery.source_chat is None or delivery.source_message is None or not delivery.thread:
        return delivery.method == OPENS or bool(delivery.card)
    message = written(session, delivery.source_chat, delivery.source_message)
    mentor_id = session.get_one(Consultation, delivery.thread).mentor_id
    mentor = chat_of(session, mentor_id) if mentor_id is not None else None
    if mentor is None or message is None:
        return False
    if mentor[0] != message.chat_id:  # they need no copy of their own words
        heard = heard_again(message)
        thread, manner = message.consultation_id, manner_of(heard)
        owe_copy(session, mentor[0], source_of(heard), now=now, thread=thread, **manner)
    return True


def _has_no_place(reason: str) -> bool:
    return reason in _OUT or any(word in reason.lower() for word in _NO_PLACE)
