"""What the desk holds, gives out, erases and sweeps, on PostgreSQL as on SQLite."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, SQLModel, col, select

from bot.delivery.tables import Delivery, DeliveryState
from bot.desk import absence, admitting, banning, closing, talking, undelivered
from bot.desk.policy import Policy
from bot.desk.rights.erasing import forget
from bot.desk.rights.giving import held_about
from bot.desk.rights.keeping import sweep
from bot.desk.tables import Ban, Chat, Consultation
from knowledge.database import open_engine
from tests.bot.desk.conftest import ADMIN, ASKER, DAY, MENTORS, NOW, Office, furnish
from tests.bot.desk.test_races import beside

SECOND_ADMIN = 402


@pytest.fixture
def engine(postgres_url: str) -> Iterator[Engine]:
    made = open_engine(postgres_url)
    SQLModel.metadata.create_all(made)
    yield made
    made.dispose()


@pytest.fixture
def office(engine: Engine) -> Iterator[Office]:
    with Session(engine) as session:
        made = furnish(session)
        made.join(SECOND_ADMIN, "管理员二", "admin")
        yield made


def test_what_is_held_is_released_in_order_and_given_up_in_time(office: Office) -> None:
    number = office.talk()
    undelivered.chat_lost(office.session, MENTORS[0], "blocked", DAY, now=NOW)
    written = [office.heard(ASKER) for _ in range(3)]
    for heard in written:
        talking.relay(office.session, heard, number, now=NOW)
    assert absence.give_up(office.session, DAY, now=NOW) == 0
    undelivered.chat_back(office.session, MENTORS[0], now=NOW)
    owed = select(Delivery.source_message).where(
        Delivery.state == DeliveryState.QUEUED, col(Delivery.source_message).is_not(None)
    )
    found = office.session.exec(owed.order_by(col(Delivery.id))).all()
    assert found == [heard.message_id for heard in written]
    undelivered.chat_lost(office.session, MENTORS[0], "blocked", DAY, now=NOW)
    assert absence.give_up(office.session, DAY, now=NOW + 2 * DAY) == 1


def test_everything_is_given_out_and_erased(office: Office) -> None:
    office.talk()
    held = held_about(office.session, ASKER, NOW)
    assert {"person", "role", "chat", "consultation"} <= {one.table for one in held.sections}
    forget(office.session, ASKER, int(NOW.timestamp()), DAY, now=NOW)
    assert office.session.get(Chat, ASKER) is None
    assert office.session.exec(select(Consultation.question)).all() == [""]


def test_what_ended_long_ago_is_swept_once(office: Office) -> None:
    number = office.talk()
    talking.relay(office.session, office.heard(ASKER), number, now=NOW)
    closing.settle(office.session, ASKER, number, True, now=NOW)
    late = NOW + timedelta(days=400)
    assert sweep(office.session, Policy(), now=late)["consultation"] == 1
    office.session.commit()
    assert sweep(office.session, Policy(), now=late) == {}


def ask_to_ban(office: Office, admin: int) -> None:
    banning.ask_reason(office.session, admin, office.people[ASKER], 0, now=NOW)


def test_of_two_admins_who_ban_the_same_person_at_once_one_does(
    office: Office, engine: Engine, postgres_url: str
) -> None:
    for admin in (ADMIN, SECOND_ADMIN):
        ask_to_ban(office, admin)
    office.session.commit()

    def first(session: Session) -> None:
        banning.ban(session, ADMIN, "辱骂对方", DAY, now=NOW)

    second = (banning.ban, SECOND_ADMIN, "辱骂对方", DAY)
    assert beside(postgres_url, engine, first, *second).refused == "banned_already"
    office.session.expire_all()
    assert len(office.session.exec(select(Ban)).all()) == 1
    assert admitting.admission(office.session, ASKER).banned


def test_two_taps_at_once_forget_once(office: Office, engine: Engine, postgres_url: str) -> None:
    office.talk()
    office.session.commit()
    asked = int((NOW + DAY).timestamp())

    def first(session: Session) -> None:
        forget(session, ASKER, asked, DAY, now=NOW + DAY)

    assert beside(postgres_url, engine, first, forget, ASKER, asked, DAY).refused == "not_started"
