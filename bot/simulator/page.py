"""The page of the simulator: three chats side by side, over one WebSocket.

`/` serves the page with its scripts under `/page/assets`, `/page` is its socket, `/page/files`
takes and gives its files. The page may
act as anybody, so only a page that this server itself served, on loopback, is let in.
"""

from __future__ import annotations

import asyncio
import json
import re
import secrets
from collections.abc import Awaitable, Callable
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path

from aiohttp import WSMsgType, web
from pydantic import ValidationError

from bot.simulator import page_frames
from bot.simulator.events import Event
from bot.simulator.messages import Json
from bot.simulator.page_acts import ACT
from bot.simulator.page_stage import Stage, Upload, Uploads
from bot.simulator.world import World

FOLDER = Path(__file__).parent / "page"
TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
BACKLOG = 2_000  # frames a slow browser may owe; past that it is cheaper to send the whole state

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def add_routes(app: web.Application, world: World) -> None:
    """Serve the page of this world."""
    page = _Page(world)
    app.router.add_get("/", _from_here(page.index))
    app.router.add_get("/page", _from_here(page.socket))
    app.router.add_get("/page/assets/{name:[a-z]+\\.(?:css|js)}", _from_here(page.asset))
    app.router.add_post("/page/files", _from_here(page.upload))
    app.router.add_get("/page/files/{file_id}", _from_here(page.download))
    app.on_shutdown.append(page.close)


def _from_here(handler: Handler) -> Handler:
    """Refuse a name that is not loopback's (DNS rebinding) and pages of other origins."""

    async def guarded(request: web.Request) -> web.StreamResponse:
        origin = request.headers.get("Origin", f"http://{request.host}")
        if not _is_loopback(request.host) or origin != f"http://{request.host}":
            raise web.HTTPForbidden(text="The simulator's page is for this computer alone.\n")
        return await handler(request)

    return guarded


def _is_loopback(host: str) -> bool:
    name = re.sub(r":\d+$", "", host).strip("[]")
    with suppress(ValueError):
        return ip_address(name).is_loopback
    return name == "localhost"


