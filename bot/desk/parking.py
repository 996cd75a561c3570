"""A message that could belong to two consultations is kept until its writer says to which."""

from datetime import datetime

from sqlmodel import Session, col, select

from bot.desk.errors import RefusedError
from bot.desk.tables import Parked, ParkedFor
from bot.desk.views import Heard

_REST = ("entities", "file", "quote")


def keep(
    session: Session, heard: Heard, now: datetime, waits_for: ParkedFor = ParkedFor.CHOICE
) -> Parked:
    parked = Parked(
        chat_id=heard.chat_id,
        message_id=heard.message_id,
        reply_to=heard.reply_to,
        kind=heard.kind,
        text=heard.text,
        rest=_rest(heard),
        album=heard.album,
        waits_for=waits_for,
        parked_at=now,
    )
    session.add(parked)
    session.flush()
    return parked


def heard_of(parked: Parked) -> Heard:
    """As it was heard."""
    return Heard(
        chat_id=parked.chat_id,
        message_id=parked.message_id,
        kind=parked.kind,
        text=parked.text,
        reply_to=parked.reply_to,
        entities=tuple(parked.rest.get("entities", ())),
        file=parked.rest.get("file", {}),
        quote=parked.rest.get("quote", {}),
        album=parked.album,
    )


def parked_message(session: Session, chat_id: int, parked_id: int) -> Parked:
    """Raises RefusedError: "not_yours" for another chat's, "settled" for one that has gone."""
    parked = session.get(Parked, parked_id, with_for_update=True)
    if parked is None or parked.chat_id != chat_id:
        raise RefusedError("not_yours")
    if parked.settled_at is not None:
        raise RefusedError("settled")
    return parked


def parked_heard(session: Session, chat_id: int, parked_id: int) -> Heard:
    """A kept message, to be asked as a question of its own."""
    return heard_of(parked_message(session, chat_id, parked_id))


def album_of(session: Session, chat_id: int, album: str) -> list[Parked]:
    """The parts of an album that were kept, in their order; none where it is no album."""
    if not album:
        return []
    parts = select(Parked).where(Parked.chat_id == chat_id, Parked.album == album)
    return list(session.exec(parts.order_by(col(Parked.message_id))))


def settle_parked(parked: Parked, consultation_id: int, now: datetime) -> None:
    """It went there; its words are kept no longer."""
    parked.settled_at, parked.consultation_id = now, consultation_id
    parked.text, parked.rest = "", {}


def correct_parked(session: Session, heard: Heard) -> bool:
    """A message that is kept was edited; False where none is."""
    kept = select(Parked).where(
        Parked.chat_id == heard.chat_id,
        Parked.message_id == heard.message_id,
        col(Parked.settled_at).is_(None),
    )
    parked = session.exec(kept).first()
    if parked is None:
        return False
    parked.kind, parked.text, parked.rest = heard.kind, heard.text, _rest(heard)
    session.add(parked)
    return True


def _rest(heard: Heard) -> dict[str, object]:
    found = {"entities": list(heard.entities), "file": heard.file, "quote": heard.quote}
    return {name: value for name in _REST if (value := found[name])}


def forget_parked(session: Session, chat_id: int, message_id: int, now: datetime) -> bool:
    """Its writer takes back what was kept, with all parts of its album; False where none is."""
    kept = select(Parked).where(
        Parked.chat_id == chat_id,
        Parked.message_id == message_id,
        col(Parked.settled_at).is_(None),
    )
    parked = session.exec(kept).first()
    if parked is None:
        return False
    for part in album_of(session, chat_id, parked.album) or [parked]:
        part.settled_at, part.text, part.rest = now, "", {}
        session.add(part)
    return True
