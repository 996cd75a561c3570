"""Carries a knowledge file from Telegram into the tables and the index, one at a time.

Every step is recorded before the next begins, and each can be repeated: after a crash the reload
goes on where it stood.
"""

import asyncio
import csv
import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from telegram import Bot
from telegram.error import TelegramError

from bot.delivery.transactions import Transactions
from bot.desk import reloading
from bot.desk.reloading import Job
from bot.desk.tables import ReloadState
from bot.handlers.finding import Finder
from bot.indexing import Progress, indexed_passages
from knowledge.importers import Batch, Problem, read_files
from knowledge.reload import BadBatchError, check
from retrieval.errors import EncoderError
from retrieval.passages import Passage
from retrieval.snapshot import Snapshot, SnapshotError

log = logging.getLogger(__name__)
# An edited message a second is what Telegram allows; two seconds leave room for other cards.
PROGRESS_SECONDS = 2.0
# What a spreadsheet takes for a formula, or skips before one.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# Writes the index of these passages, given the questions asked before; called in a thread.
Build = Callable[[Sequence[Passage], Progress, Sequence[str]], Snapshot]


class TelegramFiles:
    """Fetches files that were sent to the bot."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def fetch(self, file_id: str, path: Path) -> None:
        """Raises TelegramError or OSError; a file begun is not left under its name."""
        file = await self._bot.get_file(file_id)
        beside = path.with_suffix(".part")
        await file.download_to_drive(beside)
        beside.replace(path)


class Loader:
    """Works off reloads in the order they came. `wake` it when there is one."""

    def __init__(
        self,
        transactions: Transactions,
        files: TelegramFiles,
        finder: Finder,
        folder: Path,
        build: Build,
    ) -> None:
        """Files are kept in `folder`."""
        self._transactions = transactions
        self._files = files
        self._finder = finder
        self._folder, self._build = folder, build
        # One after the other, tables read inside: an older state never replaces a newer one.
        self._building = asyncio.Lock()
        self._waiting = asyncio.Event()

    def wake(self) -> None:
        self._waiting.set()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            job = await self._transactions.read(reloading.next_job)
            if job is None:
                await self._waiting.wait()
                self._waiting.clear()
            else:
                await self._work(job)

    async def _work(self, job: Job) -> None:
        try:
            if job.state is ReloadState.RECEIVED:
                await self._check(job)
            else:
                await self._load(job)
        except (OSError, TelegramError, SnapshotError, EncoderError, BadBatchError) as error:
            log.warning("reload %s failed: %s", job.id, type(error).__name__)
            await self._transactions.commit(reloading.fail, job.id, str(error))

    async def _check(self, job: Job) -> None:
        path = await self._fetched(job)
        batch = await self._read(path, job.filename)
        batch = await self._transactions.read_aside(check, batch)
        if batch.problem_count:
            report = self._folder / f"report-{job.id}.csv"
            await asyncio.to_thread(write_report, report, batch.problems)
            told = (batch.problems, batch.problem_count, str(report))
            await self._transactions.commit(reloading.refuse, job.id, *told)
        else:
            await self._transactions.commit(reloading.show_diff, job.id, batch)

    async def _load(self, job: Job) -> None:
        batch = await self._read(await self._fetched(job), job.filename)
        await self._transactions.commit(reloading.write, job.id, batch)
        snapshot = await self._built(job)
        await self._finder.refresh()
        told = (snapshot.name, snapshot.passages)
        await self._transactions.commit(reloading.finish, job.id, *told)

    async def rebuild(self) -> Snapshot:
        """The index anew from the tables as they are. Raises SnapshotError or EncoderError."""
        return await self._built(None)

    async def _built(self, job: Job | None) -> Snapshot:
        async with self._building:
            texts = await self._transactions.read_aside(indexed_passages)
            return await self._indexed(job, texts)

    async def _indexed(self, job: Job | None, texts: Sequence[Passage]) -> Snapshot:
        reached = [0, len(texts)]

        def progress(done: int, total: int) -> None:
            reached[:] = [done, total]

        asked = await self._transactions.read(reloading.latest_questions)
        building = asyncio.create_task(asyncio.to_thread(self._build, texts, progress, asked))
        while not (await asyncio.wait([building], timeout=PROGRESS_SECONDS))[0]:
            if job is not None:
                told = (job.id, "indexing", *reached)
                await self._transactions.commit(reloading.report_progress, *told)
        return building.result()

    async def _fetched(self, job: Job) -> Path:
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"{job.id}{Path(job.filename).suffix.lower()}"
        if not path.exists():  # another worker may have fetched it, on another machine
            await self._files.fetch(job.file_id, path)
        if not job.path:
            await self._transactions.commit(reloading.keep_file, job.id, str(path))
        return path

    async def _read(self, path: Path, filename: str) -> Batch:
        return await asyncio.to_thread(read_named, path, filename)


def read_named(path: Path, filename: str) -> Batch:
    """Read a stored file under the name it was sent with: the name tells what it holds."""
    return read_files([(filename, path.read_bytes())])


def write_report(path: Path, problems: Sequence[Problem]) -> None:
    """All problems as a CSV that a spreadsheet opens, in both languages."""
    with path.open("w", encoding="utf-8-sig", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(["file", "row", "column", "问题", "problem"])
        for problem in problems:
            row = [problem.file, problem.row, problem.column]
            told = [*row, problem.message_zh, problem.message_en]
            writer.writerow([harmless(cell) for cell in told])


def harmless(cell: object) -> object:
    """A cell as a spreadsheet shows it: text that begins like a formula is not worked out."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
