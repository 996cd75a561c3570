"""What is written in a lab's group: carried as its mentor's side, and told when it can't be."""

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from bot.delivery.outbox import owe_copy
from bot.delivery.tables import Delivery
from bot.delivery.topics import OPENS, thread_in
from bot.desk.binding import labs_in, left
from bot.desk.errors import RefusedError
from bot.desk.members import chat_of
from bot.desk.placing import is_group, lab_of
from bot.desk.tables import Consultation, LabEnd
from bot.desk.talking import relay
from bot.desk.views import Heard

_OUT = frozenset({"kicked", "deleted", "forbidden", "not_started"})


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
    """A delivery that a lab's group did not take goes to its mentor; False for any other chat.

    What the mentor was told themselves is not repeated.
    """
    group = delivery.chat_id
    if not is_group(group):
        return False
    if reason in _OUT:
        left(session, group, LabEnd.KICKED, now=now)
    elif delivery.method == OPENS and labs_in(session, group) and "rights" in reason:
        left(session, group, LabEnd.NO_RIGHTS, now=now)
    if delivery.source_chat is None or delivery.source_message is None or not delivery.thread:
        return True
    mentor_id = session.get_one(Consultation, delivery.thread).mentor_id
    mentor = chat_of(session, mentor_id) if mentor_id is not None else None
    if mentor is None:
        return False
    if mentor[0] != delivery.source_chat:  # they need no copy of their own words
        source = (delivery.source_chat, delivery.source_message)
        owe_copy(session, mentor[0], source, now=now, thread=delivery.thread)
    return True
