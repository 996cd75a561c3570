"""An admin keeps somebody out, with a reason that they are told; and lets them in again."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from bot.delivery.outbox import owe_card
from bot.desk.acting import note
from bot.desk.errors import RefusedError
from bot.desk.leaving import leave
from bot.desk.members import await_text, find_member, name_of, require_role, tell
from bot.desk.reporting import say_decided
from bot.desk.tables import Appeal, Awaiting, Ban, Chat, Report, ReportState
from bot.desk.views import NoticeView, Words
from knowledge.tables import Person, PersonRole

REASON_LIMIT = 500


@dataclass(frozen=True)
class BannedView:
    """`appeal`: open (may be made), waiting, or refused."""

    reason: str
    since: datetime
    appeal: str


@dataclass(frozen=True)
class ReasonView:
    person: int
    name: Words


def ask_reason(
    session: Session, chat_id: int, person_id: int, report_id: int, *, now: datetime
) -> None:
    """Ban was tapped: the next text is the reason. `report_id`: 0 where it is about no report."""
    member = require_role(session, chat_id, PersonRole.ADMIN)
    person = _bannable(session, member.person_id, person_id)
    if report_id and session.get_one(Report, report_id).state is not ReportState.OPEN:
        raise RefusedError("report_decided")
    await_text(session, chat_id, Awaiting.BAN_REASON, {"person": person_id, "report": report_id})
    view = ReasonView(person_id, Words(person.name_zh, person.name_en))
    owe_card(session, chat_id, "ban_reason", view, now=now, language=member.language)


def ban(
    session: Session, chat_id: int, reason: str, offer_for: timedelta, *, now: datetime
) -> None:
    """The reason was typed: from now on they may do nothing but what is theirs by right."""
    member = require_role(session, chat_id, PersonRole.ADMIN)
    form = session.get_one(Chat, chat_id).notes
    reason = " ".join(reason.split())
    if not 2 <= len(reason) <= REASON_LIMIT:
        raise RefusedError("ban_reason", limit=REASON_LIMIT)
    person = _bannable(session, member.person_id, int(form["person"]))
    assert person.id is not None
    await_text(session, chat_id, Awaiting.NOTHING)
    report = session.get(Report, int(form["report"]), with_for_update=True)
    if report is not None:
        report.decide(ReportState.BANNED, member.person_id, now)
        session.add(report)
    made = Ban(
        person_id=person.id,
        reason=reason,
        report_id=report.id if report else None,
        banned_by=member.person_id,
        banned_at=now,
    )
    session.add(made)
    session.flush()
    left = leave(session, person.id, "banned", offer_for, now=now)
    figures = {"ban": made.id or 0, "ended": left.ended, "handed_over": left.handed_over}
    note(session, "banned", now, actor=member.person_id, subject=person.id, figures=figures)
    tell(session, person.id, "banned", _view(session, made), now=now)
    if report is not None:
        say_decided(session, report, now)
    view = {"name": {"zh": person.name_zh, "en": person.name_en}, **figures}
    owe_card(session, chat_id, "ban_done", view, now=now, language=member.language)


def lift(session: Session, chat_id: int, person_id: int, *, now: datetime) -> None:
    """An admin lets them in again. Raises RefusedError("not_banned")."""
    member = require_role(session, chat_id, PersonRole.ADMIN)
    found = ban_of(session, person_id)
    if found is None:
        raise RefusedError("not_banned")
    end_ban(session, found, member.person_id, now)
    name = name_of(session, person_id)[0]
    view = {"name": {"zh": name.zh, "en": name.en}}
    owe_card(session, chat_id, "ban_lifted", view, now=now, language=member.language)


def end_ban(session: Session, found: Ban, admin_id: int, now: datetime) -> None:
    """The person is told, and may do everything again. What ended with the ban stays ended."""
    found.lifted_by, found.lifted_at = admin_id, now
    session.add(found)
    session.flush()
    note(
        session,
        "ban_lifted",
        now,
        actor=admin_id,
        subject=found.person_id,
        figures={"ban": found.id or 0},
    )
    tell(session, found.person_id, "notice", NoticeView("ban_over", {}), now=now)


def say_banned(session: Session, chat_id: int, *, now: datetime) -> None:
    """What a banned person is answered, whatever they do."""
    member = find_member(session, chat_id)
    found = ban_of(session, member.person_id) if member else None
    if member is not None and found is not None:
        view = _view(session, found)
        owe_card(session, chat_id, "banned", view, now=now, language=member.language)


def ban_of(session: Session, person_id: int) -> Ban | None:
    """The one in force; locked, so that it is decided on once."""
    in_force = select(Ban).where(Ban.person_id == person_id, col(Ban.lifted_at).is_(None))
    return session.exec(in_force.with_for_update()).first()


def _bannable(session: Session, admin_id: int, person_id: int) -> Person:
    """Raises RefusedError: nobody bans themselves, nor anybody twice."""
    # Of two admins who ban the same person, the second waits here.
    person = session.get(Person, person_id, with_for_update=True)
    if person is None:
        raise RefusedError("stale_button")
    if person_id == admin_id:
        raise RefusedError("ban_self")
    if ban_of(session, person_id) is not None:
        raise RefusedError("banned_already")
    return person


def _view(session: Session, found: Ban) -> BannedView:
    appeal = session.exec(select(Appeal).where(Appeal.ban_id == found.id)).first()
    state = "open" if appeal is None else "waiting" if appeal.granted is None else "refused"
    return BannedView(found.reason, found.banned_at, state)
