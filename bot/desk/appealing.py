"""A banned person says once what they have to say; another admin than the one decides."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from bot.delivery.outbox import owe_card
from bot.desk.acting import note
from bot.desk.banning import ban_of, end_ban
from bot.desk.errors import RefusedError
from bot.desk.members import (
    await_text,
    name_of,
    notify,
    reachable,
    require_found,
    require_role,
    tell,
)
from bot.desk.tables import Appeal, Awaiting, Ban
from bot.desk.views import Member, NoticeView, Words
from knowledge.tables import PersonRole, Role

APPEAL_LIMIT = 1500


@dataclass(frozen=True)
class AppealView:
    """`own`: its reader banned them, for there is no other admin. `decided`: kept or lifted."""

    appeal: int
    name: Words
    reason: str
    text: str
    own: bool
    decided: str = ""


def ask_text(session: Session, chat_id: int, *, now: datetime) -> None:
    """Appeal was tapped: the next text is what they have to say."""
    member = require_found(session, chat_id)
    _appealable(session, member)
    await_text(session, chat_id, Awaiting.APPEAL)
    view = {"limit": APPEAL_LIMIT}
    owe_card(session, chat_id, "ask_appeal", view, now=now, language=member.language)


def appeal(session: Session, chat_id: int, text: str, *, now: datetime) -> None:
    """Once a ban. It goes to the admins other than the one who banned, if there is another."""
    member = require_found(session, chat_id)
    found = _appealable(session, member)
    text = text.strip()
    if not 2 <= len(text) <= APPEAL_LIMIT:
        raise RefusedError("appeal_text", limit=APPEAL_LIMIT)
    await_text(session, chat_id, Awaiting.NOTHING)
    made = Appeal(ban_id=found.id or 0, person_id=member.person_id, text=text, made_at=now)
    session.add(made)
    session.flush()
    note(session, "appealed", now, actor=member.person_id, subject=member.person_id)
    for admin in sorted(_judges(session, found)):
        _show(session, made, found, admin, now)
    notify(session, chat_id, "appeal_made", now=now)


def decide(session: Session, chat_id: int, appeal_id: int, granted: bool, *, now: datetime) -> None:
    """The first to decide has decided. Raises RefusedError for whoever may not."""
    member = require_role(session, chat_id, PersonRole.ADMIN)
    made = session.get(Appeal, appeal_id, with_for_update=True)
    if made is None:
        raise RefusedError("stale_button")
    found = session.get_one(Ban, made.ban_id, with_for_update=True)
    if made.granted is not None or found.lifted_at is not None:
        raise RefusedError("appeal_decided")
    judges = _judges(session, found)
    if member.person_id not in judges:
        raise RefusedError("appeal_not_yours")
    made.granted, made.decided_by, made.decided_at = granted, member.person_id, now
    session.add(made)
    act = "appeal_granted" if granted else "appeal_refused"
    note(
        session,
        act,
        now,
        actor=member.person_id,
        subject=found.person_id,
        figures={"ban": found.id or 0},
    )
    if granted:
        end_ban(session, found, member.person_id, now)
    else:
        tell(session, found.person_id, "notice", NoticeView("appeal_refused", {}), now=now)
    for admin in sorted(judges | {found.banned_by}):
        _show(session, made, found, admin, now)


def _appealable(session: Session, member: Member) -> Ban:
    found = ban_of(session, member.person_id)
    if found is None:
        raise RefusedError("not_banned_you")
    if session.exec(select(Appeal.id).where(Appeal.ban_id == found.id)).first() is not None:
        raise RefusedError("appealed_already")
    return found


def _judges(session: Session, found: Ban) -> set[int]:
    """The admins who are here, without the one who banned unless they are alone; never the
    banned person."""
    admins = set(session.exec(select(Role.person_id).where(col(Role.role) == PersonRole.ADMIN)))
    here = reachable(session, admins - {found.person_id})
    return (here - {found.banned_by}) or here or (admins - {found.person_id})


def _show(session: Session, made: Appeal, found: Ban, admin: int, now: datetime) -> None:
    """One card an admin, edited when it is decided."""
    decided = "" if made.granted is None else "lifted" if made.granted else "kept"
    view = AppealView(
        appeal=made.id or 0,
        name=name_of(session, found.person_id)[0],
        reason=found.reason,
        text=made.text,
        own=admin == found.banned_by,
        decided=decided,
    )
    tell(session, admin, "appeal", view, now=now, slot=f"appeal:{made.id}")
