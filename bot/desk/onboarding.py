"""A person arrives, agrees, and chooses a language."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from bot.delivery.outbox import owe_card
from bot.desk.asking import ask, check_question
from bot.desk.errors import RefusedError
from bot.desk.greeting import greet
from bot.desk.introducing import ask_enterprise
from bot.desk.members import (
    CONSENT_VERSION,
    LANGUAGES,
    NAME_LIMIT,
    await_text,
    find_member,
    notify,
    require_found,
    require_member,
)
from bot.desk.tables import Awaiting, Chat, ChatState, Parked
from bot.desk.views import Found, Heard, Member
from knowledge.tables import Person, PersonRole, Role


@dataclass(frozen=True)
class WelcomeView:
    name: str
    waiting: bool


def arrive(session: Session, chat_id: int, name: str, language_code: str, now: datetime) -> Member:
    """The member of this chat; somebody new becomes an asker. A blocked chat is active again."""
    chat = session.get(Chat, chat_id)
    if chat is None:
        language = "zh" if language_code.lower().startswith("zh") else "en"
        person = Person(name_zh=name[:NAME_LIMIT], name_en=name[:NAME_LIMIT], language=language)
        session.add(person)
        session.flush()
        session.add(Role(person_id=person.id or 0, role=PersonRole.ASKER))
        chat = Chat(chat_id=chat_id, person_id=person.id or 0, first_seen=now)
    chat.state = ChatState.ACTIVE
    session.add(chat)
    session.flush()
    return require_found(session, chat_id)


def start(
    session: Session,
    chat_id: int,
    name: str,
    language_code: str,
    admin: bool = False,
    *,
    now: datetime,
) -> None:
    """Greet: with the consent card to whoever has not agreed, else with what is possible.

    `admin`: the settings name this person as one of the first administrators.
    """
    member = arrive(session, chat_id, name, language_code, now)
    if admin and not member.has(PersonRole.ADMIN):
        session.add(Role(person_id=member.person_id, role=PersonRole.ADMIN))
        session.flush()
        member = require_found(session, chat_id)
    if member.consented:
        await_text(session, chat_id, Awaiting.NOTHING)
        greet(session, member, now)
    else:
        welcome(session, member, name, now)


def welcome(session: Session, member: Member, name: str, now: datetime) -> None:
    waiting = _waiting(session, member.chat_id) is not None
    view = WelcomeView(name=name, waiting=waiting)
    owe_card(session, member.chat_id, "welcome", view, now=now, language=member.language, slot="")


def arrive_with(
    session: Session, heard: Heard, name: str, language_code: str, *, now: datetime
) -> None:
    """Somebody writes before agreeing: their message is kept until they do."""
    member = arrive(session, heard.chat_id, name, language_code, now)
    if heard.text:
        session.add(
            Parked(
                chat_id=heard.chat_id,
                message_id=heard.message_id,
                kind=heard.kind,
                text=heard.text,
                parked_at=now,
            )
        )
        session.flush()
    welcome(session, member, name, now)


def agree(
    session: Session,
    chat_id: int,
    waiting: Heard | None = None,
    found: Sequence[Found] = (),
    *,
    now: datetime,
) -> None:
    """Record consent; then take up the question that waited, or ask an asker who they are.

    Agreeing twice changes nothing.
    """
    chat = session.get(Chat, chat_id)
    member = find_member(session, chat_id)
    if chat is None or member is None:
        raise RefusedError("not_started")
    if member.consented:
        return
    chat.consent_version, chat.consented_at = CONSENT_VERSION, now
    session.add(chat)
    session.flush()
    if waiting is not None:
        ask(session, waiting, found, now=now)
    elif member.has(PersonRole.ASKER) and member.enterprise_id is None:
        ask_enterprise(session, chat_id, now=now)
    else:
        greet(session, member, now)


def choose_language(session: Session, chat_id: int, language: str, *, now: datetime) -> None:
    member = find_member(session, chat_id)
    if member is None or language not in LANGUAGES:
        raise RefusedError("not_started")
    person = session.get_one(Person, member.person_id)
    person.language = language
    session.add(person)
    session.flush()
    if member.consented:
        notify(session, chat_id, "language_chosen", now=now)
    else:
        owe_card(
            session,
            chat_id,
            "welcome",
            WelcomeView(
                name=person.name_zh or person.name_en,
                waiting=_waiting(session, chat_id) is not None,
            ),
            now=now,
            language=language,
        )


def switch_language(session: Session, chat_id: int, *, now: datetime) -> None:
    """From one language to the other."""
    member = find_member(session, chat_id)
    other = "zh" if member and member.language == "en" else "en"
    choose_language(session, chat_id, other, now=now)


def cancel(session: Session, chat_id: int, *, now: datetime) -> None:
    """Leave the form half filled; nothing else changes."""
    member = require_member(session, chat_id)
    await_text(session, chat_id, Awaiting.NOTHING)
    greet(session, member, now)


def waiting_text(session: Session, chat_id: int) -> Heard | None:
    """The question typed before consent, if it is one that can be asked."""
    parked = _waiting(session, chat_id)
    try:
        question = check_question(parked.text) if parked else ""
    except RefusedError:
        return None
    return Heard(chat_id, parked.message_id, parked.kind, question) if parked else None


def _waiting(session: Session, chat_id: int) -> Parked | None:
    return session.exec(
        select(Parked)
        .where(Parked.chat_id == chat_id, col(Parked.settled_at).is_(None))
        .order_by(col(Parked.id).desc())
    ).first()
