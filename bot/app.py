"""Settings become parts, parts a running desk. The only clock of the desk stands here."""

import asyncio
import logging
import signal
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlmodel import SQLModel
from telegram.ext import ApplicationBuilder, ExtBot

import bot.desk.tables  # noqa: F401 (a migration needs every table)
from bot import rounds
from bot.aftermath import hooks
from bot.cards.render import Cards
from bot.delivery.api import BotApi
from bot.delivery.calls import Calls
from bot.delivery.lanes import Lanes
from bot.delivery.limits import Rates
from bot.delivery.membership import Membership
from bot.delivery.sender import Sender
from bot.delivery.shares import Shares
from bot.delivery.transactions import Transactions
from bot.delivery.transport import AiohttpRequest
from bot.desk import undelivered
from bot.desk.hours import USUAL
from bot.desk.placing import TOPICS
from bot.desk.policy import Policy
from bot.excerpts import Reader
from bot.handlers.answering import on_error
from bot.handlers.commands import announce
from bot.handlers.finding import Finder
from bot.handlers.gate import Gate
from bot.handlers.groups import Standings
from bot.handlers.loading import Loader, TelegramFiles
from bot.handlers.mending import Mending
from bot.handlers.parts import PARTS, DeskApplication, Parts
from bot.handlers.publishing import Publishing
from bot.handlers.receipting import Receipts
from bot.handlers.table import handlers
from bot.handlers.transcribing import Transcriber
from bot.handlers.treating import Treatment
from bot.handlers.wording import SentFiles
from bot.indexing import build_apart, shelf_for
from bot.listening import listen, patiently
from bot.readiness import served, signs
from bot.sealing.keys import give_keys, warnings
from bot.sealing.resealing import reseal
from bot.settings import Settings
from bot.web.metrics import Find, Metrics, counting
from bot.web.readings import Readings
from bot.web.watch import Watch
from bot.worktime import Hours, Week
from knowledge.database import open_engine
from knowledge.migrations import upgrade

log = logging.getLogger(__name__)


def utc_now() -> datetime:
    return datetime.now(UTC)


def prepare_database(settings: Settings) -> Engine:
    """An engine whose schema is the newest and that seals what people write.

    Raises DatabaseAwayError, and SettingsError where a key is missing or malformed.
    """
    engine = open_engine(settings.database_url)
    upgrade(engine)
    unsealed = give_keys(engine, settings)
    if unsealed:  # an older Xiaoqi wrote it
        log.warning("sealed %s texts that were kept plain", reseal(engine, SQLModel.metadata))
    return engine


async def serve(settings: Settings, *, clock: Callable[[], datetime] = utc_now) -> None:
    """Run the desk until SIGTERM or SIGINT; what is under way is finished first.

    Raises DatabaseAwayError, TokenRefusedError, OSError for a port in use.
    """
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    while not stopping.is_set() and await _serve_until(stopping, settings, clock):
        log.warning("this worker was taken for dead, and others do its work: it begins anew")


async def _serve_until(
    stopping: asyncio.Event, settings: Settings, clock: Callable[[], datetime]
) -> bool:
    """True where it ended because others had taken over its work."""
    async with AsyncExitStack() as stack:
        engine = await asyncio.to_thread(prepare_database, settings)
        stack.callback(engine.dispose)
        membership = membership_of(engine, settings)
        if membership is not None:
            stack.push_async_callback(membership.close)
        desk = await _put_together(settings, engine, membership, clock, stack)
        tasks = [asyncio.create_task(work) for work in desk]
        stop = asyncio.create_task(stopping.wait())
        try:
            done, _ = await asyncio.wait([*tasks, stop], return_when=asyncio.FIRST_COMPLETED)
            if membership is not None and membership.lost:
                return True
            for task in done - {stop}:
                task.result()
        finally:
            for task in (*tasks, stop):
                task.cancel()
            await asyncio.gather(*tasks, stop, return_exceptions=True)
    return False


