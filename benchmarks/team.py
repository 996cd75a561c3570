"""Several real worker processes on one PostgreSQL, a balancer before them, and people who talk."""

import asyncio
import itertools
import signal
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import aiohttp
from aiohttp import web
from pydantic import SecretStr
from sqlalchemy import Engine, TextClause, text
from sqlmodel import Session

from benchmarks.desk import UNLIMITED
from benchmarks.relay import consult
from bot.app import prepare_database
from bot.delivery.ledger import REPEATED
from bot.delivery.workers import fair_part
from bot.demo import keys, start_bot, stop_bot
from bot.settings import Settings
from bot.simulator.people import SimulatedPerson
from bot.simulator.server import Simulator
from bot.simulator.world import World

PATIENCE = 90.0
HOST = "127.0.0.1"
# What is not at its end, and what was sent once more.
UNSETTLED = text(
    "SELECT (SELECT count(*) FROM inbox_update WHERE done_at IS NULL)"
    " + (SELECT count(*) FROM delivery WHERE state IN ('queued', 'sending'))"
)
# One that was under way at two deaths may be there three times.
MARKED = text("SELECT coalesce(sum(attempts - 1), 0) FROM delivery WHERE error = :repeated")
# A worker that does not answer for so long is passed over, as a balancer does.
ANSWER = aiohttp.ClientTimeout(total=2.0)


