"""What would be public, shown to either side exactly as it would stand there."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.desk.marking import marked
from bot.desk.members import name_of, tell
from bot.desk.tables import Answer
from bot.desk.views import Words


@dataclass(frozen=True)
class PartView:
    text: str
    dropped: bool


@dataclass(frozen=True)
class AnswerView:
    """`text` is the answer without its dropped `parts`; `marks`: words that may still identify.

    `other`: the other side has approved this very version.
    """

    answer: int
    consultation: int
    version: int
    to_asker: bool
    question: str
    text: str
    parts: tuple[PartView, ...]
    mentor: Words
    organisation: Words
    marks: tuple[str, ...]
    other: bool
    reminder: bool = False


MARKS_SHOWN = 8
# Whoever has it before them is reminded after so long, once.
PATIENCE = timedelta(days=5)


def view_of(session: Session, answer: Answer, *, to_asker: bool) -> AnswerView:
    mentor, organisation = name_of(session, answer.mentor_id)
    return AnswerView(
        answer=answer.id or 0,
        consultation=answer.consultation_id,
        version=answer.version,
        to_asker=to_asker,
        question=answer.question,
        text=answer.text,
        parts=tuple(PartView(part["text"], part["dropped"]) for part in answer.parts),
        mentor=mentor,
        organisation=organisation,
        marks=_marks(answer),
        other=answer.mentor_approved if to_asker else answer.asker_approved,
    )


def show(
    session: Session,
    answer: Answer,
    now: datetime,
    *,
    to_asker: bool,
    card: str = "answer",
    anew: bool = True,
    reminder: bool = False,
) -> bool:
    """To one side, below all else (`anew`) or in the message that showed it last; False where
    they can't be reached."""
    if anew:
        answer.shown += 1
        answer.remind_at = None if reminder else now + PATIENCE
        session.add(answer)
    view = replace(view_of(session, answer, to_asker=to_asker), reminder=reminder)
    person = answer.asker_id if to_asker else answer.mentor_id
    number = answer.consultation_id
    return tell(session, person, card, view, now=now, thread=number, slot=slot_of(answer, to_asker))


def ask_wish(session: Session, answer: Answer, now: datetime, *, reminder: bool = False) -> None:
    """Whoever shared it for the match alone is asked whether there may be a draft at all."""
    answer.shown += 1
    answer.remind_at = None if reminder else now + PATIENCE
    session.add(answer)
    number = answer.consultation_id
    view = {"answer": answer.id, "consultation": number, "reminder": reminder}
    slot = wish_slot(answer)
    tell(session, answer.asker_id, "answer_wish", view, now=now, thread=number, slot=slot)


def wish_slot(answer: Answer) -> str:
    return f"answer:{answer.id}:wish:{answer.shown}"


def slot_of(answer: Answer, to_asker: bool) -> str:
    side = "asker" if to_asker else "mentor"
    return f"answer:{answer.id}:{side}:{answer.shown}"


def _marks(answer: Answer) -> tuple[str, ...]:
    text = f"{answer.question}\n{answer.text}"
    found = dict.fromkeys(mark.of(text).strip() for mark in marked(text))
    return tuple(found)[:MARKS_SHOWN]
