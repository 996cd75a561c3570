"""Two updates at once, on PostgreSQL, where transactions run side by side."""

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine
from sqlmodel import Session, SQLModel, col, select

from bot.delivery.tables import Delivery
from bot.desk import accepting, choosing, inviting, offering, reminding, talking
from bot.desk.errors import RefusedError
from bot.desk.ranking import CAPACITY
from bot.desk.tables import Consultation, MentorDesk, Offer, OfferState, Stage
from knowledge.database import open_engine
from tests.bot.desk.conftest import ADMIN, ASKER, DAY, MENTORS, NOW, Office, furnish

SECOND_ADMIN = 402
SECOND_ASKER = 101
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


@pytest.fixture
def engine(postgres_url: str) -> Iterator[Engine]:
    made = open_engine(postgres_url)
    SQLModel.metadata.create_all(made)
    yield made
    made.dispose()


@pytest.fixture
def committed(engine: Engine) -> Iterator[Office]:
    """An office whose question is on offer, in the database for every connection to see."""
    with Session(engine) as session:
        office = furnish(session)
        office.join(SECOND_ADMIN, "管理员二", "admin")
        yield office


class Update(threading.Thread):
    """A use case in a transaction of its own; `refused` holds the code of a refusal."""

    def __init__(self, engine: Engine, use_case: Callable[..., Any], *args: Any) -> None:
        super().__init__(daemon=True)
        self._engine, self._use_case, self._args = engine, use_case, args
        self.refused = ""
        self.start()

    def run(self) -> None:
        with Session(self._engine) as session:
            try:
                self._use_case(session, *self._args, now=NOW + DAY)
                session.commit()
            except RefusedError as refused:
                self.refused = refused.code


def until_it_waits(url: str, update: Update) -> None:
    """Until the update waits for a lock, or has ended without."""
    with psycopg.connect(url, autocommit=True) as connection:
        while update.is_alive():
            waiting = connection.execute(WAITING).fetchone()
            if waiting and waiting[0]:
                return


def beside(url: str, engine: Engine, first: Callable[[Session], object], *second: Any) -> Update:
    """`second` begins while `first` is done and not yet committed."""
    with Session(engine) as session:
        first(session)
        session.flush()
        update = Update(engine, *second)
        until_it_waits(url, update)
        session.commit()
    update.join(30)
    assert not update.is_alive()
    return update


def test_an_offer_accepted_at_its_deadline_is_not_passed_on(
    postgres_url: str, engine: Engine, committed: Office
) -> None:
    number = committed.ask()
    committed.send(number)
    offer = committed.offer(number).id or 0
    committed.session.commit()

    def accept(session: Session) -> None:
        accepting.accept(session, MENTORS[0], offer, now=NOW)

    beside(postgres_url, engine, accept, offering.expire_due, DAY)
    with Session(engine) as session:
        assert session.get_one(Consultation, number).stage is Stage.ACTIVE
        assert [one.state for one in session.exec(select(Offer))] == [OfferState.ACCEPTED]


def test_an_offer_that_is_being_accepted_is_not_reminded_of(
    postgres_url: str, engine: Engine, committed: Office
) -> None:
    number = committed.ask()
    committed.send(number)
    offer = committed.offer(number).id or 0
    committed.session.commit()

    def accept(session: Session) -> None:
        accepting.accept(session, MENTORS[0], offer, now=NOW + DAY / 2)

    beside(postgres_url, engine, accept, reminding.remind_due)
    assert "offer_below" not in committed.cards(MENTORS[0])


def test_two_desks_that_remind_at_once_remind_once(
    postgres_url: str, engine: Engine, committed: Office
) -> None:
    number = committed.ask()
    committed.send(number)
    committed.session.commit()

    def remind(session: Session) -> None:
        reminding.remind_due(session, now=NOW + DAY / 2)

    beside(postgres_url, engine, remind, reminding.remind_due)
    assert committed.cards(MENTORS[0]).count("offer_below") == 1


def test_what_is_written_off_work_by_two_messages_at_once_is_answered_once(
    postgres_url: str, engine: Engine, committed: Office
) -> None:
    number = committed.talk()
    committed.session.get_one(Consultation, number).accepted_at = NOW - DAY
    first, second = committed.heard(ASKER), committed.heard(ASKER)
    committed.session.commit()
    # Of the day on which NOW is they work no hour.
    said = MentorDesk(person_id=committed.people[MENTORS[0]], hours="Sun 09:00-18:00")
    committed.session.add(said)
    committed.session.commit()

    def write(session: Session) -> None:
        talking.relay(session, first, number, now=NOW + DAY)

    beside(postgres_url, engine, write, talking.relay, second, number)
    assert committed.cards(ASKER).count("off_work") == 1
    assert len(committed.copies(MENTORS[0])) == 2


def test_of_two_admins_who_accept_at_once_one_has_it(
    postgres_url: str, engine: Engine, committed: Office
) -> None:
    number = committed.ask(found=0)
    choosing.choose_nobody(committed.session, ASKER, number, now=NOW)
    committed.confirm(number)
    first, second = (committed.last(chat, "offer")["offer"] for chat in (ADMIN, SECOND_ADMIN))
    committed.session.commit()

    def accept(session: Session) -> None:
        accepting.accept(session, ADMIN, first, now=NOW)

    late = beside(postgres_url, engine, accept, accepting.accept, SECOND_ADMIN, second)
    assert late.refused == "offer_ended"
    with Session(engine) as session:
        mentor = session.get_one(Consultation, number).mentor_id
        assert mentor == committed.people[ADMIN]


