"""Every message either side writes reaches the other; a recipient is never guessed."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert
from sqlmodel import Session, col, select

from bot.delivery import held
from bot.delivery.outbox import owe_card, owe_copy
from bot.delivery.tables import Delivery, Priority, table_of
from bot.desk.beside import refusal_of
from bot.desk.copying import (
    check_copied,
    heard_again,
    is_first,
    manner_of,
    say_if_too_large,
    source_of,
)
from bot.desk.errors import RefusedError
from bot.desk.members import (
    await_text,
    away_chat_of,
    chat_of,
    name_of,
    notify,
    require_member,
)
from bot.desk.off_work import say_off_work
from bot.desk.open_talks import open_consultations, open_stages
from bot.desk.opening import ensure
from bot.desk.parking import album_of, heard_of, keep, parked_message, settle_parked
from bot.desk.placing import Sides, is_group, is_topical, lab_beside, say_who
from bot.desk.tables import (
    ENDED,
    Awaiting,
    Consultation,
    Message,
    Parked,
    Receipt,
    Stage,
)
from bot.desk.views import Heard, Member, OpenConsultation, WhichView
from knowledge.prepared import Prepared
from knowledge.tables import PersonRole

ABOUT_LENGTH = 30
# Locked: what is written while somebody accepts must be carried by one of the two.
_LOCKED = Prepared(
    select(Consultation.id, Consultation.asker_id, Consultation.mentor_id, Consultation.stage)
    .where(col(Consultation.id) == bindparam("this"))
    .with_for_update()
)
_MESSAGE = Prepared(
    insert(table_of(Message)),
    [
        "consultation_id",
        "by_asker",
        "chat_id",
        "message_id",
        "reply_to",
        "kind",
        "text",
        "entities",
        "file",
        "quote",
        "album",
        "writer",
        "receipt",
        "version",
        "written_at",
    ],
)


def relay(session: Session, heard: Heard, consultation_id: int, *, now: datetime) -> bool:
    """Record a message and owe it to the other side; False if there is nobody to owe it to yet.

    `heard.by` is who wrote in the mentor's lab, where that is who wrote (bot.desk.lab_talk).
    """
    consultation: Any = next(iter(_LOCKED.rows(session, this=consultation_id)), None)
    check_copied(heard)
    member = None if is_group(heard.chat_id) else require_member(session, heard.chat_id)
    by_asker = member is not None and _is_asker(session, member, consultation)
    if consultation.stage in ENDED or consultation.stage is Stage.DRAFT:
        raise RefusedError("closed", consultation=consultation_id)
    # Or else their next words were a name.
    if member is not None and member.awaiting is Awaiting.ENTERPRISE:
        await_text(session, heard.chat_id, Awaiting.NOTHING)
    first = is_first(session, heard)
    written = {
        "consultation_id": consultation_id,
        "by_asker": by_asker,
        "chat_id": heard.chat_id,
        "message_id": heard.message_id,
        "reply_to": heard.reply_to,
        "kind": heard.kind,
        "text": heard.text,
        "entities": list(heard.entities),
        "file": dict(heard.file),
        "quote": dict(heard.quote),
        "album": heard.album,
        "writer": heard.by,
        # Telegram marks an album on its first part alone.
        "receipt": Receipt.NONE if first else Receipt.OVERTAKEN,
        "version": 0,
        "written_at": now,
    }
    _MESSAGE.change(session, **written)
    if consultation.stage is Stage.OFFERED:
        if first:
            code = "kept_until_accepted"
            notify(session, heard.chat_id, code, now=now, consultation=consultation_id)
        return False
    say_if_too_large(session, heard, consultation_id, now)
    if by_asker:
        say_off_work(session, consultation, heard.chat_id, now)
    return carry(session, consultation, heard, by_asker, now)


def _is_asker(session: Session, member: Member, consultation: Sides | None) -> bool:
    if consultation is None or member.person_id not in (
        consultation.asker_id,
        consultation.mentor_id,
    ):
        number = consultation.id if consultation is not None else None
        raise refusal_of(session, member.person_id, number or 0, "not_yours")
    return member.person_id == consultation.asker_id


def introduce(session: Session, consultation: Consultation, now: datetime) -> None:
    """What was said before reaches the mentor who accepted: what the asker added while it was on
    offer, and where it is offered anew, the talk with the one before."""
    kept = session.exec(
        select(Message).where(Message.consultation_id == consultation.id).order_by(col(Message.id))
    ).all()
    for message in kept:
        if message.removed_at is None:
            carry(session, consultation, heard_again(message), True, now)


def park(session: Session, heard: Heard, *, now: datetime) -> None:
    """Keep a message that could belong to two, and ask which."""
    check_copied(heard)
    member = require_member(session, heard.chat_id)
    before = album_of(session, heard.chat_id, heard.album)
    parked = keep(session, heard, now)
    if before and before[0].consultation_id is not None:  # its writer has said it of the first part
        _settle(session, parked, before[0].consultation_id, now)
    if before:
        return
    view = WhichView(
        parked=parked.id or 0,
        options=tuple(described(session, member)),
        may_ask=member.has(PersonRole.ASKER) and bool(heard.text),
    )
    owe_card(
        session,
        heard.chat_id,
        "which",
        view,
        now=now,
        language=member.language,
        slot=f"which:{parked.id}",
        reply_to=(heard.chat_id, heard.message_id),
    )


def settle(
    session: Session, chat_id: int, parked_id: int, consultation_id: int, *, now: datetime
) -> None:
    """The writer says where the kept message belongs; it goes there, once."""
    parked = parked_message(session, chat_id, parked_id)
    for part in album_of(session, chat_id, parked.album) or [parked]:
        _settle(session, part, consultation_id, now)
    member = require_member(session, chat_id)
    view = {"consultation": consultation_id}
    owe_card(
        session,
        chat_id,
        "settled",
        view,
        now=now,
        language=member.language,
        slot=f"which:{parked_id}",
    )


def _settle(session: Session, parked: Parked, consultation_id: int, now: datetime) -> None:
    relay(session, heard_of(parked), consultation_id, now=now)
    settle_parked(parked, consultation_id, now)
    session.add(parked)


def described(session: Session, member: Member) -> list[OpenConsultation]:
    """This person's open consultations, as they know them."""
    views = []
    for consultation in open_consultations(session, member.person_id):
        as_asker = consultation.asker_id == member.person_id
        other = consultation.mentor_id if as_asker else consultation.asker_id
        name, home = name_of(session, other) if other else (None, None)
        views.append(
            OpenConsultation(
                consultation=consultation.id or 0,
                stage=consultation.stage.value,
                as_asker=as_asker,
                name=name,
                organisation=home,
                about=consultation.forwarded[:ABOUT_LENGTH],
            )
        )
    return views


