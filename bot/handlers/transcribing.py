"""Makes the archive of a consultation: its page, its JSON, and the files that were sent in it."""

import asyncio
import logging
import re
import zipfile
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from telegram.error import BadRequest, TelegramError

from bot.cards.transcript import as_json, as_page, told
from bot.delivery.transactions import Transactions
from bot.desk import transcribing
from bot.desk.transcribing import Line, TranscriptJob, TranscriptView

log = logging.getLogger(__name__)
MEGABYTE = 1 << 20
# Telegram lets bots fetch so much of one file, and send so much in one; the rest is for the texts.
FETCHED, SENT = 20 * MEGABYTE, 45 * MEGABYTE
NAME_LENGTH = 80
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')
# What is sent without a name of its own.
_SUFFIXES = {
    "photo": ".jpg",
    "voice": ".ogg",
    "video": ".mp4",
    "video_note": ".mp4",
    "animation": ".mp4",
    "audio": ".mp3",
    "sticker": ".webp",
}
Fetch = Callable[[str, Path], Awaitable[None]]


class Transcriber:
    """Works off what is wanted, one at a time; each step can be repeated after a crash."""

    def __init__(
        self, transactions: Transactions, fetch: Fetch, folder: Path, zone: ZoneInfo
    ) -> None:
        """`fetch` raises TelegramError; archives lie in `folder` until they are sent."""
        self._transactions, self._fetch = transactions, fetch
        self._folder, self._zone = folder, zone

    async def turn(self) -> None:
        """Make all that is wanted now."""
        while (job := await self._transactions.commit(transcribing.begin_next)) is not None:
            try:
                path = await self._make(job)
            except (OSError, TelegramError) as error:
                log.warning("transcript %d: %s", job.id, type(error).__name__)
                if job.last:
                    await self._transactions.commit(transcribing.fail, job.id)
                return  # the next turn begins it again
            await self._transactions.commit(transcribing.finish, job.id, str(path))

    async def sweep(self) -> None:
        """Delete what has been sent."""
        for path in await self._transactions.commit(transcribing.sweep):
            await asyncio.to_thread(Path(path).unlink, missing_ok=True)

    async def _make(self, job: TranscriptJob) -> Path:
        transactions, number = self._transactions, job.consultation
        view = await transactions.read_aside(transcribing.transcript_of, number)
        self._folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=self._folder) as fetched:
            files, missing = await self._files(view, Path(fetched), last=job.last)
            path = self._folder / f"{job.id}.zip"
            made = (view, files, missing, job.language, self._zone)
            await asyncio.to_thread(write_archive, path, *made)
        return path

    async def _files(
        self, view: TranscriptView, folder: Path, *, last: bool
    ) -> tuple[dict[int, Path], dict[int, str]]:
        files: dict[int, Path] = {}
        missing: dict[int, str] = {}
        room = SENT
        for line in view.lines:
            if line.removed or not line.file.get("id"):
                continue
            size = int(line.file.get("size") or 0)
            path = folder / name_of(line)
            why = "too_large" if size > FETCHED else "no_room" if size > room else ""
            why = why or await self._fetched(line, path, last=last)
            if not why and path.stat().st_size > room:  # Telegram did not say how large it is
                path.unlink()
                why = "no_room"
            if why:
                missing[line.number] = why
            else:
                files[line.number] = path
                room -= path.stat().st_size
        return files, missing

    async def _fetched(self, line: Line, path: Path, *, last: bool) -> str:
        """Why it could not be. What may pass by itself is raised, but for the last time."""
        try:
            await self._fetch(str(line.file["id"]), path)
        except BadRequest as error:
            return "too_large" if "too big" in error.message.lower() else "gone"
        except TelegramError:
            if last:
                return "gone"
            raise
        return ""


def name_of(line: Line) -> str:
    """Unique in the archive, safe on every system, and still what its sender called it."""
    given = _UNSAFE.sub("_", str(line.file.get("name") or "")).strip(". ")
    stem, dot, suffix = given.rpartition(".")
    if len(given) > NAME_LENGTH:
        given = (stem or suffix)[: NAME_LENGTH - 10] + dot + suffix[:9]
    return f"{line.number:04}-{given or line.kind + _SUFFIXES.get(line.kind, '')}"


def write_archive(
    path: Path,
    view: TranscriptView,
    files: Mapping[int, Path],
    missing: Mapping[int, str],
    language: str,
    zone: ZoneInfo,
) -> None:
    """Beside first, so that a half-written archive is never sent."""
    places = {number: f"files/{file.name}" for number, file in files.items()}
    values = told(view, places, missing)
    beside = path.with_suffix(".part")
    with zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("transcript.html", as_page(values, language, zone))
        archive.writestr("transcript.json", as_json(values))
        for number, file in files.items():
            archive.write(file, places[number], zipfile.ZIP_STORED)
    beside.replace(path)
