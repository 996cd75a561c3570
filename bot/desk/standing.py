"""What is possible right now: for a person, and in a consultation of theirs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from bot.delivery.outbox import owe_card
from bot.desk.members import find_member, require_member
from bot.desk.menus import offered_to
from bot.desk.tables import (
    CLOSED,
    TALKING,
    Awaiting,
    Consultation,
    MentorDesk,
    Offer,
    OfferState,
    Stage,
)
from bot.desk.views import Member


@dataclass(frozen=True)
class Line:
    """A command, as a menu says it."""

    name: str
    text: str


@dataclass(frozen=True)
class HelpView:
    """`form`: what the next text answers. `draft`: their newest question that was not sent.

    `offered`: their questions that nobody has accepted yet; `offers`: those put to them.
    """

    roles: tuple[str, ...]
    form: str
    draft: int
    offered: int
    talks: int
    offers: int
    away: bool
    commands: tuple[Line, ...]


@dataclass(frozen=True)
class StandsView:
    """A consultation as it stands; `side`: asker, mentor, or offered (put to them now).

    `closed`: it has ended and could be taken up again.
    """

    consultation: int
    stage: str
    side: str
    offer: int = 0
    closed: bool = False


def show_help(session: Session, chat_id: int, *, now: datetime) -> None:
    member = require_member(session, chat_id)
    view = _help(session, member, now)
    owe_card(session, chat_id, "help", view, now=now, language=member.language)


def show_now(session: Session, chat_id: int, consultation_id: int, *, now: datetime) -> None:
    """A button was pressed that serves no more: what serves now. Nothing for a stranger."""
    member = find_member(session, chat_id)
    if member is None or not member.consented:
        return
    found = _stands(session, member, consultation_id)
    if found is None:
        view = _help(session, member, now)
        owe_card(session, chat_id, "help", view, now=now, language=member.language)
        return
    owe_card(
        session,
        chat_id,
        "stands",
        found,
        now=now,
        language=member.language,
        thread=consultation_id,
    )


def _help(session: Session, member: Member, now: datetime) -> HelpView:
    person = member.person_id
    desk = session.get(MentorDesk, person)
    mine = col(Consultation.asker_id) == person
    theirs = col(Consultation.mentor_id) == person
    drafts = select(func.max(Consultation.id)).where(mine, Consultation.stage == Stage.DRAFT)
    return HelpView(
        roles=tuple(sorted(role.value for role in member.roles)),
        form="" if member.awaiting is Awaiting.NOTHING else member.awaiting.value,
        draft=session.exec(drafts).one() or 0,
        offered=_count(session, mine, (Stage.OFFERED,)),
        talks=_count(session, mine | theirs, TALKING),
        offers=session.exec(
            select(func.count()).where(Offer.person_id == person, Offer.state == OfferState.OPEN)
        ).one(),
        away=desk is not None and desk.is_away(now),
        commands=tuple(
            Line(one.name, one.text(member.language)) for one in offered_to(member.roles)
        ),
    )


def _count(session: Session, whose: object, stages: Sequence[Stage]) -> int:
    query = select(func.count()).select_from(Consultation)
    return session.exec(query.where(whose, col(Consultation.stage).in_(stages))).one()  # type: ignore[arg-type]


def _stands(session: Session, member: Member, consultation_id: int) -> StandsView | None:
    """None where they have no part in it: nobody learns of another's consultation."""
    found = session.get(Consultation, consultation_id) if consultation_id else None
    if found is None:
        return None
    closed = found.stage in CLOSED
    if found.asker_id == member.person_id:
        return StandsView(consultation_id, found.stage.value, "asker", closed=closed)
    if found.mentor_id == member.person_id:
        return StandsView(consultation_id, found.stage.value, "mentor")
    offer = session.exec(
        select(Offer.id).where(
            Offer.consultation_id == consultation_id,
            Offer.person_id == member.person_id,
            Offer.state == OfferState.OPEN,
        )
    ).first()
    return StandsView(consultation_id, "offered", "offered", offer) if offer else None
