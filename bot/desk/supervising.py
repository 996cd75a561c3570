"""Who stands behind a liaison follows what they take on: stages always, words where they may."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from bot.desk import undertaking
from bot.desk.asking import own_consultation
from bot.desk.errors import RefusedError
from bot.desk.members import name_of, require_member, tell
from bot.desk.tables import (
    ENDED,
    Consultation,
    Follow,
    FollowedAs,
    FollowState,
    Level,
    Message,
    Offer,
    OfferState,
    Reading,
)
from bot.desk.views import Words
from knowledge.bonds import liaison_of, supervisors_of


@dataclass(frozen=True)
class FollowView:
    """On a follower's card: where it stands, and how much they see.

    `liaison`: who took the question on, or gave it away (`escalated`).
    """

    consultation: int
    state: str
    reading: str
    followed_as: str
    liaison: Words
    escalated: bool


@dataclass(frozen=True)
class FollowerView:
    """On the asker's card: who follows, and whether they read along."""

    follow: int
    consultation: int
    name: Words
    organisation: Words
    followed_as: str
    reading: str


@dataclass(frozen=True)
class PledgeView:
    """The undertaking, for somebody who is to read what was asked in confidence.

    `action`: what agreeing goes on with, of the row `number`.
    """

    consultation: int
    version: int
    text: str
    action: str
    number: int


def invite(session: Session, consultation: Consultation, taken_by: int, now: datetime) -> None:
    """Where the enterprise's liaison took it on or gave it away, both supervisors may follow it,
    and the liaison themself what they gave away. Anybody else's doing concerns nobody.

    Who is being asked to answer it is not asked to follow it too, until another has accepted.
    """
    home, today = consultation.enterprise_id, now.date()
    given_by = _given_away_by(session, consultation)
    if home is None or (given_by is None and liaison_of(session, home, today) != taken_by):
        return
    liaison, escalated = given_by or taken_by, given_by is not None
    name, _ = name_of(session, liaison)
    people = dict.fromkeys(supervisors_of(session, liaison, home, today), FollowedAs.SUPERVISOR)
    if escalated:
        people[liaison] = FollowedAs.LIAISON
    busy = {consultation.asker_id, consultation.mentor_id, *_asked(session, consultation)}
    for person_id, followed_as in people.items():
        if person_id in busy:
            continue
        if _row(session, consultation.id or 0, person_id) is not None:
            continue
        row = Follow(
            consultation_id=consultation.id or 0,
            person_id=person_id,
            followed_as=followed_as,
            invited_at=now,
        )
        session.add(row)
        session.flush()
        _show(session, row, now, name, escalated=escalated)


def follow(session: Session, chat_id: int, consultation_id: int, *, now: datetime) -> None:
    """Stages from now on; words at once where the question is public, else if its asker agrees.

    What was asked in confidence is followed by nobody who has not agreed to keep it so.
    """
    row, consultation = _own_row(session, chat_id, consultation_id)
    if row.state is FollowState.FOLLOWING:
        raise RefusedError("following_already", consultation=consultation_id)
    if consultation.stage in ENDED:
        raise RefusedError("closed", consultation=consultation_id)
    if row.person_id == consultation.mentor_id:
        raise RefusedError("yours_already", consultation=consultation_id)
    if undertaking.lacks(session, row.person_id, consultation):
        pledge(session, chat_id, consultation_id, "pledge_follow", consultation_id, now)
        return
    row.state, row.answered_at = FollowState.FOLLOWING, now
    row.told, row.read_to = stands(consultation), _last_message(session, consultation_id)
    if row.reading is not Reading.REFUSED:
        public = consultation.level is Level.PUBLIC
        row.reading = Reading.ALLOWED if public else Reading.ASKED
    session.add(row)
    _show(session, row, now)
    show_asker(session, row, consultation, now)


def pledge_follow(
    session: Session, chat_id: int, consultation_id: int, version: int, *, now: datetime
) -> None:
    """They agree to the words of that version, and follow; changed words are shown anew."""
    row, _ = _own_row(session, chat_id, consultation_id)
    if version == undertaking.VERSION:
        language = require_member(session, chat_id).language
        undertaking.agree(session, row.person_id, consultation_id, language, now=now)
    follow(session, chat_id, consultation_id, now=now)


