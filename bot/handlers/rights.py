"""What people tap about what is theirs: to have it, and to have it erased."""

import asyncio
import logging
import os
import zipfile
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path

from telegram import Update

from bot.cards.buttons import Press
from bot.cards.rights import as_json, as_page
from bot.delivery.transactions import Transactions
from bot.desk.rights import erasing, giving
from bot.desk.rights.giving import Held
from bot.handlers.calling import Action, plain
from bot.handlers.parts import Context, Parts, chat_id_of, parts_of

log = logging.getLogger(__name__)
# A file is made before it is owed: so long it may lie without a delivery.
UNOWED = timedelta(hours=1)


async def on_mydata(update: Update, context: Context) -> None:
    """A file, made beside; then owed in the one commit that is this update's."""
    parts, chat_id = parts_of(context), chat_id_of(update)
    assert update.message is not None
    at = update.message.date
    held = await parts.transactions.read_aside(giving.held_about, chat_id, at)
    path = parts.archives / f"mydata-{update.update_id}.zip"
    await asyncio.to_thread(write_archive, path, held)
    await parts.transactions.commit(giving.give, chat_id, str(path))


async def on_forget(update: Update, context: Context) -> None:
    parts = parts_of(context)
    await parts.transactions.commit(erasing.ask, chat_id_of(update), parts.policy)


async def forget(parts: Parts, chat_id: int, press: Press) -> None:
    asked = press.number(0)
    files = await parts.transactions.commit(erasing.forget, chat_id, asked, parts.offer_for)
    await asyncio.to_thread(delete, files)


def write_archive(path: Path, held: Held) -> None:
    """Nobody else on this machine may read it; a half-written one is never sent."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".part")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with (
        os.fdopen(descriptor, "wb") as file,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        archive.writestr("mydata.html", as_page(held))
        archive.writestr("mydata.json", as_json(held))
    beside.replace(path)


async def sweep(transactions: Transactions, folder: Path, clock: Callable[[], datetime]) -> None:
    """Delete the files that were sent, and those that never came to be owed."""
    pending = await transactions.read(giving.pending_files)
    await asyncio.to_thread(_sweep, folder, pending, clock() - UNOWED)


def _sweep(folder: Path, pending: set[str], before: datetime) -> None:
    if not folder.is_dir():
        return
    old = (path for path in folder.iterdir() if path.stat().st_mtime < before.timestamp())
    delete(str(path) for path in old if str(path) not in pending)


def delete(paths: Iterable[str]) -> None:
    for path in paths:
        try:
            Path(path).unlink(missing_ok=True)
        except OSError as error:
            log.warning("a file could not be deleted: %s", type(error).__name__)


ACTIONS: dict[str, Action] = {
    "forget": plain(erasing.ask_really),
    "forget_now": forget,
    "forget_not": plain(erasing.keep),
}
