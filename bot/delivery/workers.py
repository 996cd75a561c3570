"""Several processes on one PostgreSQL: who lives, and who owns which share of the chats.

A worker lives while its row is there. It renews its lease by the database's clock; one that did not
in time is buried by another: its row goes, and its shares are free. Every transaction of a worker
holds its row against that (`hold`), so that one which was only asleep can change nothing any more.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import bindparam, case, delete, func, insert, select, text, update
from sqlalchemy.dialects import postgresql
from sqlmodel import Session

from bot.delivery.committer import ClosedError
from bot.delivery.shares import ALL, SHARES
from bot.delivery.tables import LaneShare, Worker, table_of
from knowledge.prepared import Prepared

_workers, _shares = table_of(Worker), table_of(LaneShare)
_worker, _share = _workers.c, _shares.c
# The time of the statement: that of the transaction's beginning may be long ago.
_NOW = func.clock_timestamp()
_LEASE = _NOW + func.make_interval(0, 0, 0, 0, 0, 0, bindparam("lease"))
# Burying a row waits for whoever holds it so; renewing its lease does not.
_HOLD = Prepared(
    select(_worker.id)
    .where(_worker.id == bindparam("this"))
    .with_for_update(read=True, key_share=True)
)
# One deals out shares at a time: no share is counted twice.
_DEALING = text("SELECT pg_advisory_xact_lock(6041970)")
# The lock of a worker that is there is this with its number.
ALIVE = 6041971
CHANNEL = "xiaoqi"


# The server's own limit overlooks a session whose client fell asleep between two messages of a
# pipeline, which executemany is.
APPLICATION = "xiaoqi worker"
_END_ASLEEP = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
    " AND application_name = :name AND state LIKE 'idle in transaction%'"
    " AND state_change < clock_timestamp() - make_interval(secs => :idle)"
)


class LeaseLostError(ClosedError):
    """This worker was taken for dead, and others do its work: nothing of this was kept."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a worker owns, and how much of it is to be given back so that each has a fair part."""

    owned: frozenset[int]
    excess: int


def hold(session: Session, worker: int) -> None:
    """Until this transaction ends the worker is not buried. Raises LeaseLostError if it was."""
    if not _HOLD.rows(session, this=worker):
        raise LeaseLostError


def join(session: Session, name: str, lease: float) -> int:
    """Be a worker from now on: its number."""
    connection = session.connection()
    rows = [{"share": share} for share in sorted(ALL)]
    connection.execute(postgresql.insert(_shares).on_conflict_do_nothing(), rows)
    values = {"name": name[:64], "until": _LEASE, "there": False}
    made = insert(_workers).values(values).returning(_worker.id)
    return int(connection.execute(made, {"lease": lease}).scalar_one())


def renew(session: Session, worker: int, lease: float, *, there: bool) -> None:
    """`there`: it holds its lock. Raises LeaseLostError where it was buried."""
    renewed = update(_workers).where(_worker.id == worker).values(until=_LEASE, there=there)
    if not session.connection().execute(renewed, {"lease": lease}).rowcount:
        raise LeaseLostError


def end_asleep(session: Session, idle: float) -> None:
    """End workers' transactions in which nothing was asked for so many seconds."""
    session.connection().execute(_END_ASLEEP, {"name": APPLICATION, "idle": idle})


def bury(session: Session, worker: int) -> list[str]:
    """Delete the other workers whose lease has run out, or whose lock is free; their names.

    One that holds its row at this moment is left for the next time.
    """
    missed = func.pg_try_advisory_xact_lock(ALIVE, _worker.id)
    # In this order: to ask for a lock is to take it.
    dead = case(
        (_worker.id == worker, False),
        (_worker.until < _NOW, True),
        (_worker.there, missed),
        else_=False,
    )
    found = select(_worker.id).where(dead).with_for_update(skip_locked=True)
    buried = delete(_workers).where(_worker.id.in_(found)).returning(_worker.name)
    return list(session.connection().execute(buried).scalars())


def begin_dealing(session: Session) -> None:
    """Wait for whoever deals out shares now."""
    session.connection().execute(_DEALING)


def deal(session: Session, worker: int) -> Standing:
    """Take free shares up to a fair part; what is owned then, and what of it is too much."""
    connection = session.connection()
    begin_dealing(session)
    living = list(connection.execute(select(_worker.id).order_by(_worker.id)).scalars())
    if worker not in living:
        raise LeaseLostError
    owners = {row.share: row.owner for row in connection.execute(select(_shares))}
    owned = [share for share, owner in owners.items() if owner == worker]
    fair = fair_part(living.index(worker), len(living))
    free = sorted(share for share, owner in owners.items() if owner is None)
    taken = free[: max(0, fair - len(owned))]
    _give(session, taken, worker)
    return Standing(frozenset([*owned, *taken]), max(0, len(owned) - fair))


def give_back(session: Session, worker: int, shares: Collection[int]) -> None:
    """What is under way in them has ended: they are free."""
    freed = update(_shares).where(_share.share.in_(shares), _share.owner == worker)
    session.connection().execute(freed.values(owner=None))


def say(session: Session, words: Iterable[str]) -> None:
    """To all workers that listen, once this is committed."""
    for word in words:
        session.connection().execute(select(func.pg_notify(CHANNEL, word)))


def leave(session: Session, worker: int) -> None:
    """A worker that ends frees all that it owns."""
    session.connection().execute(delete(_workers).where(_worker.id == worker))


def fair_part(rank: int, living: int) -> int:
    """How many shares the worker of this rank has, among so many: they differ by one at most."""
    return SHARES // living + (rank < SHARES % living)


def _give(session: Session, shares: Iterable[int], worker: int) -> None:
    given = update(_shares).where(_share.share.in_(list(shares))).values(owner=worker)
    session.connection().execute(given)