def unfollow(session: Session, chat_id: int, consultation_id: int, *, now: datetime) -> None:
    """Nothing more of it reaches them; its asker sees that. They may follow again."""
    row, consultation = _own_row(session, chat_id, consultation_id)
    if row.state is not FollowState.FOLLOWING:
        raise RefusedError("stale_button")
    row.state, row.answered_at = FollowState.LEFT, now
    session.add(row)
    _show(session, row, now)
    show_asker(session, row, consultation, now)


def let_read(
    session: Session, chat_id: int, follow_id: int, allowed: int, *, now: datetime
) -> None:
    """The asker says whether this follower reads along, and may say otherwise later."""
    row = session.get(Follow, follow_id, with_for_update=True, populate_existing=True)
    if row is None or row.state is not FollowState.FOLLOWING:
        raise RefusedError("stale_button")
    consultation = own_consultation(session, require_member(session, chat_id), row.consultation_id)
    row.reading = Reading.ALLOWED if allowed else Reading.REFUSED
    row.read_to = _last_message(session, row.consultation_id)  # what was before was for others
    session.add(row)
    show_asker(session, row, consultation, now)
    _show(session, row, now)


def pledge(
    session: Session, chat_id: int, consultation_id: int, action: str, number: int, now: datetime
) -> None:
    """Show the undertaking; agreeing goes on with `action`."""
    member, version = require_member(session, chat_id), undertaking.VERSION
    text = undertaking.text_of(version, member.language)
    view = PledgeView(consultation_id, version, text, action, number)
    tell(session, member.person_id, "pledge", view, now=now, thread=consultation_id)


def stands(consultation: Consultation) -> str:
    """What a follower is told of: its stage, and with whom it is."""
    return f"{consultation.stage.value}:{consultation.mentor_id or 0}"


def show_asker(session: Session, row: Follow, consultation: Consultation, now: datetime) -> None:
    """One card for each follower, edited as things change."""
    name, organisation = name_of(session, row.person_id)
    reading = "left" if row.state is FollowState.LEFT else row.reading.value
    number, followed_as = row.consultation_id, row.followed_as.value
    view = FollowerView(row.id or 0, number, name, organisation, followed_as, reading)
    slot = f"follower:{row.id}"
    tell(session, consultation.asker_id, "follower", view, now=now, thread=number, slot=slot)


def _show(
    session: Session,
    row: Follow,
    now: datetime,
    liaison: Words | None = None,
    *,
    escalated: bool = False,
) -> None:
    number = row.consultation_id
    view = FollowView(
        number,
        row.state.value,
        row.reading.value,
        row.followed_as.value,
        liaison or Words("", ""),
        escalated,
    )
    slot = f"follow:{row.id}"
    tell(session, row.person_id, "follow", view, now=now, thread=number, slot=slot)


def _given_away_by(session: Session, consultation: Consultation) -> int | None:
    """The liaison who gave it to a mentor."""
    given = select(Offer.person_id).where(
        Offer.consultation_id == consultation.id, Offer.state == OfferState.ESCALATED
    )
    return session.exec(given.order_by(col(Offer.id).desc())).first()


def _asked(session: Session, consultation: Consultation) -> Sequence[int]:
    """Those who have it before them."""
    open_to = select(Offer.person_id).where(
        Offer.consultation_id == consultation.id, Offer.state == OfferState.OPEN
    )
    return session.exec(open_to).all()


def _own_row(session: Session, chat_id: int, number: int) -> tuple[Follow, Consultation]:
    """Locked. Raises RefusedError("not_yours") for whoever was not invited to follow it."""
    member = require_member(session, chat_id)
    consultation = session.get(Consultation, number, with_for_update=True)
    row = _row(session, number, member.person_id)
    if row is None or consultation is None:
        raise RefusedError("not_yours")
    session.refresh(row)
    return row, consultation


def _row(session: Session, consultation_id: int, person_id: int) -> Follow | None:
    found = select(Follow).where(
        Follow.consultation_id == consultation_id, Follow.person_id == person_id
    )
    return session.exec(found).first()


def _last_message(session: Session, consultation_id: int) -> int:
    last = select(func.max(col(Message.id))).where(Message.consultation_id == consultation_id)
    return session.exec(last).one() or 0
