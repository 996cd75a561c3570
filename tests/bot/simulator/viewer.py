"""A page without a screen: what a browser would say to the page's socket, and be told."""

import itertools
from typing import Any

from aiohttp import ClientWebSocketResponse

from bot.simulator.people import SimulatedPerson


class Viewer:
    """A page without a screen: acts, and keeps what it is told."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self.socket = socket
        self.frames: list[dict[str, Any]] = []
        self._numbers = itertools.count(1)

    async def told(self, kind: str, **expected: Any) -> dict[str, Any]:
        """The next frame of a kind; frames of other kinds are kept in `frames`."""
        while True:
            frame: dict[str, Any] = await self.socket.receive_json(timeout=5)
            self.frames.append(frame)
            if frame["type"] == kind and expected.items() <= frame.items():
                return frame

    async def ask(self, act: str, **values: Any) -> dict[str, Any]:
        """Act and wait for the reply."""
        number = next(self._numbers)
        await self.socket.send_json({"id": number, "act": act, **values})
        return await self.told("reply", id=number)

    async def do(self, act: str, **values: Any) -> dict[str, Any]:
        """Act, successfully."""
        reply = await self.ask(act, **values)
        assert reply["ok"], reply
        return reply

    def seen(self, kind: str) -> list[dict[str, Any]]:
        """The frames of a kind so far."""
        return [frame for frame in self.frames if frame["type"] == kind]

    def one(self, kind: str) -> dict[str, Any]:
        """The only frame of a kind so far."""
        (frame,) = self.seen(kind)
        return frame


def whereabouts(person: SimulatedPerson) -> dict[str, int]:
    return {"person": person.id, "chat": person.id}
