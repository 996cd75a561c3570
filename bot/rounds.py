"""What is done every so often: deadlines, sweeps, and work that lies in the database."""

import asyncio
import logging
import shutil
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any

from telegram.error import TelegramError

from bot.delivery import inbox
from bot.delivery.committer import ClosedError
from bot.delivery.faults import placed
from bot.delivery.lanes import Lanes
from bot.delivery.shares import Shares
from bot.delivery.transactions import Transactions
from bot.desk import (
    absence,
    alarming,
    approving,
    breaking_glass,
    digesting,
    holding,
    menus,
    offering,
    reading_along,
    reminding,
    silence,
    transferring,
)
from bot.desk.rights import keeping
from bot.desk.silence import Patience
from bot.handlers import rights
from bot.handlers.finding import Finder
from bot.handlers.loading import Loader
from bot.handlers.mending import Mending
from bot.handlers.parts import Parts
from bot.handlers.postponing import ask_waiting
from bot.handlers.publishing import Publishing
from bot.handlers.receipting import Receipts
from bot.handlers.transcribing import Transcriber
from bot.settings import Settings

log = logging.getLogger(__name__)
# How often deadlines are looked at: an offer ends at most this much late.
DEADLINE_SECONDS = 5.0
# How often the index of another process (`xiaoqi reload`) is looked for.
REFRESH_SECONDS = 2.0
# How often the marks under people's messages are brought up to date.
RECEIPT_SECONDS = 1.0
# How often silences are looked at: days of them are counted.
SILENCE_SECONDS = 60.0
# How often the desk looks whether it stalls.
ALARM_SECONDS = 15.0
# How often what was kept long enough is forgotten.
SWEEP_SECONDS = 3600.0

Round = Coroutine[Any, Any, None]


def deadlines(settings: Settings, parts: Parts) -> list[Round]:
    """What the desk does when a time has come."""
    commit, policy = parts.transactions.commit, parts.policy
    patience = Patience(
        quiet=timedelta(days=settings.quiet_days),
        warned=timedelta(days=settings.quiet_warning_days),
    )
    after = timedelta(days=settings.follow_up_days)
    return [
        every(DEADLINE_SECONDS, commit, offering.expire_due, parts.offer_for),
        every(DEADLINE_SECONDS, commit, reminding.remind_due),
        every(DEADLINE_SECONDS, commit, breaking_glass.end_due),
        every(DEADLINE_SECONDS, commit, absence.give_up, policy.keep_undelivered),
        every(DEADLINE_SECONDS, offer_commands, parts.transactions),
        every(DEADLINE_SECONDS, commit, transferring.end_due),
        every(REFRESH_SECONDS, tell_followers, parts.transactions),
        every(DEADLINE_SECONDS, ask_waiting, parts),
        every(SILENCE_SECONDS, commit, silence.end_silences, patience),
        every(SILENCE_SECONDS, commit, holding.follow_up, after),
        every(SILENCE_SECONDS, commit, approving.remind_due),
        every(SILENCE_SECONDS, commit, digesting.send_due, policy.zone),
    ]


def work(
    mending: Mending, publishing: Publishing, transcriber: Transcriber, receipts: Receipts
) -> list[Round]:
    """What lies in the database until somebody takes it up."""
    return [
        every(REFRESH_SECONDS, mending.turn),
        every(REFRESH_SECONDS, publishing.turn),
        every(REFRESH_SECONDS, transcriber.turn),
        every(RECEIPT_SECONDS, receipts.turn),
    ]


def alarms(settings: Settings, parts: Parts) -> list[Round]:
    """The admins learn where the desk itself stalls."""
    limits = alarming.Limits(
        timedelta(seconds=settings.alert_inbox_seconds),
        timedelta(seconds=settings.alert_outbox_seconds),
        settings.alert_set_aside,
        settings.alert_disk_megabytes,
    )

    async def look() -> None:
        free = (await asyncio.to_thread(shutil.disk_usage, settings.var_folder)).free
        await parts.transactions.commit(alarming.look, limits, free >> 20)

    return [every(ALARM_SECONDS, look)]


def sweeps(parts: Parts, transcriber: Transcriber, clock: Callable[[], datetime]) -> list[Round]:
    """What was kept long enough goes."""
    transactions, policy = parts.transactions, parts.policy
    return [
        every(SWEEP_SECONDS, transcriber.sweep),
        every(SWEEP_SECONDS, transactions.commit, inbox.forget_done, policy.keep_inbox),
        every(SWEEP_SECONDS, transactions.commit, keeping.sweep, policy),
        every(SWEEP_SECONDS, rights.sweep, transactions, parts.archives, clock),
    ]


def beside_others(lanes: Lanes, finder: Finder, loader: Loader) -> list[Round]:
    """What each of several workers does for itself: find what another has done."""

    async def wake_loader() -> None:
        loader.wake()

    return [
        every(REFRESH_SECONDS, lanes.sweep),
        every(REFRESH_SECONDS, finder.refresh),
        every(REFRESH_SECONDS, wake_loader),
    ]


async def led(shares: Shares, work: Round) -> None:
    """What is done once for all: by the worker that leads, which it does to its end."""
    try:
        await shares.leading()
        await work
    finally:
        work.close()


async def offer_commands(transactions: Transactions) -> None:
    """Looked at beside the desk's own work, which is taken only where an app is behind."""
    if await transactions.read_aside(menus.due):
        await transactions.commit(menus.refresh)


async def tell_followers(transactions: Transactions) -> None:
    """Looked at beside the desk's own work too: mostly nothing is followed."""
    if await transactions.read_aside(reading_along.due):
        await transactions.commit(reading_along.keep_up)


async def once(work: Callable[..., Awaitable[object]], *args: object) -> None:
    """A courtesy at the start: what fails is logged; it ends only with the desk."""
    try:
        await work(*args)
    except TelegramError as error:
        log.warning("%s failed: %s", getattr(work, "__name__", work), type(error).__name__)
    await asyncio.Event().wait()


async def every(seconds: float, work: Callable[..., Awaitable[object]], *args: object) -> None:
    """Again and again. What fails is logged, and tried again at the next turn."""
    while True:
        await asyncio.sleep(seconds)
        try:
            await work(*args)
        except ClosedError:
            return
        except Exception as error:  # one failed turn must not end the desk
            # Its place, not its text: an error of the database quotes what people wrote.
            log.error("what is done every %.0f s failed: %s", seconds, placed(error))