async def _put_together(
    settings: Settings,
    engine: Engine,
    membership: Membership | None,
    clock: Callable[[], datetime],
    stack: AsyncExitStack,
) -> list[Coroutine[Any, Any, None]]:
    """Open every part, closed in reverse by `stack`; the work that runs side by side."""
    shares = membership.shares if membership else Shares()
    for sentence in warnings(settings):
        log.warning(sentence)
    metrics = Metrics()
    stack.enter_context(counting(metrics))
    transport = AiohttpRequest(settings.telegram_proxy, observer=metrics)
    await transport.initialize()
    stack.push_async_callback(transport.shutdown)
    transactions = Transactions(engine, clock, hold=membership.hold if membership else None)
    stack.push_async_callback(transactions.close)
    shelf = shelf_for(settings)
    stack.callback(shelf.close)
    finder = Finder(settings.embedding_model, shelf, reranking=settings.reranking_model)
    stack.callback(finder.close)
    seen = signs(settings, finder, metrics, shares)
    watch = Watch(metrics, Readings(engine, clock), seen, clock)
    await stack.enter_async_context(served(settings, watch))
    application = telegram_application(settings, transport)
    await patiently(application.initialize, clock)
    stack.push_async_callback(application.shutdown)
    loader = Loader(
        transactions,
        TelegramFiles(application.bot),
        finder,
        settings.var_folder / "uploads",
        partial(build_apart, settings),
    )
    mending = Mending(finder.refresh, loader.rebuild, clock)
    publishing = Publishing(transactions, loader.rebuild, finder.refresh, clock)
    files = TelegramFiles(application.bot)
    transcripts = settings.var_folder / "transcripts"
    transcriber = Transcriber(transactions, files.fetch, transcripts, ZoneInfo(settings.time_zone))
    find = metrics.of_search(finder.find)
    parts = desk_parts(settings, transactions, finder, loader, application.bot, find)
    application.bot_data[PARTS] = parts
    transactions.known[TOPICS] = bool(application.bot.bot.has_topics_enabled)
    transactions.known[USUAL] = usual_hours(settings)
    token = settings.telegram_token.get_secret_value()
    api = BotApi(transport, settings.telegram_api_url, token)
    sender = Sender(
        transactions,
        Calls(api, parts.cards),
        clock=clock,
        rates=rates(settings),
        hooks=hooks(parts.offer_for),
        observer=metrics,
        shares=shares,
    )
    await sender.start()
    stack.push_async_callback(sender.stop)
    gate = Gate(transactions, parts.policy, clock)
    receipts = Receipts(api, transactions, lambda: sender.busy, clock)
    lanes = Lanes(
        transactions,
        Treatment(application, gate),
        on_quarantine=undelivered.quarantined,
        observer=metrics,
        shares=shares,
    )
    await lanes.start()
    stack.push_async_callback(lanes.stop)
    desk = [listen(settings, api, transactions, lanes, clock, watch, shares), sender.wait()]
    if membership is not None:
        await membership.start(lanes, sender)
        desk += [membership.wait(), *rounds.beside_others(lanes, finder, loader)]
    once_for_all = [
        loader.run(),
        rounds.once(announce, application.bot),
        *rounds.deadlines(settings, parts),
        *rounds.work(mending, publishing, transcriber, receipts),
        *rounds.alarms(settings, parts),
        *rounds.sweeps(parts, transcriber, clock),
    ]
    return [*desk, *(rounds.led(shares, work) for work in once_for_all)]


def membership_of(engine: Engine, settings: Settings) -> Membership | None:
    """On PostgreSQL others may work beside this process; on SQLite it does everything."""
    if engine.dialect.name != "postgresql":
        return None
    return Membership(engine, settings.worker_lease_seconds)


def desk_parts(
    settings: Settings,
    transactions: Transactions,
    finder: Finder,
    loader: Loader,
    bot: ExtBot[None],
    find: Find,
) -> Parts:
    """What the handlers may use; links that open the bot name it."""
    key = settings.signing_key()
    return Parts(
        transactions=transactions,
        find=find,
        likeness=finder.likeness,
        cards=Cards(key, ZoneInfo(settings.time_zone), bot.username),
        key=key,
        offer_for=timedelta(hours=settings.offer_hours),
        invite_for=timedelta(days=settings.invite_days),
        admins=settings.admins,
        wake_loader=loader.wake,
        standing_in=Standings(bot),
        policy=policy_of(settings),
        archives=settings.var_folder / "archives",
        read_file=SentFiles(bot, Reader()).read,
    )


def telegram_application(settings: Settings, transport: AiohttpRequest) -> DeskApplication:
    """python-telegram-bot with our transport and handlers; updates come from the inbox alone."""
    base = settings.telegram_api_url.rstrip("/")
    application = (
        ApplicationBuilder()
        .token(settings.telegram_token.get_secret_value())
        .base_url(f"{base}/bot")
        .base_file_url(f"{base}/file/bot")
        .request(transport)
        .get_updates_request(transport)  # never used, but built with httpx if left out
        .updater(None)
        .job_queue(None)
        .build()
    )
    application.add_handlers(handlers())
    application.add_error_handler(on_error)
    return application


def policy_of(settings: Settings) -> Policy:
    """What the settings say of people."""
    return Policy(
        keep_undelivered=timedelta(days=settings.keep_undelivered_days),
        keep_consultations=timedelta(days=settings.keep_consultations_days),
        keep_deliveries=timedelta(days=settings.keep_deliveries_days),
        keep_inbox=timedelta(days=settings.keep_inbox_days),
        messages_a_minute=settings.person_messages_per_minute,
        presses_a_minute=settings.person_presses_per_minute,
        questions_a_day=settings.person_questions_per_day,
        zone=ZoneInfo(settings.time_zone),
    )


def usual_hours(settings: Settings) -> Hours:
    """When those work who did not say anything else."""
    zone = ZoneInfo(settings.time_zone)
    return Hours(Week.of(settings.working_hours), zone, settings.public_holidays)


def rates(settings: Settings) -> Rates:
    return Rates(
        overall=settings.messages_per_second,
        chat=settings.chat_messages_per_second,
        group_minute=settings.group_messages_per_minute,
    )
