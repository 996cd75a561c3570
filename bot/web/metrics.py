"""Figures for Prometheus. A label is a code of ours: never a text, a name or an id of anybody."""

import logging
import platform
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from importlib.metadata import version
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric

from bot.desk.views import Found
from bot.web.readings import Reading

Find = Callable[[str], Awaitable[Sequence[Found]]]
_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_TENTHS = tuple(tenth / 10 for tenth in range(1, 11))
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """Counts as the desk works (see bot.delivery.observing); `page` adds what was read.

    `answered`: when each method was last taken, by the monotonic clock; `refused`: those of which
    the newest call was not, with its outcome.
    """

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self._gauges = _Gauges()
        registry.register(self._gauges)

        def counter(name: str, told: str, *labels: str) -> Counter:
            return Counter(f"xiaoqi_{name}", told, labels, registry=registry)

        def histogram(name: str, told: str, buckets: Sequence[float]) -> Histogram:
            return Histogram(f"xiaoqi_{name}", told, buckets=buckets, registry=registry)

        self._calls = counter("telegram_calls", "Calls to Telegram", "method", "outcome")
        self._call_seconds = histogram(
            "telegram_call_seconds", "Until Telegram answered, long polls left out", _SECONDS
        )
        self._failures = counter("failures", "What went wrong", "what", "kind")
        self._records = counter("log_records", "Warnings and worse", "logger", "level")
        self._search_seconds = histogram("search_seconds", "Until hits were found", _SECONDS)
        self._trust = histogram("match_trust", "Trust in a question's best match", _TENTHS)
        self._matches = counter("matches", "Questions by their best match", "strength")
        self.answered: dict[str, float] = {}
        self.refused: dict[str, str] = {}

    def called(self, method: str, outcome: str, seconds: float) -> None:
        self._calls.labels(method, outcome).inc()
        if method != "getUpdates":
            self._call_seconds.observe(seconds)
        if outcome == "200":
            self.answered[method] = time.monotonic()
            self.refused.pop(method, None)
        elif outcome != "cancelled":
            self.refused[method] = outcome

    def failed(self, what: str, kind: str) -> None:
        self._failures.labels(what, kind).inc()

    def of_search(self, find: Find) -> Find:
        """The same search, timed, with what it trusted most."""

        async def found(question: str) -> Sequence[Found]:
            with self._search_seconds.time():
                hits = await find(question)
            self._trust.observe(hits[0].trust if hits else 0.0)
            self._matches.labels(hits[0].strength if hits else "none").inc()
            return hits

        return found

    def logged(self, record: logging.LogRecord) -> None:
        self._records.labels(record.name, record.levelname.lower()).inc()

    def page(self, reading: Reading | None, now: datetime) -> bytes:
        """As Prometheus takes it; without a reading the database's figures are left out."""
        self._gauges.reading, self._gauges.now = reading, now
        return generate_latest(self.registry)


@contextmanager
def counting(metrics: Metrics) -> Iterator[None]:
    """Meanwhile warnings and what is worse are counted by who logged them."""
    handler = _Counting(metrics)
    logging.getLogger().addHandler(handler)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)


class _Counting(logging.Handler):
    def __init__(self, metrics: Metrics) -> None:
        super().__init__(logging.WARNING)
        self._metrics = metrics

    def emit(self, record: logging.LogRecord) -> None:
        self._metrics.logged(record)


class _Gauges:
    """What a reading says, and who says it."""

    def __init__(self) -> None:
        self.reading: Reading | None = None
        self.now: datetime | None = None

    def collect(self) -> Iterator[Metric]:
        built = {(version("xiaoqi"), platform.python_version()): 1.0}
        yield _gauge("build_info", "What runs here", built, "version", "python")
        yield _gauge(
            "database_up", "Whether the database answered", {(): float(self.reading is not None)}
        )
        if self.reading is not None and self.now is not None:
            yield from _read(self.reading, self.now)


def _read(reading: Reading, now: datetime) -> Iterator[Metric]:
    backlog, tally = reading.backlog, reading.tally
    lag, owed = _age(backlog.waiting_since, now), _age(backlog.owed_since, now)
    yield _gauge("inbox_waiting", "Updates that wait", {(): backlog.waiting})
    yield _gauge("inbox_lag_seconds", "Age of the oldest waiting update", {(): lag})
    yield _gauge("outbox_lag_seconds", "Age of the oldest delivery that is due", {(): owed})
    unsent = {
        (state.value, priority.name.lower()): float(number)
        for (state, priority), number in backlog.unsent.items()
    }
    yield _gauge("deliveries_unsent", "Deliveries not sent yet", unsent, "state", "priority")
    stages = {(stage.value,): float(number) for stage, number in tally.stages.items()}
    yield _gauge("consultations", "Consultations by stage", stages, "stage")
    yield _gauge("offers_open", "Offers that wait for an answer", {(): tally.open_offers})
    yield _gauge("offers_overdue", "Of these, past their time", {(): tally.overdue_offers})


def _age(since: datetime | None, now: datetime) -> float:
    """In seconds; none for what is not there, nor for a clock that was set back."""
    return max(0.0, (now - since).total_seconds()) if since is not None else 0.0


def _gauge(name: str, told: str, values: Mapping[Any, float], *labels: str) -> GaugeMetricFamily:
    made = GaugeMetricFamily(f"xiaoqi_{name}", told, labels=labels)
    for at, value in values.items():
        made.add_metric(at, value)
    return made
