"""Files of the simulated Telegram: bytes, ids per type, and the Bot API's object of each."""

from __future__ import annotations

import hashlib
import mimetypes
import struct
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from typing import Any

from bot.simulator.messages import Json

DOWNLOAD_LIMIT = 20 * 1024 * 1024
UPLOAD_LIMIT = 50 * 1024 * 1024

# Type of the file: how its ids begin, its folder in file paths, its usual name and MIME type.
FORMS = {
    "photo": ("AgACAgIAAxkB", "photos", "file.jpg", "image/jpeg"),
    "document": ("BQACAgIAAxkB", "documents", "file", "application/octet-stream"),
    "video": ("BAACAgIAAxkB", "videos", "file.mp4", "video/mp4"),
    "voice": ("AwACAgIAAxkB", "voice", "file.oga", "audio/ogg"),
    "audio": ("CQACAgIAAxkB", "music", "file.mp3", "audio/mpeg"),
    "animation": ("CgACAgIAAxkB", "animations", "file.mp4", "video/mp4"),
    "video_note": ("DQACAgIAAxkB", "video_notes", "file.mp4", "video/mp4"),
    "sticker": ("CAACAgIAAxkB", "stickers", "file.webp", "image/webp"),
}
_DEFAULTS: dict[str, Json] = {
    "photo": {},
    "document": {},
    "video": {"width": 640, "height": 360, "duration": 1},
    "voice": {"duration": 1},
    "audio": {"duration": 1},
    "animation": {"width": 320, "height": 240, "duration": 1},
    "video_note": {"length": 240, "duration": 1},
    "sticker": {
        "type": "regular",
        "width": 512,
        "height": 512,
        "emoji": "👍",
        "is_animated": False,
        "is_video": False,
    },
}


@dataclass(frozen=True, slots=True)
class StoredFile:
    """`written` is what a message holds: the Bot API's object, or a list of sizes for a photo."""

    kind: str
    file_id: str
    unique_id: str
    content: bytes
    size: int
    name: str
    mime_type: str
    path: str
    written: Any


class Files:
    """Every file that a person or the bot ever sent."""

    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}

    def add(
        self,
        kind: str,
        content: bytes,
        *,
        name: str | None = None,
        mime_type: str | None = None,
        size: int | None = None,
        **attributes: Any,
    ) -> StoredFile:
        """Keep a file of one type; `size` stands in for bytes too many to hold."""
        prefix, folder, usual_name, usual_mime = FORMS[kind]
        number = len(self._by_path)
        digest = hashlib.sha256(f"{kind} {number}".encode()).digest()
        unique = "AQAD" + urlsafe_b64encode(digest[:8]).decode().rstrip("=")
        guessed = mimetypes.guess_type(name)[0] if name else None
        stored = StoredFile(
            kind=kind,
            file_id=prefix + urlsafe_b64encode(digest + digest[:10]).decode().rstrip("="),
            unique_id=unique,
            content=content,
            size=len(content) if size is None else size,
            name=name or usual_name,
            mime_type=mime_type or guessed or usual_mime,
            path=f"{folder}/file_{number}{_suffix(name or usual_name)}",
            written=[] if kind == "photo" else {},
        )
        self._write(stored, named=name is not None, attributes=attributes)
        self._by_id[stored.file_id] = self._by_path[stored.path] = stored
        return stored

    def by_id(self, file_id: str) -> StoredFile | None:
        """The file of an id (of any of a photo's sizes too); None if there is none."""
        return self._by_id.get(file_id)

    def unique_id_of(self, file_id: str) -> str:
        """The unique id that goes with a file id: a photo's sizes have one each."""
        stored = self._by_id[file_id]
        sizes = stored.written if stored.kind == "photo" else [stored.written]
        return next(str(s["file_unique_id"]) for s in sizes if s["file_id"] == file_id)

    def by_path(self, path: str) -> StoredFile | None:
        """The file at a path as getFile gives it; None if there is none."""
        return self._by_path.get(path)

    def _write(self, stored: StoredFile, *, named: bool, attributes: Json) -> None:
        if stored.kind == "photo":
            stored.written.extend(self._sizes(stored))
            return
        stored.written.update({"file_id": stored.file_id, "file_unique_id": stored.unique_id})
        stored.written.update(_DEFAULTS[stored.kind])
        if named and stored.kind in ("document", "video", "audio", "animation"):
            stored.written["file_name"] = stored.name
        if stored.kind not in ("video_note", "sticker"):
            stored.written["mime_type"] = stored.mime_type
        stored.written["file_size"] = stored.size
        stored.written.update({k: v for k, v in attributes.items() if v is not None})

    def _sizes(self, stored: StoredFile) -> list[Json]:
        """A small and the full size; both serve the same bytes: nothing here scales pictures."""
        width, height = picture_size(stored.content) or (800, 600)
        shrink = min(1.0, 90 / max(width, height))
        small_id = stored.file_id[:-4] + "AANz"
        self._by_id[small_id] = stored
        sizes = (
            (small_id, stored.unique_id[:-2] + "eA", shrink),
            (stored.file_id, stored.unique_id, 1.0),
        )
        return [
            {
                "file_id": file_id,
                "file_unique_id": unique,
                "file_size": stored.size,
                "width": max(1, round(width * scale)),
                "height": max(1, round(height * scale)),
            }
            for file_id, unique, scale in sizes
        ]


def _suffix(name: str) -> str:
    _, dot, suffix = name.rpartition(".")
    return f".{suffix}" if dot and suffix.isascii() and suffix.isalnum() else ""


def picture_size(content: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG, GIF, JPEG or WebP; None for bytes that are no picture."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return width, height
    if content[:6] in (b"GIF87a", b"GIF89a") and len(content) >= 10:
        width, height = struct.unpack("<HH", content[6:10])
        return width, height
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return 512, 512
    return _jpeg_size(content) if content.startswith(b"\xff\xd8") else None


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4])
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):  # a frame header
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return None
