"""A message as it stands in a chat, and as the Bot API writes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.simulator.chats import SimulatedChat

Json = dict[str, Any]

MEDIA = (
    *("photo", "animation", "document", "video", "voice", "audio", "video_note", "sticker"),
    *("venue", "location", "contact", "dice", "poll"),
)


@dataclass(slots=True, eq=False)
class SimulatedMessage:
    """`content` holds the Bot API's fields of what was said: text or one media, caption, entities.

    `sender` is the Bot API's User. `reply_markup` is any of the four kinds as the bot sent it.
    `edited` is what people see: a new keyboard alone changes `edit_date`, not this. `via_bot` and
    `inline_id`: a person sent it as an inline result; the id is there where it has buttons.
    """

    id: int
    chat: SimulatedChat
    sender: Json
    date: int
    content: Json
    thread_id: int | None = None
    reply_to: SimulatedMessage | None = None
    quote: Json | None = None
    reply_markup: Json | None = None
    album_id: str | None = None
    forward_origin: Json | None = None
    via_bot: Json | None = None
    inline_id: str | None = None
    edit_date: int | None = None
    edited: bool = False
    protected: bool = False
    silent: bool = False
    deleted: bool = False
    reactions: dict[int, list[Json]] = field(default_factory=dict)

    @property
    def from_bot(self) -> bool:
        """Whether the bot wrote it; a service message of the bot's making counts too."""
        return bool(self.sender["is_bot"])

    @property
    def text(self) -> str | None:
        """The text of a text message; None for media."""
        return self.content.get("text")

    @property
    def caption(self) -> str | None:
        """The caption of media; None where there is none."""
        return self.content.get("caption")

    @property
    def entities(self) -> list[Json]:
        """The entities of text or caption; offsets in UTF-16 code units."""
        found = self.content.get("entities") or self.content.get("caption_entities") or []
        return list(found)

    @property
    def kind(self) -> str:
        """`text`, the name of its media (`photo`, `document` ...), or `service`."""
        if "text" in self.content:
            return "text"
        return next((name for name in MEDIA if name in self.content), "service")

    @property
    def media(self) -> Json | None:
        """The Bot API's object of its media (a photo's largest size); None for text."""
        found = self.content.get(self.kind)
        if isinstance(found, list):
            return dict(found[-1])
        return found if isinstance(found, dict) else None

    @property
    def inline_buttons(self) -> list[Json]:
        """Its inline buttons in reading order; empty where it has none."""
        rows = (self.reply_markup or {}).get("inline_keyboard", [])
        return [button for row in rows for button in row]

    def for_bot(self, *, nested: bool = False) -> Json:
        """The Bot API's Message; a nested one (in a reply) carries no reply of its own."""
        written: Json = {
            "message_id": self.id,
            "from": self.sender,
            "chat": self.chat.for_bot(),
            "date": self.date,
        }
        if self.thread_id is not None:
            written["message_thread_id"] = self.thread_id
            written["is_topic_message"] = True
        if self.reply_to is not None and not nested and not self.reply_to.deleted:
            written["reply_to_message"] = self.reply_to.for_bot(nested=True)
            if self.quote is not None:
                written["quote"] = self.quote
        for name, value in (
            ("forward_origin", self.forward_origin),
            ("via_bot", self.via_bot),
            ("media_group_id", self.album_id),
            ("edit_date", self.edit_date),
        ):
            if value is not None:
                written[name] = value
        if self.protected:
            written["has_protected_content"] = True
        written.update(self.content)
        if self.reply_markup is not None and "inline_keyboard" in self.reply_markup:
            written["reply_markup"] = self.reply_markup
        return written
