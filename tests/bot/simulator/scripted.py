"""A bot of a few lines on plain Bot API calls: what the page's tests talk to."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any, Self

import aiohttp

from bot.simulator.server import Simulator
from bot.simulator.world import TOKEN

Json = dict[str, Any]
Script = Callable[["ScriptedBot", Json], Awaitable[None]]


class ScriptedBot:
    """Polls while it is entered, and gives each update to its script in turn."""

    def __init__(self, simulator: Simulator, script: Script) -> None:
        self._base = f"{simulator.url}/bot{TOKEN}"
        self._script = script

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession()
        self._polling = asyncio.create_task(self._poll())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._polling.cancel()
        await asyncio.gather(self._polling, return_exceptions=True)
        await self._session.close()

    async def call(self, method: str, **parameters: Any) -> Any:
        """Call a method; its result, or AssertionError with the refusal."""
        async with self._session.post(f"{self._base}/{method}", json=parameters) as answer:
            body = json.loads(await answer.read())
        assert body["ok"], body
        return body["result"]

    async def say(self, chat_id: int, text: str, **more: Any) -> Any:
        """Send a text in Telegram's HTML."""
        return await self.call("sendMessage", chat_id=chat_id, text=text, parse_mode="HTML", **more)

    async def _poll(self) -> None:
        offset = 0
        while True:
            for update in await self.call("getUpdates", offset=offset, timeout=20):
                offset = update["update_id"] + 1
                await self._script(self, update)


def buttons(*rows: list[tuple[str, str]]) -> Json:
    """An inline keyboard of (text, callback data)."""
    return {
        "inline_keyboard": [
            [{"text": text, "callback_data": data} for text, data in row] for row in rows
        ]
    }
