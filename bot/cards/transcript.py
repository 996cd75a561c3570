"""A transcript as a page that loads nothing, and as JSON."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from jinja2 import FileSystemLoader

from bot.cards.catalogue import locale_of
from bot.cards.formatting import formatted
from bot.cards.render import environment
from bot.delivery.outbox import plain
from bot.desk.transcribing import TranscriptView

DOCUMENTS = Path(__file__).parent / "documents"
PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".gif")
# Of a file what its reader may know; Telegram's own ids are the bot's.
_TOLD = ("name", "mime", "size")


def told(
    view: TranscriptView, files: Mapping[int, str], missing: Mapping[int, str]
) -> dict[str, Any]:
    """The view as plain values. `files`: where the file of each line lies in the archive;
    `missing`: why one does not (too_large, no_room, gone)."""
    values = plain(view)
    for line in values["lines"]:
        number = line["number"]
        line["path"], line["missing"] = files.get(number, ""), missing.get(number, "")
        line["file"] = {name: line["file"].get(name) for name in _TOLD}
    return values


def as_json(values: Mapping[str, Any]) -> str:
    """Times in UTC; entities as Telegram counts them, in UTF-16 units."""
    return json.dumps(values, ensure_ascii=False, indent=2)


def as_page(values: Mapping[str, Any], language: str, zone: ZoneInfo) -> str:
    """One document of HTML: its pictures lie beside it, and nothing is loaded from elsewhere."""
    locale = locale_of(language)
    made = environment(locale, zone.key).overlay(loader=FileSystemLoader(DOCUMENTS))
    lines = [
        {
            **line,
            "link": quote(line["path"]),
            "body": formatted(line["text"], line["entities"]),
            "picture": line["path"].lower().endswith(PICTURES),
        }
        for line in values["lines"]
    ]

    def exactly(moment: str) -> str:
        local = datetime.fromisoformat(moment).astimezone(zone)
        return format_datetime(local, "yyyy-MM-dd HH:mm:ss xxx", locale="en")

    return made.get_template("transcript.j2").render(
        view=values, lines=lines, language=language, exactly=exactly
    )