def carry(
    session: Session,
    consultation: Sides,
    heard: Heard,
    by_asker: bool,
    now: datetime,
    *,
    lab_too: bool = True,
) -> bool:
    """Owe a message that was recorded to whoever is on the other side; False if nobody is."""
    other = consultation.mentor_id if by_asker else consultation.asker_id
    assert other is not None
    assert consultation.id is not None
    lab = lab_beside(session, consultation)
    here = (lab if by_asker else None) or chat_of(session, other)
    found = here or away_chat_of(session, other)
    if found is None:
        notify(session, heard.chat_id, "gone_for_good", now=now, consultation=consultation.id)
        return False
    chat_id, language = found
    if here is None and not held.waits(session, chat_id, consultation.id):
        notify(session, heard.chat_id, "kept_until_back", now=now, consultation=consultation.id)
    ensure(session, consultation, other, chat_id, language, now)
    _say_which(session, consultation, other, chat_id, language, now)
    if lab is not None and not by_asker:
        say_who(session, consultation.id, heard, chat_id, language, now)
    source, manner = source_of(heard), manner_of(heard)
    owe_copy(session, chat_id, source, now=now, thread=consultation.id, **manner)
    if here is None:
        held.hold(session, chat_id)
    if lab is not None and lab_too and not by_asker and lab[0] != heard.chat_id:
        # What the mentor writes in their own chat, their lab reads too.
        ensure(session, consultation, consultation.mentor_id or 0, *lab, now)
        owe_copy(session, lab[0], source, now=now, thread=consultation.id, **manner)
    return True


def _say_which(
    session: Session,
    consultation: Sides,
    reader: int,
    chat_id: int,
    language: str,
    now: datetime,
) -> None:
    """Where a reader has several open, a line says when the talk passes from one to another."""
    if is_group(chat_id) or is_topical(session, chat_id, consultation.id or 0):
        return
    if len(open_stages(session, reader)) < 2:
        return
    # Notices give way to messages, so only what goes as a message stands before this one.
    last = session.exec(
        select(Delivery.thread)
        .where(
            Delivery.chat_id == chat_id,
            Delivery.priority == Priority.MESSAGE,
            col(Delivery.thread).is_not(None),
        )
        .order_by(col(Delivery.id).desc())
        .limit(1)
    ).first()
    if last == consultation.id:
        return
    writer = consultation.mentor_id if reader == consultation.asker_id else consultation.asker_id
    assert writer is not None
    name, organisation = name_of(session, writer)
    owe_card(
        session,
        chat_id,
        "switched",
        {
            "consultation": consultation.id,
            "name": {"zh": name.zh, "en": name.en},
            "organisation": {"zh": organisation.zh, "en": organisation.en},
        },
        now=now,
        language=language,
        thread=consultation.id,
        priority=Priority.MESSAGE,
    )
