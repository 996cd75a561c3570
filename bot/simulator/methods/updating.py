"""How the bot gets its updates: getUpdates and webhooks."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from bot.simulator.calls import BotSide, method
from bot.simulator.errors import refuse
from bot.simulator.messages import Json
from bot.simulator.updates import DEFAULT_KINDS
from bot.simulator.webhook import WebhookSettings
from bot.simulator.wire import Given

_SECRET = re.compile(r"[A-Za-z0-9_-]*")


@method("getUpdates", "offset:int limit:int timeout:int allowed_updates:json")
async def get_updates(bot: BotSide, given: Given) -> list[Json]:
    if bot.webhook.settings is not None:
        raise refuse("webhook_is_set")
    limit, seconds = given.get("limit", 100), given.get("timeout", 0)
    allowed = given.get("allowed_updates")
    return await bot.polling.next(given.get("offset", 0), limit, seconds, allowed)


@method(
    "setWebhook",
    "url:text certificate:file ip_address:text max_connections:int allowed_updates:json "
    "drop_pending_updates:bool secret_token:text",
)
async def set_webhook(bot: BotSide, given: Given) -> bool:
    settings = _settings(given["url"], given) if given.get("url") else None
    if settings is not None:
        bot.polling.end_by_webhook()
        bot.world.updates.allow(given.get("allowed_updates"))
    return await _set(bot, given, settings)


async def _set(bot: BotSide, given: Given, settings: WebhookSettings | None) -> bool:
    if given.get("drop_pending_updates"):
        bot.world.updates.clear()
    await bot.webhook.set(settings)
    return True


def _settings(url: str, given: Given) -> WebhookSettings:
    address = urlsplit(url if "://" in url else f"https://{url}")
    if not address.hostname or " " in url:
        raise refuse("webhook_url_invalid")
    if address.scheme != "https" and address.hostname not in ("127.0.0.1", "localhost"):
        # A local Bot API server takes plain HTTP, and this one calls nobody but this machine.
        raise refuse("webhook_not_https")
    secret = given.get("secret_token") or ""
    if len(secret) > 256:
        raise refuse("secret_too_long")
    if not _SECRET.fullmatch(secret):
        raise refuse("secret_characters")
    most = min(max(given.get("max_connections") or 40, 1), 100)
    return WebhookSettings(
        url, secret, most, bool(given.get("certificate")), given.get("ip_address")
    )


@method("deleteWebhook", "drop_pending_updates:bool")
async def delete_webhook(bot: BotSide, given: Given) -> bool:
    return await _set(bot, given, None)


@method("getWebhookInfo")
def get_webhook_info(bot: BotSide, _given: Given) -> Json:
    settings, queue = bot.webhook.settings, bot.world.updates
    known: dict[str, Any] = {
        "url": "",
        "has_custom_certificate": False,
        "pending_update_count": len(queue),
    }
    if queue.allowed != DEFAULT_KINDS:
        known["allowed_updates"] = sorted(queue.allowed)
    if settings is None:
        return known
    known |= {
        "url": settings.url,
        "has_custom_certificate": settings.has_certificate,
        "max_connections": settings.max_connections,
    }
    if settings.ip_address:
        known["ip_address"] = settings.ip_address
    if bot.webhook.last_error is not None:
        date, message = bot.webhook.last_error
        known |= {"last_error_date": date, "last_error_message": message}
    return known
