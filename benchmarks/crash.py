"""What a desk that is killed again and again loses, repeats, and puts out of order.

    python -m benchmarks.crash [--kills N] [--minutes M] [--talks N] [--seed N]

The real process against the simulated Telegram: by polling and by webhook, on SQLite and on
PostgreSQL, in turn, so many kills each (SIGKILL: anywhere, as updates change hands, and after a
call before its answer). It ends when its minutes are over, and says how many kills there were.
"""

import argparse
import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from benchmarks.workers import database, serving
from bot.demo import database_url
from tests.reliability.checks import Report, report
from tests.reliability.driver import INSTANTS, ground

WAYS = [(name, webhook) for name in ("SQLite", "PostgreSQL") for webhook in (False, True)]


async def crashed(
    url: str, folder: Path, *, webhook: bool, kills: int, until: float, talks: int, seed: int
) -> Report:
    """Killed so often, or until the time is over; then let to finish, and counted."""
    random = Random(seed)
    async with ground(url, folder, talks=talks, webhook=webhook) as desk:
        for kill in range(kills):
            if time.monotonic() > until:
                break
            desk.storm()
            await desk.live_and_die(INSTANTS[kill % len(INSTANTS)], random)
        await desk.drained()
        return report(desk)


@contextmanager
def kept_in(name: str, folder: Path, server: str) -> Iterator[str]:
    if name == "SQLite":
        yield database_url(folder)
    else:
        with database(server) as url:
            yield url


def main(kills: int, minutes: float, talks: int, seed: int) -> None:
    print("database | by |", Report.heading(), flush=True)
    with serving() as server:
        for place, (name, webhook) in enumerate(WAYS):
            # What one way leaves of its time is not the next one's.
            until = time.monotonic() + minutes * 60 / len(WAYS)
            with TemporaryDirectory(prefix="xiaoqi-crash-") as made:
                folder = Path(made)
                with kept_in(name, folder, server) as url:
                    found = asyncio.run(
                        crashed(
                            url,
                            folder,
                            webhook=webhook,
                            kills=kills,
                            until=until,
                            talks=talks,
                            seed=seed + place,
                        )
                    )
            print(name, "|", "webhook" if webhook else "polling", "|", found.row(), flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=75, help="of each of the four ways")
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--talks", type=int, default=200)
    parser.add_argument("--seed", type=int, default=20261123)
    given = parser.parse_args()
    main(given.kills, given.minutes, given.talks, given.seed)
