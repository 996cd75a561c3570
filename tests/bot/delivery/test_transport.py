"""HTTP to Telegram: what failed before it left is told apart from what may have been acted on."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from io import BytesIO
from pathlib import Path

import pytest
from aiohttp import web
from telegram import Bot
from telegram.error import BadRequest, ChatMigrated, NetworkError, TimedOut

from bot.delivery.api import BotApi, RefusedCallError
from bot.delivery.transport import (
    AiohttpRequest,
    MaybeActedError,
    NotSentError,
    TooLargeError,
    timeouts,
)
from bot.simulator.people import SimulatedPerson
from bot.simulator.server import Simulator
from bot.simulator.world import TOKEN

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


class Server:
    """A server on loopback that answers as a test says; `seen` are the paths asked for."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.connections: set[int] = set()
        self.answer: Handler = self.fine
        self.url = ""

    async def fine(self, _: web.BaseRequest) -> web.StreamResponse:
        return web.json_response({"ok": True, "result": {"message_id": 1}})

    async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
        self.seen.append(str(request.url))
        self.connections.add(id(request.protocol))
        return await self.answer(request)


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    made = Server()
    runner = web.ServerRunner(web.Server(made), shutdown_timeout=0.01)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield made
    await runner.cleanup()


@pytest.fixture
async def transport() -> AsyncIterator[AiohttpRequest]:
    async with AiohttpRequest(largest=1000) as made:
        yield made


@pytest.fixture
def api(server: Server, transport: AiohttpRequest) -> BotApi:
    return BotApi(transport, server.url, "TOKEN")


def free_port() -> int:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port: int = unused.getsockname()[1]
        return port


async def test_a_connection_is_kept_for_the_next_call(server: Server, api: BotApi) -> None:
    for _ in range(3):
        assert await api.call("sendMessage", {"chat_id": 1}) == {"message_id": 1}
    assert len(server.connections) == 1


async def test_where_nobody_listens_nothing_was_sent(transport: AiohttpRequest) -> None:
    api = BotApi(transport, f"http://127.0.0.1:{free_port()}", "TOKEN")
    with pytest.raises(NotSentError) as caught:
        await api.call("sendMessage")
    assert isinstance(caught.value, NetworkError)
    assert not caught.value.maybe_acted


async def test_an_unknown_host_is_nothing_sent(transport: AiohttpRequest) -> None:
    with pytest.raises(NotSentError):
        await BotApi(transport, "http://nowhere.invalid", "TOKEN").call("sendMessage")


async def test_a_transport_that_is_not_open_sends_nothing() -> None:
    with pytest.raises(NotSentError):
        await BotApi(AiohttpRequest(), "http://127.0.0.1", "TOKEN").call("getMe")


async def test_a_connection_cut_after_the_request_leaves_it_open_whether_it_was_acted_on(
    server: Server, api: BotApi
) -> None:
    async def cut(request: web.BaseRequest) -> web.StreamResponse:
        await request.read()
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    server.answer = cut
    with pytest.raises(MaybeActedError) as caught:
        await api.call("sendMessage")
    assert isinstance(caught.value, TimedOut)
    assert caught.value.maybe_acted
    assert len(server.seen) == 1


async def test_an_answer_that_does_not_come_leaves_it_open_whether_it_was_acted_on(
    server: Server, api: BotApi
) -> None:
    async def never(_: web.BaseRequest) -> web.StreamResponse:
        await asyncio.Event().wait()
        return web.Response()

    server.answer = never
    with pytest.raises(MaybeActedError):
        await api.call("sendMessage", patience=0.02)


@pytest.mark.parametrize("body", ["<html>", "[]", "{}", '{"ok": true}'])
async def test_an_answer_nobody_understands_leaves_it_open_whether_it_was_acted_on(
    server: Server, api: BotApi, body: str
) -> None:
    async def odd(_: web.BaseRequest) -> web.StreamResponse:
        return web.Response(text=body)

    server.answer = odd
    with pytest.raises(MaybeActedError):
        await api.call("sendMessage")


async def test_a_refusal_says_why_and_how_long_to_wait(server: Server, api: BotApi) -> None:
    async def refuse(_: web.BaseRequest) -> web.StreamResponse:
        body = {
            "ok": False,
            "error_code": 429,
            "description": "Too Many Requests: retry after 7",
            "parameters": {"retry_after": 7},
        }
        return web.json_response(body, status=429)

    server.answer = refuse
    with pytest.raises(RefusedCallError) as caught:
        await api.call("sendMessage")
    assert (caught.value.code, caught.value.retry_after) == (429, 7)


async def test_python_telegram_bot_knows_our_refusals_as_its_own(
    server: Server, transport: AiohttpRequest
) -> None:
    async def refuse(_: web.BaseRequest) -> web.StreamResponse:
        body = {"ok": False, "error_code": 400, "parameters": {"migrate_to_chat_id": -1007}}
        return web.json_response(body, status=400)

    server.answer = refuse
    with pytest.raises(ChatMigrated) as caught:
        await transport.post(f"{server.url}/botTOKEN/sendMessage")
    assert caught.value.new_chat_id == -1007


