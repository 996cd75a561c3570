"""Updates pushed to the bot's own server: in order per chat, again until it says 2xx."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import aiohttp

from bot.simulator.faults import Faults
from bot.simulator.messages import Json
from bot.simulator.updates import PendingUpdate, UpdateQueue

LONGEST_PAUSE = 60.0
READ_TIMEOUT = aiohttp.ClientTimeout(total=60)


@dataclass(frozen=True, slots=True)
class WebhookSettings:
    """What setWebhook said."""

    url: str
    secret_token: str
    max_connections: int
    has_certificate: bool
    ip_address: str | None


@dataclass(frozen=True, slots=True)
class _Post:
    session: aiohttp.ClientSession
    settings: WebhookSettings
    connections: asyncio.Semaphore

    async def send(self, update: Json) -> tuple[int, str, str, str]:
        """Status, reason, Retry-After and body of the reply."""
        headers = {"Content-Type": "application/json"}
        if self.settings.secret_token:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self.settings.secret_token
        body = json.dumps(update)
        async with self.session.post(self.settings.url, data=body, headers=headers) as reply:
            wait = reply.headers.get("Retry-After", "")
            return reply.status, reply.reason or "", wait, await reply.text()


Answered = Callable[[Json], Awaitable[None]]
Observed = Callable[[PendingUpdate, int, str], None]


class Webhook:
    """Pushes what is queued while a webhook is set.

    `answered` runs the method that a reply may carry; `observed` is told of each push with the
    status and body of the reply; `first_pause` (s) doubles with each failure, unless the reply's
    Retry-After says otherwise.
    """

    def __init__(
        self,
        queue: UpdateQueue,
        faults: Faults,
        clock: Callable[[], float],
        *,
        answered: Answered,
        observed: Observed,
        first_pause: float = 1.0,
    ) -> None:
        self.settings: WebhookSettings | None = None
        self.last_error: tuple[int, str] | None = None
        self._queue = queue
        self._faults = faults
        self._clock = clock
        self._answered = answered
        self._observed = observed
        self._first_pause = first_pause
        self._pusher: asyncio.Task[None] | None = None

    async def set(self, settings: WebhookSettings | None) -> None:
        """Push to this address from now on; None ends it, and updates wait for a poll."""
        await self.close()
        self.settings = settings
        self.last_error = None
        if settings is not None:
            self._pusher = asyncio.create_task(self._push_all(settings))

    async def close(self) -> None:
        """End what is on its way; an update not confirmed stays in the queue."""
        if self._pusher is not None:
            self._pusher.cancel()
            await asyncio.gather(self._pusher, return_exceptions=True)
            self._pusher = None

    async def _push_all(self, settings: WebhookSettings) -> None:
        """Give each update to the lane of its chat; a lane lives while something waits in it."""
        arrived: asyncio.Queue[PendingUpdate] = asyncio.Queue()
        stop_listening = self._queue.listen(arrived.put_nowait)
        for update in self._queue:
            arrived.put_nowait(update)
        connections = asyncio.Semaphore(settings.max_connections)
        lanes: dict[int, deque[PendingUpdate]] = {}
        try:
            async with (
                aiohttp.ClientSession(timeout=READ_TIMEOUT) as session,
                asyncio.TaskGroup() as tasks,
            ):
                post = _Post(session, settings, connections)
                while True:
                    update = await arrived.get()
                    waiting = lanes.get(update.order_key)
                    if waiting is not None:
                        waiting.append(update)
                        continue
                    lanes[update.order_key] = deque([update])
                    tasks.create_task(self._push_lane(post, lanes, update.order_key))
        finally:
            stop_listening()

    async def _push_lane(
        self, post: _Post, lanes: dict[int, deque[PendingUpdate]], key: int
    ) -> None:
        """Push what waits for one chat, one after the other, until nothing does."""
        waiting, pause = lanes[key], self._first_pause
        while waiting:
            if not self._queue.holds(waiting[0]):  # dropped with drop_pending_updates
                waiting.popleft()
                continue
            async with post.connections:
                asked = await self._push(post, waiting[0])
            if asked is None:
                self._queue.remove(waiting.popleft())
                pause = self._first_pause
                continue
            await asyncio.sleep(asked or pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        del lanes[key]

    async def _push(self, post: _Post, update: PendingUpdate) -> float | None:
        """None once confirmed; else the seconds the reply asks to wait, 0 where it asks nothing."""
        try:
            for _ in range(2 if self._faults.repeats() else 1):
                status, reason, wait, text = await post.send(update.written)
        except (aiohttp.ClientError, TimeoutError) as error:
            self._fail(_reason(error))
            return 0.0
        self._observed(update, status, text)
        if not 200 <= status < 300:
            self._fail(f"Wrong response from the webhook: {status} {reason}")
            return float(wait) if wait.isdigit() else 0.0
        if (reply := _method_in(text)) is not None:
            await self._answered(reply)
        return None

    def _fail(self, message: str) -> None:
        self.last_error = (int(self._clock()), message)


def _method_in(text: str) -> Json | None:
    """The call that a reply carries; a reply that is no such JSON means nothing."""
    if '"method"' not in text:
        return None
    try:
        reply = json.loads(text)
    except ValueError:
        return None
    return reply if isinstance(reply, dict) and "method" in reply else None


def _reason(error: Exception) -> str:
    if isinstance(error, aiohttp.ClientConnectorError):
        return "Connection refused"
    return "Read timeout expired" if isinstance(error, TimeoutError) else "Connection reset by peer"
