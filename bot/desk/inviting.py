"""Admins invite mentors and admins by a signed link that lets one person in, once."""

import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from bot.delivery.outbox import owe_card
from bot.desk.errors import RefusedError
from bot.desk.members import await_text, name_of, require_role, tell
from bot.desk.onboarding import arrive, start
from bot.desk.open_talks import open_consultations
from bot.desk.tables import Awaiting, Chat, Invite
from bot.desk.views import Words
from knowledge.queries import find_people
from knowledge.tables import Person, PersonRole, Role

INVITABLE = (PersonRole.MENTOR, PersonRole.LIAISON, PersonRole.ADMIN)
MATCHES = 8
_SIGNATURE_LENGTH = 22


@dataclass(frozen=True)
class InviteView:
    """A link to hand on; Telegram opens the bot with `token` as the start payload."""

    role: str
    name: Words
    token: str
    expires_at: datetime


@dataclass(frozen=True)
class Match:
    id: int
    name: Words
    organisation: Words


@dataclass(frozen=True)
class MatchesView:
    """People or enterprises whose name fits what was typed; `purpose` names what they are for."""

    purpose: str
    typed: str
    matches: tuple[Match, ...]


def ask_whom(session: Session, chat_id: int, *, now: datetime) -> None:
    """Which expert of the knowledge base is to be invited?"""
    member = require_role(session, chat_id, PersonRole.ADMIN)
    await_text(session, chat_id, Awaiting.INVITE_MENTOR)
    view = {"purpose": "invite"}
    owe_card(session, chat_id, "type_name", view, now=now, language=member.language)


def match_people(session: Session, chat_id: int, typed: str, purpose: str, now: datetime) -> None:
    """Offer the people whose name fits; what was typed can be corrected by typing again."""
    member = require_role(session, chat_id, PersonRole.ADMIN)
    found = find_people(session, typed, limit=MATCHES)
    matches = tuple(
        Match(
            id=person.id,
            name=Words(person.name_zh, person.name_en),
            organisation=Words(person.organisation_name_zh, person.organisation_name_en),
        )
        for person in found
    )
    view = MatchesView(purpose, typed[:60], matches)
    owe_card(session, chat_id, "matches", view, now=now, language=member.language)


def match_invited(session: Session, chat_id: int, typed: str, *, now: datetime) -> None:
    match_people(session, chat_id, typed, "invite", now)


def invite(
    session: Session,
    chat_id: int,
    role: str,
    person_id: int | None,
    key: bytes,
    invite_for: timedelta,
    *,
    now: datetime,
) -> None:
    """Make a one-time link for `role`, for a known person or (None) for anybody it is handed to."""
    member = require_role(session, chat_id, PersonRole.ADMIN)
    if role not in INVITABLE or (person_id and session.get(Person, person_id) is None):
        raise RefusedError("stale_button")
    await_text(session, chat_id, Awaiting.NOTHING)
    made = Invite(
        role=role,
        person_id=person_id,
        invited_by=member.person_id,
        invited_at=now,
        expires_at=now + invite_for,
    )
    session.add(made)
    session.flush()
    name = name_of(session, person_id)[0] if person_id else Words("", "")
    view = InviteView(role, name, token_of(made, key), made.expires_at)
    owe_card(session, chat_id, "invite", view, now=now, language=member.language)


def redeem(
    session: Session,
    chat_id: int,
    name: str,
    language_code: str,
    token: str,
    key: bytes,
    *,
    now: datetime,
) -> None:
    """Let the bearer of a link in, once. Raises RefusedError for a false, used or late one.

    Whoever was let in by it and opens it again is greeted again.
    """
    found = _genuine(session, token, key)
    if found.used_at is not None and _is_used_by(session, found, chat_id):
        start(session, chat_id, name, language_code, now=now)
        return
    _refuse_spent(found, now)
    member = arrive(session, chat_id, name, language_code, now, found.person_id)
    if found.person_id is not None and found.person_id != member.person_id:
        _become(session, chat_id, member.person_id, found.person_id)
    person_id = found.person_id or member.person_id
    session.merge(Role(person_id=person_id, role=PersonRole(found.role)))
    found.used_at, found.used_by = now, person_id
    session.add(found)
    session.flush()
    start(session, chat_id, name, language_code, now=now)
    if found.invited_by is not None:
        joined = name_of(session, person_id)[0]
        view = {"role": found.role, "name": {"zh": joined.zh, "en": joined.en}}
        tell(session, found.invited_by, "joined", view, now=now)


def token_of(invite: Invite, key: bytes) -> str:
    """The start payload: the invite's number and its signature, [A-Za-z0-9_-], at most 64."""
    body = f"invite|{invite.id}|{invite.role}|{invite.person_id}"
    digest = hmac.new(key, body.encode(), "sha256").digest()
    return f"i{invite.id}-{urlsafe_b64encode(digest).decode()[:_SIGNATURE_LENGTH]}"


def _genuine(session: Session, token: str, key: bytes) -> Invite:
    number = token[1:].partition("-")[0]
    if not token.startswith("i") or not number.isdecimal() or len(number) > 9:
        raise RefusedError("invite_false")
    found = session.get(Invite, int(number), with_for_update=True)
    if found is None or not hmac.compare_digest(token.encode(), token_of(found, key).encode()):
        raise RefusedError("invite_false")
    return found


def _refuse_spent(found: Invite, now: datetime) -> None:
    if found.used_at is not None:
        raise RefusedError("invite_used")
    if found.expires_at <= now:
        raise RefusedError("invite_expired")


def _is_used_by(session: Session, found: Invite, chat_id: int) -> bool:
    chat = session.get(Chat, chat_id)
    return chat is not None and chat.person_id == found.used_by


def _become(session: Session, chat_id: int, was: int, person_id: int) -> None:
    """This chat is the known person's from now on; what is open must be closed first.

    Only a mere asker becomes somebody else: a mentor's or an admin's roles and open offers would
    be left without a chat.
    """
    roles = set(session.exec(select(Role.role).where(Role.person_id == was)))
    if roles - {PersonRole.ASKER}:
        raise RefusedError("invite_other")
    if open_consultations(session, was):
        raise RefusedError("invite_busy")
    chat = session.get_one(Chat, chat_id)
    language = session.get_one(Person, was).language
    person = session.get_one(Person, person_id)
    chat.person_id, person.language = person_id, language
    session.add_all([chat, person])


def admins(session: Session) -> list[int]:
    """The ids of all who are administrators."""
    return list(session.exec(select(Role.person_id).where(col(Role.role) == PersonRole.ADMIN)))