class Balancer:
    """Hands each webhook call to the next worker; where that one fails, to the one after it."""

    def __init__(self) -> None:
        self.ports: list[int] = []
        self._turn = itertools.count()
        self._runner: web.AppRunner | None = None
        self._session: aiohttp.ClientSession | None = None
        self.port = 0

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/telegram", self._pass_on)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, HOST, 0).start()
        self.port = self._runner.addresses[0][1]
        self._session = aiohttp.ClientSession(
            timeout=ANSWER, connector=aiohttp.TCPConnector(limit=0)
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None
        assert self._session is not None
        await self._session.close()
        await self._runner.cleanup()

    async def _pass_on(self, request: web.Request) -> web.Response:
        assert self._session is not None
        body, ports = await request.read(), tuple(self.ports)
        begin = next(self._turn)
        for step in range(len(ports)):
            url = f"http://{HOST}:{ports[(begin + step) % len(ports)]}/telegram"
            try:
                async with self._session.post(url, data=body, headers=request.headers) as answer:
                    if answer.status < 500:
                        return web.Response(status=answer.status)
            except (aiohttp.ClientError, TimeoutError):
                continue
        return web.Response(status=503)


@dataclass
class Pair:
    """An asker in a consultation with a mentor of their own."""

    asker: SimulatedPerson
    mentor: SimulatedPerson
    said: list[str] = field(default_factory=list)

    def say(self) -> None:
        words = f"{self.asker.id} 第{len(self.said):04}条"
        self.said.append(words)
        self.asker.send_text(words)

    def arrived(self) -> list[str]:
        """All that the mentor was sent, in its order."""
        return [m.text or "" for m in self.mentor.chat.messages if m.from_bot]


@dataclass(frozen=True)
class Judgement:
    """`disordered`: chats whose order was not kept. `marked`: how many may be there twice."""

    said: int
    lost: int
    disordered: int
    wrong: int
    twice: int
    marked: int

    @property
    def whole(self) -> bool:
        return not (self.lost or self.disordered or self.wrong) and self.twice <= self.marked


@dataclass
class Team:
    """`workers` by the port of each; `engine` looks into their database."""

    simulator: Simulator
    balancer: Balancer
    engine: Engine
    folder: Path
    lease: float
    pairs: list[Pair]
    workers: dict[int, asyncio.subprocess.Process] = field(default_factory=dict)

    async def hire(self, number: int = 1) -> None:
        """Start so many workers, and wait until each has its part."""
        for _ in range(number):
            await self.launch()
        await self.until_dealt(len(self.workers))

    async def launch(self) -> None:
        """Start a worker, and wait for nothing."""
        port = free_port()
        self.workers[port] = await start_bot(
            self.simulator,
            self.folder,
            DATABASE_URL=self.engine.url.render_as_string(hide_password=False),
            WEBHOOK_URL=f"http://{HOST}:{self.balancer.port}/telegram",
            WEBHOOK_PORT=str(port),
            WORKER_LEASE_SECONDS=str(self.lease),
            **UNLIMITED,
        )
        self.balancer.ports.append(port)

    async def until_dealt(self, living: int) -> None:
        """All shares are owned, by so many workers, each with a fair part."""
        fair = sorted(fair_part(rank, living) for rank in range(living))
        await until(lambda: self.sizes() == fair)

    def sizes(self) -> list[int]:
        """How many shares each worker owns."""
        counted = text("SELECT count(*) FROM lane_share WHERE owner IS NOT NULL GROUP BY owner")
        with self.engine.connect() as connection:
            return sorted(connection.execute(counted).scalars())

    async def models_loaded(self) -> None:
        """Every worker has its model, which it loads beside its other work."""
        async with aiohttp.ClientSession() as session:
            for port in self.workers:
                url = f"http://{HOST}:{port}/ready"
                while not await _has_model(session, url):  # noqa: ASYNC110 (as below)
                    await asyncio.sleep(0.2)

    def strike(self, port: int) -> None:
        """SIGKILL; the balancer finds out by itself."""
        self.workers.pop(port).kill()

    def stop(self, port: int) -> None:
        self.workers[port].send_signal(signal.SIGSTOP)

    def wake(self, port: int) -> None:
        self.workers[port].send_signal(signal.SIGCONT)

    async def until_arrived(self, patience: float = PATIENCE) -> None:
        """Everything said was delivered and recorded."""
        await until(
            lambda: all(set(pair.arrived()) >= set(pair.said) for pair in self.pairs), patience
        )
        await until(lambda: not self._count(UNSETTLED), patience)

    def judged(self) -> Judgement:
        lost = wrong = twice = disordered = 0
        for pair in self.pairs:
            arrived, said = pair.arrived(), set(pair.said)
            firsts = [words for words in dict.fromkeys(arrived) if words in said]
            lost += len(said) - len(firsts)
            wrong += sum(words not in said for words in arrived)
            twice += len(arrived) - len(set(arrived))
            disordered += firsts != [words for words in pair.said if words in set(firsts)]
        said_by_all = sum(len(pair.said) for pair in self.pairs)
        return Judgement(said_by_all, lost, disordered, wrong, twice, self._count(MARKED))

    def _count(self, query: TextClause) -> int:
        with self.engine.connect() as connection:
            return int(connection.execute(query, {"repeated": REPEATED}).scalar_one())

    async def dismiss(self) -> None:
        for process in self.workers.values():
            if process.returncode is None:
                process.send_signal(signal.SIGCONT)
        await asyncio.gather(*map(stop_bot, self.workers.values()))


@asynccontextmanager
async def team(url: str, folder: Path, *, pairs: int, lease: float) -> AsyncIterator[Team]:
    """No worker yet."""
    settings = Settings(database_url=url, var_folder=folder, message_keys=SecretStr(keys()))
    engine = await asyncio.to_thread(prepare_database, settings)
    world = World(time.time)
    found = []
    with Session(engine) as session:
        for _ in range(pairs):
            asker = world.add_person("提问人", started=True)
            mentor = world.add_person("导师", role="mentor", started=True)
            consult(session, asker, mentor)
            found.append(Pair(asker, mentor))
        session.commit()
    async with Simulator(world, webhook_pause=0.05) as simulator, Balancer() as balancer:
        made = Team(simulator, balancer, engine, folder, lease, found)
        try:
            yield made
        finally:
            await made.dismiss()
            engine.dispose()


async def until(true: Callable[[], bool], patience: float = PATIENCE) -> None:
    """Raises TimeoutError where it does not come to hold."""
    async with asyncio.timeout(patience):
        while not true():  # noqa: ASYNC110 (a condition of other processes has no event)
            await asyncio.sleep(0.05)


async def _has_model(session: aiohttp.ClientSession, url: str) -> bool:
    async with session.get(url) as answer:
        return bool((await answer.json())["parts"]["model"]["ok"])


def free_port() -> int:
    with socket.socket() as held:
        held.bind((HOST, 0))
        return int(held.getsockname()[1])
