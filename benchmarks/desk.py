"""A real bot process with the sample knowledge base, for benchmarks: no flood limits."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.demo import prepare, start_bot, stop_bot
from bot.simulator.people import SimulatedPerson
from bot.simulator.server import Simulator
from bot.simulator.world import World

FOLDER = Path("var/benchmarks")
UNLIMITED = {
    "MESSAGES_PER_SECOND": "100000",
    "CHAT_MESSAGES_PER_SECOND": "100000",
    "GROUP_MESSAGES_PER_MINUTE": "100000",
    "PERSON_MESSAGES_PER_MINUTE": "1000000",
    "PERSON_PRESSES_PER_MINUTE": "1000000",
    "PERSON_QUESTIONS_PER_DAY": "1000000",
}
PATIENCE = 120.0


@dataclass
class Bench:
    simulator: Simulator
    world: World
    process: asyncio.subprocess.Process

    def owner(self) -> SimulatedPerson:
        """An asker who has agreed and belongs to an enterprise."""
        people = self.world.people.values()
        return next(p for p in people if p.role == "asker" and p.chat.opened)

    async def card(self, person: SimulatedPerson, after: int) -> None:
        """Until a message of the bot newer than `after` is there."""

        def arrived() -> bool:
            last = person.chat.messages[-1]
            return last.from_bot and last.id > after

        await self.world.until(arrived, timeout=PATIENCE)


@asynccontextmanager
async def bench(**settings: str) -> AsyncIterator[Bench]:
    world = World(time.time)
    await asyncio.to_thread(prepare, FOLDER, world)
    async with Simulator(world) as simulator:
        process = await start_bot(simulator, FOLDER, **UNLIMITED, **settings)
        try:
            yield Bench(simulator, world, process)
        finally:
            await stop_bot(process)
