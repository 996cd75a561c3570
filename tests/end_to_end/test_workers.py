"""Three workers on one PostgreSQL: one dies, one sleeps past its lease; no message is lost."""

import asyncio
from collections import Counter
from pathlib import Path
from random import Random

import pytest
from sqlmodel import Session, select

from benchmarks.team import Team, team, until
from bot.delivery.ledger import REPEATED
from bot.delivery.tables import Delivery, InboxUpdate

# The lease is long enough for a machine that is busy with starting them.
PAIRS, STORM, LEASE = 16, 20, 4.0


def repeated(team: Team) -> int:
    """Deliveries of which nobody knows whether they had gone."""
    with Session(team.engine) as session:
        return len(session.exec(select(Delivery).where(Delivery.error == REPEATED)).all())


def hold_it_together(team: Team) -> None:
    """Everything arrived where it belongs, in its order, once but for what is marked."""
    twice = 0
    for pair in team.pairs:
        arrived = pair.arrived()
        assert list(dict.fromkeys(arrived)) == pair.said
        twice += len(arrived) - len(pair.said)
        assert max(Counter(arrived).values()) <= 2
    assert twice <= repeated(team)
    with Session(team.engine) as session:
        undone = select(InboxUpdate).where(InboxUpdate.done_at == None)  # noqa: E711 (SQL)
        assert session.exec(undone).all() == []


async def storm(team: Team) -> None:
    """A message of everybody, again and again."""
    for _ in range(STORM):
        for pair in team.pairs:
            pair.say()
        await asyncio.sleep(0)


def arrived(team: Team) -> int:
    return sum(len(pair.arrived()) for pair in team.pairs)


@pytest.mark.timeout(240)
async def test_neither_a_killed_worker_nor_a_sleeping_one_loses_or_doubles_anything(
    postgres_url: str, tmp_path: Path
) -> None:
    random = Random(20261123)
    async with team(postgres_url, tmp_path, pairs=PAIRS, lease=LEASE) as workers:
        await workers.hire(3)
        await storm(workers)
        await until(lambda: arrived(workers) >= PAIRS * STORM // 3)
        await workers.kill(random.choice(list(workers.workers)))
        await until(workers.all_arrived)
        await workers.until_dealt(2)
        hold_it_together(workers)

        before = arrived(workers)
        await storm(workers)
        await until(lambda: arrived(workers) >= before + PAIRS * STORM // 3)
        sleeper = random.choice(list(workers.workers))
        workers.stop(sleeper)
        await until(workers.all_arrived)
        await workers.until_dealt(1)
        hold_it_together(workers)

        workers.wake(sleeper)
        await storm(workers)
        await until(workers.all_arrived)
        await workers.until_dealt(2)
        hold_it_together(workers)
        assert workers.workers[sleeper].returncode is None
