"""/find: what was said and asked in one's own consultations.

What people wrote is sealed, so a database can't search it: it is opened batch by batch, newest
first, as far as MESSAGES and QUESTIONS reach, and how far is said.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, or_, select

from bot.delivery.outbox import owe_card
from bot.delivery.tables import MessagePair
from bot.desk.errors import RefusedError
from bot.desk.members import require_member
from bot.desk.tables import TALKING, Chat, Consultation, Message, Offer, OfferState

BATCH, MESSAGES, QUESTIONS = 200, 4000, 1000
SHOWN, AROUND, SHORTEST = 5, 40, 2
# Of one message, in characters.
WHOLE = 1500
Fold = Callable[[str], str]


@dataclass(frozen=True)
class Hit:
    """`message` is 0 for the question itself; `mine`: this person wrote it."""

    consultation: int
    message: int
    at: datetime
    mine: bool
    line: str


@dataclass(frozen=True)
class HitsView:
    """`looked`: how many messages and questions; `back_to`: where it stopped short of the first."""

    wanted: str
    hits: tuple[Hit, ...]
    looked: int
    back_to: datetime | None


def look_for(session: Session, chat_id: int, typed: str, fold: Fold) -> HitsView:
    """All words must occur; `fold` makes alike what is to count as the same.

    Raises RefusedError("find_how") without words.
    """
    member = require_member(session, chat_id)
    words = fold(typed).split()
    if len("".join(words)) < SHORTEST:
        raise RefusedError("find_how")
    found: list[Hit] = []
    looked, back_to = 0, None
    for rows, most in (
        (_messages(session, member.person_id), MESSAGES),
        (_questions(session, member.person_id), QUESTIONS),
    ):
        hits, seen, last = _among(islice(rows, most), words, fold)
        found += hits
        looked += seen
        if seen == most and last is not None:
            back_to = max(last, back_to or last)
    newest = sorted(found, key=lambda hit: hit.at, reverse=True)[:SHOWN]
    return HitsView(typed.strip()[:64], tuple(newest), looked, back_to)


def tell_found(session: Session, chat_id: int, view: HitsView, *, now: datetime) -> None:
    """What was looked for beside the desk's own work, which waits for no search."""
    member = require_member(session, chat_id)
    owe_card(session, chat_id, "found", view, now=now, language=member.language)


def show(
    session: Session, chat_id: int, consultation_id: int, message_id: int, *, now: datetime
) -> None:
    """In answer to that message, so that a tap on it leads there and a reply goes on with it.

    Raises RefusedError("find_gone") for what is another's, and for what is there no more.
    """
    member = require_member(session, chat_id)
    if message_id:
        query = _readable(select(Message), member.person_id).where(Message.id == message_id)
        said: Message | None = session.exec(query).first()
        if said is None or said.consultation_id != consultation_id:
            raise RefusedError("find_gone")
        text, at, place = said.text, said.written_at, (said.chat_id, said.message_id)
    else:
        asked = session.exec(
            select(Consultation).where(
                Consultation.id == consultation_id, _took_part(member.person_id)
            )
        ).first()
        if asked is None:
            raise RefusedError("find_gone")
        own = asked.asker_id == member.person_id
        text, at = asked.question if own else asked.forwarded, asked.asked_at
        place = (chat_id, asked.asked_message) if own else (0, 0)
    consultation = session.get_one(Consultation, consultation_id)
    sides = (consultation.asker_id, consultation.mentor_id)
    view = {
        "consultation": consultation_id,
        "at": at,
        "text": text[:WHOLE],
        "stage": consultation.stage,
        "going": consultation.stage in TALKING and member.person_id in sides,
    }
    given: dict[str, Any] = {"now": now, "language": member.language, "thread": consultation_id}
    owe_card(session, chat_id, "found_one", view, reply_to=place if place[0] else None, **given)


def _took_part(person_id: int) -> Any:
    """As its asker, or as the mentor of now or before."""
    held = select(Offer.consultation_id).where(
        Offer.person_id == person_id,
        col(Offer.state).in_((OfferState.ACCEPTED, OfferState.LEFT)),
    )
    return or_(
        col(Consultation.asker_id) == person_id,
        col(Consultation.mentor_id) == person_id,
        col(Consultation.id).in_(held),
    )


def _readable(query: Any, person_id: int) -> Any:
    """Narrowed to messages of either side. Of what a mentor has left, those that stood in their
    chat, and as they stood there."""
    chats = select(Chat.chat_id).where(Chat.person_id == person_id)
    copied = (
        select(MessagePair.id)
        .where(
            MessagePair.source_chat == Message.chat_id,
            MessagePair.source_message == Message.message_id,
            col(MessagePair.copy_chat).in_(chats),
        )
        .exists()
    )
    seen = (col(Message.version) == 0) & (col(Message.chat_id).in_(chats) | copied)
    side = or_(col(Consultation.asker_id) == person_id, col(Consultation.mentor_id) == person_id)
    return query.join(Consultation, col(Consultation.id) == Message.consultation_id).where(
        _took_part(person_id), col(Message.removed_at).is_(None), side | seen
    )


def _messages(session: Session, person_id: int) -> Iterator[tuple[Hit, str]]:
    """Newest first; a batch is opened when it is needed."""
    opened = (Message.id, Message.by_asker, Message.written_at, Message.text)
    columns: tuple[Any, ...] = (*opened, Consultation.id, Consultation.asker_id)
    query = _readable(select_columns(*columns).select_from(Message), person_id)
    query = query.order_by(col(Message.id).desc())
    rows: Sequence[Any] = ()
    before: int | None = None
    while before is None or len(rows) == BATCH:
        part = query if before is None else query.where(col(Message.id) < before)
        rows = session.connection().execute(part.limit(BATCH)).all()
        for number, by_asker, at, text, consultation, asker in rows:
            yield Hit(consultation, number, at, by_asker == (asker == person_id), ""), text
        before = rows[-1][0] if rows else 0


def _questions(session: Session, person_id: int) -> Iterator[tuple[Hit, str]]:
    query = select(Consultation).where(_took_part(person_id))
    rows = session.exec(query.order_by(col(Consultation.id).desc()).limit(QUESTIONS)).all()
    for row in rows:
        mine = row.asker_id == person_id
        text = row.question if mine else row.forwarded
        yield Hit(row.id or 0, 0, row.asked_at, mine, ""), text


def _among(
    rows: Iterator[tuple[Hit, str]], words: list[str], fold: Fold
) -> tuple[list[Hit], int, datetime | None]:
    """The newest SHOWN of them, how many were looked at, and when the last was written."""
    found: list[Hit] = []
    looked, last = 0, None
    for hit, text in rows:
        looked, last = looked + 1, hit.at
        folded = fold(text)
        if all(word in folded for word in words):
            line = _clipped(text, folded, words[0])
            found.append(Hit(hit.consultation, hit.message, hit.at, hit.mine, line))
            if len(found) == SHOWN:
                break
    return found, looked, last


def _clipped(text: str, folded: str, word: str) -> str:
    """The words around the first hit, on one line."""
    # Folding may change lengths a little: the place is only about where to cut.
    start = max(0, folded.index(word) - AROUND)
    line = " ".join(text[start : start + 2 * AROUND + len(word)].split())
    more = start + 2 * AROUND + len(word) < len(text)
    return ("…" if start else "") + line + ("…" if more else "")