def _policy(host: str) -> str:
    """A Content-Security-Policy under which the page's own scripts and styles run, and no other.

    A path, not 'self': files that people sent come from the same origin.
    """
    own = f"http://{host}/page/assets/"
    return (
        f"default-src 'none'; script-src {own}; style-src {own}; "
        "img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


class _Page:
    def __init__(self, world: World) -> None:
        self._world = world
        self._key = secrets.token_hex(6)
        self._uploads = Uploads()
        self._viewers: set[_Viewer] = set()

    async def index(self, request: web.Request) -> web.Response:
        response = _part(FOLDER / "index.html")
        response.headers["Content-Security-Policy"] = _policy(request.host)
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    async def asset(self, request: web.Request) -> web.Response:
        """A script or style of the page."""
        path = FOLDER / request.match_info["name"]
        if path.suffix not in TYPES or not path.is_file():
            raise web.HTTPNotFound(text="The page has no such part.\n")
        return _part(path)

    async def socket(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse(heartbeat=20, compress=False, max_msg_size=1 << 20)
        await socket.prepare(request)
        viewer = _Viewer(self._world, self._key, socket)
        self._viewers.add(viewer)
        try:
            async with asyncio.TaskGroup() as tasks:
                writing = tasks.create_task(viewer.write())
                await viewer.read(Stage(self._world, self._uploads))
                writing.cancel()
        finally:
            self._viewers.discard(viewer)
            viewer.leave()
        return socket

    async def upload(self, request: web.Request) -> web.Response:
        """Keep a file for the message that will hold it."""
        body, limit = bytearray(), page_frames.UPLOAD_MEGABYTES << 20
        async for chunk in request.content.iter_chunked(1 << 16):
            body += chunk
            if len(body) > limit:
                raise web.HTTPRequestEntityTooLarge(limit, len(body))
        name = request.query.get("name", "file")[:255]
        key = self._uploads.keep(Upload(name, request.content_type, bytes(body)))
        return web.json_response({"upload": key})

    async def download(self, request: web.Request) -> web.Response:
        """A file of a message; never shown as a page of its own, whatever it holds."""
        stored = self._world.files.by_id(request.match_info["file_id"])
        if stored is None:
            raise web.HTTPNotFound(text="There is no such file.\n")
        headers = {
            "Content-Type": stored.mime_type,
            "Content-Disposition": "attachment",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "X-Content-Type-Options": "nosniff",
            "Accept-Ranges": "bytes",
        }
        return _ranged(request, stored.content, headers)

    async def close(self, _app: web.Application) -> None:
        """End every socket, or the server would wait for the browsers to go."""
        for viewer in tuple(self._viewers):
            await viewer.end()


def _part(path: Path) -> web.Response:
    """A file of the page, never kept by the browser: another version may be served next time."""
    text = path.read_text(encoding="utf-8")
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    response = web.Response(text=text, content_type=TYPES[path.suffix], headers=headers)
    response.enable_compression()  # about 100 kB of plain text, a quarter of it compressed
    return response


def _ranged(request: web.Request, content: bytes, headers: dict[str, str]) -> web.Response:
    """The content or the part of it asked for; a player seeks by asking for parts."""
    try:
        part = request.http_range
    except ValueError:
        raise web.HTTPRequestRangeNotSatisfiable from None
    if part.start is None and part.stop is None:
        return web.Response(body=content, headers=headers)
    start, stop, _ = part.indices(len(content))
    headers["Content-Range"] = f"bytes {start}-{stop - 1}/{len(content)}"
    return web.Response(status=206, body=content[start:stop], headers=headers)


class _Viewer:
    """One open page: what it is told goes through one queue, so replies and events keep order."""

    def __init__(self, world: World, key: str, socket: web.WebSocketResponse) -> None:
        self._world = world
        self._key = key
        self._socket = socket
        self._known: set[int] = set()
        self._frames: asyncio.Queue[Json] = asyncio.Queue()
        self.leave = world.subscribe(self._told)
        self._resync()

    def _resync(self) -> None:
        owed = [self._frames.get_nowait() for _ in range(self._frames.qsize())]
        self._known = set(self._world.chats)
        self._frames.put_nowait(page_frames.state(self._world, self._key))
        for frame in owed:
            if frame["type"] == "reply":
                self._frames.put_nowait(frame)

    def _told(self, event: Event) -> None:
        if self._frames.qsize() > BACKLOG or event.chat.migrated_to is not None:
            self._resync()
            return
        self._introduce(event)
        for frame in page_frames.frames(event):
            self._frames.put_nowait(frame)

    def _introduce(self, event: Event) -> None:
        """Tell of a chat that was added after the page had its state."""
        chat = event.chat
        if chat.id not in self._known:
            self._known.add(chat.id)
            for frame in page_frames.introduction(chat):
                self._frames.put_nowait(frame)

    async def write(self) -> None:
        """Send what is queued for as long as the socket stands."""
        with suppress(ConnectionError):  # the browser has gone; read() ends as well
            while True:
                frame = await self._frames.get()
                await self._socket.send_str(json.dumps(frame, ensure_ascii=False))

    async def read(self, stage: Stage) -> None:
        """Do what the page asks until it goes."""
        async for asked in self._socket:
            if asked.type == WSMsgType.TEXT:
                self._frames.put_nowait(self._reply(asked.data, stage))

    def _reply(self, asked: str, stage: Stage) -> Json:
        number = None
        try:
            written = json.loads(asked)
            if not isinstance(written, dict):
                raise ValueError("An act is a JSON object")
            number = written.pop("id", None)
            done = ACT.validate_python(written).perform(stage) or {}
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"])
            return _refusal(number, f"{place}: {first['msg']}")
        except (ValueError, KeyError) as error:
            return _refusal(number, str(error))
        return {"type": "reply", "id": number, "ok": True, **done}

    async def end(self) -> None:
        """Close the socket; the page will try to come back."""
        await self._socket.close(code=1001, message=b"The simulator stops")


def _refusal(number: object, why: str) -> Json:
    return {"type": "reply", "id": number, "ok": False, "error": why}
