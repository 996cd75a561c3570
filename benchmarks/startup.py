"""Start of the bot to its first answer, and resident memory, against bare imports in one run.

    python -m benchmarks.startup [--runs N]

The baseline is a Python that imports the two libraries every such bot needs and ends.
"""

import argparse
import asyncio
import statistics
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.desk import FOLDER, UNLIMITED, Bench
from bot.demo import prepare, start_bot, stop_bot
from bot.simulator.server import Simulator
from bot.simulator.world import World

IMPORTS = "import telegram.ext, sentence_transformers"


async def first_answers(runs: int) -> tuple[list[float], list[float], list[int]]:
    """Seconds to the first greeting, to the first shortlist, and MiB resident after it."""
    world = World(time.time)
    await asyncio.to_thread(prepare, FOLDER, world)
    greetings, shortlists, memory = [], [], []
    async with Simulator(world) as simulator:
        for _ in range(runs):
            begun = time.perf_counter()
            process = await start_bot(simulator, FOLDER, **UNLIMITED)
            desk = Bench(simulator, world, process)
            asker = desk.owner()
            await desk.card(asker, asker.send_text("/help").id)
            greetings.append(time.perf_counter() - begun)
            await desk.card(asker, asker.send_text("铝压铸件有气孔").id)
            shortlists.append(time.perf_counter() - begun)
            memory.append(resident(process.pid))
            await stop_bot(process)
    return greetings, shortlists, memory


def resident(pid: int) -> int:
    """MiB of a process's own memory, as the kernel counts it."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmRSS"))) // 1024


def bare(runs: int) -> list[float]:
    times = []
    for _ in range(runs):
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-c", IMPORTS], check=True)
        times.append(time.perf_counter() - begun)
    return times


def report(runs: int) -> None:
    baseline = statistics.median(bare(runs))
    greetings, shortlists, memory = asyncio.run(first_answers(runs))
    print(f"bare imports            {baseline:6.2f} s   ({IMPORTS})")
    for name, times in (("first answer", greetings), ("first shortlist", shortlists)):
        median = statistics.median(times)
        print(f"start to {name:15}{median:6.2f} s   ratio {median / baseline:.2f}")
    print(f"resident memory         {statistics.median(memory):6.0f} MiB")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    report(parser.parse_args().runs)
