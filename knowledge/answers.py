"""Answers that were born at the desk, not in a file: written and retracted one by one."""

from datetime import date, datetime
from typing import NamedTuple

from sqlmodel import Session, col, delete, select

from knowledge.reload.passages import answer_passages
from knowledge.reload.stored import BORN_HERE
from knowledge.tables import Entry, EntryKind, Passage


class Credit(NamedTuple):
    """To whom an answer is owed, as they were when they gave it."""

    person_id: int
    organisation_id: int | None
    fictional: bool


def publish(
    session: Session,
    name: str,
    question: str,
    text: str,
    language: str,
    credit: Credit,
    answered_on: date,
) -> str:
    """The key of the entry, with the passages that it is found by; the same `name` replaces it.

    No file can name the key, so that no reload changes or removes it.
    """
    key = BORN_HERE + name
    entry = session.exec(select(Entry).where(Entry.key == key)).first()
    entry = entry or Entry(key=key, kind=EntryKind.ANSWER)
    entry.person_id, entry.organisation_id, entry.fictional = credit
    setattr(entry, f"title_{language}", question)
    setattr(entry, f"summary_{language}", text)
    entry.details = {"answered_on": answered_on.isoformat()}
    entry.removed_at = None
    session.add(entry)
    session.flush()
    _forget_passages(session, entry)
    made = answer_passages(key, question, text, language)
    session.add_all(Passage(entry_id=entry.id or 0, **one._asdict()) for one in made)
    return key


def retract(session: Session, key: str, now: datetime) -> None:
    """Nobody finds it any more, and its texts are gone; the row stays for old shortlists."""
    entry = session.exec(select(Entry).where(Entry.key == key)).first()
    if entry is None:
        return
    entry.removed_at = now
    entry.title_zh = entry.title_en = entry.summary_zh = entry.summary_en = ""
    session.add(entry)
    _forget_passages(session, entry)


def _forget_passages(session: Session, entry: Entry) -> None:
    session.execute(delete(Passage).where(col(Passage.entry_id) == entry.id))
