"""A solved consultation becomes a drafted answer, without whoever asked it."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from bot.desk.extracting import fitting, substantial
from bot.desk.marking import marked, redacted
from bot.desk.proposing import ask_wish, show
from bot.desk.tables import (
    UNDECIDED,
    Answer,
    AnswerState,
    Consultation,
    Level,
    Message,
)
from knowledge.tables import Organisation, Person

# What is public is shown whole, on one card with its credit and on the card of its entry.
QUESTION_LIMIT, ANSWER_LIMIT = 600, 1500
MOST_PARTS = 8


def offer_draft(session: Session, consultation: Consultation, now: datetime) -> None:
    """Draft it for its mentor, where there is something to draft; never what is under NDA.

    Who shared their question for the match alone is asked first whether it may be drafted.
    """
    if consultation.level is Level.NDA or consultation.mentor_id is None:
        return
    answer = _blank(session, consultation, now)
    if answer is None:
        return
    answer.parts = [{"text": text, "dropped": False} for text in _parts(session, consultation)]
    if not answer.parts:
        return
    confidential = consultation.level is Level.MATCH_ONLY
    answer.state = AnswerState.WISHED if confidential else AnswerState.DRAFT
    session.add(answer)
    session.flush()
    if confidential:
        ask_wish(session, answer, now)
    else:
        show(session, answer, now, to_asker=False)


def shelve(session: Session, consultation: Consultation, now: datetime) -> None:
    """It was reopened, so what was drafted may not hold; what is public stays until withdrawn."""
    query = select(Answer).where(Answer.consultation_id == consultation.id).with_for_update()
    answer = session.exec(query.execution_options(populate_existing=True)).first()
    if answer is not None and answer.state in UNDECIDED:
        answer.shelve(now)
        session.add(answer)


def anonymous(session: Session, consultation: Consultation, text: str) -> str:
    """The text with whatever looks identifying replaced by what it is: [电话], [company]."""
    marks = marked(text, identifying(session, consultation))
    return redacted(text, marks, consultation.language)


def identifying(session: Session, consultation: Consultation) -> list[str]:
    """The names of the asker and their enterprise, in both languages."""
    asker = session.get_one(Person, consultation.asker_id)
    names = [asker.name_zh, asker.name_en]
    if consultation.enterprise_id is not None:
        home = session.get_one(Organisation, consultation.enterprise_id)
        names += [home.name_zh, home.name_en]
    return [name for name in names if name]


def _blank(session: Session, consultation: Consultation, now: datetime) -> Answer | None:
    """A new draft, or the shelved one; None where it was decided on already: one asks once."""
    assert consultation.id is not None
    assert consultation.mentor_id is not None
    query = select(Answer).where(Answer.consultation_id == consultation.id)
    found = session.exec(query).first()
    if found is not None and found.state is not AnswerState.SHELVED:
        return None
    answer = found or Answer(
        consultation_id=consultation.id,
        asker_id=consultation.asker_id,
        mentor_id=consultation.mentor_id,
        question="",
        state=AnswerState.DRAFT,
        drafted_at=now,
    )
    answer.mentor_id, answer.language = consultation.mentor_id, consultation.language
    answer.question = anonymous(session, consultation, consultation.forwarded)[:QUESTION_LIMIT]
    answer.version += 1
    answer.mentor_approved = answer.asker_approved = False
    answer.drafted_at, answer.ended_at = now, None
    return answer


def _parts(session: Session, consultation: Consultation) -> Sequence[str]:
    """What its mentor (or their lab) wrote, anonymised; what another answered before is theirs."""
    written = session.exec(
        select(Message)
        .where(
            Message.consultation_id == consultation.id,
            col(Message.by_asker).is_(False),
            col(Message.written_at) >= consultation.accepted_at,
            col(Message.removed_at).is_(None),
        )
        .order_by(col(Message.id))
    ).all()
    texts = [message.text.strip() for message in written if substantial(message.text)]
    clean = [anonymous(session, consultation, text) for text in texts]
    return fitting(clean, ANSWER_LIMIT)[-MOST_PARTS:]
