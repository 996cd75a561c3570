"""Everything a person can send: text, media, albums, forwards."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.simulator.entities import said
from bot.simulator.files import StoredFile
from bot.simulator.html import utf16_length
from bot.simulator.messages import Json, SimulatedMessage

if TYPE_CHECKING:
    from bot.simulator.chats import SimulatedChat
    from bot.simulator.world import World


def _chunk(name: bytes, content: bytes) -> bytes:
    checksum = struct.pack(">I", zlib.crc32(name + content))
    return struct.pack(">I", len(content)) + name + content + checksum


def plain_png(
    width: int = 64, height: int = 48, rgb: tuple[int, int, int] = (90, 140, 200)
) -> bytes:
    """A picture of one colour."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = (b"\0" + bytes(rgb) * width) * height
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in chunks)


PICTURE = plain_png()
# Beginnings that a reader of the format recognises; nothing in the simulator plays them.
SOUND = b"OggS\0\2" + bytes(22) + b"\1\x13OpusHead"
FILM = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom"
SAMPLES = {
    "photo": PICTURE,
    "sticker": PICTURE,
    "document": b"Simulated document\n",
    "voice": SOUND,
    "audio": b"ID3\4\0\0\0\0\0\0",
    "video": FILM,
    "animation": FILM,
    "video_note": FILM,
}


@dataclass(frozen=True, slots=True)
class AlbumItem:
    """One item of an album; without content a sample of its kind is sent."""

    kind: str = "photo"
    content: bytes | None = None
    name: str | None = None
    caption: str = ""


