"""A person arrives, agrees, and says in a few taps who they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from knowledge.industries import SECTIONS
from knowledge.regions import REGIONS
from sqlmodel import Session, col, select

from bot.delivery.outbox import owe_card
from bot.desk.asking import ask, check_question
from bot.desk.errors import RefusedError
from bot.desk.members import (
    CONSENT_VERSION,
    LANGUAGES,
    await_text,
    find_member,
    require_found,
    notify,
    require_member,
)
from bot.desk.tables import Awaiting, Chat, ChatState, Parked
from bot.desk.views import Found, Heard, Member
from knowledge.tables import Organisation, OrganisationKind, Person, PersonRole, Role, Tier

SLOT = "onboarding"
NAME_LIMIT = 80


@dataclass(frozen=True)
class WelcomeView:
    name: str
    waiting: bool


@dataclass(frozen=True)
class ProfileView:
    """Who a person says they are; the empty fields are still unsaid."""

    name: str
    industry: str
    region: str
    tier: str
    roles: tuple[str, ...] = ()


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


def ask_enterprise(session: Session, chat_id: int, *, now: datetime) -> None:
    member = require_member(session, chat_id)
    await_text(session, chat_id, Awaiting.ENTERPRISE)
    _show(session, member, "ask_enterprise", now)


def name_enterprise(session: Session, chat_id: int, name: str, *, now: datetime) -> None:
    """An enterprise that the person introduces, by its name."""
    member = require_member(session, chat_id)
    name = " ".join(name.split())
    if not 2 <= len(name) <= NAME_LIMIT:
        raise RefusedError("enterprise_name", limit=NAME_LIMIT)
    enterprise = _own_enterprise(session, member)
    enterprise.name_zh = enterprise.name_en = name
    session.add(enterprise)
    await_text(session, chat_id, Awaiting.NOTHING)
    _show(session, member, "choose_industry", now)


def choose_industry(session: Session, chat_id: int, industry: str, *, now: datetime) -> None:
    member = require_member(session, chat_id)
    if industry not in SECTIONS:
        raise RefusedError("stale_button")
    _own_enterprise(session, member).industry = industry
    _show(session, member, "choose_region", now)


def choose_region(session: Session, chat_id: int, region: str, *, now: datetime) -> None:
    member = require_member(session, chat_id)
    if region not in REGIONS:
        raise RefusedError("stale_button")
    _own_enterprise(session, member).region = region
    _show(session, member, "choose_tier", now)


def choose_tier(session: Session, chat_id: int, tier: str, *, now: datetime) -> None:
    member = require_member(session, chat_id)
    if tier not in set(Tier):
        raise RefusedError("stale_button")
    _own_enterprise(session, member).tier = Tier(tier)
    finish(session, chat_id, now=now)


def skip(session: Session, chat_id: int, step: str, *, now: datetime) -> None:
    """Leave one thing unsaid: the next card, or the end of the introduction."""
    following = {"enterprise": "choose_industry", "industry": "choose_region"}
    following["region"] = "choose_tier"
    member = require_member(session, chat_id)
    await_text(session, chat_id, Awaiting.NOTHING)
    if step in following:
        _show(session, member, following[step], now)
    else:
        finish(session, chat_id, now=now)


def finish(session: Session, chat_id: int, *, now: datetime) -> None:
    member = require_member(session, chat_id)
    await_text(session, chat_id, Awaiting.NOTHING)
    _show(session, member, "profile", now)
    greet(session, member, now)


def greet(session: Session, member: Member, now: datetime) -> None:
    """What this person can do here."""
    view = profile(session, member)
    owe_card(session, member.chat_id, "ready", view, now=now, language=member.language)


def profile(session: Session, member: Member) -> ProfileView:
    enterprise = session.get(Organisation, member.enterprise_id) if member.enterprise_id else None
    roles = tuple(sorted(role.value for role in member.roles))
    if enterprise is None:
        return ProfileView(name="", industry="", region="", tier="", roles=roles)
    return ProfileView(
        name=enterprise.name_zh or enterprise.name_en,
        industry=enterprise.industry,
        region=enterprise.region,
        tier=enterprise.tier.value,
        roles=roles,
    )


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


def _show(session: Session, member: Member, card: str, now: datetime) -> None:
    view = profile(session, member)
    owe_card(session, member.chat_id, card, view, now=now, language=member.language, slot=SLOT)


def _own_enterprise(session: Session, member: Member) -> Organisation:
    """The person's enterprise, made when first needed. A known one (with a key) is not renamed."""
    person = session.get_one(Person, member.person_id)
    found = session.get(Organisation, person.organisation_id) if person.organisation_id else None
    if found is not None and found.key is None:
        return found
    if found is not None:
        raise RefusedError("enterprise_known")
    enterprise = Organisation(kind=OrganisationKind.ENTERPRISE)
    session.add(enterprise)
    session.flush()
    person.organisation_id = enterprise.id
    session.add(person)
    return enterprise
