"""A question becomes a draft consultation with its shortlist."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import delete, insert
from sqlmodel import Session, col, select

from bot.delivery.outbox import owe_card
from bot.delivery.tables import table_of
from bot.desk.enclosing import enclose_asked, waiting_files
from bot.desk.errors import RefusedError
from bot.desk.members import await_text, name_of, reachable, require_member
from bot.desk.opening import adopt
from bot.desk.ranking import ranked, struck_from, take_strikes_back
from bot.desk.separating import choices_for
from bot.desk.tables import Awaiting, Candidate, Consultation, Parked, Stage
from bot.desk.views import (
    CandidateView,
    ClarifyView,
    Found,
    Heard,
    Member,
    Reason,
    ShortlistView,
    Words,
)
from knowledge.bonds import appointments_of
from knowledge.queries import entries_by_key
from knowledge.views import EntryView

QUESTION_LIMIT = 2000
EVIDENCE_LIMIT = 300
OPENING_LENGTH = 300
_QUESTION = re.compile(
    r"[?？\n]|怎么|怎样|如何|为什么|为何|什么|请问|能不能|吗$|呢$"
    r"|^(how|why|what|which|where|when|can)(\s+\S+){4}",
    re.IGNORECASE,
)


def check_question(text: str) -> str:
    """The question, trimmed. Raises RefusedError where there is nothing to match by."""
    text = text.strip()
    if len(text) > QUESTION_LIMIT:
        raise RefusedError("too_long", limit=QUESTION_LIMIT, length=len(text))
    if not any(letter.isalpha() for letter in text):
        raise RefusedError("no_words")
    return text


def opening_of(read: str) -> str:
    """What a file begins with, as the question of whoever sent it without words."""
    return " ".join(read.split())[:OPENING_LENGTH]


def searched_by(question: str, read: str) -> str:
    """A question with what was read in its files, as much of it as a search takes."""
    return f"{question}\n{read}"[:QUESTION_LIMIT].rstrip()


def is_question(text: str) -> bool:
    """Whether a text is certainly a question: no enterprise is called so."""
    return _QUESTION.search(text) is not None


def invite_question(session: Session, chat_id: int, *, now: datetime) -> None:
    """The next text is a question, whatever else is open."""
    member = require_member(session, chat_id)
    await_text(session, chat_id, Awaiting.QUESTION)
    owe_card(session, chat_id, "ask", {}, now=now, language=member.language)


def ask(session: Session, heard: Heard, found: Sequence[Found], *, now: datetime) -> int:
    """Keep the question with its shortlist, and owe the asker the card; the consultation's id."""
    member = require_member(session, heard.chat_id)
    waits = member.awaiting is Awaiting.WORDS
    waiting = waiting_files(session, heard.chat_id) if waits else []
    await_text(session, heard.chat_id, Awaiting.NOTHING)
    _settle_parked(session, heard, now)
    consultation = Consultation(
        asker_id=member.person_id,
        enterprise_id=member.enterprise_id,
        language=member.language,
        question=heard.text,
        forwarded=heard.text,
        asked_message=heard.message_id,
        asked_at=now,
        choices=choices_for(session, heard.text, found, member.language),
    )
    session.add(consultation)
    session.flush()
    assert consultation.id is not None
    adopt(session, heard, consultation.id, now)
    chosen = ranked(session, member, found, now)
    _keep(session, consultation.id, chosen)
    entries = {entry.key: entry for entry, _, _ in chosen}
    show_shortlist(session, member, consultation, now, entries)
    if consultation.choices:
        _clarify(session, member, consultation, now, listed=bool(chosen))
    enclose_asked(session, consultation, heard, waiting, now)
    return consultation.id


def search_again(
    session: Session,
    member: Member,
    consultation: Consultation,
    found: Sequence[Found],
    now: datetime,
) -> None:
    """A draft whose question changed has another shortlist, and nothing of it is struck."""
    assert consultation.id is not None
    session.add(consultation)
    take_strikes_back(session, consultation.id, member.person_id, now)
    session.connection().execute(
        delete(Candidate).where(col(Candidate.consultation_id) == consultation.id)
    )
    _keep(session, consultation.id, ranked(session, member, found, now))


def ask_parked(
    session: Session, heard: Heard, parked_id: int, found: Sequence[Found], *, now: datetime
) -> None:
    """A kept message turns out to be a question of its own."""
    ask(session, heard, found, now=now)
    member = require_member(session, heard.chat_id)
    owe_card(
        session,
        heard.chat_id,
        "settled",
        {"consultation": 0},
        now=now,
        language=member.language,
        slot=f"which:{parked_id}",
    )


