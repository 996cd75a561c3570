"""Several workers on one PostgreSQL: each share has one owner, and each worker a fair part."""

from collections.abc import Iterator
from datetime import datetime

import psycopg
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Engine, text
from sqlmodel import Session, SQLModel, select

from bot.delivery import workers
from bot.delivery.membership import end_idle_transactions
from bot.delivery.shares import ALL, LEADING, SHARES, Shares, share_of
from bot.delivery.tables import LaneShare, Worker
from bot.delivery.workers import LeaseLostError, fair_part
from knowledge.database import DatabaseAwayError, open_engine

LEASE = 600.0


@pytest.fixture
def engine(postgres_url: str) -> Iterator[Engine]:
    engine = open_engine(postgres_url)
    SQLModel.metadata.create_all(engine)
    yield engine
    engine.dispose()


class Office:
    """Workers that a test hires, lets beat, and kills; `shares` are what each believes."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.shares: dict[int, Shares] = {}

    def hire(self) -> int:
        with Session(self.engine) as session:
            worker = workers.join(session, "test", LEASE)
            session.commit()
        self.shares[worker] = Shares((), alone=False)
        return worker

    def beat(self, worker: int) -> None:
        """As a worker does it, but that nothing is ever under way."""
        shares = self.shares[worker]
        with Session(self.engine) as session:
            workers.renew(session, worker, LEASE, there=False)
            workers.bury(session, worker)
            session.commit()
        with Session(self.engine) as session:
            found = workers.deal(session, worker)
            session.commit()
        shares.take(found.owned)
        excess = sorted(found.owned - {LEADING})[: found.excess]
        shares.leave(excess)
        with Session(self.engine) as session:
            workers.give_back(session, worker, excess)
            session.commit()

    def all_beat(self, times: int = 2) -> None:
        for _ in range(times):
            for worker in sorted(self.shares):
                self.beat(worker)

    def lapse(self, worker: int) -> None:
        """Its lease has run out; it does not know yet."""
        with Session(self.engine) as session:
            session.get_one(Worker, worker).until = past(session)
            session.commit()

    def owned(self) -> dict[int, set[int]]:
        """By worker, as the database has it."""
        with Session(self.engine) as session:
            rows = session.exec(select(LaneShare)).all()
        return {
            worker: {row.share for row in rows if row.owner == worker} for worker in self.shares
        }


def past(session: Session) -> datetime:
    ago = text("SELECT now() - interval '1 hour'")
    found: datetime = session.connection().execute(ago).scalar_one()
    return found


@pytest.fixture
def office(engine: Engine) -> Office:
    return Office(engine)


def sizes(office: Office) -> list[int]:
    return sorted(len(shares) for shares in office.owned().values())


@pytest.mark.parametrize("living", [1, 2, 3, 10, 63, 64, 65, 100])
def test_fair_parts_are_all_shares_and_differ_by_one_at_most(living: int) -> None:
    parts = [fair_part(rank, living) for rank in range(living)]
    assert sum(parts) == SHARES
    assert max(parts) - min(parts) <= 1


def test_the_database_and_this_process_deal_chats_alike(engine: Engine) -> None:
    chats = [0, 1, 63, 64, 7_000_000_001, -5, -1_001_234_567_890]
    counted = text("SELECT CAST(:chat AS bigint) & 63")
    with engine.connect() as connection:
        found = [connection.execute(counted, {"chat": chat}).scalar_one() for chat in chats]
    assert found == [share_of(chat) for chat in chats]
    assert set(found) <= ALL


def test_the_first_worker_owns_everything_and_leads(office: Office) -> None:
    first = office.hire()
    office.beat(first)
    assert office.owned() == {first: set(ALL)}
    assert office.shares[first].leads


def test_whoever_joins_gets_a_fair_part_and_the_leader_stays(office: Office) -> None:
    first = office.hire()
    office.beat(first)
    for _ in range(2):
        office.hire()
    office.all_beat()
    assert sizes(office) == [21, 21, 22]
    assert LEADING in office.owned()[first]
    assert [shares.leads for shares in office.shares.values()] == [True, False, False]


def test_what_a_worker_leaves_is_shared_among_the_others(office: Office, engine: Engine) -> None:
    first, second, third = (office.hire() for _ in range(3))
    office.all_beat()
    with Session(engine) as session:
        workers.leave(session, first)
        session.commit()
    del office.shares[first]
    office.all_beat()
    assert sizes(office) == [32, 32]
    assert office.shares[second].leads != office.shares[third].leads


def test_a_worker_whose_lease_ran_out_is_buried_and_succeeded(office: Office) -> None:
    first, second = office.hire(), office.hire()
    office.all_beat()
    office.lapse(first)
    office.beat(second)
    assert office.owned() == {first: set(), second: set(ALL)}
    with pytest.raises(LeaseLostError):
        office.beat(first)


def test_a_worker_that_was_late_but_is_not_buried_goes_on(office: Office) -> None:
    first = office.hire()
    office.beat(first)
    office.lapse(first)
    office.beat(first)
    assert office.owned() == {first: set(ALL)}


def test_a_transaction_of_a_buried_worker_is_refused(office: Office, engine: Engine) -> None:
    first, second = office.hire(), office.hire()
    office.lapse(first)
    office.beat(second)
    with Session(engine) as session, pytest.raises(LeaseLostError):
        workers.hold(session, first)


def test_nobody_is_buried_in_the_middle_of_a_transaction(office: Office, engine: Engine) -> None:
    first, second = office.hire(), office.hire()
    office.beat(first)
    office.lapse(first)
    with Session(engine) as session:
        workers.hold(session, first)
        office.beat(second)
        assert len(office.owned()[first]) == SHARES // 2
        session.commit()
    office.beat(second)
    assert office.owned()[first] == set()


def test_a_worker_whose_lock_is_free_is_missed_at_once(
    office: Office, engine: Engine, postgres_url: str
) -> None:
    first, second = office.hire(), office.hire()
    office.all_beat()
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s, %s)", [workers.ALIVE, first])
        with Session(engine) as session:
            workers.renew(session, first, LEASE, there=True)
            session.commit()
        office.beat(second)
        assert len(office.owned()[first]) == SHARES // 2
    office.beat(second)
    assert office.owned()[first] == set()


def test_a_transaction_in_which_its_worker_sleeps_is_ended_by_the_server(
    postgres_url: str, office: Office
) -> None:
    first, second = office.hire(), office.hire()
    office.beat(first)
    sleeping = open_engine(postgres_url)
    end_idle_transactions(sleeping, 0.05)
    with Session(sleeping) as session:
        workers.hold(session, first)
        office.lapse(first)
        while office.owned()[first]:
            office.beat(second)
        with pytest.raises(DatabaseAwayError):
            workers.hold(session, first)
    sleeping.dispose()


def test_renewing_a_lease_waits_for_no_transaction(office: Office, engine: Engine) -> None:
    first = office.hire()
    with Session(engine) as session:
        workers.hold(session, first)
        office.beat(first)
        session.commit()


class Turnover(RuleBasedStateMachine):
    """Workers come, go, sleep and wake in any order."""

    engine: Engine

    def __init__(self) -> None:
        super().__init__()
        with self.engine.begin() as connection:
            connection.execute(text("TRUNCATE worker, lane_share"))
        self.office = Office(self.engine)
        self.asleep: set[int] = set()

    @property
    def awake(self) -> list[int]:
        return sorted(set(self.office.shares) - self.asleep)

    @rule()
    def come(self) -> None:
        self.office.hire()

    @precondition(lambda self: self.awake)
    @rule(data=st.data())
    def beat(self, data: st.DataObject) -> None:
        self.office.beat(data.draw(st.sampled_from(self.awake)))

    @precondition(lambda self: self.awake)
    @rule(data=st.data())
    def go(self, data: st.DataObject) -> None:
        worker = data.draw(st.sampled_from(self.awake))
        with Session(self.engine) as session:
            workers.leave(session, worker)
            session.commit()
        del self.office.shares[worker]

    @precondition(lambda self: self.awake)
    @rule(data=st.data())
    def sleep(self, data: st.DataObject) -> None:
        worker = data.draw(st.sampled_from(self.awake))
        self.office.lapse(worker)
        self.asleep.add(worker)

    @precondition(lambda self: self.asleep)
    @rule(data=st.data())
    def wake(self, data: st.DataObject) -> None:
        worker = data.draw(st.sampled_from(sorted(self.asleep)))
        self.asleep.remove(worker)
        try:
            self.office.beat(worker)
        except LeaseLostError:
            del self.office.shares[worker]

    @invariant()
    def nobody_acts_for_what_another_owns(self) -> None:
        """Who believes to own a share owns it, or can't commit anything."""
        owned = self.office.owned()
        for worker, shares in self.office.shares.items():
            if not shares.owned <= owned[worker]:
                with Session(self.engine) as session, pytest.raises(LeaseLostError):
                    workers.hold(session, worker)

    def teardown(self) -> None:
        if self.awake:
            for worker in self.asleep:
                del self.office.shares[worker]
            self.office.all_beat(3)
            found = sizes(self.office)
            assert sum(found) == SHARES
            assert found[-1] - found[0] <= 1


def test_whoever_comes_and_goes_no_share_has_two_owners_and_all_are_dealt(engine: Engine) -> None:
    machine = type("Machine", (Turnover,), {"engine": engine})
    run_state_machine_as_test(
        machine, settings=settings(max_examples=15, stateful_step_count=20, deadline=None)
    )
