"""A person with a chat app: what they do, and what the bot is told of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from bot.simulator.chats import SimulatedCallback, SimulatedChat
from bot.simulator.entities import said
from bot.simulator.inline import SimulatedInlineQuery
from bot.simulator.messages import Json, SimulatedMessage
from bot.simulator.sending import Sending, media_content

if TYPE_CHECKING:
    from bot.simulator.world import World

Role = Literal["asker", "mentor", "liaison", "admin", "member"]


@dataclass(eq=False)
class SimulatedPerson(Sending):
    """Somebody who writes to the bot; `role` is only the part a test or the page casts them in."""

    world: World
    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = "zh"
    role: Role = "asker"
    deactivated: bool = False
    _written: Json | None = field(default=None, repr=False)

    def for_bot(self) -> Json:
        """The Bot API's User; the same object each time, never to be altered."""
        if self._written is None:
            user: Json = {"id": self.id, "is_bot": False, "first_name": self.first_name}
            for name in ("last_name", "username", "language_code"):
                if getattr(self, name):
                    user[name] = getattr(self, name)
            self._written = user
        return self._written

    @property
    def chat(self) -> SimulatedChat:
        """The private chat with the bot."""
        return self.world.chats[self.id]

    @property
    def has_blocked(self) -> bool:
        """Whether the bot cannot write to this person."""
        return self.chat.bot_status == "kicked"

    def start(self, payload: str = "") -> SimulatedMessage:
        """Press Start, or open a deep link with its payload."""
        if self.has_blocked:
            self.unblock_bot()
        text = f"/start {payload}" if payload else "/start"
        return self.send_text(text)

    # -- what was said before

    def edit(
        self,
        message: SimulatedMessage | int,
        *,
        text: str | None = None,
        caption: str | None = None,
        chat_id: int | None = None,
    ) -> SimulatedMessage:
        """Change the text or the caption of one's own message (edited_message)."""
        found = self._message(message, chat_id)
        if found.sender["id"] != self.id or found.forward_origin or found.via_bot:
            raise ValueError("Only one's own messages can be edited")
        if text is not None:
            self.world.changed(found, said(text))
            return found
        media = {k: v for k, v in found.content.items() if k not in ("caption", "caption_entities")}
        self.world.changed(found, media | said(caption or "", "caption"))
        return found

    def edit_media(
        self,
        message: SimulatedMessage | int,
        kind: str,
        content: bytes | None = None,
        *,
        name: str | None = None,
        caption: str = "",
        chat_id: int | None = None,
    ) -> SimulatedMessage:
        """Put another file in the place of the one that was sent (edited_message)."""
        found = self._message(message, chat_id)
        if found.sender["id"] != self.id or found.media is None:
            raise ValueError("Only the files of one's own messages can be replaced")
        stored = self._store(kind, content, name)
        self.world.changed(found, media_content(stored) | said(caption, "caption"))
        return found

    def delete(self, message: SimulatedMessage | int, chat_id: int | None = None) -> None:
        """Delete a message for both sides; the bot is told nothing."""
        self.world.remove(self._message(message, chat_id))

    def react(
        self, message: SimulatedMessage | int, emoji: str | None, chat_id: int | None = None
    ) -> None:
        """Set one emoji on a message, or take it away with None (message_reaction)."""
        found = self._message(message, chat_id)
        old = found.reactions.get(self.id, [])
        new: list[Json] = [{"type": "emoji", "emoji": emoji}] if emoji else []
        found.reactions[self.id] = new
        if found.chat.bot_is_admin and not self.has_blocked:
            written = {
                "chat": found.chat.for_bot(),
                "message_id": found.id,
                "user": self.for_bot(),
                "date": self.world.now(),
                "old_reaction": old,
                "new_reaction": new,
            }
            self.world.updates.put("message_reaction", written, found.chat.id)
        self.world.publish("reaction", found.chat, found)

    # -- buttons

    def press(
        self, message: SimulatedMessage | int, data_or_text: str, chat_id: int | None = None
    ) -> SimulatedCallback:
        """Press an inline button, named by its callback data or by its text.

        Raises ValueError where the message has no such button, naming those it has.
        """
        found = self._message(message, chat_id)
        buttons = [b for b in found.inline_buttons if "callback_data" in b]
        for button in buttons:
            if data_or_text in (button["callback_data"], button["text"]):
                return self.press_forged(found, button["callback_data"])
        texts = [button["text"] for button in found.inline_buttons]
        raise ValueError(f"Message {found.id} has no button {data_or_text!r}; it has {texts}")

    def press_forged(self, message: SimulatedMessage | int, data: str) -> SimulatedCallback:
        """Send callback data as an altered client may: any data, on any message one sees."""
        found = self._message(message, None)
        callback = SimulatedCallback(
            id=str(self.id * 1_000_003 + self.world.number()),
            person=self,
            message=found,
            data=data,
            pressed_at=self.world.clock(),
        )
        self.world.callbacks[callback.id] = callback
        # A bot sees nothing of an inline message but its id.
        of_what: Json = (
            {"inline_message_id": found.inline_id}
            if found.inline_id is not None
            else {"message": found.for_bot()}
        )
        written = {
            "id": callback.id,
            "from": self.for_bot(),
            **of_what,
            "chat_instance": str(-found.chat.id * 7_919),
            "data": data,
        }
        self.world.updates.put("callback_query", written, self.id)
        return callback

    def tap(self, text: str, chat_id: int | None = None) -> SimulatedMessage:
        """Tap a button of the reply keyboard; ValueError where it has none of this text."""
        chat = self._chat(chat_id)
        rows = (chat.reply_keyboard or {}).get("keyboard", [])
        buttons = [b if isinstance(b, dict) else {"text": b} for row in rows for b in row]
        for button in buttons:
            if button["text"] == text:
                return self._tapped(button, chat)
        raise ValueError(
            f"The keyboard has no button {text!r}; it has {[b['text'] for b in buttons]}"
        )

    def _tapped(self, button: Json, chat: SimulatedChat) -> SimulatedMessage:
        if (chat.reply_keyboard or {}).get("one_time_keyboard"):
            chat.reply_keyboard = None
        if button.get("request_contact"):
            return self.send_contact(
                f"+86138{self.id % 10**8:08d}", self.first_name, user_id=self.id
            )
        if button.get("request_location"):
            return self.send_location(30.2741, 120.1551)
        return self.send_text(button["text"], chat_id=chat.id)

    # -- inline mode

    def ask_inline(
        self, text: str, chat_id: int | None = None, offset: str = ""
    ) -> SimulatedInlineQuery:
        """Type "@bot text" in a chat and wait for the list (inline_query)."""
        return self.world.inline.ask(self, self._chat(chat_id), text, offset)

    def choose_inline(self, query: SimulatedInlineQuery, result_id: str) -> SimulatedMessage:
        """Choose from the list: one's own message, via the bot (chosen_inline_result)."""
        return self.world.inline.choose(query, result_id)

    # -- standing

    def block_bot(self) -> None:
        """Block the bot (my_chat_member: kicked)."""
        self.world.set_bot_status(self.chat, "kicked", before="member")

    def unblock_bot(self) -> None:
        """Take the block back (my_chat_member: member)."""
        self.world.set_bot_status(self.chat, "member", before="kicked")

    def open_topic(self, name: str, chat_id: int | None = None) -> int:
        """Open a topic in a forum or in the private chat; its thread id."""
        chat = self._chat(chat_id)
        return self.world.open_topic(chat, self.for_bot(), name).thread_id

    def rename_topic(self, thread_id: int, name: str, chat_id: int | None = None) -> None:
        """Give a topic another name (forum_topic_edited)."""
        self.world.rename_topic(self._chat(chat_id), thread_id, self.for_bot(), name)

    def delete_topic(self, thread_id: int, chat_id: int | None = None) -> None:
        """Delete a topic with everything in it; the bot is told nothing."""
        self.world.delete_topic(self._chat(chat_id), thread_id)

    # -- looking things up

    def _chat(self, chat_id: int | None) -> SimulatedChat:
        chat = self.chat if chat_id is None else self.world.chats[chat_id]
        if not chat.is_private and self.id not in chat.members:
            raise ValueError(f"{self.first_name} is not in {chat.title}")
        return chat

    def _message(self, message: SimulatedMessage | int, chat_id: int | None) -> SimulatedMessage:
        if isinstance(message, SimulatedMessage):
            return message
        found = self._chat(chat_id).message(message)
        if found is None:
            raise ValueError(f"{self.first_name} sees no message {message}")
        return found
