"""A person arrives, agrees, and chooses a language."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session, col, select

from bot.delivery.outbox import owe_card
from bot.desk import parking, wordless
from bot.desk.asking import ask, check_question
from bot.desk.courtesies import is_courtesy
from bot.desk.enclosing import ENCLOSABLE
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
    spoken,
)
from bot.desk.tables import Awaiting, Chat, ChatState, Consent, Parked, ParkedFor
from bot.desk.views import Found, Heard, Member
from knowledge.tables import Person, PersonRole, Role


@dataclass(frozen=True)
class WelcomeView:
    name: str
    waiting: bool
    version: int
    renewed: bool


def arrive(
    session: Session,
    chat_id: int,
    name: str,
    language_code: str,
    now: datetime,
    known: int | None = None,
) -> Member:
    """The member of this chat; somebody new becomes an asker, or else the `known` person.

    A blocked chat is active again.
    """
    chat = session.get(Chat, chat_id)
    if chat is None:
        language = spoken(language_code)
        person_id = known or _new_asker(session, name, language)
        session.get_one(Person, person_id).language = language
        chat = Chat(chat_id=chat_id, person_id=person_id, first_seen=now)
    chat.state = ChatState.ACTIVE
    session.add(chat)
    session.flush()
    return require_found(session, chat_id)


def _new_asker(session: Session, name: str, language: str) -> int:
    person = Person(name_zh=name[:NAME_LIMIT], name_en=name[:NAME_LIMIT], language=language)
    session.add(person)
    session.flush()
    assert person.id is not None
    session.add(Role(person_id=person.id, role=PersonRole.ASKER))
    return person.id


def start(
    session: Session,
    chat_id: int,
    name: str,
    language_code: str,
    admin: bool = False,
    *,
    now: datetime,
) -> None:
    """Greet: with the terms to whoever has not agreed to the newest, else with what is possible.

    `admin`: the settings name this person as one of the first administrators.
    """
    member = arrive(session, chat_id, name, language_code, now)
    if admin and not member.has(PersonRole.ADMIN):
        session.add(Role(person_id=member.person_id, role=PersonRole.ADMIN))
        session.flush()
        member = require_found(session, chat_id)
    if member.current:
        await_text(session, chat_id, Awaiting.NOTHING)
        greet(session, member, now)
    else:
        welcome(session, member, name, now)


def welcome(session: Session, member: Member, name: str, now: datetime) -> None:
    view = WelcomeView(
        name=name,
        waiting=bool(_waiting(session, member.chat_id)),
        version=CONSENT_VERSION,
        renewed=member.consented,
    )
    owe_card(session, member.chat_id, "welcome", view, now=now, language=member.language)


def arrive_with(
    session: Session, heard: Heard, name: str, language_code: str, *, now: datetime
) -> None:
    """Somebody writes before agreeing, or asks before agreeing anew: it is kept until they do."""
    member = arrive(session, heard.chat_id, name, language_code, now)
    parking.keep(session, heard, now, ParkedFor.CONSENT)
    welcome(session, member, name, now)


def agree(
    session: Session,
    chat_id: int,
    waiting: Heard | None = None,
    found: Sequence[Found] = (),
    refused: RefusedError | None = None,
    *,
    now: datetime,
) -> None:
    """Record consent; then take up the question that waited, or ask an asker who they are.

    `refused`: why what waited is no question that can be asked. Agreeing twice changes nothing.
    """
    chat, member = session.get(Chat, chat_id), require_found(session, chat_id)
    if chat is None or member.current:
        return
    chat.consent_version, chat.consented_at = CONSENT_VERSION, now
    agreed = Consent(
        person_id=member.person_id,
        version=CONSENT_VERSION,
        language=member.language,
        agreed_at=now,
    )
    session.add_all([chat, agreed])
    session.flush()
    kept = _waiting(session, chat_id)
    files = [parking.heard_of(parked) for parked in kept if parked.kind in ENCLOSABLE]
    for parked in kept:
        parked.settled_at, parked.text, parked.rest = now, "", {}
    if waiting is not None:
        wordless.remember(session, chat_id, files)
        ask(session, waiting, found, now=now)
    elif refused is not None and refused.code == "only_media" and files:
        wordless.remember(session, chat_id, files)
        notify(session, chat_id, "words_wanted", now=now, reply_to=files[-1].message_id)
    elif refused is not None:
        reply_to = kept[-1].message_id if kept else None
        code, language = refused.code, member.language
        notify(
            session,
            chat_id,
            code,
            now=now,
            reply_to=reply_to,
            language_code=language,
            **refused.values,
        )
        greet(session, member, now)
    elif member.has(PersonRole.ASKER) and member.enterprise_id is None:
        ask_enterprise(session, chat_id, now=now)
    else:
        greet(session, member, now)


def is_current(session: Session, chat_id: int) -> bool:
    """Whether whoever is in this chat has agreed to the newest terms; True for a stranger, to
    whom other things are said."""
    member = find_member(session, chat_id)
    return member is None or not member.consented or member.current


def show_terms(session: Session, chat_id: int, *, now: datetime) -> None:
    """The newest terms, to be agreed to before what they wanted can be done."""
    member = require_found(session, chat_id)
    person = session.get_one(Person, member.person_id)
    welcome(session, member, person.name_zh or person.name_en, now)


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
        again = replace(member, language=language)
        welcome(session, again, person.name_zh or person.name_en, now)


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
    """What was typed before consent, as one question; None where nothing was, or a greeting.

    Raises RefusedError where it is no question that can be asked.
    """
    kept, member = _waiting(session, chat_id), find_member(session, chat_id)
    if not kept or member is None:
        return None
    if not member.has(PersonRole.ASKER):
        raise RefusedError("nothing_open")
    typed = "\n".join(parked.text for parked in kept if parked.text)
    if is_courtesy(typed) and all(parked.kind == "text" for parked in kept):
        return None
    if not typed and any(parked.kind != "text" for parked in kept):
        raise RefusedError("only_media")
    return Heard(chat_id, kept[-1].message_id, "text", check_question(typed))


def _waiting(session: Session, chat_id: int) -> Sequence[Parked]:
    return session.exec(
        select(Parked)
        .where(
            Parked.chat_id == chat_id,
            Parked.waits_for == ParkedFor.CONSENT,
            col(Parked.settled_at).is_(None),
        )
        .order_by(col(Parked.id))
    ).all()
