"""Who is asked after whom."""

from collections.abc import Iterator
from datetime import datetime

from sqlmodel import Session, col, select

from bot.desk.asking import candidates_of, own_mentor
from bot.desk.members import reachable
from bot.desk.ranking import struck_from
from bot.desk.records import barred_from
from bot.desk.tables import Consultation, Offer, OfferedAs, OfferState
from knowledge.bonds import liaison_of
from knowledge.queries import entries_by_key
from knowledge.tables import PersonRole, Role


def line(
    session: Session, consultation: Consultation, now: datetime
) -> Iterator[tuple[int, OfferedAs]]:
    """Chosen, then the enterprise's own mentor and its liaison, then the shortlist in its order.

    Where none of the shortlist fitted its asker wants nobody but the liaison or the office.
    """
    chosen, today = consultation.chosen_id, now.date()
    if chosen is not None:
        own = own_mentor(session, consultation.enterprise_id, today)
        yield chosen, OfferedAs.OWN_MENTOR if chosen == own else OfferedAs.CHOSEN
        if own is not None and own not in _struck_people(session, consultation):
            yield own, OfferedAs.OWN_MENTOR
    if consultation.enterprise_id is not None:
        liaison = liaison_of(session, consultation.enterprise_id, today)
        if liaison is not None:
            yield liaison, OfferedAs.LIAISON
    if chosen is not None:
        for person_id in shortlisted(session, consultation):
            yield person_id, OfferedAs.NEXT


def admins_here(session: Session, consultation: Consultation) -> set[int]:
    """The admins who can be asked: never the asker, nor whoever has a conflict of interest."""
    admins = set(session.exec(select(Role.person_id).where(Role.role == PersonRole.ADMIN)))
    return reachable(session, admins - barred(session, consultation))


def barred(session: Session, consultation: Consultation) -> set[int]:
    """Who may not have it whatever their place in line: its asker, and who has a conflict of
    interest with them or their enterprise, declared before this consultation or during it."""
    declared = barred_from(session, consultation.asker_id, consultation.enterprise_id)
    return {consultation.asker_id, *declared}


def declined_by(session: Session, consultation: Consultation) -> set[int]:
    """Those who declined a consultation, for any reason."""
    return set(
        session.exec(
            select(Offer.person_id).where(
                Offer.consultation_id == consultation.id, Offer.state == OfferState.DECLINED
            )
        )
    )


def asked_before(session: Session, consultation: Consultation) -> set[int]:
    asked = select(Offer.person_id).where(Offer.consultation_id == consultation.id)
    return set(session.exec(asked))


def is_held(session: Session, consultation: Consultation) -> bool:
    """Whether somebody has it on offer now."""
    held = select(col(Offer.id)).where(
        Offer.consultation_id == consultation.id, Offer.state == OfferState.OPEN
    )
    return session.exec(held).first() is not None


def shortlisted(session: Session, consultation: Consultation) -> list[int]:
    """The people of the shortlist whose entries are still known, and fit as the asker sees it."""
    struck = struck_from(session, consultation.id or 0)
    lines = candidates_of(session, consultation.id or 0)
    candidates = [line for line in lines if line.entry_key not in struck]
    known = entries_by_key(session, [candidate.entry_key for candidate in candidates])
    return [
        candidate.person_id
        for candidate in candidates
        if candidate.person_id is not None and candidate.entry_key in known
    ]


def _struck_people(session: Session, consultation: Consultation) -> set[int | None]:
    """Whom the asker has said not to fit."""
    struck = struck_from(session, consultation.id or 0)
    lines = candidates_of(session, consultation.id or 0)
    return {line.person_id for line in lines if line.entry_key in struck}
