"""The real process between people who talk, killed where it hurts and started again."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Literal

from pydantic import SecretStr
from sqlalchemy import Engine
from sqlmodel import Session

from benchmarks.desk import UNLIMITED
from benchmarks.relay import consult
from benchmarks.team import HOST, free_port, until
from bot.app import prepare_database
from bot.demo import keys, start_bot, stop_bot
from bot.settings import Settings
from bot.simulator.events import Event
from bot.simulator.people import SimulatedPerson
from bot.simulator.server import Simulator
from bot.simulator.world import World

# An instant of a life: anywhere, as updates change hands, or after a call and before its answer.
Instant = Literal["random", "update", "call"]
INSTANTS: tuple[Instant, ...] = ("random", "update", "call")
# A shared machine may pause a process for long; nothing here is timed.
PATIENCE = 120.0
IDENTITY = re.compile(r"^(\d+) (to|back) (\d+)$")


@dataclass
class Talk:
    """One consultation; what each side wrote names it, its direction and its place."""

    number: int
    asker: SimulatedPerson
    mentor: SimulatedPerson
    asked: int = 0
    answered: int = 0

    def say(self) -> None:
        """A word of the asker, and after every second one a word of the mentor."""
        self.asker.send_text(f"{self.number} to {self.asked}")
        self.asked += 1
        if self.asked % 2 == 0:
            self.mentor.send_text(f"{self.number} back {self.answered}")
            self.answered += 1


@dataclass
class Ground:
    """One desk, its world and its talks. `kills` counts those that really ended a process."""

    simulator: Simulator
    folder: Path
    engine: Engine
    talks: list[Talk]
    settings: dict[str, str]
    process: asyncio.subprocess.Process | None = None
    kills: int = 0
    # The chats of the bot's messages, as they arrived.
    arrivals: list[int] = field(default_factory=list)
    _ready_to_die: Callable[[str], None] | None = field(default=None, repr=False)

    async def start(self) -> None:
        self.process = await start_bot(self.simulator, self.folder, **self.settings)

    async def stop(self) -> None:
        if self.process is not None:
            await stop_bot(self.process)

    def notice(self, method: str) -> None:
        """What the simulated Telegram did, at the moment it did it."""
        if self._ready_to_die is not None:
            self._ready_to_die(method)

    def notice_message(self, event: Event) -> None:
        """A message of the bot stands in a chat, and the bot was not told yet that it does."""
        if event.kind == "message" and event.message is not None and event.message.from_bot:
            self.arrivals.append(event.chat.id)
            self.notice("call")

    def storm(self, rounds: int = 1) -> None:
        for _ in range(rounds):
            for talk in self.talks:
                talk.say()

    async def live_and_die(self, instant: Instant, random: Random) -> None:
        """Start, let it work a while, SIGKILL it at the instant."""
        acted, dead = asyncio.Event(), asyncio.Event()
        remaining = random.randrange(1, 12)

        def look(what: str) -> None:
            nonlocal remaining
            acted.set()
            of_interest = what == "call" if instant == "call" else what in ("getUpdates", "webhook")
            if instant == "random" or not of_interest:
                return
            remaining -= 1
            if remaining <= 0 and self.process is not None and self.process.returncode is None:
                self.process.kill()
                dead.set()

        self._ready_to_die = look
        try:
            await self.start()
            await asyncio.wait_for(acted.wait(), PATIENCE)
            # A life with less work than it takes ends by and by all the same.
            seconds = random.uniform(0, 0.4) if instant == "random" else 1.0
            with suppress(TimeoutError):
                await asyncio.wait_for(dead.wait(), seconds)
            await self.kill()
        finally:
            self._ready_to_die = None

    async def kill(self) -> None:
        """SIGKILL: the process gets no chance to put anything in order."""
        assert self.process is not None
        if self.process.returncode is None:
            with suppress(ProcessLookupError):
                self.process.kill()
        assert await self.process.wait() == -9, "it ended before it was killed"
        self.kills += 1

    async def drained(self) -> None:
        """Start, and wait until everything has arrived."""
        await self.start()
        await until(self.all_arrived, patience=PATIENCE)

    def all_arrived(self) -> bool:
        wanted = sum(talk.asked + talk.answered for talk in self.talks)
        return len({words for _, words in self.arrived()}) >= wanted

    def arrived(self) -> list[tuple[int, str]]:
        """Every word of a talk that the bot brought: chat, words; in each chat's order."""
        return [
            (chat.id, message.text)
            for chat in self.simulator.world.chats.values()
            for message in chat.messages
            if message.from_bot and message.text and IDENTITY.match(message.text)
        ]


@asynccontextmanager
async def ground(
    url: str, folder: Path, *, talks: int, webhook: bool = False, **settings: str
) -> AsyncIterator[Ground]:
    """So many people in talks already, and no process yet."""
    prepared = Settings(database_url=url, var_folder=folder, message_keys=SecretStr(keys()))
    engine = await asyncio.to_thread(prepare_database, prepared)
    world = World(time.time)
    found = []
    with Session(engine) as session:
        for number in range(talks):
            asker = world.add_person("提问人", started=True)
            mentor = world.add_person("导师", role="mentor", started=True)
            consult(session, asker, mentor)
            found.append(Talk(number, asker, mentor))
        session.commit()
    simulator = Simulator(
        world, webhook_pause=0.05, observer=lambda method, *_: made.notice(method)
    )
    asked = UNLIMITED | {"DATABASE_URL": url} | settings
    if webhook:
        port = free_port()
        asked |= {"WEBHOOK_URL": f"http://{HOST}:{port}/telegram", "WEBHOOK_PORT": str(port)}
    made = Ground(simulator, folder, engine, found, asked)
    world.subscribe(made.notice_message)
    async with simulator:
        try:
            yield made
        finally:
            await made.stop()
            engine.dispose()