def test_what_is_written_while_somebody_accepts_is_carried(
    postgres_url: str, engine: Engine, committed: Office
) -> None:
    number = committed.ask()
    committed.send(number)
    offer = committed.offer(number).id or 0
    heard = committed.heard(ASKER, "补充一句")
    committed.session.commit()

    def accept(session: Session) -> None:
        accepting.accept(session, MENTORS[0], offer, now=NOW)

    beside(postgres_url, engine, accept, talking.relay, heard, number)
    with Session(engine) as session:
        owed = select(Delivery).where(Delivery.source_message == heard.message_id)
        assert [one.chat_id for one in session.exec(owed)] == [MENTORS[0]]


def test_accepting_waits_for_what_is_being_written(
    postgres_url: str, engine: Engine, committed: Office
) -> None:
    number = committed.ask()
    committed.send(number)
    offer = committed.offer(number).id or 0
    heard = committed.heard(ASKER, "补充一句")
    committed.session.commit()

    def write(session: Session) -> None:
        talking.relay(session, heard, number, now=NOW)

    beside(postgres_url, engine, write, accepting.accept, MENTORS[0], offer)
    with Session(engine) as session:
        owed = select(Delivery).where(Delivery.source_message == heard.message_id)
        assert [one.chat_id for one in session.exec(owed)] == [MENTORS[0]]


def test_a_question_withdrawn_while_a_mentor_accepts_has_one_end(
    postgres_url: str, engine: Engine, committed: Office
) -> None:
    number = committed.ask()
    committed.send(number)
    offer = committed.offer(number).id or 0
    committed.session.commit()

    def withdraw(session: Session) -> None:
        offering.withdraw(session, ASKER, number, now=NOW)

    late = beside(postgres_url, engine, withdraw, accepting.accept, MENTORS[0], offer)
    assert late.refused == "offer_ended"
    with Session(engine) as session:
        assert session.get_one(Consultation, number).stage is Stage.WITHDRAWN


def test_an_invite_opened_by_two_at_once_lets_one_in(
    postgres_url: str, engine: Engine, committed: Office
) -> None:
    inviting.invite(committed.session, ADMIN, "mentor", None, b"key", 3 * DAY, now=NOW)
    token = committed.last(ADMIN, "invite")["token"]
    committed.session.commit()

    def redeem(session: Session) -> None:
        inviting.redeem(session, 900, "甲", "zh", token, b"key", now=NOW)

    late = beside(postgres_url, engine, redeem, inviting.redeem, 901, "乙", "zh", token, b"key")
    assert late.refused == "invite_used"


def test_send_pressed_twice_at_once_sends_once(
    postgres_url: str, engine: Engine, committed: Office
) -> None:
    number = committed.ask()
    committed.choose(number)
    seen = committed.last(ASKER, "preview")["seen"]
    committed.session.commit()

    def send(session: Session) -> None:
        with suppress(RefusedError):
            offering.confirm(session, ASKER, number, seen, DAY, now=NOW)

    late = beside(postgres_url, engine, send, offering.confirm, ASKER, number, seen, DAY)
    assert late.refused == "wrong_stage"
    with Session(engine) as session:
        assert len(session.exec(select(Offer)).all()) == 1


def test_of_two_who_choose_a_mentor_with_room_for_one_both_are_sent_and_one_is_told_of_it(
    postgres_url: str, engine: Engine, committed: Office
) -> None:
    for _ in range(CAPACITY - 1):
        committed.send(committed.ask())
    committed.join(SECOND_ASKER, "李老板", "asker")
    numbers = [committed.ask(chat) for chat in (ASKER, SECOND_ASKER)]
    for number in numbers:
        committed.choose(number)
    first, second = (committed.last(chat, "preview") for chat in (ASKER, SECOND_ASKER))
    assert (first["busy"], second["busy"]) == (0, 0)
    committed.session.commit()

    def send(session: Session) -> None:
        offering.confirm(session, ASKER, numbers[0], first["seen"], DAY, now=NOW)

    late = (offering.confirm, SECOND_ASKER, numbers[1], second["seen"], DAY)
    assert beside(postgres_url, engine, send, *late).refused == ""
    mentor = committed.people[MENTORS[0]]
    with Session(engine) as session:
        seen = Office(session)
        asked = select(Offer.person_id).where(col(Offer.consultation_id).in_(numbers))
        assert session.exec(asked).all() == [mentor, mentor]
        assert seen.last(ASKER, "sent")["busy"] == 0
        assert seen.last(SECOND_ASKER, "sent")["busy"] == CAPACITY


def test_of_two_offered_at_once_to_a_mentor_with_one_place_a_week_one_goes_to_the_next(
    postgres_url: str, engine: Engine, committed: Office
) -> None:
    """The mentor's own row is what the second waits for: each would count without the other."""
    committed.session.add(MentorDesk(person_id=committed.people[MENTORS[0]], capacity=1))
    committed.join(SECOND_ASKER, "李老板", "asker")
    numbers = [committed.ask(chat) for chat in (ASKER, SECOND_ASKER)]
    for number in numbers:
        committed.choose(number)
    first, second = (committed.last(chat, "preview")["seen"] for chat in (ASKER, SECOND_ASKER))
    committed.session.commit()

    def send(session: Session) -> None:
        offering.confirm(session, ASKER, numbers[0], first, DAY, now=NOW)

    late = (offering.confirm, SECOND_ASKER, numbers[1], second, DAY)
    assert beside(postgres_url, engine, send, *late).refused == ""
    with Session(engine) as session:
        asked = select(Offer.person_id).where(col(Offer.consultation_id).in_(numbers))
        offered = session.exec(asked.order_by(col(Offer.id))).all()
    assert offered == [committed.people[MENTORS[0]], committed.people[MENTORS[1]]]
