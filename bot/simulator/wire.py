"""The HTTP side of a call: query, form, JSON or multipart in, typed parameters out.

A method states its parameters in one line of words such as "chat_id:chat! text:text silent:bool":
name, kind, and `!` where it is required. Kinds: text, int, float, bool, chat, json, file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from bot.simulator.errors import refuse
from bot.simulator.files import UPLOAD_LIMIT
from bot.simulator.messages import Json

BODY_LIMIT = UPLOAD_LIMIT + 2**20  # the file and the rest of the form
_NAME = re.compile(rb'[;\s]name="([^"]*)"')
_FILENAME = re.compile(rb'filename="([^"]*)"')
_TYPE = re.compile(rb"content-type:\s*([^\r\n;]+)", re.IGNORECASE)
_BOUNDARY = re.compile(r'boundary="?([^";,]+)"?')
ATTACH = "attach://"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file in a form."""

    name: str
    content: bytes
    mime_type: str | None


class Given(dict[str, Any]):
    """Parameters of one call, typed, by name; `uploads` are the form's files by field name."""

    __slots__ = ("uploads",)

    def __init__(self, uploads: dict[str, Upload]) -> None:
        super().__init__()
        self.uploads = uploads

    def file(self, value: Any) -> Upload | str | None:
        """What a file parameter (or a `media` field) means: an upload, or a file id or URL."""
        if isinstance(value, str) and value.startswith(ATTACH):
            return self.uploads.get(value.removeprefix(ATTACH))
        return value if isinstance(value, str) and value else None


async def read_parameters(request: web.Request) -> tuple[dict[str, Any], dict[str, Upload]]:
    """All parameters of a request, untyped, and its files."""
    raw: dict[str, Any] = dict(request.query) if request.query_string else {}
    if not request.body_exists:
        return raw, {}
    try:
        body = await request.read()
    except web.HTTPRequestEntityTooLarge as error:
        raise refuse("body_too_large") from error
    content_type = request.headers.get("Content-Type", "")
    uploads: dict[str, Upload] = {}
    try:
        if content_type.startswith("multipart/form-data"):
            _read_multipart(body, content_type, raw, uploads)
        elif content_type.startswith("application/json"):
            raw.update(_json_object(body))
        else:
            raw.update(parse_qsl(body.decode(), keep_blank_values=True))
    except ValueError as error:
        raise refuse("unreadable_body", why=error) from error
    return raw, uploads


def _json_object(body: bytes) -> Json:
    found = json.loads(body) if body else {}
    if not isinstance(found, dict):
        raise ValueError("object expected")
    return {name: value for name, value in found.items() if value is not None}


def _read_multipart(
    body: bytes, content_type: str, raw: dict[str, Any], uploads: dict[str, Upload]
) -> None:
    # Read by hand: aiohttp's own reader takes about ten times as long for the small forms
    # that one client sends with every call.
    found = _BOUNDARY.search(content_type)
    if found is None:
        raise ValueError("boundary expected")
    delimiter = b"--" + found.group(1).encode()
    for part in (b"\r\n" + body).split(b"\r\n" + delimiter)[1:-1]:
        head, _, content = part.partition(b"\r\n\r\n")
        name = _NAME.search(head)
        if name is None:
            raise ValueError("name of a part expected")
        field = name.group(1).decode()
        filename = _FILENAME.search(head)
        if filename is None:
            raw[field] = content.decode()
            continue
        mime_type = _TYPE.search(head)
        uploads[field] = Upload(
            name=filename.group(1).decode().replace("%22", '"'),
            content=content,
            mime_type=mime_type.group(1).decode().strip() if mime_type else None,
        )


# -- typed parameters


def _as_int(value: Any) -> int:
    # As the real server: what is no number is 0, and the check that follows refuses it.
    try:
        return int(value)
    except (TypeError, ValueError):
        return 0


def _as_float(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return 0.0


def _as_bool(value: Any) -> bool:
    return value if isinstance(value, bool) else str(value).lower() in ("true", "yes", "1")


def _as_text(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError as error:  # half of a surrogate pair, from escaped JSON
        raise refuse("not_utf8") from error
    return text


def _as_chat(value: Any) -> int | str:
    text = str(value).strip()
    return text if text.startswith("@") else _as_int(text)


_KINDS: dict[str, Callable[[Any], Any]] = {
    "int": _as_int,
    "float": _as_float,
    "bool": _as_bool,
    "text": _as_text,
    "chat": _as_chat,
}


@dataclass(frozen=True, slots=True)
class Signature:
    """The parameters of one method; `kinds` maps a name to its kind."""

    kinds: dict[str, str]
    required: frozenset[str]

    @classmethod
    def of(cls, words: str) -> Signature:
        """Read the line of words that the module's docstring shows."""
        kinds, required = {}, set()
        for word in words.split():
            name, _, kind = word.partition(":")
            kinds[name] = kind.rstrip("!")
            if kind.endswith("!"):
                required.add(name)
        return cls(kinds, frozenset(required))

    def typed(self, method: str, raw: dict[str, Any], uploads: dict[str, Upload]) -> Given:
        """The parameters typed; raises ApiError for an unknown, missing or unreadable one."""
        given = Given(uploads)
        for name, value in raw.items():
            kind = self.kinds.get(name)
            if kind is None:
                raise refuse("unknown_parameter", method=method, name=name)
            if kind == "json":
                given[name] = _decoded(name, value)
            elif kind == "file":
                given[name] = given.file(value)
            else:
                given[name] = _KINDS[kind](value)
        for name, upload in uploads.items():
            if self.kinds.get(name) == "file":
                given[name] = upload
        for name in self.required:
            if given.get(name) in (None, ""):
                raise _missing(name)
        return given


def _decoded(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value) if value else None
    except ValueError as error:
        raise refuse("cannot_parse_json", name=name.replace("_", " ")) from error


def _missing(name: str) -> Exception:
    sentences = {
        "chat_id": "chat_id_empty",
        "text": "text_empty",
        "message_id": "id_missing",
        "message_ids": "ids_missing",
        "user_id": "user_id_invalid",
    }
    return refuse(sentences.get(name, "parameter_required"), name=name)
