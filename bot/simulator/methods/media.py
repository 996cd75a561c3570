"""Messages that carry a file, albums, and getFile."""

from __future__ import annotations

from typing import Any

from bot.simulator.calls import (
    CAPTIONED,
    MARKED,
    SENDING,
    BotSide,
    caption_content,
    deliver,
    method,
)
from bot.simulator.errors import refuse
from bot.simulator.files import DOWNLOAD_LIMIT, UPLOAD_LIMIT, StoredFile, picture_size
from bot.simulator.messages import Json
from bot.simulator.sending import media_content
from bot.simulator.wire import Given, Upload

# The attributes of each kind that a bot may state when it uploads.
_STATED = {
    "video": ("width", "height", "duration"),
    "animation": ("width", "height", "duration"),
    "voice": ("duration",),
    "audio": ("duration", "performer", "title"),
    "video_note": ("length", "duration"),
    "sticker": ("emoji",),
}
# How TDLib's sentences name the types.
_TYPE_NAMES = {
    "photo": "Photo",
    "document": "Document",
    "video": "Video",
    "voice": "VoiceNote",
    "audio": "Audio",
    "animation": "Animation",
    "video_note": "VideoNote",
    "sticker": "Sticker",
}
_SPOILER = "has_spoiler:bool show_caption_above_media:bool "
_FILM = _SPOILER + "duration:int width:int height:int thumbnail:file "


def stored_file(bot: BotSide, kind: str, file: Upload | str | None, stated: Json) -> StoredFile:
    """The file that a parameter names: uploaded now, or known by its id."""
    if file is None:
        raise refuse("no_file", kind=kind.replace("_", " "))
    if isinstance(file, Upload):
        return _uploaded(bot, kind, file, stated)
    if file.startswith(("http://", "https://")):
        raise refuse("file_url")  # nothing outside loopback is ever fetched
    known = bot.world.files.by_id(file)
    if known is None:
        raise refuse("file_reference_invalid")
    if known.kind != kind and {known.kind, kind} != {"animation", "document"}:
        raise refuse("file_kind", kind=_TYPE_NAMES[known.kind], wanted=_TYPE_NAMES[kind])
    return known


def _uploaded(bot: BotSide, kind: str, upload: Upload, stated: Json) -> StoredFile:
    if not upload.content:
        raise refuse("file_empty")
    if len(upload.content) > UPLOAD_LIMIT:
        raise refuse("body_too_large")
    if kind == "photo" and picture_size(upload.content) is None:
        raise refuse("picture_unreadable")
    attributes = {name: stated[name] for name in _STATED.get(kind, ()) if stated.get(name)}
    return bot.world.files.add(
        kind, upload.content, name=upload.name, mime_type=upload.mime_type, **attributes
    )


def _send(bot: BotSide, given: Given, kind: str) -> Json:
    content = media_content(stored_file(bot, kind, given.get(kind), given))
    content |= caption_content(given)
    if given.get("has_spoiler"):
        content["has_media_spoiler"] = True
    return deliver(bot, given, content).for_bot()


@method("sendPhoto", CAPTIONED + "photo:file " + _SPOILER)
def send_photo(bot: BotSide, given: Given) -> Json:
    return _send(bot, given, "photo")


@method(
    "sendDocument", CAPTIONED + "document:file thumbnail:file disable_content_type_detection:bool"
)
def send_document(bot: BotSide, given: Given) -> Json:
    return _send(bot, given, "document")


@method("sendVideo", CAPTIONED + "video:file supports_streaming:bool " + _FILM)
def send_video(bot: BotSide, given: Given) -> Json:
    return _send(bot, given, "video")


@method("sendAnimation", CAPTIONED + "animation:file " + _FILM)
def send_animation(bot: BotSide, given: Given) -> Json:
    return _send(bot, given, "animation")


@method("sendVoice", CAPTIONED + "voice:file duration:int")
def send_voice(bot: BotSide, given: Given) -> Json:
    return _send(bot, given, "voice")


@method("sendAudio", CAPTIONED + "audio:file duration:int performer:text title:text thumbnail:file")
def send_audio(bot: BotSide, given: Given) -> Json:
    return _send(bot, given, "audio")


@method("sendVideoNote", MARKED + "video_note:file duration:int length:int thumbnail:file")
def send_video_note(bot: BotSide, given: Given) -> Json:
    return _send(bot, given, "video_note")


@method("sendSticker", MARKED + "sticker:file emoji:text")
def send_sticker(bot: BotSide, given: Given) -> Json:
    return _send(bot, given, "sticker")


# -- albums

_ALONE = frozenset({"audio", "document"})  # each goes only with its own kind


@method("sendMediaGroup", SENDING + "media:json!")
def send_media_group(bot: BotSide, given: Given) -> list[Json]:
    items = given["media"]
    if not isinstance(items, list):
        raise refuse("media_unparsed", why="array expected")
    if not 2 <= len(items) <= 10:
        raise refuse("album_size")
    _check_kinds([item.get("type") for item in items])
    contents = [input_media(bot, given, item) for item in items]
    album_id = str(13_000_000_000_000_000 + bot.world.number())
    return [deliver(bot, given, content, album_id=album_id).for_bot() for content in contents]


def _check_kinds(kinds: list[Any]) -> None:
    if not set(kinds) <= {"photo", "video", "audio", "document"}:
        raise refuse("album_kind")
    for kind in _ALONE & set(kinds):
        if set(kinds) != {kind}:
            raise refuse("album_mixed", kind=kind)


def input_media(bot: BotSide, given: Given, item: Json) -> Json:
    """The content of a message from an InputMedia."""
    kind = item.get("type")
    if kind not in ("photo", "video", "audio", "document", "animation"):
        raise refuse("media_unparsed", why="invalid media type specified")
    content = media_content(stored_file(bot, kind, given.file(item.get("media")), item))
    content |= caption_content(item)
    if item.get("has_spoiler"):
        content["has_media_spoiler"] = True
    return content


@method("getFile", "file_id:text!")
def get_file(bot: BotSide, given: Given) -> Json:
    stored = bot.world.files.by_id(given["file_id"])
    if stored is None:
        raise refuse("file_id_invalid")
    if stored.size > DOWNLOAD_LIMIT:
        raise refuse("file_too_big")
    return {
        "file_id": given["file_id"],
        "file_unique_id": bot.world.files.unique_id_of(given["file_id"]),
        "file_size": stored.size,
        "file_path": stored.path,
    }
