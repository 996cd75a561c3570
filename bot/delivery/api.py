"""Bot API calls by plain JSON: what polling and the sender need, without objects around it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import aiohttp
from yarl import URL

from bot.delivery.transport import READ_SECONDS, AiohttpRequest, MaybeActedError, timeouts

_JSON = {"Content-Type": "application/json"}


class RefusedCallError(Exception):
    """Telegram answered, and not with a result.

    `code` is the HTTP status; `retry_after` (seconds) and `migrate_to` (a chat) come with some.
    """

    def __init__(
        self, code: int, description: str, retry_after: float = 0, migrate_to: int | None = None
    ) -> None:
        super().__init__(f"{code} {description}")
        self.code = code
        self.description = description
        self.retry_after = retry_after
        self.migrate_to = migrate_to


class BotApi:
    """The Bot API at `url` (https://api.telegram.org or another server) for one token."""

    def __init__(self, transport: AiohttpRequest, url: str, token: str) -> None:
        self._transport = transport
        self._base = f"{url.rstrip('/')}/bot{token}/"
        self._urls: dict[str, URL] = {}

    async def call(
        self,
        method: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        document: Path | None = None,
        patience: float = READ_SECONDS,
    ) -> Any:
        """The method's result. `document` is uploaded as such; `patience` is for the answer, in s.

        Raises RefusedCallError, NotSentError, MaybeActedError; OSError where `document` is not
        readable.
        """
        url = self._urls.setdefault(method, URL(self._base + method))
        limits = timeouts(patience)
        if document is None:
            body = json.dumps(parameters or {}).encode()
            code, answer = await self._transport.send(url, "POST", body, limits, _JSON)
        else:
            with document.open("rb") as file:
                form = _form(parameters or {}, file, document.name)
                code, answer = await self._transport.send(url, "POST", form, limits)
        return _result(code, answer)


def _form(parameters: Mapping[str, Any], file: Any, name: str) -> aiohttp.FormData:
    form = aiohttp.FormData(quote_fields=False)  # Telegram takes a name as it is, in UTF-8
    for key, value in parameters.items():
        if key != "filename":
            form.add_field(key, value if isinstance(value, str) else json.dumps(value))
    form.add_field("document", file, filename=parameters.get("filename") or name)
    return form


def _result(code: int, answer: bytes) -> Any:
    body = _envelope(answer)
    if body is None:
        if code < 300:
            raise MaybeActedError("an answer that is none of the Bot API")
        raise RefusedCallError(code, "an answer that is none of the Bot API")
    if body["ok"]:
        return body["result"]
    more = body.get("parameters") or {}
    raise RefusedCallError(
        int(body.get("error_code", code)),
        str(body.get("description", "")),
        float(more.get("retry_after", 0)),
        more.get("migrate_to_chat_id"),
    )


def _envelope(answer: bytes) -> dict[str, Any] | None:
    try:
        body = json.loads(answer)
    except ValueError:
        return None
    whole = isinstance(body, dict) and ("result" in body if body.get("ok") else "ok" in body)
    return body if whole else None
