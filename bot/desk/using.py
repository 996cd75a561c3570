"""A mentor answers with what was answered before, in the name of whoever it came from.

Using it accepts the offer: from that instant the consultation has a mentor, who goes on with it
where it does not solve the question.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.delivery.tables import Priority
from bot.desk import closing
from bot.desk.absence import say_lost
from bot.desk.accepting import accept
from bot.desk.errors import RefusedError
from bot.desk.members import name_of, require_member, tell
from bot.desk.similar import similar_to, used_keys
from bot.desk.tables import AnswerUse, Consultation, Offer, OfferState
from bot.desk.views import Words
from knowledge.queries import entries_by_key, entry_by_id
from knowledge.views import EntryView


@dataclass(frozen=True)
class EarlierView:
    """An earlier answer whole, to a mentor; `open`: it stands in the place of their offer."""

    offer: int
    consultation: int
    entry: int
    question: Words
    answer: Words
    author: Words
    organisation: Words
    answered_on: str
    open: bool


@dataclass(frozen=True)
class UsedView:
    """To the asker: the answer, who gave it (`own`: the mentor themself), who thinks it fits."""

    use: int
    consultation: int
    question: Words
    answer: Words
    author: Words
    organisation: Words
    mentor: Words
    own: bool


def show(session: Session, chat_id: int, offer_id: int, entry_id: int, *, now: datetime) -> None:
    """Whole, for the mentor alone: nothing is accepted by it."""
    offer, consultation = _own(session, chat_id, offer_id)
    entry = _fitting(session, consultation, entry_id)
    view = EarlierView(
        offer=offer_id,
        consultation=offer.consultation_id,
        entry=entry_id,
        question=Words(entry.title_zh, entry.title_en),
        answer=Words(entry.summary_zh, entry.summary_en),
        author=Words(entry.person_name_zh, entry.person_name_en),
        organisation=Words(entry.organisation_name_zh, entry.organisation_name_en),
        answered_on=str(entry.details.get("answered_on") or ""),
        open=offer.state is OfferState.OPEN,
    )
    slot, number = offer.slot if view.open else "", offer.consultation_id
    tell(session, offer.person_id, "earlier", view, now=now, thread=number, slot=slot)


def use(session: Session, chat_id: int, offer_id: int, entry_id: int, *, now: datetime) -> None:
    """Accept, where that is still to be done, and send it as the mentor's reply."""
    offer, consultation = _own(session, chat_id, offer_id)
    entry = _fitting(session, consultation, entry_id)
    row = AnswerUse(
        consultation_id=offer.consultation_id,
        entry_key=entry.key,
        mentor_id=offer.person_id,
        author_id=entry.person_id,
        used_at=now,
    )
    session.add(row)
    session.flush()  # it is on no card any more
    if offer.state is OfferState.OPEN:
        accept(session, chat_id, offer_id, now=now)
    consultation.answer()
    session.add(consultation)
    _tell_both(session, consultation, row, entry, now)


def settle(session: Session, chat_id: int, use_id: int, solved: int, *, now: datetime) -> None:
    """Its asker says whether it helped: it is closed as solved, or the talk goes on.

    Raises RefusedError("not_yours") for anybody else.
    """
    row = session.get(AnswerUse, use_id)
    if row is None:
        raise RefusedError("stale_button")
    if solved:
        closing.settle(session, chat_id, row.consultation_id, True, now=now)
    else:
        closing.continue_(session, chat_id, row.consultation_id, now=now)
    row.solved = bool(solved)
    session.add(row)
    if solved and row.author_id not in (None, row.mentor_id):
        _thank(session, row, now)


def _own(session: Session, chat_id: int, offer_id: int) -> tuple[Offer, Consultation]:
    """An offer to this mentor, open or accepted. The consultation is locked.

    Raises RefusedError: "not_yours"; "offer_ended"; "answer_veiled" where they may not read yet
    what is asked, and so can't tell what fits.
    """
    member = require_member(session, chat_id)
    offer = session.get(Offer, offer_id)
    if offer is None or offer.person_id != member.person_id:
        raise RefusedError("not_yours")
    number = offer.consultation_id
    consultation = session.get_one(Consultation, number, with_for_update=True)
    session.refresh(offer)
    theirs = offer.state is OfferState.ACCEPTED and consultation.mentor_id == member.person_id
    if offer.state is not OfferState.OPEN and not theirs:
        raise RefusedError("offer_ended", consultation=number)
    if consultation.masked:
        raise RefusedError("answer_veiled", consultation=number)
    return offer, consultation


def _fitting(session: Session, consultation: Consultation, entry_id: int) -> EntryView:
    """Raises RefusedError: "answer_gone" for one taken back; "answer_used" for one sent already;
    "stale_button" for any other that was not found for this question."""
    entry = entry_by_id(session, entry_id)
    if entry is None:
        raise RefusedError("answer_gone", consultation=consultation.id or 0)
    if entry.key in used_keys(session, consultation.id or 0):
        raise RefusedError("answer_used", consultation=consultation.id or 0)
    if entry.key not in {one.key for one in similar_to(session, consultation)}:
        raise RefusedError("stale_button")
    return entry


def _tell_both(
    session: Session, consultation: Consultation, row: AnswerUse, entry: EntryView, now: datetime
) -> None:
    number, question = row.consultation_id, Words(entry.title_zh, entry.title_en)
    view = UsedView(
        use=row.id or 0,
        consultation=number,
        question=question,
        answer=Words(entry.summary_zh, entry.summary_en),
        author=Words(entry.person_name_zh, entry.person_name_en),
        organisation=Words(entry.organisation_name_zh, entry.organisation_name_en),
        mentor=name_of(session, row.mentor_id)[0],
        own=row.author_id == row.mentor_id,
    )
    asker, priority = consultation.asker_id, Priority.MESSAGE
    if not tell(session, asker, "used", view, now=now, thread=number, priority=priority):
        say_lost(session, consultation, asker, now)
    told = {"consultation": number, "question": {"zh": question.zh, "en": question.en}}
    tell(session, row.mentor_id, "used_mentor", told, now=now, thread=number)


def _thank(session: Session, row: AnswerUse, now: datetime) -> None:
    """Whoever gave it learns that it helped again, and nothing of whom."""
    assert row.author_id is not None
    entry = entries_by_key(session, [row.entry_key]).get(row.entry_key)
    if entry is not None:
        question = {"zh": entry.title_zh, "en": entry.title_en}
        tell(session, row.author_id, "used_again", {"question": question}, now=now)
