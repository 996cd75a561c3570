"""A long storm: `python -m tests.fuzzing --updates 100000 --seed 1`; 1 if anything went wrong."""

import argparse
import asyncio
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlmodel import create_engine

import tests.conftest  # noqa: F401 (its engines have keys)
from benchmarks.desk import UNLIMITED
from bot.demo import cast, database_url
from bot.simulator.server import Simulator
from bot.simulator.world import World
from tests.end_to_end.conftest import Desk, load_library
from tests.fuzzing.storm import Report, storm


async def run(updates: int, seed: int) -> Report:
    with TemporaryDirectory(prefix="xiaoqi-storm-") as folder:
        place = load_library(Path(folder))
        world = World(time.time)
        engine = create_engine(database_url(place))
        cast(engine, world)
        engine.dispose()
        async with Simulator(world) as simulator:
            desk = Desk(simulator, world, place, dict(UNLIMITED, LOG_LEVEL="CRITICAL"))
            await desk.start()
            try:
                return await storm(desk, updates, seed)
            finally:
                await desk.stop()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--updates", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    found = asyncio.run(run(given.updates, given.seed))
    print(f"odd updates {found.odd}, of which not treated: {len(found.failed)}")
    print(f"broken updates {found.broken}, of which set aside: {found.set_aside}")
    print(f"deliveries owed {found.deliveries}, to the wrong person: {found.misdirected}")
    print(f"secrets seen elsewhere: {len(found.leaks)}")
    print(*found.failed[:20], *found.leaks[:20], sep="\n")
    return int(bool(found.failed or found.leaks or found.misdirected))


if __name__ == "__main__":
    sys.exit(main())
