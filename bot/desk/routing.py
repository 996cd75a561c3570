"""Where a message goes, found before anything is changed; a recipient is never guessed."""

from collections.abc import Mapping

from sqlmodel import Session, col, select

from bot.delivery.outbox import thread_of
from bot.delivery.topics import thread_in
from bot.desk.asking import is_question
from bot.desk.courtesies import is_courtesy
from bot.desk.details import wanted_in
from bot.desk.errors import RefusedError
from bot.desk.members import find_member
from bot.desk.noting import noted_in
from bot.desk.open_talks import open_stages
from bot.desk.placing import is_topical
from bot.desk.switching import meant
from bot.desk.tables import ENDED, TALKING, Awaiting, Chat, Consultation, Message, Offer, Stage
from bot.desk.views import Heard, Member, Route
from knowledge.tables import PersonRole

# What is typed for an offer that stands open above.
OFFER_FORMS = (Awaiting.ESCALATION_NOTE, Awaiting.COLLEAGUE, Awaiting.DETAIL_QUESTION)


def route(session: Session, heard: Heard) -> Route:
    """A reply goes where it belongs; else what is typed in a topic; else a form that waits for
    text; else as if by itself."""
    member = find_member(session, heard.chat_id)
    if member is None:
        return Route("stranger")
    if not member.consented:
        return Route("consent", member)
    found = _route(session, heard, member)
    asks = found.to == "form" and member.awaiting is Awaiting.QUESTION
    # Newer terms are agreed to before the next question; talks go on under those they began with.
    if not member.current and (found.to == "question" or asks):
        return Route("consent", member)
    return found


def _route(session: Session, heard: Heard, member: Member) -> Route:
    found = open_stages(session, member.person_id)
    thread = _thread(session, heard, member)
    if thread is None and heard.reply_to and noted_in(session, heard.chat_id, heard.reply_to):
        raise RefusedError("note_reply")  # a word on a note is hardly meant for the asker
    if thread is None and heard.topic is not None:
        return _in_topic(session, heard, member, found)
    if thread is None:
        return _form(member, heard) or _plainly(session, heard, member, found)
    if thread in found:
        # Else it would wait for whoever accepts, and whoever asked would wait for it.
        detail = wanted_in(session, heard) if found[thread] is Stage.OFFERED else 0
        return Route("detail" if detail else "talk", member, thread, detail)
    return _elsewhere(session, heard, member, found, thread)


def _elsewhere(
    session: Session, heard: Heard, member: Member, found: Mapping[int, Stage], thread: int
) -> Route:
    """A reply to something of a consultation in which this person can't write now."""
    consultation = session.get_one(Consultation, thread)
    if consultation.stage in ENDED:
        return Route("closed", member, thread)
    if consultation.asker_id != member.person_id:
        return _offer_form(session, heard, member, thread) or Route("offered", member, thread)
    # Their own draft: it has no other side yet, and must not reach another draft's.
    return _form(member, heard) or (Route("choice", member) if found else _asked(member))


def _offer_form(session: Session, heard: Heard, member: Member, thread: int) -> Route | None:
    """The form that is open on this very offer, for a reply to its card."""
    if member.awaiting not in OFFER_FORMS:
        return None
    offer = session.get(Offer, int(session.get_one(Chat, heard.chat_id).notes["offer"]))
    here = offer is not None and offer.consultation_id == thread
    return Route("form", member) if here else None


def _in_topic(session: Session, heard: Heard, member: Member, found: Mapping[int, Stage]) -> Route:
    """What is typed in a topic goes to its consultation; in one of nobody's it is a question.

    Where a form is open it could be for either: its writer is asked.
    """
    form = _form(member, heard)
    thread = thread_in(session, heard.chat_id, heard.topic or 0)
    if thread in found:
        return Route("choice", member) if form else Route("talk", member, thread)
    consultation = session.get(Consultation, thread) if thread is not None else None
    if consultation is not None and consultation.stage is not Stage.DRAFT:
        return _elsewhere(session, heard, member, found, consultation.id or 0)
    if form is None and found and not member.has(PersonRole.ASKER):
        return Route("choice", member)
    return form or _asked(member)


def _form(member: Member, heard: Heard) -> Route | None:
    """The form that is open; a question or a greeting is none of its enterprise's name."""
    if member.awaiting is Awaiting.NOTHING:
        return None
    typed = heard.text
    if member.awaiting is Awaiting.ENTERPRISE and (is_question(typed) or is_courtesy(typed)):
        return None
    return Route("form", member)


def _plainly(session: Session, heard: Heard, member: Member, found: Mapping[int, Stage]) -> Route:
    """A message that says nothing of where: to the one talk there is, or the one switched to, or
    else it must be asked. Beside a talk's topic an asker may well mean a question of its own."""
    if not found:
        return _asked(member)
    only = next(iter(found)) if len(found) == 1 else None
    if only is None:
        current = meant(session, heard.chat_id, found)
        return Route("talk", member, current) if current else Route("choice", member)
    may_ask = member.has(PersonRole.ASKER)
    if found[only] in TALKING and not (may_ask and is_topical(session, heard.chat_id, only)):
        return Route("talk", member, only)
    return Route("choice", member)


def _asked(member: Member) -> Route:
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
