"""Both sides read and edit what would be public; it is once both approved the same words."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from bot.delivery.outbox import owe_card
from bot.desk.drafting import ANSWER_LIMIT, QUESTION_LIMIT
from bot.desk.errors import RefusedError
from bot.desk.members import await_text, notify, require_member, tell
from bot.desk.proposing import ask_wish, show, slot_of, view_of, wish_slot
from bot.desk.tables import (
    UNDECIDED,
    Answer,
    AnswerState,
    Awaiting,
    Chat,
)
from bot.desk.views import Member
from knowledge.answers import Credit, publish, retract
from knowledge.tables import Person

LEAST_TEXT = 4
# Reminded in one turn, so that no turn holds the database for long.
AT_ONCE = 100


def allow(session: Session, chat_id: int, answer_id: int, *, now: datetime) -> None:
    """Who shared it for the match alone lets it be drafted; nothing is public by that."""
    answer, _, by_asker = _own(session, chat_id, answer_id)
    if not by_asker:
        raise RefusedError("not_yours")
    answer.require(AnswerState.WISHED)
    answer.state = AnswerState.DRAFT
    view, slot = {"consultation": answer.consultation_id}, wish_slot(answer)
    asker, number = answer.asker_id, answer.consultation_id
    tell(session, asker, "answer_allowed", view, now=now, thread=number, slot=slot)
    show(session, answer, now, to_asker=False)
    session.add(answer)


def approve(session: Session, chat_id: int, answer_id: int, version: int, *, now: datetime) -> None:
    """One side approves what they saw; the other is asked, or it is public at once."""
    answer, _, by_asker = _own(session, chat_id, answer_id, version)
    both = answer.approve(by_asker=by_asker)
    session.add(answer)
    if both:
        _publish(session, answer, now)
        return
    show(session, answer, now, to_asker=by_asker, card="answer_approved", anew=False)
    if not show(session, answer, now, to_asker=not by_asker):
        notify(session, chat_id, "answer_waits", now=now, consultation=answer.consultation_id)


def decline(session: Session, chat_id: int, answer_id: int, *, now: datetime) -> None:
    """Either side says no, without a reason; nothing of it becomes public."""
    answer, _, by_asker = _own(session, chat_id, answer_id)
    told_other = answer.mentor_approved or answer.asker_approved
    was_wish = answer.state is AnswerState.WISHED
    answer.decline(now)
    session.add(answer)
    view = {"consultation": answer.consultation_id, "mine": True}
    slot = wish_slot(answer) if was_wish else slot_of(answer, by_asker)
    mine, other = answer.asker_id, answer.mentor_id
    if not by_asker:
        mine, other = other, mine
    number = answer.consultation_id
    tell(session, mine, "answer_declined", view, now=now, thread=number, slot=slot)
    if told_other:  # else they never heard of it
        view = {"consultation": number, "mine": False}
        tell(session, other, "answer_declined", view, now=now, thread=number)


def drop(
    session: Session, chat_id: int, answer_id: int, version: int, part: int, *, now: datetime
) -> None:
    """Leave a part out; pressed again it is back. Raises RefusedError("answer_empty") for all."""
    answer, _, by_asker = _own(session, chat_id, answer_id, version)
    if not 0 <= part < len(answer.parts):
        raise RefusedError("stale_button")
    answer.parts = [
        {**one, "dropped": one["dropped"] != (place == part)}
        for place, one in enumerate(answer.parts)
    ]
    if not answer.text:
        raise RefusedError("answer_empty")
    answer.change()
    show(session, answer, now, to_asker=by_asker, anew=False)
    session.add(answer)


def edit_question(
    session: Session, chat_id: int, answer_id: int, version: int, *, now: datetime
) -> None:
    answer, member, _ = _own(session, chat_id, answer_id, version)
    _ask_text(session, member, answer, Awaiting.ANSWER_QUESTION, answer.question, now)


def edit_answer(
    session: Session, chat_id: int, answer_id: int, version: int, *, now: datetime
) -> None:
    answer, member, _ = _own(session, chat_id, answer_id, version)
    _ask_text(session, member, answer, Awaiting.ANSWER_TEXT, answer.text, now)


def rewrite_question(session: Session, chat_id: int, text: str, *, now: datetime) -> None:
    """What is typed replaces the question; whoever approved before is asked again."""
    answer, by_asker = _edited(session, chat_id)
    answer.question = _checked(text, QUESTION_LIMIT)
    answer.change()
    show(session, answer, now, to_asker=by_asker)
    session.add(answer)


def rewrite_answer(session: Session, chat_id: int, text: str, *, now: datetime) -> None:
    """What is typed replaces the whole answer; whoever approved before is asked again."""
    answer, by_asker = _edited(session, chat_id)
    answer.parts = [{"text": _checked(text, ANSWER_LIMIT), "dropped": False}]
    answer.change()
    show(session, answer, now, to_asker=by_asker)
    session.add(answer)


def withdraw(session: Session, chat_id: int, answer_id: int, *, now: datetime) -> None:
    """Either side takes it back: nobody is shown it any more, and its texts are deleted."""
    answer, _, _ = _own(session, chat_id, answer_id)
    answer.withdraw(now)
    session.add(answer)
    retract(session, answer.entry_key, now)
    view, number = {"consultation": answer.consultation_id}, answer.consultation_id
    for person in (answer.mentor_id, answer.asker_id):
        slot = _public_slot(answer, to_asker=person == answer.asker_id)
        tell(session, person, "answer_withdrawn", view, now=now, thread=number, slot=slot)


def remind_due(session: Session, *, now: datetime) -> int:
    """Whoever has had it before them for long sees it once more, below all else; how many."""
    due = session.exec(
        select(Answer)
        .where(col(Answer.remind_at) <= now, col(Answer.state).in_(UNDECIDED))
        .order_by(col(Answer.id))
        .limit(AT_ONCE)
        .with_for_update()
    ).all()
    for answer in due:
        if answer.state is AnswerState.WISHED:
            ask_wish(session, answer, now, reminder=True)
        else:
            show(session, answer, now, to_asker=answer.mentor_approved, reminder=True)
    return len(due)


def unindexed(session: Session) -> list[tuple[int, AnswerState]]:
    """Answers that the index does not hold as they stand."""
    query = select(Answer.id, Answer.state).where(col(Answer.indexed).is_(False))
    return [(number or 0, AnswerState(state)) for number, state in session.exec(query)]


def note_indexed(
    session: Session,
    done: Sequence[tuple[int, AnswerState]],
    *,
    now: datetime,  # noqa: ARG001 (use cases have a clock)
) -> None:
    """What has not moved on since the index was begun is in it."""
    for number, state in done:
        answer = session.get_one(Answer, number, with_for_update=True)
        if answer.state is state:
            answer.indexed = True
            session.add(answer)


def _publish(session: Session, answer: Answer, now: datetime) -> None:
    mentor = session.get_one(Person, answer.mentor_id)
    key = publish(
        session,
        f"answer-{answer.id}",
        answer.question,
        answer.text,
        answer.language,
        Credit(answer.mentor_id, mentor.organisation_id, mentor.fictional),
        now.date(),
    )
    answer.publish(key, now)
    session.add(answer)
    for to_asker in (False, True):
        view = view_of(session, answer, to_asker=to_asker)
        person = answer.asker_id if to_asker else answer.mentor_id
        slot, number = _public_slot(answer, to_asker=to_asker), answer.consultation_id
        tell(session, person, "answer_public", view, now=now, thread=number, slot=slot)


def _public_slot(answer: Answer, *, to_asker: bool) -> str:
    return f"answer:{answer.id}:public:{'asker' if to_asker else 'mentor'}"


def _own(
    session: Session, chat_id: int, answer_id: int, version: int | None = None
) -> tuple[Answer, Member, bool]:
    """The answer, who acts, and whether they are its asker.

    Raises RefusedError: "not_yours"; "answer_changed" for a button that showed other words.
    """
    member = require_member(session, chat_id)
    answer = session.get(Answer, answer_id, with_for_update=True)
    if answer is None or member.person_id not in (answer.asker_id, answer.mentor_id):
        raise RefusedError("not_yours")
    if version is not None:
        answer.require(AnswerState.DRAFT)
        if version != answer.version:
            raise RefusedError("answer_changed")
    return answer, member, member.person_id == answer.asker_id


def _ask_text(
    session: Session,
    member: Member,
    answer: Answer,
    awaiting: Awaiting,
    text: str,
    now: datetime,
) -> None:
    await_text(session, member.chat_id, awaiting, {"answer": answer.id})
    limit = QUESTION_LIMIT if awaiting is Awaiting.ANSWER_QUESTION else ANSWER_LIMIT
    view = {"text": text, "limit": limit, "question": awaiting is Awaiting.ANSWER_QUESTION}
    thread = answer.consultation_id
    language = member.language
    owe_card(
        session, member.chat_id, "answer_edit", view, now=now, language=language, thread=thread
    )


def _edited(session: Session, chat_id: int) -> tuple[Answer, bool]:
    """The answer whose text was asked for in this chat; the form ends with it."""
    number = int(session.get_one(Chat, chat_id).notes["answer"])
    answer, _, by_asker = _own(session, chat_id, number)
    answer.require(*UNDECIDED)
    await_text(session, chat_id, Awaiting.NOTHING)
    return answer, by_asker


def _checked(text: str, limit: int) -> str:
    """Raises RefusedError: "answer_short", "answer_long"; then the form stays open."""
    said = text.strip()
    if len(said) < LEAST_TEXT:
        raise RefusedError("answer_short")
    if len(said) > limit:
        raise RefusedError("answer_long", length=len(said), limit=limit)
    return said
