"""A person is erased: their words go, counts stay, and whoever is concerned is told."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, delete, update
from sqlmodel import Session, col, select

from bot.delivery.outbox import owe_card
from bot.delivery.tables import Delivery, DeliveryState
from bot.desk.acting import note
from bot.desk.banning import ban_of
from bot.desk.errors import RefusedError
from bot.desk.leaving import leave, open_of
from bot.desk.members import reachable, require_found
from bot.desk.policy import Policy
from bot.desk.rights import ALL, HOLDINGS
from bot.desk.rights.giving import subject_of
from bot.desk.rights.holding import Holding, Subject, blank, table_named
from bot.desk.tables import (
    UNDECIDED,
    Answer,
    AnswerState,
    Awaiting,
    Chat,
    ChatState,
    Reload,
    Transcript,
)
from bot.desk.views import Member
from knowledge.tables import Person, PersonRole, Role

# Between the two taps.
SOON = timedelta(minutes=10)
UNSENT = (DeliveryState.QUEUED, DeliveryState.HELD)


def ask(session: Session, chat_id: int, policy: Policy, *, now: datetime) -> None:
    """/forget: what goes, what stays and what is out of our hands, before anything is done."""
    member = require_found(session, chat_id)
    _refuse_last_admin(session, member)
    ends, moves = open_of(session, member.person_id)
    view = {
        "ends": ends,
        "moves": moves,
        "days": policy.keep_deliveries.days,
        "public": session.get_one(Person, member.person_id).key is not None,
        "banned": ban_of(session, member.person_id) is not None,
    }
    owe_card(session, chat_id, "forget", view, now=now, language=member.language)


def ask_really(session: Session, chat_id: int, *, now: datetime) -> None:
    """The first of two taps; the second does it, if it comes soon."""
    member = require_found(session, chat_id)
    _refuse_last_admin(session, member)
    view = {"asked": int(now.timestamp())}
    owe_card(session, chat_id, "forget_really", view, now=now, language=member.language)


def keep(session: Session, chat_id: int, *, now: datetime) -> None:
    """They changed their mind; nothing was touched."""
    member = require_found(session, chat_id)
    owe_card(session, chat_id, "forget_not", {}, now=now, language=member.language)


def forget(
    session: Session, chat_id: int, asked: int, offer_for: timedelta, *, now: datetime
) -> Sequence[str]:
    """The second tap, after the first at `asked` (Unix time). Files of theirs on this machine, for
    the caller to delete once this is committed.

    What they asked ends, what they answer is handed over; then every table follows the map. A
    banned person stays recognised by the number of their chat, or the ban would be over with it.
    """
    # Whoever taps twice waits here, and is a stranger by then.
    session.get(Chat, chat_id, with_for_update=True, populate_existing=True)
    member = require_found(session, chat_id)
    if now - datetime.fromtimestamp(asked, UTC) > SOON:
        raise RefusedError("forget_late")
    _refuse_last_admin(session, member)
    person_id = member.person_id
    banned = ban_of(session, person_id) is not None
    subject = subject_of(session, person_id)
    _make_unreachable(session, subject)
    left = leave(session, person_id, "left", offer_for, now=now)
    files = _files(session, subject)
    _cancel(session, subject)
    _withdraw_answers(session, person_id, now)
    # What is theirs by way of another row goes first, while that row still says so.
    for one in sorted(ALL, key=lambda one: one.first_hand):
        if not (banned and one.table == "chat"):
            erase(session, one, one.of(subject, HOLDINGS))
    _mark_gone(session, subject, now)
    if banned:
        _keep_recognised(session, subject)
    figures = {"ended": left.ended, "handed_over": left.handed_over}
    note(session, "forgotten", now, actor=person_id, subject=person_id, figures=figures)
    session.expire_all()
    owe_card(session, chat_id, "forgotten", {}, now=now, language=member.language)
    return files


def erase(session: Session, one: Holding, theirs: ColumnElement[bool]) -> int:
    """Delete or blank rows as the map says; how many."""
    session.flush()
    table = table_named(one.table)
    if one.only:
        theirs = theirs & table.c[one.only].is_not(None)
    if one.unless:
        theirs = theirs & table.c[one.unless].is_(None)
    if one.gone:
        return session.connection().execute(delete(table).where(theirs)).rowcount
    if not one.erased:
        return 0
    blanks = {table.c[name]: blank(table.c[name]) for name in one.erased}
    return session.connection().execute(update(table).where(theirs).values(blanks)).rowcount


def _refuse_last_admin(session: Session, member: Member) -> None:
    """The end of the line is a person: somebody must be left to take a question."""
    if not member.has(PersonRole.ADMIN):
        return
    admins = set(session.exec(select(Role.person_id).where(Role.role == PersonRole.ADMIN)))
    if not reachable(session, admins - {member.person_id}):
        raise RefusedError("last_admin")


def _make_unreachable(session: Session, subject: Subject) -> None:
    """So that nothing they leave is offered to them again, nor anything told to them."""
    for chat_id in subject.chats:
        session.get_one(Chat, chat_id).state = ChatState.DEACTIVATED
    session.flush()


def _withdraw_answers(session: Session, person_id: int, now: datetime) -> None:
    """Drafts of answers that are not public yet: nobody is left to approve them."""
    of_theirs = (col(Answer.asker_id) == person_id) | (col(Answer.mentor_id) == person_id)
    drafts = select(Answer).where(of_theirs, col(Answer.state).in_(UNDECIDED))
    for answer in session.exec(drafts).all():
        answer.state, answer.ended_at = AnswerState.WITHDRAWN, now
        answer.question, answer.parts = "", []
        session.add(answer)


def _cancel(session: Session, subject: Subject) -> None:
    """What was owed to them, and copies of what they wrote, are not sent any more."""
    mine = col(Delivery.chat_id).in_(subject.chats) | col(Delivery.source_chat).in_(subject.chats)
    unsent = update(Delivery).where(mine, col(Delivery.state).in_(UNSENT))
    session.flush()
    session.connection().execute(unsent.values(state=DeliveryState.SUPERSEDED))


def _files(session: Session, subject: Subject) -> list[str]:
    """Uploads and transcripts of theirs that may still lie on this machine."""
    uploads = select(Reload.path).where(Reload.admin_id == subject.person)
    written = select(Transcript.path).where(col(Transcript.chat_id).in_(subject.chats))
    found = [*session.exec(uploads), *session.exec(written)]
    return [path for path in found if path]


def _keep_recognised(session: Session, subject: Subject) -> None:
    """Of the chats of a banned person the number stays, and nothing else."""
    emptied = update(Chat).where(col(Chat.chat_id).in_(subject.chats))
    session.connection().execute(
        emptied.values(state=ChatState.ACTIVE, awaiting=Awaiting.NOTHING, notes={})
    )


def _mark_gone(session: Session, subject: Subject, now: datetime) -> None:
    person = session.get_one(Person, subject.person, populate_existing=True)
    if person.key is None:
        person.removed_at = now
        session.add(person)
    session.flush()
