"""Settings become parts, parts a running desk. The only clock of the desk stands here."""

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web
from sqlalchemy import Engine
from sqlmodel import Session, SQLModel
from telegram.error import InvalidToken, NetworkError, TelegramError
from telegram.ext import ApplicationBuilder, ExtBot
from yarl import URL

import bot.desk.tables  # noqa: F401 (a migration needs every table)
from bot.cards.render import Cards
from bot.delivery import inbox
from bot.delivery.api import BotApi, RefusedCallError
from bot.delivery.backoff import Backoff
from bot.delivery.calls import Calls
from bot.delivery.committer import ClosedError
from bot.delivery.faults import placed
from bot.delivery.hooks import Hooks
from bot.delivery.lanes import Lanes
from bot.delivery.limits import Rates
from bot.delivery.polling import ALLOWED_UPDATES, Poller
from bot.delivery.sender import Sender
from bot.delivery.tables import Delivery
from bot.delivery.transactions import Transactions
from bot.delivery.transport import AiohttpRequest
from bot.desk import (
    absence,
    binding,
    breaking_glass,
    failing,
    holding,
    lab_talk,
    menus,
    offering,
    opening,
    silence,
    undelivered,
)
from bot.desk.placing import TOPICS
from bot.desk.policy import Policy
from bot.desk.rights import keeping
from bot.desk.silence import Patience
from bot.excerpts import Reader
from bot.handlers import rights
from bot.handlers.answering import on_error
from bot.handlers.commands import announce
from bot.handlers.finding import Finder
from bot.handlers.gate import Gate
from bot.handlers.groups import Standings
from bot.handlers.loading import Loader, TelegramFiles
from bot.handlers.mending import Mending
from bot.handlers.parts import PARTS, DeskApplication, Parts
from bot.handlers.postponing import ask_waiting
from bot.handlers.publishing import Publishing
from bot.handlers.receipting import Receipts
from bot.handlers.table import handlers
from bot.handlers.transcribing import Transcriber
from bot.handlers.treating import Treatment
from bot.handlers.wording import SentFiles
from bot.indexing import build_apart, shelf_for
from bot.sealing.keys import give_keys, warnings
from bot.sealing.resealing import reseal
from bot.settings import Settings, SettingsError
from bot.web.webhook import webhook_app
from knowledge.database import open_engine
from knowledge.migrations import upgrade

log = logging.getLogger(__name__)
# How often deadlines are looked at: an offer ends at most this much late.
DEADLINE_SECONDS = 5.0
# How often the index of another process (`xiaoqi reload`) is looked for.
REFRESH_SECONDS = 2.0
# How often the marks under people's messages are brought up to date.
RECEIPT_SECONDS = 1.0
# How often silences are looked at: days of them are counted.
SILENCE_SECONDS = 60.0
# How often what was kept long enough is forgotten.
SWEEP_SECONDS = 3600.0
# Telegram opens at most so many connections to the webhook at once.
WEBHOOK_CONNECTIONS = 40


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
    async with AsyncExitStack() as stack:
        desk = await _put_together(settings, clock, stack)
        tasks = [asyncio.create_task(work) for work in desk]
        stop = asyncio.create_task(stopping.wait())
        try:
            done, _ = await asyncio.wait([*tasks, stop], return_when=asyncio.FIRST_COMPLETED)
            for task in done - {stop}:
                task.result()
        finally:
            for task in (*tasks, stop):
                task.cancel()
            await asyncio.gather(*tasks, stop, return_exceptions=True)


