"""An office, a clock, and how a rule looks and acts."""

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Any, ClassVar

from hypothesis.stateful import RuleBasedStateMachine, precondition
from sqlalchemy import Engine
from sqlmodel import col, select

from bot.delivery.tables import Delivery
from bot.desk import asking, routing, talking
from bot.desk.errors import RefusedError
from bot.desk.lining_up import admins_here
from bot.desk.tables import (
    Consultation,
    Detail,
    Message,
    Offer,
    OfferedAs,
    OfferState,
    Parked,
    Stage,
    Transfer,
    TransferState,
)
from bot.desk.views import Heard
from tests.bot.desk.conftest import NOW, Office, empty_tables, opened


class Fate(Enum):
    """What must become of a message: owed now (held, for who is away), once accepted, or never."""

    CARRIED = 1
    KEPT = 2
    REMOVED = 3


@cache
def tables() -> Engine:
    return empty_tables()


def when(*needed: object) -> Callable[[Any], Any]:
    """A rule for where any of these stages or states, or a row of the table, is there."""
    return precondition(lambda world: any(world.here[one] for one in needed))


class World(RuleBasedStateMachine):
    """Each act is one update: what is refused is rolled back, as a transaction is.

    `done`: over all tries, how often each act was done and each state was seen.
    """

    done: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.office: Office = self.stack.enter_context(opened(tables()))
        self.now: datetime = NOW
        self.written: dict[tuple[int, int], tuple[int, Fate]] = {}
        self.looked: dict[str, int] = {}
        self.here: Counter[object] = Counter()

    def teardown(self) -> None:
        self.stack.close()

    def look_around(self) -> None:
        """How many there are of each stage and state: rules are chosen by what can be done."""
        session = self.office.session
        open_ = select(Offer.offered_as).where(Offer.state == OfferState.OPEN)
        rows = (select(Consultation.stage), select(Transfer.state), select(Detail.state), open_)
        written = (select(Message.kind).limit(1), select(Parked.kind).limit(1))
        self.here = Counter(one for query in rows for one in session.exec(query))
        for name, query in zip((Message, Parked), written, strict=True):
            self.here[name] = len(session.exec(query).all())

    def act(self, use_case: Callable[..., Any], *args: Any, **named: Any) -> str:
        """The code of the refusal, or nothing."""
        session = self.office.session
        session.flush()
        with session.begin_nested() as savepoint:
            try:
                use_case(session, *args, now=self.now, **named)
                session.flush()
            except RefusedError as refused:
                savepoint.rollback()
                return refused.code
        self.done[f"{use_case.__module__.rpartition('.')[2]}.{use_case.__name__}"] += 1
        return ""

    def route(self, heard: Heard) -> None:
        """As a handler does: find where it goes, then do so."""
        try:
            found = routing.route(self.office.session, heard)
        except RefusedError:  # a reply to a note
            return
        if found.to == "talk" and found.consultation is not None:
            self.carry(heard, found.consultation, talking.relay, heard, found.consultation)
        elif found.to == "choice":
            self.act(talking.park, heard)
        elif found.to == "question" and heard.text:
            self.act(asking.ask, heard, [])

    def carry(self, heard: Heard, number: int, use_case: Callable[..., Any], *args: Any) -> None:
        """Do it, and remember what must become of the message."""
        session = self.office.session
        known = len(session.exec(select(Message.id)).all())
        self.act(use_case, *args)
        if len(session.exec(select(Message.id)).all()) == known:
            return
        found = self.office.consultation(number)
        fate = Fate.KEPT if found.stage is Stage.OFFERED else Fate.CARRIED
        self.written[heard.chat_id, heard.message_id] = number, fate

    def deliveries(self) -> list[Delivery]:
        return list(self.office.session.exec(select(Delivery).order_by(col(Delivery.id))))

    def copies(self) -> list[Delivery]:
        return [owed for owed in self.deliveries() if owed.method == "copyMessage"]

    def fresh(self, purpose: str) -> list[Delivery]:
        """What was owed since the last look for this purpose."""
        query = select(Delivery).where(col(Delivery.id) > self.looked.get(purpose, 0))
        found = list(self.office.session.exec(query.order_by(col(Delivery.id))))
        if found:
            self.looked[purpose] = found[-1].id or 0
        return found

    def stage(self, number: int) -> Stage:
        return self.office.consultation(number).stage

    def all(self, *stages: Stage) -> Sequence[Consultation]:
        query = select(Consultation).order_by(col(Consultation.id))
        return self.office.session.exec(
            query.where(col(Consultation.stage).in_(stages)) if stages else query
        ).all()

    def one(self, which: int, *stages: Stage) -> Consultation | None:
        found = self.all(*stages)
        return found[which % len(found)] if found else None

    def offered(self) -> list[int]:
        query = select(Consultation.id).where(Consultation.stage == Stage.OFFERED)
        return [number or 0 for number in self.office.session.exec(query)]

    def open_offer(self, number: int) -> Offer | None:
        held = select(Offer).where(Offer.consultation_id == number, Offer.state == OfferState.OPEN)
        return self.office.session.exec(held).first()

    def is_held_or_nobody_is_there(self, number: int) -> bool:
        session, found = self.office.session, self.office.consultation(number)
        return self.open_offer(number) is not None or not admins_here(session, found)

    def admins_came_back(self, number: int) -> bool:
        """Nobody was there when it came to the end of the line; the next look will offer it."""
        cards = [owed for owed in self.deliveries() if owed.card == "nobody_yet"]
        return any(owed.values["consultation"] == number for owed in cards)

    def offer_shown(self, chat: int, which: int) -> int:
        shown = [owed.values["offer"] for owed in self.office.owed(chat) if owed.card == "offer"]
        return shown[which % len(shown)] if shown else 0

    def message_in(self, chat: int, which: int) -> int | None:
        sent = [owed.sent_message for owed in self.office.owed(chat) if owed.sent_message]
        return sent[which % len(sent)] if sent else None

    def person_in(self, chat: int) -> int:
        return self.office.people[chat]

    def chat_of(self, person: int) -> int:
        return next(chat for chat, known in self.office.people.items() if known == person)

    def has_accepted(self, chat: int, asker: int) -> bool:
        """One of this asker's consultations, now or before."""
        query = select(Consultation.id).where(Consultation.asker_id == self.person_in(asker))
        return any(
            self.taken_by(number or 0)[self.person_in(chat)]
            for number in self.office.session.exec(query)
        )

    def taken_by(self, number: int) -> Counter[int]:
        """Who has had a consultation, and how often they came to it."""
        accepted = select(Offer.person_id).where(
            Offer.consultation_id == number,
            col(Offer.state).in_([OfferState.ACCEPTED, OfferState.LEFT]),
            Offer.offered_as != OfferedAs.TRANSFERRED,
        )
        moved = select(Transfer.to_id).where(
            Transfer.consultation_id == number, Transfer.state == TransferState.ACCEPTED
        )
        session = self.office.session
        return Counter([*session.exec(accepted), *session.exec(moved)])
