"""HTTP to Telegram on aiohttp, for python-telegram-bot and for our own calls."""

import time
from collections.abc import Mapping
from typing import Any

import aiohttp
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData
from yarl import URL

from bot.delivery.observing import Nobody, Observer

CONNECT_SECONDS, READ_SECONDS, WRITE_SECONDS = 5.0, 20.0, 60.0
# What a bot may download from Telegram, with room for a JSON answer around nothing larger.
LARGEST_ANSWER = 20 * 2**20 + 2**16
CONNECTIONS = 128
# A number, None for no limit, or python-telegram-bot's mark for "not given".
Seconds = Any


class NotSentError(NetworkError):
    """The request never left: Telegram knows nothing of it, and it is safe to try again."""

    maybe_acted = False
    outcome = "not_sent"


class MaybeActedError(TimedOut):
    """The request left and no answer was read: Telegram may have acted on it, or not."""

    maybe_acted = True
    outcome = "no_answer"


class TooLargeError(NetworkError):
    """The answer, or the file asked for, is larger than we take."""

    maybe_acted = True
    outcome = "too_large"


class AiohttpRequest(BaseRequest):
    """python-telegram-bot's transport: one pool of kept connections, at most `largest` bytes back.

    `proxy` is an http:// or https:// address; aiohttp speaks no SOCKS. Raises ValueError for
    another one.
    """

    __slots__ = ("_largest", "_observer", "_proxy", "_session")

    def __init__(
        self,
        proxy: str = "",
        largest: int = LARGEST_ANSWER,
        observer: Observer | None = None,
    ) -> None:
        if proxy and URL(proxy).scheme not in ("http", "https"):
            raise ValueError(
                "TELEGRAM_PROXY must begin with http:// or https:// (most SOCKS proxies offer an"
                " HTTP port too: give that one)"
            )
        self._proxy = proxy or None
        self._largest = largest
        self._observer = observer or Nobody()
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        return READ_SECONDS

    async def initialize(self) -> None:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=CONNECTIONS, ttl_dns_cache=300),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": "xiaoqi"},
            )

    async def shutdown(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Seconds = BaseRequest.DEFAULT_NONE,
        write_timeout: Seconds = BaseRequest.DEFAULT_NONE,
        connect_timeout: Seconds = BaseRequest.DEFAULT_NONE,
        pool_timeout: Seconds = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 (one with connecting)
    ) -> tuple[int, bytes]:
        """As BaseRequest asks: the status and the body. Raises NotSentError, MaybeActedError."""
        timeout = timeouts(
            _given(read_timeout, READ_SECONDS),
            _given(connect_timeout, CONNECT_SECONDS),
            _given(write_timeout, WRITE_SECONDS),
        )
        return await self.send(url, method, _form(request_data), timeout)

    async def send(
        self,
        url: str | URL,
        method: str,
        body: Any,
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109 (aiohttp's own)
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, bytes]:
        """The status and the body. Raises NotSentError, MaybeActedError, TooLargeError."""
        began, outcome = time.monotonic(), "cancelled"
        try:
            code, answer = await self._ask(url, method, body, timeout, headers)
            outcome = str(code)
        except (NotSentError, MaybeActedError, TooLargeError) as error:
            outcome = error.outcome
            raise
        finally:
            self._observer.called(named_in(url), outcome, time.monotonic() - began)
        return code, answer

    async def _ask(
        self,
        url: str | URL,
        method: str,
        body: Any,
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109 (aiohttp's own)
        headers: Mapping[str, str] | None,
    ) -> tuple[int, bytes]:
        if self._session is None:
            raise NotSentError("the transport is not open")
        try:
            async with self._session.request(
                method,
                url,
                data=body,
                headers=headers,
                timeout=timeout,
                proxy=self._proxy,
                allow_redirects=False,
            ) as answer:
                return answer.status, await self._read(answer)
        except (
            aiohttp.ClientConnectorError,
            aiohttp.ConnectionTimeoutError,
            aiohttp.ClientHttpProxyError,
            aiohttp.InvalidURL,
        ) as error:
            raise NotSentError(f"not sent: {type(error).__name__}") from error
        except (aiohttp.ClientError, TimeoutError, ConnectionError) as error:
            raise MaybeActedError(f"no answer: {type(error).__name__}") from error

    async def _read(self, answer: aiohttp.ClientResponse) -> bytes:
        length = answer.content_length
        if length is not None and "Content-Encoding" not in answer.headers:
            if length > self._largest:
                raise TooLargeError(f"an answer of {length} bytes: more than {self._largest}")
            return await answer.read()
        body = bytearray()
        async for piece in answer.content.iter_any():
            body += piece
            if len(body) > self._largest:
                raise TooLargeError(f"an answer of more than {self._largest} bytes")
        return bytes(body)


def named_in(url: str | URL) -> str:
    """The Bot API's method that an address calls: "file" for a download, whose path says more."""
    path = str(url).partition("?")[0]
    return "file" if "/file/bot" in path else path.rpartition("/")[2]


def timeouts(
    read: float | None, connect: float | None = CONNECT_SECONDS, write: float | None = WRITE_SECONDS
) -> aiohttp.ClientTimeout:
    """aiohttp knows no limit for writing alone: the whole is limited by the sum."""
    total = read + connect + write if None not in (read, connect, write) else None  # type: ignore[operator]
    return aiohttp.ClientTimeout(total=total, connect=connect, sock_read=read)


def _given(value: Seconds, default: float) -> float | None:
    return default if value is BaseRequest.DEFAULT_NONE else value


def _form(request: RequestData | None) -> Any:
    """Nothing, a plain form, or a multipart one where there are files."""
    if request is None:
        return None
    fields = request.json_parameters
    if not request.contains_files:
        return fields
    # Telegram takes a file's name as it is, in UTF-8.
    form = aiohttp.FormData(fields, quote_fields=False)
    for name, (filename, content, kind) in request.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return form
