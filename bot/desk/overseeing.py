"""An admin looks somebody up and sees how they stand: never a word of what they wrote."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from bot.delivery.outbox import owe_card
from bot.desk.errors import RefusedError
from bot.desk.leaving import open_of
from bot.desk.members import await_text, name_of, require_role
from bot.desk.tables import Awaiting, Ban, Chat, Report
from bot.desk.views import Words
from knowledge.queries import find_people
from knowledge.tables import Person, PersonRole, Role

MATCHES = 8


@dataclass(frozen=True)
class FoundView:
    """People whose name fits what was typed."""

    purpose: str
    typed: str
    matches: tuple[dict[str, object], ...]


@dataclass(frozen=True)
class PersonView:
    """`state`: whether they can be reached, empty for somebody never met in a chat.

    `ends`, `moves`: how many consultations a ban would end, and hand over.
    """

    person: int
    name: Words
    organisation: Words
    roles: tuple[str, ...]
    language: str
    state: str
    reports: int
    bans: int
    ban_reason: str
    ends: int
    moves: int
    own: bool


def ask_name(session: Session, chat_id: int, *, now: datetime) -> None:
    """/admin people: whom?"""
    member = require_role(session, chat_id, PersonRole.ADMIN)
    await_text(session, chat_id, Awaiting.PERSON)
    owe_card(session, chat_id, "type_person", {}, now=now, language=member.language)


def match(session: Session, chat_id: int, typed: str, *, now: datetime) -> None:
    """Askers as well as those who answer; what was typed can be corrected by typing again."""
    member = require_role(session, chat_id, PersonRole.ADMIN)
    found = [
        *find_people(session, typed, limit=MATCHES),
        *find_people(session, typed, PersonRole.ASKER, limit=MATCHES),
    ]
    people = {person.id: person for person in found}
    matches = tuple(
        {
            "id": person.id,
            "name": {"zh": person.name_zh, "en": person.name_en},
            "organisation": {
                "zh": person.organisation_name_zh,
                "en": person.organisation_name_en,
            },
        }
        for person in list(people.values())[:MATCHES]
    )
    view = FoundView("person", typed[:60], matches)
    owe_card(session, chat_id, "matches", view, now=now, language=member.language)


def show(session: Session, chat_id: int, person_id: int, *, now: datetime) -> None:
    """How somebody stands here, with what can be done about it."""
    member = require_role(session, chat_id, PersonRole.ADMIN)
    person = session.get(Person, person_id)
    if person is None:
        raise RefusedError("stale_button")
    await_text(session, chat_id, Awaiting.NOTHING)
    view = _view(session, person, member.person_id)
    owe_card(session, chat_id, "person", view, now=now, language=member.language)


def _view(session: Session, person: Person, admin_id: int) -> PersonView:
    assert person.id is not None
    name, home = name_of(session, person.id)
    bans = session.exec(select(Ban).where(Ban.person_id == person.id)).all()
    ends, moves = open_of(session, person.id)
    return PersonView(
        person=person.id,
        name=name,
        organisation=home,
        roles=tuple(sorted(session.exec(select(Role.role).where(Role.person_id == person.id)))),
        language=person.language,
        state=_state(session, person.id),
        reports=_reports(session, person.id),
        bans=len(bans),
        ban_reason=next((ban.reason for ban in bans if ban.lifted_at is None), ""),
        ends=ends,
        moves=moves,
        own=person.id == admin_id,
    )


def _state(session: Session, person_id: int) -> str:
    latest = select(Chat.state).where(Chat.person_id == person_id)
    found = session.exec(latest.order_by(col(Chat.first_seen).desc())).first()
    return str(found) if found else ""


def _reports(session: Session, person_id: int) -> int:
    about = select(func.count()).select_from(Report).where(Report.reported_id == person_id)
    return session.exec(about).one()