def show_shortlist(
    session: Session,
    member: Member,
    consultation: Consultation,
    now: datetime,
    entries: Mapping[str, EntryView] | None = None,
) -> None:
    """As a message of its own, so that it stands below whatever came since it was last shown.

    `entries`: those on it by their keys, where they are at hand.
    """
    owe_card(
        session,
        member.chat_id,
        "shortlist",
        shortlist(session, member, consultation, now.date(), entries),
        now=now,
        language=member.language,
        thread=consultation.id,
        reply_to=(member.chat_id, consultation.asked_message),
    )


def shortlist(
    session: Session,
    member: Member,
    consultation: Consultation,
    today: date,
    entries: Mapping[str, EntryView] | None = None,
) -> ShortlistView:
    rows = candidates_of(session, consultation.id or 0)
    if entries is None:  # not shown for the first time: some of it may be struck
        struck = struck_from(session, consultation.id or 0)
        shown = [row.entry_key for row in rows if row.entry_key not in struck]
        entries = entries_by_key(session, shown)
    here = reachable(session, {row.person_id for row in rows if row.person_id})
    own = own_mentor(session, member.enterprise_id, today)
    return ShortlistView(
        consultation=consultation.id or 0,
        question=consultation.question,
        candidates=tuple(
            _candidate_view(row, entries[row.entry_key], here)
            for row in rows
            if row.entry_key in entries
        ),
        own=name_of(session, own)[0] if own else None,
        nothing=not rows,
    )


def own_mentor(session: Session, enterprise_id: int | None, today: date) -> int | None:
    """The mentor whom an appointment in force binds to this enterprise."""
    if enterprise_id is None:
        return None
    appointed = appointments_of(session, enterprise_id, today)
    return appointed[0].mentor_id if appointed else None


def candidates_of(session: Session, consultation_id: int) -> Sequence[Candidate]:
    return session.exec(
        select(Candidate)
        .where(Candidate.consultation_id == consultation_id)
        .order_by(col(Candidate.rank))
    ).all()


def own_consultation(
    session: Session, member: Member, consultation_id: int, *stages: Stage
) -> Consultation:
    """A consultation of this asker. Raises RefusedError("not_yours") for anybody else's."""
    found = session.get(Consultation, consultation_id, with_for_update=True)
    if found is None or found.asker_id != member.person_id:
        raise RefusedError("not_yours")
    if stages and found.stage not in stages:
        raise RefusedError("wrong_stage", consultation=consultation_id, stage=found.stage.value)
    return found


def _clarify(
    session: Session, member: Member, consultation: Consultation, now: datetime, *, listed: bool
) -> None:
    """Beneath the shortlist, which waits for no answer."""
    assert consultation.id is not None
    owe_card(
        session,
        member.chat_id,
        "clarify",
        ClarifyView(consultation.id, tuple(consultation.choices), listed),
        now=now,
        language=member.language,
        thread=consultation.id,
        slot=clarifying_slot(consultation.id),
    )


def clarifying_slot(consultation_id: int) -> str:
    """Where the clarifying question stands, and its answer after it."""
    return f"clarify:{consultation_id}"


def _keep(
    session: Session,
    consultation_id: int,
    chosen: Sequence[tuple[EntryView, Found, tuple[Reason, ...]]],
) -> None:
    """By one statement: objects would be inserted one by one, for the sake of their ids."""
    rows = [
        {
            "consultation_id": consultation_id,
            "rank": rank,
            "entry_key": entry.key,
            "person_id": entry.person_id if entry.kind in ("expert", "answer") else None,
            "evidence": hit.evidence[:EVIDENCE_LIMIT],
            "score": hit.score,
            "strength": hit.strength,
            "reasons": [[reason.name, reason.figure, reason.gain] for reason in reasons],
        }
        for rank, (entry, hit, reasons) in enumerate(chosen, start=1)
    ]
    if rows:
        session.connection().execute(insert(table_of(Candidate)), rows)


def _candidate_view(row: Candidate, entry: EntryView, here: set[int]) -> CandidateView:
    return CandidateView(
        id=row.id or 0,
        entry=entry.id,
        kind=entry.kind,
        title=Words(entry.title_zh, entry.title_en),
        person=Words(entry.person_name_zh, entry.person_name_en),
        organisation=Words(entry.organisation_name_zh, entry.organisation_name_en),
        region=entry.region,
        evidence=row.evidence,
        strength=row.strength,
        fictional=entry.fictional,
        here=row.person_id in here,
        reasons=tuple(Reason(*reason) for reason in row.reasons),
    )


def _settle_parked(session: Session, heard: Heard, now: datetime) -> None:
    for parked in session.exec(
        select(Parked).where(
            Parked.chat_id == heard.chat_id,
            Parked.message_id == heard.message_id,
            col(Parked.settled_at).is_(None),
        )
    ):
        parked.settled_at, parked.text = now, ""
        session.add(parked)
