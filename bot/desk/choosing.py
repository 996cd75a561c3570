"""The asker chooses a mentor and sees exactly what will be forwarded."""

from datetime import datetime
from hashlib import sha256

from sqlalchemy import text as written
from sqlmodel import Session, col, select

from bot.delivery.outbox import owe_card
from bot.delivery.tables import Delivery
from bot.desk.asking import check_question, own_consultation, own_mentor, show_shortlist
from bot.desk.enclosing import enclosed_in
from bot.desk.errors import RefusedError
from bot.desk.members import await_text, name_of, reachable, require_member
from bot.desk.ranking import busy_with
from bot.desk.tables import Awaiting, Candidate, Chat, Consultation, Stage
from bot.desk.undertaking import VERSION
from bot.desk.veiling import MARKS, marks_in, pieces, shown_before
from bot.desk.views import Context, Member, PreviewView, Words
from knowledge.queries import entries_by_key
from knowledge.tables import Organisation, Tier

NOBODY = Words("", "")


def choose(session: Session, chat_id: int, candidate_id: int, *, now: datetime) -> None:
    """Choose the person behind a line of the shortlist."""
    member = require_member(session, chat_id)
    candidate = session.get(Candidate, candidate_id)
    if candidate is None or candidate.person_id is None:
        raise RefusedError("stale_button")
    if not entries_by_key(session, [candidate.entry_key]):
        raise RefusedError("entry_removed")
    consultation = own_consultation(session, member, candidate.consultation_id, Stage.DRAFT)
    _choose(session, member, consultation, candidate.person_id, now)


def choose_own(session: Session, chat_id: int, consultation_id: int, *, now: datetime) -> None:
    """Choose the enterprise's own mentor. Raises RefusedError("no_appointment") without one."""
    member = require_member(session, chat_id)
    consultation = own_consultation(session, member, consultation_id, Stage.DRAFT)
    mentor_id = own_mentor(session, member.enterprise_id, now.date())
    if mentor_id is None:
        raise RefusedError("no_appointment")
    _choose(session, member, consultation, mentor_id, now)


def choose_nobody(session: Session, chat_id: int, consultation_id: int, *, now: datetime) -> None:
    """None of them fits: the question goes to the liaison, then to the programme office."""
    member = require_member(session, chat_id)
    consultation = own_consultation(session, member, consultation_id, Stage.DRAFT)
    _choose(session, member, consultation, None, now)


def edit(session: Session, chat_id: int, consultation_id: int, *, now: datetime) -> None:
    member = require_member(session, chat_id)
    consultation = own_consultation(session, member, consultation_id, Stage.DRAFT)
    await_text(session, chat_id, Awaiting.EDIT, {"consultation": consultation_id})
    view = {"consultation": consultation_id, "text": consultation.forwarded}
    owe_card(session, chat_id, "edit", view, now=now, language=member.language)


def rewrite(session: Session, chat_id: int, text: str, *, now: datetime) -> None:
    """What is typed after Edit replaces what will be forwarded, and nothing else."""
    member = require_member(session, chat_id)
    text = check_question(text)
    consultation_id = int(session.get_one(Chat, chat_id).notes["consultation"])
    consultation = own_consultation(session, member, consultation_id, Stage.DRAFT)
    consultation.forwarded = text
    session.add(consultation)
    await_text(session, chat_id, Awaiting.NOTHING)
    preview(session, member, consultation, now)


def back(session: Session, chat_id: int, consultation_id: int, *, now: datetime) -> None:
    """From the preview to the shortlist."""
    member = require_member(session, chat_id)
    consultation = own_consultation(session, member, consultation_id, Stage.DRAFT)
    await_text(session, chat_id, Awaiting.NOTHING)
    show_shortlist(session, member, consultation, now)


def context_of(session: Session, enterprise_id: int | None) -> Context:
    """What may be shown of an enterprise while its identity is masked."""
    enterprise = session.get(Organisation, enterprise_id) if enterprise_id else None
    if enterprise is None:
        return Context(industry="", region="", tier=Tier.NONE.value)
    return Context(enterprise.industry, enterprise.region, enterprise.tier.value)


def seen_in(consultation: Consultation) -> str:
    """Stands for what a preview shows, to whom, and when: a button of 64 bytes holds it."""
    shown = "|".join(
        [
            str(consultation.chosen_id),
            consultation.level,
            *sorted(consultation.shared),
            str(consultation.enclosed),
            consultation.forwarded,
        ]
    )
    return sha256(shown.encode()).hexdigest()[:12]


def preview_slot(
    session: Session, chat_id: int, consultation: Consultation, now: datetime, *, again: bool
) -> str:
    """Where a preview is shown: below everything, or `again` where the last one stands."""
    begins = f"preview:{consultation.id}:"
    last = (
        select(Delivery.slot)
        .where(
            Delivery.chat_id == chat_id,
            written("delivery.slot <> ''"),  # written out, so that the index of slots will do
            col(Delivery.slot) >= begins,
            col(Delivery.slot) < f"{begins[:-1]};",  # the sign after the colon
        )
        .order_by(col(Delivery.id).desc())
        .limit(1)
    )
    found = session.exec(last).first() if again else None
    return found or f"{begins}{now.timestamp():.3f}"


def preview(
    session: Session,
    member: Member,
    consultation: Consultation,
    now: datetime,
    *,
    again: bool = False,
) -> None:
    """`again`: a tap on the preview changed it, and it changes where it stands."""
    mentor = consultation.chosen_id
    cut, marks = pieces(consultation.forwarded, marks_in(session, consultation))
    name, organisation = name_of(session, mentor) if mentor else (NOBODY, NOBODY)
    view = PreviewView(
        consultation=consultation.id or 0,
        seen=seen_in(consultation),
        text=consultation.forwarded,
        context=context_of(session, consultation.enterprise_id),
        mentor=name,
        organisation=organisation,
        here=mentor is None or mentor in reachable(session, {mentor}),
        busy=busy_with(session, mentor) if mentor else 0,
        level=consultation.level.value,
        before=shown_before(consultation),
        pieces=cut,
        marks=marks[:MARKS],
        version=VERSION,
        enclosed=enclosed_in(session, consultation.id or 0),
    )
    owe_card(
        session,
        member.chat_id,
        "preview",
        view,
        now=now,
        language=member.language,
        thread=consultation.id,
        slot=preview_slot(session, member.chat_id, consultation, now, again=again),
    )


def _choose(
    session: Session,
    member: Member,
    consultation: Consultation,
    mentor_id: int | None,
    now: datetime,
) -> None:
    consultation.chosen_id = mentor_id
    # They may have said who they are after they asked.
    consultation.enterprise_id = member.enterprise_id
    session.add(consultation)
    await_text(session, member.chat_id, Awaiting.NOTHING)
    preview(session, member, consultation, now)