class Sending:
    """The sending half of SimulatedPerson.

    Each call takes `chat_id` (default: the private chat), `reply_to` (a message or its id), `quote`
    (the quoted part of it), and `topic` (a thread id).
    """

    world: World
    id: int
    first_name: str

    def for_bot(self) -> Json:
        """The Bot API's User."""
        raise NotImplementedError

    def _chat(self, chat_id: int | None) -> SimulatedChat:
        raise NotImplementedError

    def _message(self, message: SimulatedMessage | int, chat_id: int | None) -> SimulatedMessage:
        raise NotImplementedError

    def send(
        self,
        content: Json,
        *,
        chat_id: int | None = None,
        reply_to: SimulatedMessage | int | None = None,
        topic: int | None = None,
        quote: str | None = None,
        **more: Any,
    ) -> SimulatedMessage:
        """Send content in the Bot API's own fields; the calls below are made of this one."""
        chat = self._chat(chat_id)
        if chat.bot_status == "kicked" and chat.is_private:
            raise ValueError(f"{self.first_name} has blocked the bot; call unblock_bot() first")
        chat.opened = True
        answered = None if reply_to is None else self._message(reply_to, chat_id)
        if quote is not None and answered is not None:
            more["quote"] = _quote(answered, quote)
        if topic is None and answered is not None:
            topic = answered.thread_id
        return self.world.say(
            chat, self.for_bot(), content, reply_to=answered, thread_id=topic, **more
        )

    def send_text(self, text: str, **where: Any) -> SimulatedMessage:
        """Type a text; commands, links, mentions, e-mail addresses and hashtags become entities."""
        return self.send(said(text), **where)

    def send_file(
        self,
        kind: str,
        content: bytes | None = None,
        *,
        name: str | None = None,
        mime_type: str | None = None,
        caption: str = "",
        size: int | None = None,
        attributes: Json | None = None,
        **where: Any,
    ) -> SimulatedMessage:
        """Send a file of any kind; `size` stands in for bytes too many to hold."""
        more = {"mime_type": mime_type, "size": size, **(attributes or {})}
        stored = self._store(kind, content, name, **more)
        return self.send(media_content(stored) | said(caption, "caption"), **where)

    def _store(self, kind: str, content: bytes | None, name: str | None, **more: Any) -> StoredFile:
        body = SAMPLES[kind] if content is None else content
        return self.world.files.add(kind, body, name=name, **more)

    def send_photo(self, content: bytes | None = None, **more: Any) -> SimulatedMessage:
        """Send a picture; more: caption and where."""
        return self.send_file("photo", content, **more)

    def send_document(
        self, content: bytes | None = None, name: str = "document.txt", **more: Any
    ) -> SimulatedMessage:
        """Send a file under its name; more: caption, mime_type, size and where."""
        return self.send_file("document", content, name=name, **more)

    def send_voice(
        self, content: bytes | None = None, duration: int = 3, **more: Any
    ) -> SimulatedMessage:
        """Send a voice message; the duration is in seconds."""
        return self.send_file("voice", content, attributes={"duration": duration}, **more)

    def send_video(self, content: bytes | None = None, **more: Any) -> SimulatedMessage:
        """Send a video."""
        return self.send_file("video", content, **more)

    def send_audio(
        self, content: bytes | None = None, title: str = "Audio", **more: Any
    ) -> SimulatedMessage:
        """Send a piece of music."""
        return self.send_file("audio", content, attributes={"title": title}, **more)

    def send_animation(self, content: bytes | None = None, **more: Any) -> SimulatedMessage:
        """Send a silent, looping film."""
        return self.send_file("animation", content, **more)

    def send_video_note(self, content: bytes | None = None, **more: Any) -> SimulatedMessage:
        """Send a round video message."""
        return self.send_file("video_note", content, **more)

    def send_sticker(self, emoji: str = "👍", **more: Any) -> SimulatedMessage:
        """Send a sticker that stands for an emoji."""
        return self.send_file("sticker", attributes={"emoji": emoji}, **more)

    def send_location(self, latitude: float, longitude: float, **where: Any) -> SimulatedMessage:
        """Send a place, in degrees."""
        return self.send({"location": {"latitude": latitude, "longitude": longitude}}, **where)

    def send_contact(
        self,
        phone_number: str,
        first_name: str,
        *,
        last_name: str | None = None,
        user_id: int | None = None,
        **where: Any,
    ) -> SimulatedMessage:
        """Send a contact; one's own carries one's own `user_id`."""
        contact: Json = {"phone_number": phone_number, "first_name": first_name}
        if last_name is not None:
            contact["last_name"] = last_name
        if user_id is not None:
            contact["user_id"] = user_id
        return self.send({"contact": contact}, **where)

    def send_album(
        self, items: Sequence[AlbumItem] = (AlbumItem(), AlbumItem()), **where: Any
    ) -> list[SimulatedMessage]:
        """Send 2 to 10 photos, videos, documents or audios as one album."""
        if not 2 <= len(items) <= 10:
            raise ValueError(f"An album has 2 to 10 items, not {len(items)}")
        album_id = str(13_000_000_000_000_000 + self.world.number())
        stored = [(item, self._store(item.kind, item.content, item.name)) for item in items]
        return [
            self.send(
                media_content(file) | said(item.caption, "caption"), album_id=album_id, **where
            )
            for item, file in stored
        ]

    def forward(
        self, message: SimulatedMessage, *, hide_name: bool = False, **where: Any
    ) -> SimulatedMessage:
        """Forward a message that one sees somewhere; its writer may hide their account."""
        return self.send(message.content, forward_origin=origin_of(message, hide_name), **where)

    def forward_all(
        self, messages: Sequence[SimulatedMessage], **where: Any
    ) -> list[SimulatedMessage]:
        """Forward several as they stand; parts of an album stay one, under another id."""
        albums: dict[str, str] = {}
        sent = []
        for message in messages:
            more: Json = dict(where)
            if message.album_id is not None:
                fresh = str(13_000_000_000_000_000 + self.world.number())
                more["album_id"] = albums.setdefault(message.album_id, fresh)
            sent.append(self.forward(message, **more))
        return sent


def media_content(stored: StoredFile) -> Json:
    """The content of a message that holds this file alone."""
    content: Json = {stored.kind: stored.written}
    if stored.kind == "animation":  # "For backward compatibility, ... document will also be set"
        content["document"] = {
            name: stored.written[name]
            for name in ("file_id", "file_unique_id", "file_name", "mime_type", "file_size")
            if name in stored.written
        }
    return content


def origin_of(message: SimulatedMessage, hide_name: bool = False) -> Json:
    """The Bot API's MessageOrigin of a message; a forward keeps its first origin."""
    if message.forward_origin is not None:
        return message.forward_origin
    if hide_name:
        name = message.sender["first_name"]
        return {"type": "hidden_user", "sender_user_name": name, "date": message.date}
    return {"type": "user", "sender_user": message.sender, "date": message.date}


def _quote(answered: SimulatedMessage, quote: str) -> Json:
    whole = answered.text or answered.caption or ""
    at = whole.find(quote)
    if at < 0:
        raise ValueError(f"The message answered to does not say {quote!r}")
    return {"text": quote, "position": utf16_length(whole[:at]), "is_manual": True}
