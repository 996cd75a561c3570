"""Text with entities: what Telegram finds by itself, what the bot marks up, and trimming."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Literal

from bot.simulator.errors import refuse
from bot.simulator.html import HtmlReader, MarkupError, utf16_length
from bot.simulator.messages import Json

_FOUND = re.compile(
    r"(?P<url>\bhttps?://[^\s<>]+[^\s<>.,;:!?)\]，。；：！？）】]|\bt\.me/[\w/?=&-]+)"
    r"|(?P<email>\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b)"
    r"|(?P<mention>(?<![\w@/])@[A-Za-z]\w{3,31}\b)"
    r"|(?P<bot_command>(?<![\w@/])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z]\w{3,31})?\b)"
    r"|(?P<hashtag>(?<!\w)#\w*[^\W\d]\w*)"
)
_MAY_HOLD = re.compile(r"[/@#]|t\.me")
# Nothing is found inside these.
_OPAQUE = frozenset({"code", "pre", "text_link", "text_mention", "custom_emoji", "url"})


def found_in(text: str) -> list[Json]:
    """The entities Telegram finds in plain text: links, e-mail, mentions, commands, hashtags."""
    if not _MAY_HOLD.search(text):
        return []
    return [
        {
            "type": str(match.lastgroup),
            "offset": utf16_length(text[: match.start()]),
            "length": utf16_length(match.group()),
        }
        for match in _FOUND.finditer(text)
    ]


def said(text: str, as_: Literal["text", "caption"] = "text") -> Json:
    """The content of a text or caption as a person types it; nothing at all for an empty one."""
    if not text:
        return {}
    content: dict[str, Any] = {as_: text}
    if entities := found_in(text):
        content["entities" if as_ == "text" else "caption_entities"] = entities
    return content


def formatted(
    text: str, parse_mode: str | None, entities: Sequence[Json] | None
) -> tuple[str, list[Json]]:
    """What a bot's text becomes: marked up, trimmed, with the entities that Telegram finds.

    Raises ApiError with Telegram's sentence where the markup is wrong.
    """
    marked: list[Json] = [] if entities is None else [dict(entity) for entity in entities]
    mode = (parse_mode or "").lower()
    if mode == "html":
        try:
            text, marked = HtmlReader(text).read()
        except MarkupError as error:
            raise refuse("cannot_parse_entities", why=str(error)) from error
    elif mode in ("markdown", "markdownv2"):
        raise refuse("markdown_not_simulated", mode=str(parse_mode))
    elif mode not in ("", "none"):
        raise refuse("unsupported_parse_mode")
    text, marked = _trimmed(text, marked)
    return text, _merged(marked, found_in(text))


def _trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    kept = text.strip()
    if kept == text:
        return text, entities
    before = utf16_length(text[: len(text) - len(text.lstrip())])
    length = utf16_length(kept)
    moved = []
    for entity in entities:
        start = max(0, entity["offset"] - before)
        end = min(length, entity["offset"] + entity["length"] - before)
        if end > start:
            moved.append({**entity, "offset": start, "length": end - start})
    return kept, moved


def _merged(marked: list[Json], found: list[Json]) -> list[Json]:
    if not found or not marked:
        return marked or found
    closed = [
        (entity["offset"], entity["offset"] + entity["length"])
        for entity in marked
        if entity["type"] in _OPAQUE
    ]
    free = [
        entity
        for entity in found
        if all(
            entity["offset"] >= end or entity["offset"] + entity["length"] <= start
            for start, end in closed
        )
    ]
    return sorted(marked + free, key=lambda entity: (entity["offset"], -entity["length"]))
