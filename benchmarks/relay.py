"""Messages a second, asker to mentor, through the real process: durable, against bare echo bots.

    python -m benchmarks.relay [--messages N] [--rounds N] [--pairs N] [--json]

Each contender meets the same simulated Telegram over HTTP in the same run, in turn, round by round;
the figure is the median of its rounds. Xiaoqi commits every update and every delivery to SQLite
(WAL, synchronous=FULL), so that a SIGKILL loses nothing; the echo bots keep nothing. Target: at
least python-telegram-bot's echo, aiming at aiogram's.
"""

import argparse
import asyncio
import json
import statistics
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlmodel import Session

from benchmarks.desk import UNLIMITED
from bot.app import utc_now
from bot.demo import fresh_database, start_bot, stop_bot
from bot.desk.members import CONSENT_VERSION
from bot.desk.tables import Chat, Consultation, Stage
from bot.simulator.events import Event
from bot.simulator.people import SimulatedPerson
from bot.simulator.server import Simulator
from bot.simulator.world import World
from knowledge.tables import Person, PersonRole, Role

PATIENCE = 120.0
Running = Callable[[Simulator, list[SimulatedPerson]], AbstractAsyncContextManager[None]]


@asynccontextmanager
async def xiaoqi(simulator: Simulator, askers: list[SimulatedPerson]) -> AsyncIterator[None]:
    """Every asker is in a consultation with a mentor of their own."""
    with TemporaryDirectory(prefix="xiaoqi-relay-") as folder:
        engine = fresh_database(Path(folder))
        with Session(engine) as session:
            for asker in askers:
                mentor = simulator.world.add_person("导师", role="mentor", started=True)
                consult(session, asker, mentor)
            newcomer = simulator.world.add_person("新来的", started=True)
            join(session, newcomer, PersonRole.ASKER)
            session.commit()
        engine.dispose()
        bot = await start_bot(simulator, Path(folder), **UNLIMITED)
        try:
            await model_loaded(simulator.world, newcomer)
            yield
        finally:
            await stop_bot(bot)


async def model_loaded(world: World, person: SimulatedPerson) -> None:
    """A question is answered, with an apology here, only once the model is loaded."""
    person.send_text("铝压铸件加工后有气孔怎么办")
    await world.until(lambda: person.chat.messages[-1].from_bot, timeout=PATIENCE)


def consult(session: Session, asker: SimulatedPerson, mentor: SimulatedPerson) -> None:
    """The mentor has accepted the asker's question."""
    session.add(
        Consultation(
            asker_id=join(session, asker, PersonRole.ASKER),
            mentor_id=join(session, mentor, PersonRole.MENTOR),
            question="铝压铸件有气孔",
            forwarded="铝压铸件有气孔",
            asked_message=1,
            stage=Stage.ACTIVE,
            asked_at=utc_now(),
            accepted_at=utc_now(),
        )
    )


def join(session: Session, here: SimulatedPerson, role: PersonRole) -> int:
    """Somebody in the chat has agreed; their id in the knowledge base."""
    person = Person(name_zh=here.first_name, name_en="", fictional=True)
    session.add(person)
    session.flush()
    assert person.id is not None
    session.add(Role(person_id=person.id, role=role))
    session.add(
        Chat(
            chat_id=here.id,
            person_id=person.id,
            consent_version=CONSENT_VERSION,
            consented_at=utc_now(),
            first_seen=utc_now(),
        )
    )
    return person.id


def echo(library: str) -> Running:
    @asynccontextmanager
    async def run(simulator: Simulator, _: list[SimulatedPerson]) -> AsyncIterator[None]:
        bot = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "benchmarks.echo", library, simulator.url
        )
        try:
            yield
        finally:
            await stop_bot(bot)

    return run


CONTENDERS: dict[str, Running] = {
    "xiaoqi (durable)": xiaoqi,
    "python-telegram-bot echo": echo("python-telegram-bot"),
    "aiogram echo": echo("aiogram"),
}


async def rate(running: Running, messages: int, pairs: int) -> float:
    """Messages a second from the first one written to the last one delivered."""
    world = World(time.time)
    askers = [world.add_person("提问人", started=True) for _ in range(pairs)]
    arrived = 0

    def count(event: Event) -> None:
        nonlocal arrived
        if event.kind == "message" and event.message is not None and event.message.from_bot:
            arrived += 1

    async with Simulator(world) as simulator, running(simulator, askers):
        world.subscribe(count)
        for asker in askers:  # one each, so that every connection and statement is warm
            asker.send_text("你好")
        await world.until(lambda: arrived == pairs, timeout=PATIENCE)
        begun = time.perf_counter()
        for number in range(messages):
            askers[number % pairs].send_text(f"第{number}条")
        await world.until(lambda: arrived == pairs + messages, timeout=PATIENCE)
        return messages / (time.perf_counter() - begun)


def measure(messages: int, rounds: int, pairs: int) -> dict[str, list[float]]:
    rates: dict[str, list[float]] = {name: [] for name in CONTENDERS}
    for _ in range(rounds):
        for name, running in CONTENDERS.items():
            rates[name].append(asyncio.run(rate(running, messages, pairs)))
    return rates


def report(rates: dict[str, list[float]], *, as_json: bool) -> None:
    medians = {name: statistics.median(found) for name, found in rates.items()}
    if as_json:
        print(json.dumps({"rounds": rates, "median": medians}))
        return
    ours = next(iter(medians.values()))
    for name, median in medians.items():
        low, high = min(rates[name]), max(rates[name])
        print(f"{name:26}{median:7.0f} /s  ({low:.0f} to {high:.0f})   ratio {ours / median:.2f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pairs", type=int, default=40)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    given = parser.parse_args()
    report(measure(given.messages, given.rounds, given.pairs), as_json=given.json)
