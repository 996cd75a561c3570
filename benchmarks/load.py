"""How long a message takes at Telegram's own ceiling, for minutes, and whether memory stays flat.

    python -m benchmarks.load [--minutes N] [--rate N] [--pairs N] [--json]

People of `pairs` consultations, and as many who only have the bot, write `rate` messages a second
at random moments to the real process; each is timed from Telegram's having it to the call that
delivers its copy. Beside it python-telegram-bot's echo bot for a fifth of the time: it keeps
nothing, and answers in the writer's own chat.
"""

import argparse
import asyncio
import json
import os
import random
import statistics
import time
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.relay import CONTENDERS, PATIENCE, Running
from bot.simulator.events import Event
from bot.simulator.people import SimulatedPerson
from bot.simulator.server import Simulator
from bot.simulator.world import World

# The first messages open connections and warm statements.
WARMING = 30
# Memory is read so often, in seconds.
WATCHED = 5.0


@dataclass
class Felt:
    """Seconds that each message took, and megabytes resident over time."""

    took: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)

    def quantile(self, part: float) -> float:
        """In milliseconds."""
        return 1000 * statistics.quantiles(self.took, n=1000)[round(part * 1000) - 1]


async def feel(running: Running, rate: float, seconds: float, pairs: int, seed: int) -> Felt:
    world, felt, drawn = World(time.time), Felt(), random.Random(seed)
    askers = [world.add_person("提问人", started=True) for _ in range(pairs)]
    for _ in range(2 * pairs):
        world.add_person("旁人", started=True)
    begun: dict[str, float] = {}

    def arrived(event: Event) -> None:
        if event.kind != "message" or event.message is None or not event.message.from_bot:
            return
        start = begun.pop(event.message.text or "", None)
        if start is not None:
            felt.took.append(time.perf_counter() - start)

    async with Simulator(world) as simulator, running(simulator, askers):
        world.subscribe(arrived)
        await _write(askers, begun, drawn, rate, WARMING / rate, world)
        felt.took.clear()
        watching = asyncio.create_task(_watch(felt))
        await _write(askers, begun, drawn, rate, seconds, world)
        watching.cancel()
    return felt


async def _write(
    askers: list[SimulatedPerson],
    begun: dict[str, float],
    drawn: random.Random,
    rate: float,
    seconds: float,
    world: World,
) -> None:
    """At random moments, whatever has arrived by then; then until all of it has."""
    clock, end, number = time.perf_counter(), time.perf_counter() + seconds, 0
    while clock < end:
        clock += drawn.expovariate(rate)
        await asyncio.sleep(max(0.0, clock - time.perf_counter()))
        text = f"第{number}条 {drawn.random()}"
        begun[text] = time.perf_counter()
        drawn.choice(askers).send_text(text)
        number += 1
    await world.until(lambda: not begun, timeout=PATIENCE)


async def _watch(felt: Felt) -> None:
    """The memory of every process that this one started."""
    while True:
        felt.memory.append(sum(map(_resident, _children())))
        await asyncio.sleep(WATCHED)


def _children() -> list[int]:
    listed = Path(f"/proc/self/task/{os.getpid()}/children").read_text("ascii")
    return [int(number) for number in listed.split()]


def _resident(process: int) -> float:
    pages = Path(f"/proc/{process}/statm").read_text("ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE") / 2**20


def report(ours: Felt, echo: Felt, *, as_json: bool) -> None:
    tenth = max(1, len(ours.memory) // 10)
    first, last = (statistics.mean(part) for part in (ours.memory[:tenth], ours.memory[-tenth:]))
    if as_json:
        found = {part: (ours.quantile(part), echo.quantile(part)) for part in (0.5, 0.99)}
        print(json.dumps({"ms": found, "messages": len(ours.took), "MiB": (first, last)}))
        return
    print(f"messages {len(ours.took)}, the echo bot's {len(echo.took)}")
    for name, part in (("p50", 0.5), ("p99", 0.99)):
        mine, other = ours.quantile(part), echo.quantile(part)
        print(
            f"{name}  {mine:7.1f} ms   python-telegram-bot echo {other:7.1f} ms"
            f"   ratio {mine / other:.2f}"
        )
    print(f"resident {first:.0f} MiB in the first tenth, {last:.0f} MiB in the last")


async def main(rate: float, minutes: float, pairs: int, *, as_json: bool) -> None:
    ours = await feel(CONTENDERS["xiaoqi (durable)"], rate, 60 * minutes, pairs, 1)
    echo = await feel(CONTENDERS["python-telegram-bot echo"], rate, 12 * minutes, pairs, 1)
    report(ours, echo, as_json=as_json)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--rate", type=float, default=30, help="messages a second")
    parser.add_argument("--pairs", type=int, default=500, help="consultations")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    given = parser.parse_args()
    asyncio.run(main(given.rate, given.minutes, given.pairs, as_json=given.json))
