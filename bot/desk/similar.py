"""Earlier answers that were found for a question, for the mentor who is offered it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from bot.desk.ranking import struck_from
from bot.desk.tables import AnswerUse, Candidate, Consultation
from bot.desk.views import SimilarView, Words
from knowledge.queries import entries_by_key
from knowledge.tables import Entry, EntryKind
from knowledge.views import EntryView

MOST = 3


@dataclass(frozen=True)
class UsedLine:
    """An earlier answer that the mentor sent; no words of one that was taken back since."""

    at: datetime
    question: Words
    answer: Words
    author: Words


def similar_to(session: Session, consultation: Consultation) -> Sequence[EntryView]:
    """The best first; none that was taken back or sent, or that its asker finds not to fit.

    None for whoever has not accepted what they may not read yet: they would tell what it is about.
    """
    if consultation.masked:
        return ()
    number = consultation.id or 0
    found = session.exec(
        select(Candidate.entry_key)
        .join(Entry, col(Entry.key) == Candidate.entry_key)
        .where(
            Candidate.consultation_id == number,
            Entry.kind == EntryKind.ANSWER,
            col(Entry.removed_at).is_(None),
        )
        .order_by(col(Candidate.rank))
    ).all()
    if not found:  # most questions: nothing more is looked up
        return ()
    past = struck_from(session, number) | used_keys(session, number)
    keys = [key for key in found if key not in past][:MOST]
    known = entries_by_key(session, keys)
    return [known[key] for key in keys if key in known]


def listed(session: Session, consultation: Consultation) -> tuple[SimilarView, ...]:
    return tuple(
        SimilarView(
            entry=one.id,
            question=Words(one.title_zh, one.title_en),
            answer=Words(one.summary_zh, one.summary_en),
        )
        for one in similar_to(session, consultation)
    )


def used_keys(session: Session, consultation_id: int) -> set[str]:
    """The entries that were sent to its asker."""
    used = select(AnswerUse.entry_key).where(AnswerUse.consultation_id == consultation_id)
    return set(session.exec(used))


def used_in(session: Session, consultation_id: int) -> tuple[UsedLine, ...]:
    used = select(AnswerUse).where(AnswerUse.consultation_id == consultation_id)
    rows = session.exec(used.order_by(col(AnswerUse.id))).all()
    known = entries_by_key(session, [row.entry_key for row in rows]) if rows else {}
    return tuple(_used(row, known.get(row.entry_key)) for row in rows)


def _used(row: AnswerUse, entry: EntryView | None) -> UsedLine:
    if entry is None:
        return UsedLine(row.used_at, Words("", ""), Words("", ""), Words("", ""))
    return UsedLine(
        row.used_at,
        Words(entry.title_zh, entry.title_en),
        Words(entry.summary_zh, entry.summary_en),
        Words(entry.person_name_zh, entry.person_name_en),
    )
