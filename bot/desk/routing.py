"""Where a message goes, found before anything is changed; a recipient is never guessed."""

from collections.abc import Mapping

from sqlmodel import Session, col, select

from bot.delivery.outbox import thread_of
from bot.desk.asking import is_question
from bot.desk.members import find_member
from bot.desk.tables import ENDED, TALKING, Awaiting, Consultation, Message, Stage
from bot.desk.talking import open_stages
from bot.desk.views import Heard, Member, Route
from knowledge.tables import PersonRole


def route(session: Session, heard: Heard) -> Route:
    """A reply goes where it belongs; else a form that waits for text; else as if by itself."""
    member = find_member(session, heard.chat_id)
    if member is None:
        return Route("stranger")
    if not member.consented:
        return Route("consent", member)
    found = open_stages(session, member.person_id)
    thread = _thread(session, heard, member)
    if thread is None:
        return _form(member, heard) or _plainly(member, found)
    if thread in found:
        return Route("talk", member, thread)
    return _elsewhere(session, heard, member, found, thread)


def _elsewhere(
    session: Session, heard: Heard, member: Member, found: Mapping[int, Stage], thread: int
) -> Route:
    """A reply to something of a consultation in which this person can't write now."""
    consultation = session.get_one(Consultation, thread)
    if consultation.stage in ENDED:
        return Route("closed", member, thread)
    if consultation.asker_id != member.person_id:
        return Route("offered", member, thread)
    # Their own draft: it has no other side yet, and must not reach another draft's.
    return _form(member, heard) or (Route("choice", member) if found else _plainly(member, found))


def _form(member: Member, heard: Heard) -> Route | None:
    """The form that is open; a question typed for the enterprise's name is none of it."""
    if member.awaiting is Awaiting.NOTHING:
        return None
    if member.awaiting is Awaiting.ENTERPRISE and is_question(heard.text):
        return None
    return Route("form", member)


def _plainly(member: Member, found: Mapping[int, Stage]) -> Route:
    """A message that says nothing of where: to the one talk there is, or else it must be asked."""
    if len(found) == 1 and set(found.values()) <= set(TALKING):
        return Route("talk", member, *found)
    if found:
        return Route("choice", member)
    return Route("question" if member.has(PersonRole.ASKER) else "nothing", member)


def _thread(session: Session, heard: Heard, member: Member) -> int | None:
    """The consultation of the message replied to; None where it says nothing."""
    if heard.reply_to is None:
        return None
    known = thread_of(session, heard.chat_id, heard.reply_to)
    return known if known is not None else _own_thread(session, heard, member)


def _own_thread(session: Session, heard: Heard, member: Member) -> int | None:
    """Of a message of one's own that was not sent on yet, or a question as it was asked."""
    written = session.exec(
        select(Message.consultation_id).where(
            Message.chat_id == heard.chat_id, Message.message_id == heard.reply_to
        )
    ).first()
    if written is not None:
        return written
    return session.exec(
        select(Consultation.id)
        .where(
            Consultation.asker_id == member.person_id,
            Consultation.asked_message == heard.reply_to,
        )
        .order_by(col(Consultation.id).desc())
    ).first()
