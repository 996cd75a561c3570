"""Settings become parts, parts a running desk. The only clock of the desk stands here."""

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from telegram import Update
from telegram.ext import ApplicationBuilder

import bot.desk.tables  # noqa: F401 (the metadata must be whole before a migration)
from bot.cards.render import Cards
from bot.delivery.transactions import Transactions
from bot.desk import offering
from bot.desk.views import Found
from bot.handlers.answering import on_error
from bot.handlers.loading import Loader
from bot.handlers.parts import PARTS, DeskApplication, Parts
from bot.handlers.table import handlers
from bot.indexing import snapshots
from bot.settings import Settings
from knowledge.database import open_engine
from knowledge.migrations import upgrade
from retrieval.encoder import Encoder, load_encoder
from retrieval.library import Library

log = logging.getLogger(__name__)
# How often deadlines are looked at; an offer may end this much late.
DEADLINE_SECONDS = 5.0
# How often the index is looked for, loaded by another process (`xiaoqi reload`).
REFRESH_SECONDS = 2.0


def utc_now() -> datetime:
    return datetime.now(UTC)


def prepare_database(url: str) -> Engine:
    """An engine whose schema is the newest. Raises DatabaseAwayError."""
    engine = open_engine(url)
    upgrade(engine)
    return engine
