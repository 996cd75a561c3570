"""The whole desk on one machine: a simulated Telegram, sample knowledge, the real bot process."""

import asyncio
import os
import shutil
import signal
import sys
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO

from pydantic import SecretStr
from rich.console import Console
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from bot.app import prepare_database, utc_now
from bot.desk.members import CONSENT_VERSION
from bot.desk.tables import Chat
from bot.indexing import Progress, load_files
from bot.settings import Settings
from bot.simulator.people import Role as Part
from bot.simulator.server import Simulator
from bot.simulator.world import TOKEN, World
from bot.worktime import ANY_TIME
from knowledge.sample import sample_folder
from knowledge.tables import Appointment, Organisation, Person, PersonRole, Role
from retrieval.encoder import load_encoder

STOP_SECONDS = 15.0
# No secret: everybody in the demo is invented. With it there is nothing to warn of.
KEY = "dGhlIHBlb3BsZSBvZiB0aGUgZGVtbyBhcmUgbWFkZSA="
NEWCOMERS = (("王建国", "zh"), ("Emma Carter", "en"))
ADMIN = "项目办公室 陈静"
OWNERS = ("赵厂长", "钱老板", "孙经理", "李总", "周厂长", "吴老板")


async def play(folder: Path, world: World, port: int, *, console: Console, browser: bool) -> None:
    """Until Ctrl-C or the bot's end; `prepare` comes first."""
    async with Simulator(world, port=port) as simulator, running_bot(simulator, folder) as bot:
        console.print(f"\n[bold]校企 Xiaoqi is open:[/bold] {simulator.url}   (Ctrl-C ends it)\n")
        if browser:
            await asyncio.to_thread(webbrowser.open, simulator.url)
        await _interrupted_or(bot)


def prepare(folder: Path, world: World, progress: Progress | None = None) -> None:
    """A fresh database with the sample knowledge, and its people in the simulated world."""
    engine = fresh_database(folder)
    load_sample(engine, folder, progress)
    cast(engine, world)
    engine.dispose()


def fresh_database(folder: Path) -> Engine:
    """An empty database: the simulated Telegram forgets everything, so the desk must as well.

    The vectors of the sample are kept: they are only made once.
    """
    shutil.rmtree(folder / "uploads", ignore_errors=True)
    for path in folder.glob("xiaoqi.db*"):
        path.unlink()
    settings = Settings(
        database_url=database_url(folder),
        var_folder=folder,
        vector_store="faiss",
        message_keys=SecretStr(keys()),
    )
    return prepare_database(settings)


def keys() -> str:
    """Whoever prepares a desk and whoever runs it have the same."""
    return os.environ.get("MESSAGE_KEYS") or KEY


def database_url(folder: Path) -> str:
    return f"sqlite:///{folder / 'xiaoqi.db'}"


def load_sample(engine: Engine, folder: Path, progress: Progress | None = None) -> None:
    load_files(
        engine,
        load_encoder("embedded"),
        folder,
        [sample_folder()],
        remove=False,
        now=utc_now(),
        progress=progress,
    )


def cast(engine: Engine, world: World) -> None:
    """Sample mentors and liaisons, an owner for each enterprise, one admin, and newcomers."""
    with Session(engine) as session:
        for name, language in NEWCOMERS:
            world.add_person(name, language_code=language, role="asker")
        _join(session, world, _newly(session, ADMIN, None, PersonRole.ADMIN), "admin")
        appointed = select(Appointment.enterprise_id)
        enterprises = session.exec(
            select(Organisation)
            .where(Organisation.kind == "enterprise")
            .order_by(col(Organisation.id).in_(appointed).desc(), col(Organisation.id))
        ).all()
        for number, enterprise in enumerate(enterprises):
            owner = f"{OWNERS[number % len(OWNERS)]}（{enterprise.name_zh}）"
            _join(session, world, _newly(session, owner, enterprise.id, PersonRole.ASKER), "asker")
        parts: tuple[tuple[PersonRole, Part], ...] = (
            (PersonRole.MENTOR, "mentor"),
            (PersonRole.LIAISON, "liaison"),
        )
        for role, part in parts:
            helping = select(Role.person_id).where(Role.role == role)
            for person in session.exec(select(Person).where(col(Person.id).in_(helping))).all():
                _join(session, world, person, part)
        session.commit()


def _newly(session: Session, name: str, home: int | None, role: PersonRole) -> Person:
    person = Person(name_zh=name, name_en=name, organisation_id=home, fictional=True)
    session.add(person)
    session.flush()
    session.add(Role(person_id=person.id or 0, role=role))
    return person


def _join(session: Session, world: World, person: Person, part: Part) -> None:
    """A person of the knowledge base opens their chat and agrees."""
    here = world.add_person(
        person.name_zh or person.name_en, language_code=person.language, role=part, started=True
    )
    session.add(
        Chat(
            chat_id=here.id,
            person_id=person.id or 0,
            consent_version=CONSENT_VERSION,
            consented_at=utc_now(),
            first_seen=utc_now(),
        )
    )


@asynccontextmanager
async def running_bot(
    simulator: Simulator, folder: Path, **settings: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """The real bot process; only the address of Telegram differs."""
    bot = await start_bot(simulator, folder, **settings)
    try:
        yield bot
    finally:
        await stop_bot(bot)


async def start_bot(
    simulator: Simulator, folder: Path, stderr: IO[bytes] | None = None, /, **settings: str
) -> asyncio.subprocess.Process:
    """`stderr`: where its log goes, if not to our own."""
    environment = os.environ | {
        "TELEGRAM_TOKEN": TOKEN,
        "TELEGRAM_API_URL": simulator.url,
        "DATABASE_URL": database_url(folder),
        "VAR_FOLDER": str(folder),
        "MESSAGE_KEYS": keys(),
        "VECTOR_STORE": "faiss",
        "EMBEDDING_MODEL": "embedded",
        "WEBHOOK_URL": "",
        "WATCH_PORT": "0",
        "TELEGRAM_PROXY": "",
        "LOG_LEVEL": "WARNING",
        "WORKING_HOURS": ANY_TIME,  # it is played at any time; /hours shows what others do
    }
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.cli", "run", env=environment | settings, stderr=stderr
    )


async def stop_bot(bot: asyncio.subprocess.Process) -> None:
    """As a service manager would: SIGTERM, and SIGKILL for one that does not end."""
    if bot.returncode is None:
        bot.terminate()
        try:
            await asyncio.wait_for(bot.wait(), timeout=STOP_SECONDS)
        except TimeoutError:
            bot.kill()
            await bot.wait()


async def _interrupted_or(bot: asyncio.subprocess.Process) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    ended = asyncio.create_task(bot.wait())
    waiting = asyncio.create_task(stopped.wait())
    await asyncio.wait([ended, waiting], return_when=asyncio.FIRST_COMPLETED)
    for task in (ended, waiting):
        task.cancel()
