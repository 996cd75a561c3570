"""What askers and mentors show by their acts of how well entries fit: evidence to learn from."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from bot.desk.asking import own_consultation, show_shortlist
from bot.desk.errors import RefusedError
from bot.desk.members import require_member
from bot.desk.ranking import struck_from
from bot.desk.tables import (
    Candidate,
    Consultation,
    DeclineReason,
    Judgement,
    Offer,
    Stage,
    Verdict,
)

NOT_FITTING, FITTING, SOLVING = 0, 1, 2

# What a verdict says of relevance; one that is missing says nothing of it. Unsolved is missing:
# a hard problem, or little time, keeps a fitting mentor from solving it.
GRADES = {
    Verdict.NOT_RELEVANT: NOT_FITTING,
    Verdict.CHOSEN: FITTING,
    Verdict.SOLVED: SOLVING,
}


@dataclass(frozen=True)
class Judged:
    """A question, an entry, and the last word on it: 0 does not fit, 1 was chosen, 2 solved it."""

    question: str
    entry_key: str
    grade: int


def judged(session: Session) -> list[Judged]:
    """One row a consultation and entry, in the order in which they were judged first."""
    rows = session.connection().execute(
        select_columns(
            col(Consultation.id),
            col(Consultation.question),
            col(Judgement.entry_key),
            col(Judgement.verdict),
            col(Judgement.reason),
        )
        .join(Consultation, col(Consultation.id) == Judgement.consultation_id)
        .order_by(col(Judgement.id))
    )
    last: dict[tuple[int | None, str], Judged | None] = {}
    for number, question, key, verdict, reason in rows:
        if verdict is Verdict.RELEVANT:
            last[number, key] = None  # taken back
        elif (grade := grade_of(verdict, reason)) is not None:
            last[number, key] = Judged(question, key, grade)
    return [one for one in last.values() if one is not None]


def grade_of(verdict: Verdict, reason: str = "") -> int | None:
    """None where the verdict says nothing of relevance: no time, or a conflict of interest."""
    if verdict is Verdict.DECLINED:
        return NOT_FITTING if reason == DeclineReason.OUTSIDE_FIELD else None
    return GRADES.get(verdict)


def note_chosen(session: Session, consultation: Consultation, now: datetime) -> None:
    """The asker sends it to somebody of the shortlist; nothing where they are not on it."""
    if consultation.chosen_id is not None:
        keys = _best_key(session, consultation, consultation.chosen_id)
        _note(session, consultation, keys, Verdict.CHOSEN, consultation.asker_id, now)


def note_declined(
    session: Session, consultation: Consultation, offer: Offer, reason: str, now: datetime
) -> None:
    keys = _best_key(session, consultation, offer.person_id)
    _note(session, consultation, keys, Verdict.DECLINED, offer.person_id, now, reason)


def note_closed(session: Session, consultation: Consultation, solved: bool, now: datetime) -> None:
    """For the entry of the mentor who answered."""
    if consultation.mentor_id is not None:
        keys = _best_key(session, consultation, consultation.mentor_id)
        verdict = Verdict.SOLVED if solved else Verdict.UNSOLVED
        _note(session, consultation, keys, verdict, consultation.asker_id, now)


def strike(session: Session, chat_id: int, candidate_id: int, *, now: datetime) -> None:
    """Not relevant: the line is struck from the shortlist; pressed again, it is back."""
    member = require_member(session, chat_id)
    candidate = session.get(Candidate, candidate_id)
    if candidate is None:
        raise RefusedError("stale_button")
    consultation = own_consultation(session, member, candidate.consultation_id, Stage.DRAFT)
    gone = candidate.entry_key in struck_from(session, consultation.id or 0)
    verdict = Verdict.RELEVANT if gone else Verdict.NOT_RELEVANT
    _note(session, consultation, [candidate.entry_key], verdict, member.person_id, now)
    session.flush()
    show_shortlist(session, member, consultation, now)


def _best_key(session: Session, consultation: Consultation, person_id: int) -> list[str]:
    """The line by which a person stands highest on the shortlist; none for liaison or admins."""
    key = session.exec(
        select(Candidate.entry_key)
        .where(Candidate.consultation_id == consultation.id, Candidate.person_id == person_id)
        .order_by(col(Candidate.rank))
    ).first()
    return [] if key is None else [key]


def _note(
    session: Session,
    consultation: Consultation,
    keys: Iterable[str],
    verdict: Verdict,
    person_id: int,
    now: datetime,
    reason: str = "",
) -> None:
    session.add_all(
        Judgement(
            consultation_id=consultation.id or 0,
            entry_key=key,
            verdict=verdict,
            reason=reason,
            person_id=person_id,
            judged_at=now,
        )
        for key in keys
    )
