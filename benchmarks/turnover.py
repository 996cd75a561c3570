"""Workers killed, put to sleep beyond their lease and woken at random, while everybody talks.

    python -m benchmarks.turnover [--seconds N] [--seed N] [--pairs N]

Three real workers on one PostgreSQL behind a balancer; one that is killed is replaced. Says how
many messages were lost, in a wrong chat, and there twice (and of how many that is marked), and in
how many chats the order was not kept; ends with 1 where a promise was broken.
"""

import argparse
import asyncio
from collections.abc import Callable
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from benchmarks.team import Team, team
from benchmarks.workers import database, serving

WORKERS, LEASE = 3, 3.0
# So many of one person's messages may be on their way.
AHEAD = 40
AWAKE = 120.0


class Turnover:
    def __init__(self, made: Team, seed: int) -> None:
        self._team, self._random = made, Random(seed)
        self._asleep: set[int] = set()
        self.killed = self.stopped = 0

    async def rage(self, seconds: float) -> None:
        """One act every few seconds; all are awake at the end, and everything has arrived."""
        talking = asyncio.create_task(self._talk())
        acts: list[Callable[[], object]] = [self._kill, self._stop, self._wake, self._wake]
        end = asyncio.get_running_loop().time() + seconds
        while asyncio.get_running_loop().time() < end:
            await asyncio.sleep(self._random.uniform(1.0, 4.0))
            self._random.choice(acts)()
            while len(self._team.workers) < WORKERS:
                await self._team.launch()
        talking.cancel()
        while self._asleep:
            self._wake()
        await self._team.until_arrived(AWAKE)

    async def _talk(self) -> None:
        while True:
            for pair in self._team.pairs:
                if len(pair.said) - len(set(pair.arrived())) < AHEAD:
                    pair.say()
            await asyncio.sleep(0.25)

    def _awake(self) -> list[int]:
        return [port for port in self._team.workers if port not in self._asleep]

    def _kill(self) -> None:
        if len(self._awake()) > 1:
            self.killed += 1
            self._team.strike(self._random.choice(self._awake()))

    def _stop(self) -> None:
        if len(self._awake()) > 1:
            self.stopped += 1
            port = self._random.choice(self._awake())
            self._team.stop(port)
            self._asleep.add(port)

    def _wake(self) -> None:
        if self._asleep:
            port = self._random.choice(sorted(self._asleep))
            self._team.wake(port)
            self._asleep.remove(port)


async def run(server: str, seconds: float, seed: int, pairs: int) -> bool:
    """Whether every promise was kept; it is printed."""
    with TemporaryDirectory(prefix="xiaoqi-turnover-") as folder, database(server) as url:
        async with team(url, Path(folder), pairs=pairs, lease=LEASE) as made:
            await made.hire(WORKERS)
            turnover = Turnover(made, seed)
            await turnover.rage(seconds)
            found = made.judged()
    print(f"killed {turnover.killed}, put to sleep {turnover.stopped}; {found}")
    return found.whole


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=180.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pairs", type=int, default=16)
    given = parser.parse_args()
    with serving() as own:
        whole = asyncio.run(run(own, given.seconds, given.seed, given.pairs))
    raise SystemExit(not whole)