async def test_a_gateways_page_of_html_is_a_refusal_with_its_status(
    server: Server, api: BotApi
) -> None:
    async def gateway(_: web.BaseRequest) -> web.StreamResponse:
        return web.Response(status=502, text="<h1>Bad Gateway</h1>", content_type="text/html")

    server.answer = gateway
    with pytest.raises(RefusedCallError) as caught:
        await api.call("sendMessage")
    assert caught.value.code == 502


@pytest.mark.parametrize("chunked", [False, True])
async def test_an_answer_larger_than_we_take_is_not_read(
    server: Server, transport: AiohttpRequest, chunked: bool
) -> None:
    async def large(request: web.BaseRequest) -> web.StreamResponse:
        answer = web.StreamResponse()
        if chunked:
            answer.enable_chunked_encoding()
        else:
            answer.content_length = 2000
        await answer.prepare(request)
        for _ in range(20):
            await answer.write(b"x" * 100)
        return answer

    server.answer = large
    with pytest.raises(TooLargeError):
        await transport.retrieve(f"{server.url}/file")
    if not chunked:
        async with AiohttpRequest(largest=2000) as wider:
            assert len(await wider.retrieve(f"{server.url}/file")) == 2000


async def test_a_call_goes_through_an_http_proxy(server: Server) -> None:
    async with AiohttpRequest(proxy=server.url) as transport:
        api = BotApi(transport, "http://api.telegram.example", "TOKEN")
        await api.call("getMe")
    assert server.seen == ["http://api.telegram.example/botTOKEN/getMe"]


async def test_a_proxy_that_is_away_means_nothing_was_sent() -> None:
    async with AiohttpRequest(proxy=f"http://127.0.0.1:{free_port()}") as transport:
        with pytest.raises(NotSentError):
            await BotApi(transport, "http://api.telegram.example", "TOKEN").call("getMe")


def test_a_socks_proxy_is_refused_with_what_to_do() -> None:
    with pytest.raises(ValueError, match="HTTP port"):
        AiohttpRequest(proxy="socks5://127.0.0.1:1080")


def test_without_one_of_the_limits_the_whole_has_none() -> None:
    assert timeouts(5, 1, 2).total == 8
    assert timeouts(None, 1, 2).total is None


async def test_python_telegram_bot_runs_on_it(sim: Simulator, asker: SimulatedPerson) -> None:
    urls = {"base_url": f"{sim.url}/bot", "base_file_url": f"{sim.url}/file/bot"}
    async with Bot(TOKEN, request=AiohttpRequest(), **urls) as bot:
        await bot.send_message(asker.id, "你好")
        sent = await bot.send_document(asker.id, BytesIO(b"a,b\n"), filename="表.csv", caption="单")
        assert sent.document is not None
        file = await sent.document.get_file()
        assert bytes(await file.download_as_bytearray()) == b"a,b\n"
        with pytest.raises(BadRequest, match="Chat not found"):
            await bot.send_message(999, "x")
    shown = [(message.text, message.caption) for message in asker.chat.messages]
    assert shown == [("你好", None), (None, "单")]
    assert sent.document.file_name == "表.csv"


async def test_a_document_is_uploaded_under_the_name_given(
    sim: Simulator, asker: SimulatedPerson, transport: AiohttpRequest, tmp_path: Path
) -> None:
    path = tmp_path / "report-7.csv"
    path.write_bytes("行,列\n".encode())
    api = BotApi(transport, sim.url, TOKEN)
    parameters = {"chat_id": asker.id, "caption": "报告", "filename": "报告.csv"}
    sent = await api.call("sendDocument", parameters, document=path)
    assert sent["document"]["file_name"] == "报告.csv"
    assert (await api.call("sendDocument", {"chat_id": asker.id}, document=path))["document"][
        "file_name"
    ] == "report-7.csv"
    with pytest.raises(OSError, match="missing"):
        await api.call("sendDocument", {"chat_id": asker.id}, document=tmp_path / "missing")


class Onlooker:
    """Keeps what it was told."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str]] = []

    def called(self, method: str, outcome: str, seconds: float) -> None:
        assert seconds >= 0
        self.calls.append((method, outcome))

    def failed(self, what: str, kind: str) -> None:
        raise AssertionError("the transport knows of calls alone")


async def test_an_onlooker_learns_each_call_by_its_method_and_outcome(server: Server) -> None:
    onlooker = Onlooker()
    made = AiohttpRequest(largest=100, observer=onlooker)
    await made.initialize()
    api = BotApi(made, server.url, TOKEN)
    await api.call("sendMessage", {"chat_id": 1})

    async def refused(_: web.BaseRequest) -> web.StreamResponse:
        return web.json_response({"ok": False, "error_code": 429}, status=429)

    async def large(_: web.BaseRequest) -> web.StreamResponse:
        return web.json_response({"ok": True, "result": "x" * 200})

    server.answer = refused
    with pytest.raises(RefusedCallError):
        await api.call("copyMessage", {"chat_id": 1})
    server.answer = large
    with pytest.raises(TooLargeError):
        await made.do_request(f"{server.url}/file/bot{TOKEN}/photos/secret.jpg?a=/b", "GET")
    with pytest.raises(NotSentError):
        await BotApi(made, "http://127.0.0.1:1", TOKEN).call("getMe")
    await made.shutdown()
    assert onlooker.calls == [
        ("sendMessage", "200"),
        ("copyMessage", "429"),
        ("file", "too_large"),
        ("getMe", "not_sent"),
    ]
