"""The log: a line for each event with the ids it is about; never what people wrote."""

import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import IO, Any

from pythonjsonlogger.json import JsonFormatter

from bot.delivery.about import ids
from bot.delivery.faults import named
from bot.settings import Settings

# These name whole requests, tokens included.
NOISY = ("httpx", "telegram", "aiohttp.access")


def log_to(stream: IO[str], settings: Settings) -> None:
    """From now on everything is logged there, in the form that LOG_FORMAT names.

    Not where somebody has set the log up already.
    """
    handler = logging.StreamHandler(stream)
    handler.addFilter(_note_ids)
    handler.setFormatter(JsonLines() if settings.log_format == "json" else TextLines())
    logging.basicConfig(level=settings.log_level, handlers=[handler])
    for noisy in NOISY:
        logging.getLogger(noisy).setLevel(logging.WARNING)


def log_to_stderr(settings: Settings) -> None:
    log_to(sys.stderr, settings)


def _note_ids(record: logging.LogRecord) -> bool:
    """A record's own ids (`extra={"ids": ...}`) go before those of its task."""
    record.ids = {**ids(), **getattr(record, "ids", {})}
    return True


class TextLines(logging.Formatter):
    """2026-11-23 09:00:00,000 INFO bot.delivery.lanes update done [update=7 lane=1]"""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 (logging's name)
        line = super().formatMessage(record)
        noted: dict[str, int] = getattr(record, "ids", {})
        about = " ".join(f"{name}={number}" for name, number in noted.items())
        return f"{line} [{about}]" if about else line

    def formatException(self, ei: Any) -> str:  # noqa: N802 (logging's name)
        return traced(ei[1])


class JsonLines(JsonFormatter):
    """One object a line; each id is a field of its own."""

    def __init__(self) -> None:
        super().__init__(
            "%(levelname)s %(name)s %(message)s",
            rename_fields={"levelname": "level", "name": "logger"},
            json_ensure_ascii=False,
            exc_info_as_array=False,
        )

    def add_fields(
        self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]
    ) -> None:
        super().add_fields(log_data, record, message_dict)
        log_data |= log_data.pop("ids", {})
        log_data["at"] = datetime.fromtimestamp(record.created, UTC).isoformat()

    def formatException(self, ei: Any) -> str:  # noqa: N802 (logging's name)
        return traced(ei[1])


def traced(error: BaseException | None) -> str:
    """Where an error came from, without its text: that may quote what somebody wrote."""
    if error is None:
        return ""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]
    before = error.__cause__ or error.__context__
    cause = [f"after {traced(before)}"] if before is not None else []
    return "\n".join([named(error), *lines, *cause])