async def _put_together(
    settings: Settings, clock: Callable[[], datetime], stack: AsyncExitStack
) -> list[Coroutine[Any, Any, None]]:
    """Open every part, closed in reverse by `stack`; the work that runs side by side."""
    engine = await asyncio.to_thread(prepare_database, settings)
    stack.callback(engine.dispose)
    for sentence in warnings(settings):
        log.warning(sentence)
    transport = AiohttpRequest(settings.telegram_proxy)
    await transport.initialize()
    stack.push_async_callback(transport.shutdown)
    transactions = Transactions(engine, clock)
    stack.push_async_callback(transactions.close)
    shelf = shelf_for(settings)
    stack.callback(shelf.close)
    finder = Finder(settings.embedding_model, shelf, reranking=settings.reranking_model)
    stack.callback(finder.close)
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
    policy = policy_of(settings)
    mending = Mending(finder.refresh, loader.rebuild, clock)
    publishing = Publishing(transactions, loader.rebuild, finder.refresh, clock)
    after = timedelta(days=settings.follow_up_days)
    files = TelegramFiles(application.bot)
    transcripts = settings.var_folder / "transcripts"
    transcriber = Transcriber(transactions, files.fetch, transcripts, ZoneInfo(settings.time_zone))
    parts = desk_parts(settings, transactions, finder, loader, application.bot)
    application.bot_data[PARTS] = parts
    transactions.known[TOPICS] = bool(application.bot.bot.has_topics_enabled)
    token = settings.telegram_token.get_secret_value()
    api = BotApi(transport, settings.telegram_api_url, token)
    sender = Sender(
        transactions,
        Calls(api, parts.cards),
        clock=clock,
        rates=rates(settings),
        hooks=hooks(parts.offer_for),
    )
    await sender.start()
    stack.push_async_callback(sender.stop)
    gate = Gate(transactions, policy, clock)
    receipts = Receipts(api, transactions, lambda: sender.busy, clock)
    lanes = Lanes(transactions, Treatment(application, gate), on_quarantine=undelivered.quarantined)
    await lanes.start()
    stack.push_async_callback(lanes.stop)
    listen = (
        listen_by_webhook(settings, api, transactions, lanes, clock)
        if settings.webhook_url
        else Poller(api, transactions, lanes.offer, clock=clock).run()
    )
    return [
        listen,
        sender.wait(),
        loader.run(),
        once(announce, application.bot),
        every(DEADLINE_SECONDS, transactions.commit, offering.expire_due, parts.offer_for),
        every(DEADLINE_SECONDS, transactions.commit, breaking_glass.end_due),
        every(DEADLINE_SECONDS, transactions.commit, absence.give_up, policy.keep_undelivered),
        every(SILENCE_SECONDS, transactions.commit, silence.end_silences, patience_of(settings)),
        every(SILENCE_SECONDS, transactions.commit, holding.follow_up, after),
        every(DEADLINE_SECONDS, offer_commands, transactions),
        every(REFRESH_SECONDS, mending.turn),
        every(REFRESH_SECONDS, publishing.turn),
        every(REFRESH_SECONDS, transcriber.turn),
        every(SWEEP_SECONDS, transcriber.sweep),
        every(RECEIPT_SECONDS, receipts.turn),
        every(SWEEP_SECONDS, transactions.commit, inbox.forget_done, policy.keep_inbox),
        every(DEADLINE_SECONDS, ask_waiting, parts),
        every(SWEEP_SECONDS, transactions.commit, keeping.sweep, policy),
        every(SWEEP_SECONDS, rights.sweep, transactions, parts.archives, clock),
    ]


async def offer_commands(transactions: Transactions) -> None:
    """Looked at beside the desk's own work, which is taken only where an app is behind."""
    if await transactions.read_aside(menus.due):
        await transactions.commit(menus.refresh)


def desk_parts(
    settings: Settings,
    transactions: Transactions,
    finder: Finder,
    loader: Loader,
    bot: ExtBot[None],
) -> Parts:
    """What the handlers may use; links that open the bot name it."""
    key = settings.signing_key()
    return Parts(
        transactions=transactions,
        find=finder.find,
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


async def patiently(
    connect: Callable[[], Awaitable[object]], clock: Callable[[], datetime]
) -> None:
    """Until Telegram takes it, however long it is away. Raises SettingsError for a false token."""
    backoff = Backoff("the start waits")
    while True:
        try:
            await connect()
        except InvalidToken as error:
            raise SettingsError(
                "Telegram refuses TELEGRAM_TOKEN: copy it again from @BotFather"
            ) from error
        except (NetworkError, RefusedCallError) as error:
            # A refusal's words are Telegram's; a network error's may name the address, and so
            # the token.
            why = str(error) if isinstance(error, RefusedCallError) else type(error).__name__
            now = clock().timestamp()
            await asyncio.sleep(backoff.failed(why, now) - now)
        else:
            backoff.passed()
            return


def hooks(offer_for: timedelta) -> Hooks:
    """What the desk does about a delivery that does not arrive."""

    def unreachable(session: Session, owed: Delivery, reason: str, /, *, now: datetime) -> None:
        if not lab_talk.taken_back(session, owed, reason, now=now):
            undelivered.refused(session, owed, reason, offer_for, now=now)

    def failed(session: Session, owed: Delivery, reason: str, /, *, now: datetime) -> None:
        if not lab_talk.taken_back(session, owed, reason, now=now):
            failing.failed(session, owed, reason, now=now)

    return Hooks(
        unreachable=unreachable,
        failed=failed,
        uncertain=failing.uncertain,
        migrated=binding.moved,
        topic_gone=opening.open_again,
    )


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


def patience_of(settings: Settings) -> Patience:
    return Patience(
        quiet=timedelta(days=settings.quiet_days),
        warned=timedelta(days=settings.quiet_warning_days),
    )


def rates(settings: Settings) -> Rates:
    return Rates(
        overall=settings.messages_per_second,
        chat=settings.chat_messages_per_second,
        group_minute=settings.group_messages_per_minute,
    )


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


async def listen_by_webhook(
    settings: Settings,
    api: BotApi,
    transactions: Transactions,
    lanes: Lanes,
    clock: Callable[[], datetime],
) -> None:
    """Serve the webhook, tell Telegram of it, and wait until cancelled."""
    address = URL(settings.webhook_url)
    app = webhook_app(transactions, lanes.offer, settings.webhook_password(), address.path)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, settings.webhook_host, settings.webhook_port).start()
        asked = {
            "url": settings.webhook_url,
            "secret_token": settings.webhook_password(),
            "allowed_updates": list(ALLOWED_UPDATES),
            "max_connections": WEBHOOK_CONNECTIONS,
        }
        await patiently(partial(api.call, "setWebhook", asked), clock)
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()
