"""The simulated Bot API over HTTP, on loopback only."""

from __future__ import annotations

import asyncio
import inspect
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web

from bot.simulator import page
from bot.simulator.calls import BotSide
from bot.simulator.errors import ApiError, refuse
from bot.simulator.faults import Fault, Faults
from bot.simulator.messages import Json
from bot.simulator.methods import METHODS
from bot.simulator.polling import Polling
from bot.simulator.updates import PendingUpdate
from bot.simulator.webhook import Webhook
from bot.simulator.wire import BODY_LIMIT, Upload, read_parameters
from bot.simulator.world import TOKEN, World

HOST = "127.0.0.1"
_TOKEN_SHAPE = re.compile(r"\d+:[A-Za-z0-9_-]{35}")
ApiObserver = Callable[[str, Json, Json], None]


class RealTokenError(RuntimeError):
    """The environment carries a token that is not the simulator's."""


def refuse_beside_real_token(token: str | None) -> None:
    """Raise RealTokenError beside a real token: nothing simulated may be taken for Telegram."""
    if token and token != TOKEN:
        raise RealTokenError(
            "A Telegram token is configured, and the simulator does not run beside a real one. "
            "Unset the token to use the simulator, or run the bot against Telegram."
        )


class Simulator:
    """A Bot API server for one world and one bot; `url` is the base URL once it has started.

    `observer` is called with the method's name, the parameters and the answer's body of every
    call; pushes to a webhook come as "webhook" with the update and the reply's status and body.
    `refused` lists what was called and is not simulated: a test looks that it is empty.
    """

    def __init__(
        self,
        world: World,
        *,
        port: int = 0,
        observer: ApiObserver | None = None,
        webhook_pause: float = 1.0,
    ) -> None:
        self.world = world
        self.faults = Faults()
        self.refused: list[str] = []
        self._port = port
        self._observer = observer
        self.bot = BotSide(
            world,
            Polling(world.updates, self.faults),
            Webhook(
                world.updates,
                self.faults,
                world.clock,
                answered=self._run_reply,
                observed=self._observe_push,
                first_pause=webhook_pause,
            ),
        )
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """Where it listens, without a slash at the end."""
        return f"http://{HOST}:{self._port}"

    @property
    def addresses(self) -> list[tuple[str, int]]:
        """Host and port of each socket it listens on."""
        return [] if self._runner is None else [address[:2] for address in self._runner.addresses]

    async def start(self) -> None:
        """Listen; port 0 becomes a free one."""
        app = web.Application(client_max_size=BODY_LIMIT)
        app.router.add_route("*", "/bot{token}/{method}", self._answer)
        app.router.add_get("/file/bot{token}/{path:.+}", self._give_file)
        page.add_routes(app, self.world)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, HOST, self._port).start()
        self._port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Let a waiting poll answer, end the pushes, and stop listening."""
        self.bot.polling.close()
        await self.bot.webhook.close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    # -- one call

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        call = _Call(request.match_info["method"])
        try:
            _check_token(request.match_info["token"])
            body = {"ok": True, "result": await self._run(call, *await read_parameters(request))}
        except ApiError as error:
            body = self._refusal(call, error)
        if self._observer is not None:
            self._observer(call.name, call.params, body)
        if call.fault is not None:
            await _spoil(call.fault, request)
        return _reply(body)

    async def _run(self, call: _Call, raw: Json, uploads: dict[str, Upload]) -> Any:
        method = METHODS.get(call.name.lower())
        if method is None:
            raise refuse("method_not_found")
        call.name, call.params = method.name, raw
        given = method.signature.typed(method.name, raw, uploads)
        call.params = given
        call.fault = self.faults.meet(method.name, given.get("chat_id"))
        try:
            result = method.act(self.bot, given)
            return await result if inspect.isawaitable(result) else result
        except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
            # JSON of another form than documented: Telegram has a sentence for each, too many to
            # repeat. It is recorded as not simulated, so that neither it nor a bug here goes by.
            raise refuse("not_understood", method=method.name, why=repr(error)) from error

    def _refusal(self, call: _Call, error: ApiError) -> Json:
        if error.not_simulated:
            self.refused.append(f"{call.name}: {error.description}")
        return error.envelope()

    async def _run_reply(self, reply: Json) -> None:
        """Run the method that a webhook's reply carries; nobody is told how it went."""
        call = _Call(str(reply.pop("method")))
        try:
            body = {"ok": True, "result": await self._run(call, reply, {})}
        except ApiError as error:
            body = self._refusal(call, error)
        if self._observer is not None:
            self._observer(call.name, call.params, body)

    def _observe_push(self, update: PendingUpdate, status: int, text: str) -> None:
        if self._observer is not None:
            self._observer("webhook", update.written, {"status": status, "body": text})

    async def _give_file(self, request: web.Request) -> web.Response:
        try:
            _check_token(request.match_info["token"])
            stored = self.world.files.by_path(request.match_info["path"])
            if stored is None:
                raise refuse("not_found_at_all")
        except ApiError as error:
            return _reply(error.envelope())
        return web.Response(body=stored.content, content_type="application/octet-stream")


@dataclass(slots=True)
class _Call:
    name: str
    params: Json = field(default_factory=dict)
    fault: Fault | None = None


def _check_token(token: str) -> None:
    if not _TOKEN_SHAPE.fullmatch(token):
        raise refuse("not_found_at_all")
    if token != TOKEN:
        raise refuse("unauthorized")


async def _spoil(fault: Fault, request: web.Request) -> None:
    """Answer late, or never: the connection is cut after the act."""
    if fault.kind == "slow":
        await asyncio.sleep(fault.value)
    elif request.transport is not None:
        request.transport.abort()


def _reply(body: Json) -> web.Response:
    status = 200 if body["ok"] else body["error_code"]
    headers = {"Content-Type": "application/json"}
    retry_after = body.get("parameters", {}).get("retry_after")
    if retry_after is not None:
        headers["Retry-After"] = str(retry_after)
    return web.Response(body=json.dumps(body).encode(), status=status, headers=headers)
