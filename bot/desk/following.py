"""Whether what an asker types goes on with their draft, and how it is joined to it or let go."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session, col, select

from bot.delivery.outbox import owe_card, thread_of
from bot.delivery.topics import thread_in
from bot.desk.asking import ask, own_consultation, search_again, show_shortlist
from bot.desk.enclosing import enclose_asked, move_enclosed
from bot.desk.errors import RefusedError
from bot.desk.leaning import GOES_ON, chance, goes_on, one_line, turns_away
from bot.desk.members import await_text, require_member
from bot.desk.tables import IN_OWN_WORDS, NONE_OF_THEM, Awaiting, Consultation, Stage
from bot.desk.views import Draft, Found, Heard, Turns


def draft_of(session: Session, heard: Heard) -> Draft | None:
    """The draft that a text could go on with: the one replied to, or else the last thing asked.

    After "none of these" the next text says it in other words.
    """
    member = require_member(session, heard.chat_id)
    # They said that they ask something new, or sent something first and now say what it is.
    if member.awaiting in (Awaiting.QUESTION, Awaiting.WORDS):
        return None
    replied = thread_of(session, heard.chat_id, heard.reply_to) if heard.reply_to else None
    if replied is None and heard.topic is not None:
        replied = thread_in(session, heard.chat_id, heard.topic)
    query = select(Consultation).where(Consultation.asker_id == member.person_id)
    if replied is not None:
        query = query.where(Consultation.id == replied)
    found = session.exec(query.order_by(col(Consultation.id).desc()).limit(1)).first()
    if found is None or found.stage is not Stage.DRAFT:
        return None
    asked_for = found.choice == NONE_OF_THEM and not turns_away(heard.text)
    sure = replied is not None or asked_for
    follows = sure or goes_on(heard.text)
    return Draft(found.id or 0, found.question, follows, sure, found.file_text)


def understood(draft: Draft, text: str, likeness: float) -> Draft:
    """The draft, with whether a text goes on with it by its subject too (`leaning.chance`)."""
    if draft.sure:
        return draft
    return replace(draft, follows=chance(text, likeness) >= GOES_ON, sure=turns_away(text))


def follow(
    session: Session, heard: Heard, draft: Draft, found: Sequence[Found], *, now: datetime
) -> None:
    """Make the text a turn of the draft, show what fits all turns, and say how it was understood.

    Raises RefusedError("wrong_stage") where the draft was sent meanwhile.
    """
    member = require_member(session, heard.chat_id)
    consultation = own_consultation(session, member, draft.consultation, Stage.DRAFT)
    await_text(session, heard.chat_id, Awaiting.NOTHING)
    before, asked = consultation.question, consultation.asked_message
    add_turn(consultation, heard.text, heard.message_id)
    search_again(session, member, consultation, found, now)
    show_shortlist(session, member, consultation, now)
    view = {
        "consultation": draft.consultation,
        "before": before,
        "message": heard.message_id,
        "asked": asked,
    }
    owe_card(
        session,
        heard.chat_id,
        "followed",
        view,
        now=now,
        language=member.language,
        thread=draft.consultation,
        slot=f"turn:{heard.message_id}",
    )
    enclose_asked(session, consultation, heard, (), now)


def ask_anew(
    session: Session, heard: Heard, draft: Draft, found: Sequence[Found], *, now: datetime
) -> None:
    """Ask a question of its own beside a draft; say that it was understood so, unless they did.

    Nothing less is sure: a low chance is wrong too often (docs/benchmarks.md, Follow-ups).
    """
    new = ask(session, heard, found, now=now)
    if draft.sure:
        return
    member = require_member(session, heard.chat_id)
    owe_card(
        session,
        heard.chat_id,
        "asked_anew",
        {"consultation": new, "draft": draft.consultation, "before": draft.question},
        now=now,
        language=member.language,
        thread=new,
        slot=f"turn:{heard.message_id}",
    )


def turns_apart(session: Session, chat_id: int, consultation_id: int, message_id: int) -> Turns:
    """A draft and its last turn. Raises RefusedError("stale_button") where that is another now."""
    member = require_member(session, chat_id)
    return _apart(own_consultation(session, member, consultation_id, Stage.DRAFT), message_id)


def part(
    session: Session,
    heard: Heard,
    consultation_id: int,
    asked: int,
    found: tuple[Sequence[Found], Sequence[Found]],
    *,
    now: datetime,
) -> None:
    """The last turn was a question of its own; `found` is for the draft without it, and for it."""
    member = require_member(session, heard.chat_id)
    consultation = own_consultation(session, member, consultation_id, Stage.DRAFT)
    turns = _apart(consultation, heard.message_id)
    consultation.question, consultation.asked_message = turns.before, asked
    consultation.forwarded = consultation.forwarded.removesuffix(f"\n{turns.last}")
    search_again(session, member, consultation, found[0], now)
    new = ask(session, replace(heard, text=turns.last), found[1], now=now)
    move_enclosed(session, consultation, session.get_one(Consultation, new), heard.message_id)
    _settled(session, heard.chat_id, member.language, heard.message_id, 0, now)


def _apart(consultation: Consultation, message_id: int) -> Turns:
    before, mark, last = consultation.question.rpartition("\n")
    if not mark or consultation.asked_message != message_id or last == consultation.narrowed_to:
        raise RefusedError("stale_button")
    return Turns(before, last)


def turns_together(session: Session, chat_id: int, new: int, draft: int) -> Turns:
    """Two drafts that are to be one. Raises RefusedError where either has gone on."""
    member = require_member(session, chat_id)
    last = own_consultation(session, member, new, Stage.DRAFT)
    first = own_consultation(session, member, draft, Stage.DRAFT)
    return Turns(first.question, last.question, first.file_text or last.file_text)


def join(
    session: Session, chat_id: int, new: int, draft: int, found: Sequence[Found], *, now: datetime
) -> None:
    """What was taken as a question of its own goes on with the draft; `found` fits both."""
    member = require_member(session, chat_id)
    last = own_consultation(session, member, new, Stage.DRAFT)
    consultation = own_consultation(session, member, draft, Stage.DRAFT)
    add_turn(consultation, last.question, last.asked_message)
    last.withdraw(now)
    move_enclosed(session, last, consultation)
    search_again(session, member, consultation, found, now)
    show_shortlist(session, member, consultation, now)
    _settled(session, chat_id, member.language, last.asked_message, draft, now)


def add_turn(consultation: Consultation, text: str, message_id: int) -> None:
    """A line to what is searched by, and to what is forwarded as its asker left it."""
    turn = one_line(text)
    consultation.question = f"{consultation.question}\n{turn}"
    consultation.forwarded = f"{consultation.forwarded}\n{turn}"
    consultation.asked_message = message_id
    if consultation.choice == NONE_OF_THEM:
        consultation.choice = IN_OWN_WORDS


def _settled(
    session: Session, chat_id: int, language: str, message_id: int, number: int, now: datetime
) -> None:
    owe_card(
        session,
        chat_id,
        "settled",
        {"consultation": number},
        now=now,
        language=language,
        slot=f"turn:{message_id}",
    )
