"""The asker, not the mentor, says whether it was solved."""

from datetime import datetime

from sqlmodel import Session

from bot.desk.asking import own_consultation
from bot.desk.drafting import offer_draft
from bot.desk.errors import RefusedError
from bot.desk.learning import note_closed
from bot.desk.members import require_member, tell
from bot.desk.parting import closings_of, note_closing, show_closed
from bot.desk.tables import TALKING, Consultation, Stage
from bot.desk.views import ClosedView

STARS = range(1, 6)
# From so many stars on, what was good is asked for; below, what was not.
GOOD_STARS = 4
GOOD = ("quick", "plain", "practical", "thorough")
BAD = ("slow", "vague", "impractical", "beside")
SKIP = "skip"


def say_answered(session: Session, chat_id: int, consultation_id: int, *, now: datetime) -> None:
    """The mentor thinks it is answered: the asker is asked."""
    member = require_member(session, chat_id)
    consultation = session.get(Consultation, consultation_id, with_for_update=True)
    if consultation is None or consultation.mentor_id != member.person_id:
        raise RefusedError("not_yours")
    consultation.answer()
    session.add(consultation)
    _ask_solved(session, consultation, now, by_mentor=True)
    view = {"consultation": consultation_id}
    tell(session, member.person_id, "asked_asker", view, now=now, thread=consultation_id)


def ask_solved(session: Session, chat_id: int, consultation_id: int, *, now: datetime) -> None:
    """The asker wants to close: solved or not?"""
    member = require_member(session, chat_id)
    consultation = own_consultation(session, member, consultation_id, *TALKING)
    _ask_solved(session, consultation, now, by_mentor=False)


def settle(
    session: Session, chat_id: int, consultation_id: int, solved: bool, *, now: datetime
) -> None:
    """Close as solved or unsolved; the mentor sees it, the asker may rate."""
    member = require_member(session, chat_id)
    consultation = own_consultation(session, member, consultation_id)
    consultation.resolve(solved, now)
    session.add(consultation)
    note_closing(session, consultation, solved, now)
    note_closed(session, consultation, solved, now)
    _show_both(session, consultation, ClosedView(consultation_id, solved), now)
    if solved:
        offer_draft(session, consultation, now)


def continue_(session: Session, chat_id: int, consultation_id: int, *, now: datetime) -> None:
    """Not yet: the talk goes on, and the mentor knows."""
    member = require_member(session, chat_id)
    consultation = own_consultation(session, member, consultation_id)
    was_answered = consultation.stage is Stage.ANSWERED
    consultation.continue_()
    session.add(consultation)
    view = {"consultation": consultation_id}
    # No slot: the card that closes it one day must stand below the talk, not up here.
    tell(session, member.person_id, "going_on", view, now=now, thread=consultation.id)
    if was_answered and consultation.mentor_id is not None:
        tell(session, consultation.mentor_id, "not_yet", view, now=now, thread=consultation.id)


def rate(
    session: Session, chat_id: int, consultation_id: int, stars: int, *, now: datetime
) -> None:
    """One to five; tapping another star changes it, and the mentor sees the last."""
    member = require_member(session, chat_id)
    if stars not in STARS:
        raise RefusedError("stale_button")
    consultation = own_consultation(session, member, consultation_id)
    consultation.rate(stars)
    session.add(consultation)
    reasons = GOOD if stars >= GOOD_STARS else BAD
    _show_both(session, consultation, _view(consultation, reasons), now)


def rate_for(
    session: Session, chat_id: int, consultation_id: int, reason: str, *, now: datetime
) -> None:
    """The second tap: why so many stars, in a coded word, or SKIP for none."""
    member = require_member(session, chat_id)
    consultation = own_consultation(session, member, consultation_id)
    if consultation.rating is None or reason not in (*_reasons(consultation.rating), SKIP):
        raise RefusedError("stale_button")
    consultation.rate_for("" if reason == SKIP else reason)
    session.add(consultation)
    _show_both(session, consultation, _view(consultation), now)


def _reasons(stars: int) -> tuple[str, ...]:
    return GOOD if stars >= GOOD_STARS else BAD


def _view(consultation: Consultation, reasons: tuple[str, ...] = ()) -> ClosedView:
    """`reasons`: those to choose among, while the asker is asked for one."""
    return ClosedView(
        consultation.id or 0,
        consultation.stage is Stage.RESOLVED,
        consultation.rating,
        consultation.rated_for,
        reasons,
    )


def _ask_solved(
    session: Session, consultation: Consultation, now: datetime, *, by_mentor: bool
) -> None:
    view = {"consultation": consultation.id, "by_mentor": by_mentor}
    tell(session, consultation.asker_id, "solved", view, now=now, thread=consultation.id)


def _show_both(
    session: Session, consultation: Consultation, view: ClosedView, now: datetime
) -> None:
    """How it was closed is one message on either side, edited as the stars change."""
    number = len(closings_of(session, consultation.id or 0))
    show_closed(session, consultation, consultation.asker_id, "rate", view, number, now)
    if consultation.mentor_id is not None:
        mentor = consultation.mentor_id
        show_closed(session, consultation, mentor, "closed_mentor", view, number, now)
