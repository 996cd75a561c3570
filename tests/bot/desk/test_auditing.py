"""The account of what nobody may do unseen: added to, never changed, each row bound to the last."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import Session, SQLModel, select

from bot.desk import auditing
from bot.desk.tables import AppendOnlyError, Audit
from bot.sealing import KeyRing, install
from bot.sealing.resealing import reseal
from knowledge.database import open_engine
from tests.bot.desk.conftest import NOW, Office

REASON = "提问者投诉答复态度不好"


def record(session: Session, number: int) -> int:
    now = NOW + timedelta(minutes=number)
    return auditing.record(session, 6, "look", number, f"{REASON}{number}", now=now)


@pytest.fixture
def three(office: Office) -> Office:
    for number in range(1, 4):
        record(office.session, number)
    return office


def test_each_row_is_bound_to_the_one_before(three: Office) -> None:
    rows = three.session.exec(select(Audit).order_by(Audit.id)).all()
    assert [row.previous for row in rows] == [auditing.BEGINNING, rows[0].hash, rows[1].hash]
    assert auditing.broken_at(three.session) is None


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit SET actor_id = 7 WHERE id = 2",
        "UPDATE audit SET consultation_id = 9 WHERE id = 2",
        "UPDATE audit SET reason = '别的理由' WHERE id = 2",
        "UPDATE audit SET at = '2026-01-01 00:00:00' WHERE id = 2",
        "UPDATE audit SET act = 'nothing' WHERE id = 2",
    ],
)
def test_a_row_changed_in_the_database_itself_is_found(three: Office, change: str) -> None:
    three.session.connection().execute(text(change))
    three.session.expire_all()
    assert auditing.broken_at(three.session) == 2


def test_a_row_cut_out_is_found_by_the_next(three: Office) -> None:
    three.session.connection().execute(text("DELETE FROM audit WHERE id = 2"))
    three.session.expire_all()
    assert auditing.broken_at(three.session) == 3


def test_the_desk_itself_neither_changes_nor_deletes_a_row(three: Office) -> None:
    for act in ("change", "delete"):
        with three.session.begin_nested() as savepoint:
            row = three.session.get_one(Audit, 2)
            if act == "change":
                row.reason = "别的理由"
            else:
                three.session.delete(row)
            with pytest.raises(AppendOnlyError):
                three.session.flush()
            savepoint.rollback()
    assert auditing.broken_at(three.session) is None


def test_the_account_names_who_and_why_and_ends_with_the_newest_hash(three: Office) -> None:
    told = auditing.account(three.session)
    assert len(told.lines) == 3
    assert told.lines[0].startswith("1  2026-11-23 02:01 UTC  look #1  by 管理员 (6)")
    assert told.lines[0].endswith(f"{REASON}1")
    assert told.broken_at is None
    assert told.newest == three.session.get_one(Audit, 3).hash


def test_the_chain_holds_whichever_key_seals_the_reasons(tmp_path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'x.db'}")
    install(engine, KeyRing([b"1" * 32]))
    SQLModel.metadata.create_all(engine)
    with Session(engine) as session:
        record(session, 1)
        record(session, 2)
        session.commit()
    install(engine, KeyRing([b"2" * 32, b"1" * 32]))
    assert reseal(engine, SQLModel.metadata) == 2
    with Session(engine) as session:
        assert auditing.broken_at(session) is None


def test_of_two_who_add_at_once_none_is_lost_and_the_chain_holds(postgres_url: str) -> None:
    engine = open_engine(postgres_url)
    install(engine, KeyRing([b"1" * 32]))
    SQLModel.metadata.create_all(engine)
    together, failures = threading.Barrier(4), []

    def add(number: int) -> None:
        try:
            with Session(engine) as session:
                together.wait(timeout=30)
                record(session, number)
                session.commit()
        except BaseException as error:  # it would vanish with its thread
            failures.append(error)

    threads = [threading.Thread(target=add, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert failures == []
    with Session(engine) as session:
        assert len(session.exec(select(Audit)).all()) == 4
        assert auditing.broken_at(session) is None
    engine.dispose()
