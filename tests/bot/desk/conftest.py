"""A desk in memory: an asker's enterprise, three mentors, a liaison and an admin, all here."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from sqlmodel import Session, SQLModel, col, create_engine, select

import bot.desk.tables  # noqa: F401 (the metadata must be whole)
from bot.delivery.tables import Delivery
from bot.desk import accepting, asking, choosing, offering
from bot.desk.members import CONSENT_VERSION
from bot.desk.tables import Chat, Consultation, Offer, OfferState
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

    def join(self, chat_id: int, name: str, role: PersonRole, home: int | None = None) -> int:
        person = Person(name_zh=name, name_en=f"{name}-en", organisation_id=home)
        self.session.add(person)
        self.session.flush()
        assert person.id is not None
        self.session.add(Role(person_id=person.id, role=role))
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

    def expert(self, key: str, person_id: int) -> None:
        self.session.add(
            Entry(
                key=key,
                kind=EntryKind.EXPERT,
                person_id=person_id,
                title_zh="教授",
                title_en="Professor",
            )
        )
        self.session.flush()

    def heard(self, chat_id: int, text: str = "你好", **more: Any) -> Heard:
        return Heard(chat_id, next(self.messages), more.pop("kind", "text"), text, **more)

    def ask(self, chat_id: int = ASKER, *, found: int = 3, text: str = QUESTION) -> int:
        hits = [Found(f"expert-{n}", 0.9 - n / 10, "strong", f"证据{n}") for n in range(found)]
        return asking.ask(self.session, self.heard(chat_id, text), hits, now=NOW)

    def choose(self, consultation: int, mentor: int = 0) -> None:
        candidate = asking.candidates_of(self.session, consultation)[mentor]
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


@pytest.fixture
def office() -> Iterator[Office]:
    engine = create_engine("sqlite://")
    SQLModel.metadata.create_all(engine)
    with Session(engine) as session:
        made = Office(session)
        enterprise = Organisation(
            kind=OrganisationKind.ENTERPRISE, name_zh="宏达", industry="C", region="浙江"
        )
        session.add(enterprise)
        session.flush()
        made.enterprise = enterprise.id or 0
        made.join(ASKER, "王老板", PersonRole.ASKER, made.enterprise)
        for number, chat_id in enumerate(MENTORS):
            person = made.join(chat_id, f"导师{number}", PersonRole.MENTOR)
            made.expert(f"expert-{number}", person)
        made.join(LIAISON, "联络员", PersonRole.LIAISON)
        made.join(ADMIN, "管理员", PersonRole.ADMIN)
        yield made
