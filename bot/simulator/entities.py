"""Text with entities: Telegram's HTML, what it finds by itself, lengths in UTF-16 units."""

from __future__ import annotations

import re
from typing import Any, Literal

from bot.simulator.messages import Json

_FOUND = re.compile(
    r"(?P<url>\bhttps?://[^\s<>]+[^\s<>.,;:!?)\]，。；：！？）】]|\bt\.me/[\w/?=&-]+)"
    r"|(?P<email>\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b)"
    r"|(?P<mention>(?<![\w@/])@[A-Za-z]\w{3,31}\b)"
    r"|(?P<bot_command>(?<![\w@/])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z]\w{3,31})?\b)"
    r"|(?P<hashtag>(?<!\w)#\w*[^\W\d]\w*)"
)


def utf16_length(text: str) -> int:
    """The length as Telegram counts it: a character beyond U+FFFF counts two."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def found_in(text: str) -> list[Json]:
    """The entities Telegram finds in plain text: links, e-mail, mentions, commands, hashtags."""
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
