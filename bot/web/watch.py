"""Whether the desk lives, can serve, and how it fares: for balancers, monitors and Prometheus."""

from collections.abc import Callable, Mapping
from datetime import datetime

from aiohttp import web

from bot.web.metrics import CONTENT_TYPE, Metrics
from bot.web.readings import Readings, UnreadError

# What is wrong with a part of the desk, in a sentence that names nobody; empty where it is well.
Sign = Callable[[], str]


class Watch:
    """GET /health, /ready and /metrics. None of them changes anything or needs a secret."""

    def __init__(
        self,
        metrics: Metrics,
        readings: Readings,
        signs: Mapping[str, Sign],
        clock: Callable[[], datetime],
    ) -> None:
        self._metrics, self._readings = metrics, readings
        self._signs, self._clock = signs, clock

    def add_to(self, app: web.Application) -> web.Application:
        app.router.add_get("/health", self.health)
        app.router.add_get("/ready", self.ready)
        app.router.add_get("/metrics", self.metrics)
        return app

    async def health(self, _: web.Request) -> web.Response:
        """The process answers, whatever else is wrong: nothing that a restart would not mend."""
        return web.json_response({"ok": True})

    async def ready(self, _: web.Request) -> web.Response:
        """200 where every part can serve, else 503, with each part and what is wrong with it."""
        wrong = {"database": await self._unread()}
        wrong |= {name: sign() for name, sign in self._signs.items()}
        parts = {name: {"ok": not why, "why": why} for name, why in wrong.items()}
        well = not any(wrong.values())
        return web.json_response({"ready": well, "parts": parts}, status=200 if well else 503)

    async def metrics(self, _: web.Request) -> web.Response:
        try:
            reading = await self._readings.take()
        except UnreadError:
            reading = None  # the page says so: xiaoqi_database_up 0
        page = self._metrics.page(reading, self._clock())
        return web.Response(body=page, headers={"Content-Type": CONTENT_TYPE})

    async def _unread(self) -> str:
        try:
            await self._readings.take()
        except UnreadError as error:
            return str(error)
        return ""
