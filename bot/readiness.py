"""What must hold before the desk can serve, and what is wrong where it does not."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from aiohttp import web

from bot.delivery.polling import GRACE_SECONDS, POLL_SECONDS
from bot.delivery.shares import Shares
from bot.handlers.finding import Finder
from bot.settings import Settings
from bot.web.metrics import Metrics
from bot.web.watch import Sign, Watch
from retrieval.errors import SnapshotError

log = logging.getLogger(__name__)
# After so long without an answered poll updates are certainly late.
POLL_PATIENCE = 2.0 * (POLL_SECONDS + GRACE_SECONDS)
# A port in use may be an older process's on its way out.
PORT_PAUSE = 5.0


def signs(settings: Settings, finder: Finder, metrics: Metrics, shares: Shares) -> dict[str, Sign]:
    """Of each part but the database."""
    made: dict[str, Sign] = {"model": partial(model, finder), "snapshot": partial(snapshot, finder)}
    if settings.webhook_url:
        return made | {"webhook": partial(webhook, metrics)}
    return made | {"polling": partial(polling, metrics, shares)}


def model(finder: Finder) -> str:
    return "The model is being loaded." if finder.library_now is None else ""


def snapshot(finder: Finder) -> str:
    library = finder.library_now
    if library is None:
        return "It is opened once the model is loaded."
    try:
        library.searcher  # noqa: B018 (it raises where there is none)
    except SnapshotError as error:
        return str(error)
    return ""


def polling(metrics: Metrics, shares: Shares) -> str:
    if not shares.leads:
        return ""  # another worker polls, and is asked itself
    answered = metrics.answered.get("getUpdates")
    if answered is not None and time.monotonic() - answered < POLL_PATIENCE:
        return ""
    outcome = metrics.refused.get("getUpdates") or metrics.refused.get("deleteWebhook")
    return _unanswered("No poll was answered lately", outcome)


def webhook(metrics: Metrics) -> str:
    """Who answers this listens; but Telegram must know of it, unless another worker told it."""
    outcome = metrics.refused.get("setWebhook")
    return _unanswered("Telegram does not know of the webhook", outcome) if outcome else ""


def _unanswered(what: str, outcome: str | None) -> str:
    return f"{what} (outcome: {outcome})." if outcome else f"{what}."


@asynccontextmanager
async def served(settings: Settings, watch: Watch) -> AsyncIterator[None]:
    """Who watches is answered on a port of its own: 0 is none, and with a webhook it has that one.

    While another process has the port, this one waits for it: it is not worth the desk.
    """
    if settings.webhook_url or not settings.watch_port:
        yield
        return
    runner = web.AppRunner(watch.add_to(web.Application()), access_log=None)
    await runner.setup()
    opening = asyncio.create_task(_open(runner, settings))
    try:
        yield
    finally:
        opening.cancel()
        await asyncio.gather(opening, return_exceptions=True)
        await runner.cleanup()


async def _open(runner: web.AppRunner, settings: Settings) -> None:
    told = False
    while True:
        try:
            await web.TCPSite(runner, settings.watch_host, settings.watch_port).start()
        except OSError as error:
            if not told:
                log.warning(
                    "WATCH_PORT %d can't be opened yet (%s): nobody can watch this process",
                    settings.watch_port,
                    error.strerror,
                )
            told = True
            await asyncio.sleep(PORT_PAUSE)
        else:
            return
