"""An admin sends knowledge: it is checked, shown, and changes nothing before it is confirmed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from bot.delivery.outbox import owe_card, owe_document
from bot.desk.errors import RefusedError
from bot.desk.members import language_of, require_role
from bot.desk.tables import Consultation, Reload, ReloadState
from knowledge.importers import Batch, Problem
from knowledge.reload import Applied, Diff, apply, plan
from knowledge.tables import PersonRole

# Telegram lets a bot download files up to this size.
DOWNLOAD_LIMIT = 20 * 1024 * 1024
PROBLEMS_SHOWN = 8
# An index takes in no more of them (docs/benchmarks.md, Retrieval).
QUESTIONS_LEARNT = 1000


@dataclass(frozen=True)
class Job:
    """A reload that is somebody's turn to work on."""

    id: int
    chat_id: int
    filename: str
    file_id: str
    path: str
    state: ReloadState
    remove: bool


@dataclass(frozen=True)
class ReportView:
    """The first problems of a file and their number; `file` says where the rest is."""

    reload: int
    filename: str
    count: int
    problems: tuple[dict[str, str | int], ...]


def receive(
    session: Session, chat_id: int, filename: str, file_id: str, size: int, *, now: datetime
) -> None:
    """Take a knowledge file in. Raises RefusedError for whoever is no admin, or for its size."""
    member = require_role(session, chat_id, PersonRole.ADMIN)
    if size > DOWNLOAD_LIMIT:
        raise RefusedError("file_too_large", limit=DOWNLOAD_LIMIT // 2**20)
    row = Reload(
        chat_id=chat_id,
        admin_id=member.person_id,
        filename=filename[:120],
        file_id=file_id,
        received_at=now,
    )
    session.add(row)
    session.flush()
    _show(session, row, "reload_progress", {"step": "checking", "done": 0, "total": 0}, now)


def next_job(session: Session) -> Job | None:
    """The oldest reload that waits to be checked or, once confirmed, applied."""
    row = session.exec(
        select(Reload)
        .where(col(Reload.state).in_((ReloadState.RECEIVED, ReloadState.CONFIRMED)))
        .order_by(col(Reload.id))
    ).first()
    if row is None:
        return None
    return Job(row.id or 0, row.chat_id, row.filename, row.file_id, row.path, row.state, row.remove)


def latest_questions(session: Session) -> list[str]:
    """What was asked last: an index is centred on how people here really ask."""
    latest = select(Consultation.question).order_by(col(Consultation.id).desc())
    return list(session.exec(latest.limit(QUESTIONS_LEARNT)))


def keep_file(session: Session, reload_id: int, path: str, *, now: datetime) -> None:  # noqa: ARG001 (use cases have a clock)
    """The file lies at `path`; what comes next can be done again after a crash."""
    row = session.get_one(Reload, reload_id)
    row.path = path
    session.add(row)


def refuse(
    session: Session,
    reload_id: int,
    problems: Sequence[Problem],
    count: int,
    report: str,
    *,
    now: datetime,
) -> None:
    """The file has bad rows: say which, and change nothing. `report` is the file with all."""
    row = session.get_one(Reload, reload_id)
    row.state, row.ended_at = ReloadState.REFUSED, now
    session.add(row)
    language = language_of(session, row.chat_id)
    shown = tuple(described(problem, language) for problem in problems[:PROBLEMS_SHOWN])
    _show(session, row, "reload_report", ReportView(reload_id, row.filename, count, shown), now)
    if count > PROBLEMS_SHOWN:
        owe_document(session, row.chat_id, report, now=now, filename=f"report-{reload_id}.csv")


def show_diff(session: Session, reload_id: int, batch: Batch, *, now: datetime) -> None:
    """The file is good: show what it would change, to be confirmed or left."""
    row = session.get_one(Reload, reload_id)
    row.state = ReloadState.READY
    session.add(row)
    _show(session, row, "reload_diff", _diff_view(row, plan(session, batch)), now)


def confirm(session: Session, chat_id: int, reload_id: int, remove: bool, *, now: datetime) -> None:
    row = _ready(session, chat_id, reload_id)
    row.state, row.remove = ReloadState.CONFIRMED, remove
    session.add(row)
    _show(session, row, "reload_progress", {"step": "writing", "done": 0, "total": 0}, now)


def cancel(session: Session, chat_id: int, reload_id: int, *, now: datetime) -> None:
    row = _ready(session, chat_id, reload_id)
    row.state, row.ended_at = ReloadState.CANCELLED, now
    session.add(row)
    _show(session, row, "reload_ended", {"state": "cancelled", "reason": ""}, now)


def write(session: Session, reload_id: int, batch: Batch, *, now: datetime) -> Applied:
    """Write a confirmed file to the tables; doing it twice changes nothing more."""
    row = session.get_one(Reload, reload_id)
    return apply(session, batch, remove=row.remove, now=now)


def report_progress(
    session: Session, reload_id: int, step: str, done: int, total: int, *, now: datetime
) -> None:
    row = session.get_one(Reload, reload_id)
    _show(session, row, "reload_progress", {"step": step, "done": done, "total": total}, now)


def finish(
    session: Session, reload_id: int, snapshot: str, passages: int, *, now: datetime
) -> None:
    """The next question uses it."""
    row = session.get_one(Reload, reload_id)
    row.state, row.ended_at = ReloadState.APPLIED, now
    session.add(row)
    _show(session, row, "reload_done", {"snapshot": snapshot, "passages": passages}, now)


def fail(session: Session, reload_id: int, reason: str, *, now: datetime) -> None:
    """It could not be done; `reason` names what to mend. The earlier snapshot goes on serving."""
    row = session.get_one(Reload, reload_id)
    row.state, row.ended_at = ReloadState.FAILED, now
    session.add(row)
    _show(session, row, "reload_ended", {"state": "failed", "reason": reason}, now)


def described(problem: Problem, language: str) -> dict[str, str | int]:
    """A problem in the admin's language."""
    return {
        "file": problem.file,
        "row": problem.row or 0,
        "column": problem.column or "",
        "message": problem.message_zh if language == "zh" else problem.message_en,
    }


def _diff_view(row: Reload, diff: Diff) -> dict[str, object]:
    kinds = {
        kind: {
            "added": change.added,
            "changed": change.changed,
            "removed": change.removed,
            "examples": list(change.examples),
        }
        for kind, change in diff.kinds.items()
    }
    return {
        "reload": row.id,
        "filename": row.filename,
        "kinds": kinds,
        "removed": sum(change.removed for change in diff.kinds.values()),
        "unchanged": all(
            not (change.added or change.changed or change.removed) for change in diff.kinds.values()
        ),
    }


def _ready(session: Session, chat_id: int, reload_id: int) -> Reload:
    require_role(session, chat_id, PersonRole.ADMIN)
    row = session.get(Reload, reload_id, with_for_update=True)
    if row is None or row.chat_id != chat_id:
        raise RefusedError("not_yours")
    if row.state is not ReloadState.READY:
        raise RefusedError("reload_ended")
    return row


def _show(session: Session, row: Reload, card: str, view: object, now: datetime) -> None:
    """One message tells the whole course of a reload, edited in place."""
    slot = f"reload:{row.id}"
    language = language_of(session, row.chat_id)
    owe_card(session, row.chat_id, card, view, now=now, language=language, slot=slot)
