"""Who else could take a consultation: bound to the enterprise first, then who fits the question."""

from datetime import datetime

from sqlmodel import Session, col, select

from bot.desk.asking import own_mentor
from bot.desk.errors import RefusedError
from bot.desk.inviting import Match
from bot.desk.lining_up import asked_before, barred, shortlisted
from bot.desk.members import name_of, reachable
from bot.desk.resting import ANSWERING
from bot.desk.spare import hindrance
from bot.desk.tables import Consultation
from knowledge.bonds import liaison_of
from knowledge.queries import find_people
from knowledge.tables import Role

# So many names have room on a card; of so many it is seen whether they can take it.
SHOWN, LOOKED_AT = 6, 30


def suggested(
    session: Session, consultation: Consultation, besides: set[int], now: datetime
) -> tuple[Match, ...]:
    """Of the enterprise's own people and the shortlist, those who can take it now."""
    enterprise, today = consultation.enterprise_id, now.date()
    own = own_mentor(session, enterprise, today)
    liaison = liaison_of(session, enterprise, today) if enterprise is not None else None
    near = [person for person in (own, liaison) if person is not None]
    found = dict.fromkeys([*near, *shortlisted(session, consultation)])
    return _named(session, consultation, [one for one in found if one not in besides], now)


def called(
    session: Session, consultation: Consultation, typed: str, besides: set[int], now: datetime
) -> tuple[Match, ...]:
    """Those with a name like it who can take it now."""
    found = [person.id for person in find_people(session, typed, limit=LOOKED_AT)]
    return _named(session, consultation, [one for one in found if one not in besides], now)


def require_free(
    session: Session, consultation: Consultation, person_id: int, now: datetime
) -> None:
    """Raises RefusedError("cannot_take") for who may not have it, or can't take it now."""
    if not _can_take(session, consultation, person_id, now):
        raise RefusedError("cannot_take", consultation=consultation.id or 0)


def asked_already(session: Session, consultation: Consultation) -> set[int]:
    """Those to whom it was put before, whatever came of it."""
    return asked_before(session, consultation)


def _named(
    session: Session, consultation: Consultation, people: list[int], now: datetime
) -> tuple[Match, ...]:
    able = [one for one in people if _can_take(session, consultation, one, now)][:SHOWN]
    return tuple(Match(one, *name_of(session, one)) for one in able)


def _can_take(session: Session, consultation: Consultation, person_id: int, now: datetime) -> bool:
    if person_id in barred(session, consultation) or person_id == consultation.mentor_id:
        return False
    answering = select(Role.person_id).where(
        Role.person_id == person_id, col(Role.role).in_(ANSWERING)
    )
    return (
        session.exec(answering).first() is not None
        and person_id in reachable(session, {person_id})
        and not hindrance(session, person_id, now)
    )
