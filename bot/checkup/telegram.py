"""Telegram: whether it knows the token, where it sends updates, and what time it has."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp

from bot.checkup.findings import Finding, doubtful, fault, well
from bot.settings import Settings

SECONDS = aiohttp.ClientTimeout(total=15)
# A clock that is further off puts deadlines and tokens off too.
SKEW_SECONDS = 60.0
# More updates than this wait at Telegram only where nobody takes them.
PENDING = 100
Answer = tuple[dict[str, Any], Mapping[str, str]]


class UnansweredError(Exception):
    """The text says what Telegram, or the way to it, did; no token stands in it."""


async def look(settings: Settings, now: datetime) -> list[Finding]:
    try:
        async with aiohttp.ClientSession(timeout=SECONDS) as session:
            me, headers = await _ask(session, settings, "getMe")
            hook, _ = await _ask(session, settings, "getWebhookInfo")
    except UnansweredError as error:
        mend = "look at TELEGRAM_TOKEN, TELEGRAM_API_URL and TELEGRAM_PROXY"
        return [fault("telegram", str(error), mend)]
    name = me.get("username", "")
    return [well("telegram", f"it knows the bot @{name}"), *_hook(hook, settings, now),
            *_clock(headers, now)]  # fmt: skip


async def _ask(session: aiohttp.ClientSession, settings: Settings, method: str) -> Answer:
    token = settings.telegram_token.get_secret_value()
    url = f"{settings.telegram_api_url.rstrip('/')}/bot{token}/{method}"
    try:
        async with session.get(url, proxy=settings.telegram_proxy or None) as answer:
            told = await answer.json(content_type=None)
            headers = dict(answer.headers)
    except (aiohttp.ClientError, TimeoutError, ValueError, OSError) as error:
        # Its text may name the address, and so the token.
        raise UnansweredError(f"{method} was not answered ({type(error).__name__})") from None
    if not isinstance(told, dict) or not told.get("ok"):
        why = told.get("description", "") if isinstance(told, dict) else ""
        raise UnansweredError(f"{method} was refused: {why or answer.status}")
    return told["result"], headers


def _hook(hook: dict[str, Any], settings: Settings, now: datetime) -> Iterator[Finding]:
    url, pending = hook.get("url", ""), int(hook.get("pending_update_count", 0))
    if url == settings.webhook_url:
        yield well("listening", "by webhook" if url else "by polling")
    elif settings.webhook_url:
        mend = "start the bot: it tells Telegram; two bots with one token take it from each other"
        yield doubtful("listening", "Telegram calls another address or none", mend)
    else:
        yield doubtful("listening", "a webhook is set", "the start takes it away, to poll")
    failed_at, why = float(hook.get("last_error_date", 0)), hook.get("last_error_message", "")
    if url and failed_at:
        ago = max(0, int(now.timestamp() - failed_at))
        mend = "look at the proxy before WEBHOOK_PORT, its certificate, and the bot's log"
        yield doubtful("webhook", f"it failed {ago} s ago: {why}", mend)
    if pending > PENDING:
        yield doubtful("updates", f"{pending} wait at Telegram", "start the bot")
    else:
        yield well("updates", f"{pending} wait at Telegram")


def _clock(headers: Mapping[str, str], now: datetime) -> Iterator[Finding]:
    try:
        there = parsedate_to_datetime(headers.get("Date", ""))
    except (TypeError, ValueError):
        return
    skew = (now - there).total_seconds()
    if abs(skew) > SKEW_SECONDS:
        off = f"{abs(skew):.0f} s {'ahead' if skew > 0 else 'behind'}"
        yield fault("clock", f"this machine's is {off}", "let it be set by NTP")
    else:
        yield well("clock", "it agrees with Telegram's")
