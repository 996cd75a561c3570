"""Everything that is held about a person, read out table by table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, func, select

from bot.delivery.outbox import owe_card, owe_document, plain
from bot.delivery.tables import Delivery, DeliveryState
from bot.desk.acting import note
from bot.desk.errors import RefusedError
from bot.desk.members import find_member, require_found
from bot.desk.rights import ALL, HOLDINGS
from bot.desk.rights.holding import Holding, Subject, table_named
from bot.desk.tables import Act, Chat
from knowledge.tables import Organisation, Person

# It reads every table: so much time lies between one time and the next.
BETWEEN = timedelta(minutes=10)
PENDING = (DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.HELD)


@dataclass(frozen=True)
class Section:
    """Rows of one table that are theirs in one way; `withheld`: columns left out, and why."""

    table: str
    rows: Sequence[dict[str, Any]]
    withheld: dict[str, str]


@dataclass(frozen=True)
class Held:
    """`public`: they stand in the knowledge files as well, and these stay."""

    person: int
    language: str
    made_at: datetime
    public: bool
    sections: Sequence[Section]


def held_about(session: Session, chat_id: int, at: datetime) -> Held:
    """Whoever has a chat, agreed or not, banned or not.

    Raises RefusedError: "not_started" for a stranger, "data_lately" where it was given just now.
    """
    member = find_member(session, chat_id)
    if member is None:
        raise RefusedError("not_started")
    _refuse_lately(session, member.person_id, at)
    subject = subject_of(session, member.person_id)
    person = session.get_one(Person, member.person_id)
    sections = (_section(session, one, subject) for one in ALL)
    return Held(
        person=member.person_id,
        language=member.language,
        made_at=at,
        public=person.key is not None,
        sections=tuple(section for section in sections if section.rows),
    )


def give(session: Session, chat_id: int, path: str, *, now: datetime) -> None:
    """The file is made: owe it, and note that it was asked for."""
    member = require_found(session, chat_id)
    note(session, "data_given", now, actor=member.person_id, subject=member.person_id)
    owe_card(session, chat_id, "mydata", {}, now=now, language=member.language)
    owe_document(session, chat_id, path, now=now, filename=f"xiaoqi-{now:%Y%m%d}.zip")


def pending_files(session: Session) -> set[str]:
    """Files that are still to be sent to somebody."""
    owed = select(Delivery.attachment).where(
        Delivery.attachment != "", col(Delivery.state).in_(PENDING)
    )
    return set(session.exec(owed))


def subject_of(session: Session, person_id: int) -> Subject:
    chats = session.exec(select(Chat.chat_id).where(Chat.person_id == person_id)).all()
    return Subject(person_id, tuple(chats), _own_enterprises(session, person_id))


def _refuse_lately(session: Session, person_id: int, at: datetime) -> None:
    given = select(Act.at).where(
        Act.subject_id == person_id, Act.act == "data_given", Act.at > at - BETWEEN
    )
    if session.exec(given).first() is not None:
        raise RefusedError("data_lately", minutes=int(BETWEEN.total_seconds() // 60))


def _own_enterprises(session: Session, person_id: int) -> tuple[int, ...]:
    """The one that they introduced in chat, where nobody else belongs to it."""
    home = session.get_one(Person, person_id).organisation_id
    if home is None or session.get_one(Organisation, home).key is not None:
        return ()
    others = select(func.count()).select_from(Person)
    others = others.where(Person.organisation_id == home, col(Person.id) != person_id)
    return () if session.exec(others).one() else (home,)


def _section(session: Session, one: Holding, subject: Subject) -> Section:
    table = table_named(one.table)
    columns = [table.c[name] for name in one.given]
    theirs = select_columns(*columns).where(one.of(subject, HOLDINGS))
    rows = session.connection().execute(theirs.order_by(*table.primary_key)).mappings()
    return Section(one.table, [plain(dict(row)) for row in rows], {**one.hidden, **one.blanked})
