"""Three workers on one PostgreSQL: one dies, one sleeps past its lease; no message is lost."""

import asyncio
from pathlib import Path
from random import Random

import pytest

from benchmarks.team import Team, team, until

# The lease is long enough for a machine that is busy with starting them.
PAIRS, STORM, LEASE = 16, 20, 4.0


async def storm(team: Team) -> None:
    """A message of everybody, again and again; a third of them has arrived."""
    before = arrived(team)
    for _ in range(STORM):
        for pair in team.pairs:
            pair.say()
        await asyncio.sleep(0)
    await until(lambda: arrived(team) >= before + PAIRS * STORM // 3)


def arrived(team: Team) -> int:
    return sum(len(pair.arrived()) for pair in team.pairs)


async def hold_it_together(team: Team, living: int) -> None:
    """Everything arrived where it belongs, in its order, once but for what is marked."""
    await team.until_arrived()
    await team.until_dealt(living)
    found = team.judged()
    assert found.whole, found


@pytest.mark.timeout(240)
async def test_neither_a_killed_worker_nor_a_sleeping_one_loses_or_doubles_anything(
    postgres_url: str, tmp_path: Path
) -> None:
    random = Random(20261123)
    async with team(postgres_url, tmp_path, pairs=PAIRS, lease=LEASE) as workers:
        await workers.hire(3)
        await storm(workers)
        workers.strike(random.choice(list(workers.workers)))
        await hold_it_together(workers, 2)

        await storm(workers)
        sleeper = random.choice(list(workers.workers))
        workers.stop(sleeper)
        await hold_it_together(workers, 1)

        workers.wake(sleeper)
        await storm(workers)
        await hold_it_together(workers, 2)
        assert workers.workers[sleeper].returncode is None
