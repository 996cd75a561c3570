"""Telegram's HTML: the tags it knows, how they nest, and what it says of a mistake."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.simulator.messages import Json

TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "u": "underline",
    "ins": "underline",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
}
_REFERENCE = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(lt|gt|amp|quot));?")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_NEXT = re.compile(r"[<&]")
_ATTRIBUTE = re.compile(
    r"""\s*(?P<name>[^\s=>]+)\s*(?:=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[\w.-]+)))?"""
)


_SCHEME = re.compile(r"(?:https?|tg|ton|ftp)://\S+$|(?:tel|mailto):\S+$", re.IGNORECASE)
_DOMAIN = re.compile(r"[^\s/.:?#]+(?:\.[^\s/.:?#]+)+(?:[/:?#]\S*)?$")


class MarkupError(ValueError):
    """The text after "can't parse entities: "."""


def utf16_length(text: str) -> int:
    """The length as Telegram counts it: a character beyond U+FFFF counts two."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


@dataclass(slots=True)
class _Open:
    tag: str
    attributes: dict[str, str]
    offset: int
    at: int  # index into the parts said so far, to read a link's text back


class HtmlReader:
    """Reads one text; raises MarkupError with Telegram's own words."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0
        self._parts: list[str] = []
        self._offset = 0
        self._open: list[_Open] = []
        self._entities: list[Json] = []

    def read(self) -> tuple[str, list[Json]]:
        """The text without tags, and its entities in order."""
        source = self._source
        while match := _NEXT.search(source, self._at):
            self._say(source[self._at : match.start()])
            self._at = match.start()
            if match.group() == "&":
                self._read_reference()
            elif source.startswith("</", self._at):
                self._read_end()
            else:
                self._read_start()
        self._say(source[self._at :])
        if self._open:
            tag = self._open[-1].tag
            raise MarkupError(f'Can\'t find end tag corresponding to start tag "{tag}"')
        self._entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
        return "".join(self._parts), self._entities

    def _say(self, text: str) -> None:
        if text:
            self._parts.append(text)
            self._offset += utf16_length(text)

    def _byte(self, at: int) -> int:
        return len(self._source[:at].encode())

    def _read_reference(self) -> None:
        match = _REFERENCE.match(self._source, self._at)
        said = _character(match) if match else None
        if match is None or said is None:
            self._say("&")
            self._at += 1
            return
        self._say(said)
        self._at = match.end()

    def _read_start(self) -> None:
        source, begin = self._source, self._at
        name_end = begin + 1
        while name_end < len(source) and not source[name_end].isspace() and source[name_end] != ">":
            name_end += 1
        if name_end >= len(source):
            raise MarkupError(f"Unclosed start tag at byte offset {self._byte(begin)}")
        tag = source[begin + 1 : name_end].lower()
        if tag not in TAGS:
            where = self._byte(begin)
            raise MarkupError(f'Unsupported start tag "{tag}" at byte offset {where}')
        attributes, end = self._read_attributes(tag, name_end, begin)
        self._check(tag, attributes, begin)
        self._at = end
        self._open.append(_Open(tag, attributes, self._offset, len(self._parts)))

    def _read_attributes(self, tag: str, at: int, begin: int) -> tuple[dict[str, str], int]:
        source = self._source
        found: dict[str, str] = {}
        while True:
            while at < len(source) and source[at].isspace():
                at += 1
            if at >= len(source):
                raise MarkupError(f"Unclosed start tag at byte offset {self._byte(begin)}")
            if source[at] == ">":
                return found, at + 1
            match = _ATTRIBUTE.match(source, at)
            if match is None and found:  # an equal sign with a quotation that never ends
                raise MarkupError(f"Unclosed start tag at byte offset {self._byte(begin)}")
            if match is None:
                where = self._byte(begin)
                raise MarkupError(f'Empty attribute name in the tag "{tag}" at byte offset {where}')
            value = next((v for v in match.group("double", "single", "bare") if v is not None), "")
            found[match.group("name").lower()] = _decoded(value)
            at = match.end()

    def _check(self, tag: str, attributes: dict[str, str], begin: int) -> None:
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            where = self._byte(begin)
            raise MarkupError(f'Tag "span" must have class "tg-spoiler" at byte offset {where}')

    def _read_end(self) -> None:
        source, begin = self._source, self._at
        end = source.find(">", begin)
        if not self._open:
            raise MarkupError(f"Unexpected end tag at byte offset {self._byte(begin)}")
        if end < 0:
            raise MarkupError(f"Unclosed end tag at byte offset {self._byte(begin)}")
        name = source[begin + 2 : end].strip().lower()
        opened = self._open.pop()
        if name not in ("", opened.tag):
            where = self._byte(begin)
            raise MarkupError(
                f"Unmatched end tag at byte offset {where}, "
                f'expected "</{opened.tag}>", found "</{name}>"'
            )
        self._at = end + 1
        length = self._offset - opened.offset
        if length:
            self._close(opened, length)

    def _close(self, opened: _Open, length: int) -> None:
        entity: Json = {"type": TAGS[opened.tag], "offset": opened.offset, "length": length}
        attributes, kind = opened.attributes, TAGS[opened.tag]
        if kind == "text_link":
            url = _whole_url(attributes.get("href") or "".join(self._parts[opened.at :]))
            if url is None:
                return
            entity["url"] = url
        elif kind == "custom_emoji":
            entity["custom_emoji_id"] = attributes.get("emoji-id", "")
        elif kind == "blockquote" and "expandable" in attributes:
            entity["type"] = "expandable_blockquote"
        elif kind == "code" and attributes.get("class", "").startswith("language-"):
            entity["language"] = attributes["class"].removeprefix("language-")
        elif kind == "pre":
            self._take_language(entity)
        if kind == "code" and not (self._open and self._open[-1].tag == "pre"):
            entity.pop("language", None)
        self._entities.append(entity)

    def _take_language(self, pre: Json) -> None:
        # <pre><code class="language-x">: one block of code, not code inside a block.
        for inner in self._entities:
            same = (inner["offset"], inner["length"]) == (pre["offset"], pre["length"])
            if same and inner["type"] == "code" and "language" in inner:
                pre["language"] = inner["language"]
                self._entities.remove(inner)
                return


def _character(match: re.Match[str]) -> str | None:
    decimal, hexadecimal, name = match.groups()
    if name:
        return _NAMED[name]
    code = int(decimal) if decimal else int(hexadecimal, 16)
    valid = 0 < code < 0x110000 and not 0xD800 <= code <= 0xDFFF
    return chr(code) if valid else None


def _decoded(value: str) -> str:
    return _REFERENCE.sub(lambda match: _character(match) or match.group(), value)


def _whole_url(url: str) -> str | None:
    """The URL with its scheme; None where it is none, and the link stays plain text."""
    if _SCHEME.match(url):
        return url
    return f"http://{url}" if _DOMAIN.match(url) else None
