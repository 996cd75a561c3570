"""An account of acts that nobody may do unseen: rows are added, and each is bound to the last."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from sqlalchemy import text
from sqlmodel import Session, col, select

from bot.desk.tables import Audit
from knowledge.tables import Person

# What the first row follows.
BEGINNING = "0" * 64
# Any number will do that nobody else locks by: this is "audit" in ASCII.
_POSTGRES_LOCK = int.from_bytes(b"audit")


def record(
    session: Session, actor_id: int, act: str, consultation_id: int, reason: str, *, now: datetime
) -> int:
    """Add a row after the newest; its number."""
    _alone(session)
    newest = session.exec(select(Audit.hash).order_by(col(Audit.id).desc()).limit(1)).first()
    row = Audit(
        at=now,
        actor_id=actor_id,
        act=act,
        consultation_id=consultation_id,
        reason=reason,
        previous=newest or BEGINNING,
        hash="",
    )
    row.hash = hash_of(row)
    session.add(row)
    session.flush()
    return row.id or 0


@dataclass(frozen=True)
class Account:
    """Every act in order, a line each; where the chain breaks, if it does; the newest hash."""

    lines: tuple[str, ...]
    broken_at: int | None
    newest: str


def account(session: Session) -> Account:
    """As an operator reads it. Acts and reasons, never what was read."""
    rows = session.exec(
        select(Audit, Person.name_zh, Person.name_en)
        .outerjoin(Person, col(Person.id) == Audit.actor_id)
        .order_by(col(Audit.id))
    ).all()
    lines = tuple(
        f"{row.id}  {row.at:%Y-%m-%d %H:%M} UTC  {row.act} #{row.consultation_id}"
        f"  by {zh or en or 'somebody'} ({row.actor_id}): {row.reason}"
        for row, zh, en in rows
    )
    return Account(lines, broken_at(session), rows[-1][0].hash if rows else BEGINNING)


def broken_at(session: Session) -> int | None:
    """The number of the first row that was changed, or before which one is missing; None if none.

    Rows cut off at the end can't be told by this alone: compare the newest hash with one noted.
    """
    previous = BEGINNING
    for row in session.exec(select(Audit).order_by(col(Audit.id))):
        if row.previous != previous or row.hash != hash_of(row):
            return row.id
        previous = row.hash
    return None


def hash_of(row: Audit) -> str:
    """Over what the row says and the row before; the same whichever key seals the reason."""
    told = [
        row.at.astimezone(UTC).isoformat(),
        row.actor_id,
        row.act,
        row.consultation_id,
        sha256(row.reason.encode()).hexdigest(),
        row.previous,
    ]
    return sha256(json.dumps(told).encode()).hexdigest()


def _alone(session: Session) -> None:
    """Of two who add at once one waits; on SQLite there is one writer anyway."""
    if session.connection().dialect.name == "postgresql":
        session.connection().execute(text(f"SELECT pg_advisory_xact_lock({_POSTGRES_LOCK})"))
