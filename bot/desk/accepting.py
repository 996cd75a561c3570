"""The one who was asked accepts, or declines with a coded reason."""

from datetime import datetime, timedelta

from sqlmodel import Session

from bot.delivery.tables import Priority
from bot.desk import supervising, undertaking
from bot.desk.absence import say_lost
from bot.desk.details import hand_over
from bot.desk.errors import RefusedError
from bot.desk.learning import note_declined
from bot.desk.lining_up import admins_here, declined_by
from bot.desk.members import await_text, chat_of, known_as, require_member, tell
from bot.desk.offer_cards import say_ended, show_offer
from bot.desk.offering import end_offer, end_open_offers, offer_next
from bot.desk.opening import settle_in
from bot.desk.similar import listed
from bot.desk.tables import (
    Awaiting,
    Chat,
    Consultation,
    DeclineReason,
    Level,
    Offer,
    OfferedAs,
    OfferState,
)
from bot.desk.talking import introduce
from bot.desk.undertaking import UndertakingView
from bot.desk.views import AcceptedView


def accept(session: Session, chat_id: int, offer_id: int, *, now: datetime) -> None:
    """The first to accept has it; both sides learn each other's name.

    What was asked in confidence is accepted only by who has agreed to keep it so.
    """
    offer, consultation = own_offer(session, chat_id, offer_id)
    if undertaking.lacks(session, offer.person_id, consultation):
        _ask_undertaking(session, chat_id, offer, now)
        return
    offer.end(OfferState.ACCEPTED, now)
    consultation.accept(offer.person_id, now)
    session.add_all([offer, consultation])
    end_open_offers(session, consultation, OfferState.TAKEN, now)
    _let_both_write(session, chat_id, consultation.asker_id)
    settle_in(session, consultation, now)
    _introduce_both(session, consultation, offer, now)
    introduce(session, consultation, now)
    supervising.invite(session, consultation, offer.person_id, now)


def undertake(
    session: Session, chat_id: int, offer_id: int, version: int, *, now: datetime
) -> None:
    """They agree to keep it confidential, in the words of that version, and accept.

    Words that were changed since they were shown are shown anew.
    """
    offer, consultation = own_offer(session, chat_id, offer_id)
    if version == undertaking.VERSION:
        language = require_member(session, chat_id).language
        number = consultation.id or 0
        undertaking.agree(session, offer.person_id, number, language, now=now)
    accept(session, chat_id, offer_id, now=now)


def _ask_undertaking(session: Session, chat_id: int, offer: Offer, now: datetime) -> None:
    """In the place of the offer; Back shows it again."""
    member, version = require_member(session, chat_id), undertaking.VERSION
    text = undertaking.text_of(version, member.language)
    view = UndertakingView(offer.id or 0, offer.consultation_id, version, text)
    slot, number = offer.slot, offer.consultation_id
    tell(session, offer.person_id, "undertaking", view, now=now, thread=number, slot=slot)


def ask_reason(session: Session, chat_id: int, offer_id: int, *, now: datetime) -> None:
    """Decline was tapped: the card shows the coded reasons in its place."""
    offer, consultation = own_offer(session, chat_id, offer_id)
    show_offer(session, consultation, offer, now, card="decline")


def keep_open(session: Session, chat_id: int, offer_id: int, *, now: datetime) -> None:
    """Back from the reasons to the offer."""
    offer, consultation = own_offer(session, chat_id, offer_id)
    show_offer(session, consultation, offer, now)


def decline(
    session: Session,
    chat_id: int,
    offer_id: int,
    reason: str,
    offer_for: timedelta,
    *,
    now: datetime,
) -> None:
    """One tap and a coded reason; the next in line is asked at once.

    Raises RefusedError("last_in_line") for the last admin, unless they have a conflict of interest.
    """
    if reason not in set(DeclineReason):
        raise RefusedError("stale_button")
    offer, consultation = own_offer(session, chat_id, offer_id)
    if offer.offered_as is OfferedAs.ADMIN and reason != DeclineReason.CONFLICT:
        others = admins_here(session, consultation) - declined_by(session, consultation)
        if not others - {offer.person_id}:
            raise RefusedError("last_in_line", consultation=offer.consultation_id)
    end_offer(session, offer, OfferState.DECLINED, now, reason)
    note_declined(session, consultation, offer, reason, now)
    offer_next(session, consultation, offer_for, now, why="declined")


def own_offer(session: Session, chat_id: int, offer_id: int) -> tuple[Offer, Consultation]:
    """Raises RefusedError("not_yours") for an offer made to somebody else."""
    member = require_member(session, chat_id)
    offer = session.get(Offer, offer_id)
    if offer is None or offer.person_id != member.person_id:
        raise RefusedError("not_yours")
    # The consultation's row is what two mentors who accept at once wait for.
    consultation = session.get_one(Consultation, offer.consultation_id, with_for_update=True)
    session.refresh(offer)
    if offer.state is not OfferState.OPEN:
        raise RefusedError("offer_ended", consultation=offer.consultation_id)
    return offer, consultation


def _let_both_write(session: Session, chat_id: int, asker_id: int) -> None:
    """What they type next is for each other: the accepter's form is left, as the cards say.

    The asker's introduction is left too; a question or a text they were asked for is not, for
    it may be meant for nobody but another mentor.
    """
    await_text(session, chat_id, Awaiting.NOTHING)
    asker = chat_of(session, asker_id)
    if asker and session.get_one(Chat, asker[0]).awaiting is Awaiting.ENTERPRISE:
        await_text(session, asker[0], Awaiting.NOTHING)


def _introduce_both(
    session: Session, consultation: Consultation, offer: Offer, now: datetime
) -> None:
    mentor, university, mentor_reads = known_as(session, offer.person_id)
    asker, enterprise, asker_reads = known_as(session, consultation.asker_id)
    number, question = consultation.id or 0, consultation.forwarded
    version = undertaking.VERSION if consultation.level is Level.NDA else 0
    told_asker = AcceptedView(number, mentor, university, question, version, mentor_reads)
    told_mentor = AcceptedView(
        number,
        asker,
        enterprise,
        question,
        version,
        asker_reads,
        offer.id or 0,
        listed(session, consultation),
    )
    say_ended(session, offer, now)
    for person_id, card, view in (
        (consultation.asker_id, "accepted_asker", told_asker),
        (offer.person_id, "accepted_mentor", told_mentor),
    ):
        # As a message, so that it stands before what is carried next.
        priority = Priority.MESSAGE
        told = tell(session, person_id, card, view, now=now, thread=number, priority=priority)
        if not told:
            say_lost(session, consultation, person_id, now)
    hand_over(session, consultation, offer.person_id, now)
