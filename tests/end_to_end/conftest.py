"""The real bot process against the simulated Telegram, with the sample knowledge base."""

import asyncio
import shutil
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, create_engine

from bot.app import utc_now
from bot.demo import cast as cast_people
from bot.demo import database_url, fresh_database, start_bot, stop_bot
from bot.indexing import load_files
from bot.simulator.messages import SimulatedMessage
from bot.simulator.people import SimulatedPerson
from bot.simulator.server import Simulator
from bot.simulator.world import World
from knowledge.sample import sample_folder
from retrieval.encoder import load_encoder
from tests.bot.simulator.honesty import Honesty

# A shared machine may pause a process for seconds; nothing here is timed.
PATIENCE = 60.0
QUESTION = "铝压铸件加工完有气孔，380吨机，ADC12，怎么办"
SHORTLIST = "与您的问题对口"


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with three industries of the sample loaded once: database, snapshot, vectors."""
    return load_library(tmp_path_factory.mktemp("library"))


def load_library(folder: Path) -> Path:
    engine = fresh_database(folder)
    universities = sample_folder() / "organisations-universities.jsonl"
    files = [universities, *sorted(sample_folder().glob("*-a.jsonl"))]
    load_files(engine, load_encoder(), folder, files, remove=False, now=utc_now())
    engine.dispose()
    return folder


@dataclass
class Desk:
    """One bot process and the world it serves."""

    simulator: Simulator
    world: World
    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    process: asyncio.subprocess.Process | None = None
    honest: bool = True

    async def start(self) -> None:
        self.process = await start_bot(self.simulator, self.folder, **self.settings)

    async def stop(self) -> None:
        assert self.process is not None
        await stop_bot(self.process)

    async def kill(self) -> None:
        """SIGKILL: the process gets no chance to put anything in order."""
        assert self.process is not None
        self.process.kill()
        await self.process.wait()

    def person(self, part: str, name: str = "") -> SimulatedPerson:
        """The first person of a role whose name contains `name`."""
        return next(
            person
            for person in self.world.people.values()
            if person.role == part and name in person.first_name
        )

    async def see(self, person: SimulatedPerson, *texts: str, after: int = 0) -> SimulatedMessage:
        """The newest message of the bot to a person that holds all `texts`; waits for it."""

        def found() -> SimulatedMessage | None:
            for message in reversed(person.chat.messages):
                said = f"{message.text or ''}{message.caption or ''}"
                if (
                    message.from_bot
                    and not message.deleted
                    and message.id > after
                    and all(text in said for text in texts)
                ):
                    return message
            return None

        try:
            return await self.world.until(found, timeout=PATIENCE)
        except TimeoutError:
            raise AssertionError(f"{person.first_name} never saw {texts}: {self.said()}") from None

    def said(self) -> str:
        """The last lines of every chat in which something was said, for a failed test."""
        chats = (person.chat for person in self.world.people.values() if person.chat.messages)
        lines = (
            f"{'bot' if m.from_bot else chat.person.first_name if chat.person else '?'}: "
            f"{(m.text or m.kind)[:120]!r}"
            for chat in chats
            for m in chat.messages[-6:]
        )
        return "\n".join(lines)

    async def press(self, person: SimulatedPerson, message: SimulatedMessage, label: str) -> Any:
        """Press the button whose label begins so, once it is there."""

        def button() -> str | None:
            found = (b["text"] for b in message.inline_buttons if b["text"].startswith(label))
            return next(found, None)

        try:
            text = await self.world.until(button, timeout=PATIENCE)
        except TimeoutError:
            labels = [b["text"] for b in message.inline_buttons]
            raise AssertionError(f"no button {label} but {labels} on {message.text}") from None
        return person.press(message, text)

    async def until(self, predicate: Callable[[], Any]) -> Any:
        return await self.world.until(predicate, timeout=PATIENCE)

    async def mentor_asked(self) -> tuple[SimulatedPerson, SimulatedMessage]:
        """Whoever was offered the latest question, and the offer."""

        def found() -> tuple[SimulatedPerson, SimulatedMessage] | None:
            for person in self.world.people.values():
                for message in reversed(person.chat.messages):
                    if any(button["text"] == "接受" for button in message.inline_buttons):
                        return person, message
            return None

        asked: tuple[SimulatedPerson, SimulatedMessage] = await self.until(found)
        return asked

    async def talk(self, asker: SimulatedPerson) -> SimulatedPerson:
        """Ask, choose the first mentor, send, accept: the mentor who accepted."""
        asker.send_text(QUESTION)
        card = await self.see(asker, SHORTLIST)
        await self.press(asker, card, "问 1.")
        await self.press(asker, await self.see(asker, "将要转发的"), "发送")
        mentor, offer = await self.mentor_asked()
        await self.press(mentor, offer, "接受")
        await self.see(asker, "已接受咨询")
        await self.see(mentor, "由您解答")
        return mentor


MakeDesk = Callable[..., Awaitable[Desk]]


@pytest.fixture
async def make_desk(library: Path, tmp_path: Path, honesty: Honesty) -> AsyncIterator[MakeDesk]:
    """Starts a desk with settings of its own; every call is held to the Bot API.

    `topics`: the bot's private chats have topics. `honest`: what is not, where a test puts words
    into Telegram's mouth, is held to nothing.
    """
    made: list[Desk] = []

    async def make(*, topics: bool = False, honest: bool = True, **settings: str) -> Desk:
        folder = tmp_path / "var"
        shutil.copytree(library, folder)
        world = World(time.time, topics_in_private=topics)
        engine = create_engine(database_url(folder))
        cast_people(engine, world)
        engine.dispose()
        observer = honesty if honest else None
        simulator = Simulator(world, observer=observer, webhook_pause=0.05)
        await simulator.start()
        desk = Desk(simulator, world, folder, settings, honest=honest)
        made.append(desk)
        await desk.start()
        return desk

    yield make
    for desk in made:
        await desk.stop()
        await desk.simulator.stop()
        assert desk.simulator.refused == [] or not desk.honest


def look(desk: Desk) -> Session:
    """The desk's own database, to look into."""
    return Session(create_engine(database_url(desk.folder)))
