"""Who accepts a question in confidence agrees to our words on it first, and that is kept."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import Executable
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel, select

from bot.delivery.tables import table_of
from bot.desk.tables import Agreement, Consultation, Level, Undertaking

FOLDER = Path(__file__).parent / "undertakings"
# Of the texts in the folder the one that binds now. A changed text is a new version, with files of
# its own: whoever agreed to an older one is asked again.
VERSION = 1


@dataclass(frozen=True)
class UndertakingView:
    """The words that whoever accepts agrees to; `offer` is nought where they are only read."""

    offer: int
    consultation: int
    version: int
    text: str


def text_of(version: int, language: str) -> str:
    return (FOLDER / f"{version}.{language}.txt").read_text(encoding="utf-8").strip()


def digest_of(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def lacks(session: Session, person_id: int, consultation: Consultation) -> bool:
    """Whether this person must agree before this consultation may be theirs."""
    return consultation.level is Level.NDA and agreement_of(session, person_id) is None


def agreement_of(session: Session, person_id: int) -> Agreement | None:
    """To the version that binds now."""
    query = select(Agreement).where(Agreement.person_id == person_id, Agreement.version == VERSION)
    return session.exec(query).first()


def agree(
    session: Session, person_id: int, consultation_id: int, language: str, *, now: datetime
) -> None:
    """Keep who agreed, when, and to which words; a second time changes nothing."""
    kept = _kept(session, text_of(VERSION, language), language)
    row = {
        "person_id": person_id,
        "undertaking_id": kept.id,
        "version": kept.version,
        "digest": kept.digest,
        "consultation_id": consultation_id,
        "agreed_at": now,
    }
    insert_once(session, Agreement, row)


def _kept(session: Session, text: str, language: str) -> Undertaking:
    """The words themselves stand in the database: files may change, what was agreed to may not."""
    digest = digest_of(text)
    row = {"version": VERSION, "language": language, "digest": digest, "text": text}
    insert_once(session, Undertaking, row)
    return session.exec(select(Undertaking).where(Undertaking.digest == digest)).one()


def insert_once(session: Session, into: type[SQLModel], row: dict[str, Any]) -> None:
    """Of two who agree at once one finds it there: neither is turned away."""
    table, connection = table_of(into), session.connection()
    statement: Executable
    if connection.dialect.name == "postgresql":  # each database has its own way to say so
        statement = postgresql.insert(table).on_conflict_do_nothing()
    else:
        statement = sqlite.insert(table).on_conflict_do_nothing()
    connection.execute(statement, row)
