"""Words with Telegram's entities as HTML of our own: nothing of what people wrote is markup."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from markupsafe import Markup, escape

_TAGS = {
    "bold": "<b>{}</b>",
    "italic": "<i>{}</i>",
    "underline": "<u>{}</u>",
    "strikethrough": "<s>{}</s>",
    "spoiler": '<span class="spoiler">{}</span>',
    "code": "<code>{}</code>",
    "pre": "<code>{}</code>",
    "blockquote": "<q>{}</q>",
    "expandable_blockquote": "<q>{}</q>",
}
_SAFE = ("https://", "http://", "mailto:", "tg://")
_UNIT = 2  # bytes of a UTF-16 unit, in which Telegram counts


def formatted(text: str, entities: Sequence[Mapping[str, Any]]) -> Markup:
    """Cut at every beginning and end, each piece wrapped by what covers it: however entities
    overlap, the tags close."""
    units = text.encode("utf-16-le")
    length = len(units) // _UNIT
    spans = [
        (max(0, one["offset"]), min(length, one["offset"] + one["length"]), one) for one in entities
    ]
    cuts = sorted({0, length, *(cut for start, end, _ in spans for cut in (start, end))})
    pieces = []
    for start, end in pairwise(cuts):
        raw = units[start * _UNIT : end * _UNIT].decode("utf-16-le", errors="replace")
        piece = escape(raw)
        for first, last, entity in spans:
            if first <= start and end <= last:
                piece = _wrapped(piece, raw, entity)
        pieces.append(piece)
    return Markup("").join(pieces)


def _wrapped(piece: Markup, raw: str, entity: Mapping[str, Any]) -> Markup:
    kind = entity.get("type", "")
    url = str(entity.get("url", "")) if kind == "text_link" else raw if kind == "url" else ""
    if url.lower().startswith(_SAFE):
        return Markup('<a href="{}" rel="noopener noreferrer">{}</a>').format(url, piece)
    return Markup(_TAGS[kind]).format(piece) if kind in _TAGS else piece  # noqa: S704 (our own)
