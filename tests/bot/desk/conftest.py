"""A desk in memory: an asker's enterprise, three mentors, a liaison and an admin, all here."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event
from sqlalchemy.pool import StaticPool
from sqlmodel import Session, SQLModel, col, create_engine, select

import bot.desk.tables  # noqa: F401 (the metadata must be whole)
from bot.delivery.tables import Delivery, MessagePair
from bot.desk import accepting, asking, choosing, offering
from bot.desk.errors import RefusedError
from bot.desk.members import CONSENT_VERSION
from bot.desk.tables import Awaiting, Chat, ChatState, Consultation, Offer, OfferState
from bot.desk.views import Found, Heard
from knowledge.tables import (
    Appointment,
    Dispatch,
    Entry,
    EntryKind,
    Organisation,
    OrganisationKind,
    Person,
    PersonRole,
    Role,
)

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
DAY = timedelta(days=1)
TODAY = NOW.date()
ASKER, MENTORS, LIAISON, ADMIN = 100, (201, 202, 203), 301, 401
QUESTION = "铝压铸件加工后有气孔怎么办"


@dataclass
class Office:
    """What a desk test does, in few words. `told` looks at what is owed, `press` is not needed."""

    session: Session
    people: dict[int, int] = field(default_factory=dict)
    enterprise: int = 0
    messages: Iterator[int] = field(default_factory=lambda: count(1000))

    def join(self, chat_id: int, name: str, role: str, home: int | None = None) -> int:
        person = Person(name_zh=name, name_en=f"{name}-en", organisation_id=home)
        self.session.add(person)
        self.session.flush()
        assert person.id is not None
        self.session.add(Role(person_id=person.id, role=PersonRole(role)))
        self.session.add(
            Chat(
                chat_id=chat_id,
                person_id=person.id,
                consent_version=CONSENT_VERSION,
                first_seen=NOW,
            )
        )
        self.session.flush()
        self.people[chat_id] = person.id
        return person.id

    def give_role(self, chat_id: int, role: str) -> None:
        self.session.add(Role(person_id=self.people[chat_id], role=PersonRole(role)))
        self.session.flush()

    def enterprise_named(self, name: str, **more: Any) -> int:
        made = Organisation(
            kind=OrganisationKind.ENTERPRISE, name_zh=name, name_en=f"{name}-en", **more
        )
        self.session.add(made)
        self.session.flush()
        return made.id or 0

    def person_named(self, name: str, key: str | None = None) -> int:
        """Somebody of the knowledge base who has no chat."""
        made = Person(name_zh=name, name_en=f"{name}-en", key=key or f"person-{name}")
        self.session.add(made)
        self.session.flush()
        return made.id or 0

    def expert(self, key: str, person_id: int) -> None:
        self.entry(key, "expert", person_id)

    def entry(self, key: str, kind: str, person_id: int | None = None, **more: Any) -> int:
        made = Entry(
            key=key,
            kind=EntryKind(kind),
            person_id=person_id,
            title_zh=more.pop("title_zh", "教授"),
            title_en="Professor",
            **more,
        )
        self.session.add(made)
        self.session.flush()
        return made.id or 0

    def chat(self, chat_id: int) -> Chat:
        return self.session.get_one(Chat, chat_id)

    def awaiting(self, chat_id: int) -> Awaiting:
        return self.chat(chat_id).awaiting

    def block(self, chat_id: int) -> None:
        """Not here: as a fact, without what the desk does about it."""
        self.chat(chat_id).state = ChatState.BLOCKED
        self.session.flush()

    @contextmanager
    def refuses(self, code: str, **values: str | int) -> Iterator[None]:
        """What runs inside is refused with this code, and rolled back as its transaction is."""
        self.session.flush()
        with self.session.begin_nested() as savepoint:
            with pytest.raises(RefusedError) as refused:
                yield
            savepoint.rollback()
        assert refused.value.code == code
        assert values.items() <= refused.value.values.items()

    @contextmanager
    def costs_at_most(self, statements: int) -> Iterator[None]:
        """A budget of SQL statements, reads and writes together."""
        self.session.flush()
        self.session.expunge_all()
        ran: list[str] = []

        def note(statement: str) -> None:
            """Rows that one call inserts are traced one by one."""
            insert = statement.partition(" VALUES ")[0]
            if not ran or insert == statement or ran[-1].partition(" VALUES ")[0] != insert:
                ran.append(statement)

        # What the driver itself runs: prepared statements pass SQLAlchemy's own events by.
        driver: Any = self.session.connection().connection.dbapi_connection
        driver.set_trace_callback(note)
        yield
        self.session.flush()
        driver.set_trace_callback(None)
        assert len(ran) <= statements, "\n".join([f"{len(ran)} statements", *ran])

    def deliver(self) -> None:
        """As the sender would: what is owed becomes a message, and of a copy the pair is kept."""
        query = select(Delivery).where(col(Delivery.sent_message).is_(None))
        for owed in self.session.exec(query).all():
            owed.sent_message = 50_000 + (owed.id or 0)
            if owed.source_chat and owed.source_message:
                pair = MessagePair(
                    thread=owed.thread,
                    source_chat=owed.source_chat,
                    source_message=owed.source_message,
                    copy_chat=owed.chat_id,
                    copy_message=owed.sent_message,
                )
                self.session.add(pair)
        self.session.flush()

    def shown(self, chat_id: int, card: str) -> int:
        """The message in which the last card of that name was sent."""
        sent = [owed.sent_message for owed in self.owed(chat_id) if owed.card == card]
        assert sent[-1] is not None
        return sent[-1]

    def heard(self, chat_id: int, text: str = "你好", **more: Any) -> Heard:
        return Heard(chat_id, next(self.messages), more.pop("kind", "text"), text, **more)

    def ask(self, chat_id: int = ASKER, *, found: int = 3, text: str = QUESTION) -> int:
        hits = [Found(f"expert-{n}", 0.9 - n / 10, "strong", f"证据{n}") for n in range(found)]
        return asking.ask(self.session, self.heard(chat_id, text), hits, now=NOW)

    def choose(self, consultation: int, mentor: int = 0) -> None:
        person_id = self.people[MENTORS[mentor]]
        lines = asking.candidates_of(self.session, consultation)
        candidate = next((one for one in lines if one.person_id == person_id), lines[0])
        chat_id = self.asker_chat(consultation)
        choosing.choose(self.session, chat_id, candidate.id or 0, now=NOW)

    def send(self, consultation: int, mentor: int = 0, now: datetime = NOW) -> None:
        """Choose a mentor of the shortlist and confirm."""
        self.choose(consultation, mentor)
        self.confirm(consultation, now)

    def confirm(self, consultation: int, now: datetime = NOW) -> None:
        """Press Send on the newest preview."""
        chat_id = self.asker_chat(consultation)
        seen = self.last(chat_id, "preview")["seen"]
        offering.confirm(self.session, chat_id, consultation, seen, DAY, now=now)

    def asker_chat(self, consultation: int) -> int:
        asker = self.session.get_one(Consultation, consultation).asker_id
        return next(chat for chat, person in self.people.items() if person == asker)

    def offer(self, consultation: int) -> Offer:
        """The open offer of a consultation."""
        return self.session.exec(
            select(Offer).where(
                Offer.consultation_id == consultation, Offer.state == OfferState.OPEN
            )
        ).one()

    def talk(self, mentor: int = 0, chat_id: int = ASKER) -> int:
        """A consultation asked, sent and accepted."""
        consultation = self.ask(chat_id)
        self.send(consultation, mentor)
        offer = self.offer(consultation)
        accepting.accept(self.session, MENTORS[mentor], offer.id or 0, now=NOW)
        return consultation

    def consultation(self, number: int) -> Consultation:
        return self.session.get_one(Consultation, number)

    def owed(self, chat_id: int) -> list[Delivery]:
        self.session.flush()
        query = select(Delivery).where(Delivery.chat_id == chat_id).order_by(col(Delivery.id))
        return list(self.session.exec(query))

    def cards(self, chat_id: int) -> list[str]:
        """The cards and methods owed to a chat, in order."""
        return [delivery.card or delivery.method for delivery in self.owed(chat_id)]

    def last(self, chat_id: int, card: str) -> dict[str, Any]:
        """The view of the last card of that name owed to a chat."""
        return [owed.values for owed in self.owed(chat_id) if owed.card == card][-1]

    def copies(self, chat_id: int) -> list[int]:
        """The source messages of the copies owed to a chat, in order."""
        return [owed.source_message or 0 for owed in self.owed(chat_id) if owed.source_message]

    def appoint(self, mentor: int = 0, *, starts: date = TODAY, days: int = 365) -> None:
        self.session.add(
            Appointment(
                mentor_id=self.people[MENTORS[mentor]],
                enterprise_id=self.enterprise,
                starts_on=starts,
                ends_on=starts + timedelta(days=days),
            )
        )
        self.session.flush()

    def dispatch(self) -> None:
        self.session.add(
            Dispatch(
                student_id=self.people[LIAISON],
                enterprise_id=self.enterprise,
                starts_on=NOW.date(),
                ends_on=NOW.date() + timedelta(days=365),
            )
        )
        self.session.flush()


def empty_tables() -> Engine:
    """One database in memory with every table, for tests that leave nothing in it."""
    engine = create_engine("sqlite://", poolclass=StaticPool, isolation_level=None)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")  # so that savepoints are SQLite's own

    SQLModel.metadata.create_all(engine)
    return engine


@pytest.fixture(scope="session")
def tables() -> Iterator[Engine]:
    engine = empty_tables()
    yield engine
    engine.dispose()


def furnish(session: Session) -> Office:
    """An asker with their enterprise, three mentors, a liaison and an admin, all here."""
    made = Office(session)
    made.enterprise = made.enterprise_named("宏达", industry="C", region="浙江")
    made.join(ASKER, "王老板", "asker", made.enterprise)
    for number, chat_id in enumerate(MENTORS):
        made.expert(f"expert-{number}", made.join(chat_id, f"导师{number}", "mentor"))
    made.join(LIAISON, "联络员", "liaison")
    made.join(ADMIN, "管理员", "admin")
    return made


@contextmanager
def opened(engine: Engine) -> Iterator[Office]:
    """An office whose every trace is rolled back at the end."""
    with engine.connect() as connection:
        outer = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            yield furnish(session)
        outer.rollback()


@pytest.fixture
def office(tables: Engine) -> Iterator[Office]:
    with opened(tables) as made:
        yield made
