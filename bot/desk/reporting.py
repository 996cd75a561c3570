"""Either side of a consultation may tell the admins about the other."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, or_, select

from bot.delivery.outbox import owe_card
from bot.desk.acting import note
from bot.desk.errors import RefusedError
from bot.desk.members import await_text, name_of, notify, require_member, require_role, tell
from bot.desk.tables import (
    TALKING,
    Awaiting,
    Chat,
    Consultation,
    Report,
    ReportState,
    Stage,
)
from bot.desk.views import Member, NoticeView, Words
from knowledge.tables import PersonRole, Role

REPORT_LIMIT = 1500
# A consultation that ended longer ago is reported no more.
REPORTABLE_FOR = timedelta(days=60)
OFFERED_AT_ONCE = 8


@dataclass(frozen=True)
class Reportable:
    consultation: int
    name: Words


@dataclass(frozen=True)
class ReportWhichView:
    options: tuple[Reportable, ...]


@dataclass(frozen=True)
class ReportView:
    """`state`: open, dismissed or banned; the words of the reporter are shown to admins alone."""

    report: int
    consultation: int
    person: int
    reporter: Words
    reported: Words
    text: str
    state: str


def ask_which(session: Session, chat_id: int, *, now: datetime) -> None:
    """/report: of which consultation? Where there is but one, the words are asked for at once."""
    member = require_member(session, chat_id)
    found = _reportable(session, member, now)
    if not found:
        raise RefusedError("nothing_to_report", days=REPORTABLE_FOR.days)
    if len(found) == 1:
        ask_text(session, chat_id, found[0].consultation, now=now)
        return
    view = ReportWhichView(tuple(found[:OFFERED_AT_ONCE]))
    owe_card(session, chat_id, "report_which", view, now=now, language=member.language)


def ask_text(session: Session, chat_id: int, consultation_id: int, *, now: datetime) -> None:
    """The next text is what happened."""
    member = require_member(session, chat_id)
    _other_side(session, member, consultation_id)
    await_text(session, chat_id, Awaiting.REPORT, {"consultation": consultation_id})
    view = {"consultation": consultation_id, "limit": REPORT_LIMIT}
    owe_card(session, chat_id, "ask_report", view, now=now, language=member.language)


def report(session: Session, chat_id: int, text: str, *, now: datetime) -> None:
    """Every admin but the reported one has it; the other side is not told."""
    member = require_member(session, chat_id)
    number = int(session.get_one(Chat, chat_id).notes["consultation"])
    reported = _other_side(session, member, number)
    text = text.strip()
    if not 2 <= len(text) <= REPORT_LIMIT:
        raise RefusedError("report_text", limit=REPORT_LIMIT)
    await_text(session, chat_id, Awaiting.NOTHING)
    made = Report(
        consultation_id=number,
        reporter_id=member.person_id,
        reported_id=reported,
        text=text,
        reported_at=now,
    )
    session.add(made)
    session.flush()
    note(session, "reported", now, actor=member.person_id, subject=reported, consultation=number)
    _show_admins(session, made, now)
    notify(session, chat_id, "report_made", now=now, consultation=number)


def dismiss(session: Session, chat_id: int, report_id: int, *, now: datetime) -> None:
    """Nothing is done; the reporter is told so."""
    member = require_role(session, chat_id, PersonRole.ADMIN)
    made = session.get(Report, report_id, with_for_update=True)
    if made is None or member.person_id not in _judges(session, made):
        raise RefusedError("stale_button")
    made.decide(ReportState.DISMISSED, member.person_id, now)
    session.add(made)
    note(session, "report_dismissed", now, actor=member.person_id, subject=made.reported_id)
    say_decided(session, made, now)


def say_decided(session: Session, made: Report, now: datetime) -> None:
    """To its reporter, and on the admins' cards."""
    number = made.consultation_id
    view = NoticeView(f"report_{made.state.value}", {"consultation": number})
    tell(session, made.reporter_id, "notice", view, now=now, thread=number)
    _show_admins(session, made, now)


def _show_admins(session: Session, made: Report, now: datetime) -> None:
    view = ReportView(
        report=made.id or 0,
        consultation=made.consultation_id,
        person=made.reported_id,
        reporter=name_of(session, made.reporter_id)[0],
        reported=name_of(session, made.reported_id)[0],
        text=made.text,
        state=made.state.value,
    )
    for admin in sorted(_judges(session, made)):
        tell(session, admin, "report", view, now=now, slot=f"report:{made.id}")


def _judges(session: Session, made: Report) -> set[int]:
    """The admins, without the reported one, and without the reporter unless they are alone."""
    admins = set(session.exec(select(Role.person_id).where(col(Role.role) == PersonRole.ADMIN)))
    others = admins - {made.reported_id}
    return (others - {made.reporter_id}) or others


def _reportable(session: Session, member: Member, now: datetime) -> list[Reportable]:
    """Those in which this person met somebody, the newest first."""
    me = member.person_id
    met = select(Consultation).where(
        or_(col(Consultation.asker_id) == me, col(Consultation.mentor_id) == me),
        col(Consultation.mentor_id).is_not(None),
        or_(
            col(Consultation.stage).in_(TALKING),
            col(Consultation.ended_at) >= now - REPORTABLE_FOR,
        ),
    )
    found = session.exec(met.order_by(col(Consultation.id).desc())).all()
    return [
        Reportable(
            one.id or 0,
            name_of(session, (one.mentor_id or 0) if one.asker_id == me else one.asker_id)[0],
        )
        for one in found
    ]


def _other_side(session: Session, member: Member, consultation_id: int) -> int:
    """Raises RefusedError("not_yours") for a consultation in which they met nobody."""
    found = session.get(Consultation, consultation_id)
    if found is None or found.mentor_id is None or found.stage is Stage.DRAFT:
        raise RefusedError("not_yours")
    if member.person_id == found.asker_id:
        return found.mentor_id
    if member.person_id == found.mentor_id:
        return found.asker_id
    raise RefusedError("not_yours")
