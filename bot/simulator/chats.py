"""Chats, their topics, who is in them with which rights, and button presses."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from bot.simulator.messages import Json, SimulatedMessage

if TYPE_CHECKING:
    from bot.simulator.people import SimulatedPerson

ChatType = Literal["private", "group", "supergroup"]
Status = Literal["creator", "administrator", "member", "left", "kicked"]


@dataclass(slots=True, eq=False)
class Topic:
    """A topic of a forum or of a private chat; the id is that of the message that opened it."""

    thread_id: int
    name: str
    icon_color: int = 0x6FB9F0
    icon_custom_emoji_id: str | None = None
    closed: bool = False
    deleted: bool = False


@dataclass(slots=True, eq=False)
class SimulatedCallback:
    """A press of an inline button; `answer` is what the bot answered: text, show_alert, url."""

    id: str
    person: SimulatedPerson
    message: SimulatedMessage
    data: str
    pressed_at: float
    answer: Json | None = None


@dataclass(slots=True, eq=False)
class SimulatedChat:
    """A private chat (its id is the person's) or a group; messages in the order people see them.

    `opened` is whether the bot may write first; `bot_status` is the bot's own standing.
    `bot_manages_topics` is the right it may lack as an administrator of a forum.
    `reply_keyboard` is the keyboard under the text field, None where the bot showed none.
    """

    id: int
    type: ChatType
    title: str | None = None
    person: SimulatedPerson | None = None
    is_forum: bool = False
    opened: bool = False
    bot_status: Status = "member"
    bot_manages_topics: bool = True
    migrated_to: int | None = None
    members: dict[int, SimulatedPerson] = field(default_factory=dict)
    statuses: dict[int, Status] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)
    messages: list[SimulatedMessage] = field(default_factory=list)
    by_id: dict[int, SimulatedMessage] = field(default_factory=dict)
    reply_keyboard: Json | None = None
    last_message_id: int = 0
    _written: Json | None = None

    @property
    def is_private(self) -> bool:
        """Whether it is the chat of one person with the bot."""
        return self.type == "private"

    @property
    def bot_is_admin(self) -> bool:
        """Whether the bot administers it; a bot needs no rights in a private chat."""
        return self.is_private or self.bot_status == "administrator"

    def message(self, message_id: int) -> SimulatedMessage | None:
        """The message of an id that is still there; None if there is none or it was deleted."""
        found = self.by_id.get(message_id)
        return None if found is None or found.deleted else found

    def add(self, message: SimulatedMessage) -> None:
        """Append a message; of the bot's reply keyboards the last one counts."""
        self.messages.append(message)
        self.by_id[message.id] = message
        markup = message.reply_markup
        if markup is not None and "keyboard" in markup:
            self.reply_keyboard = markup
        elif markup is not None and "remove_keyboard" in markup:
            self.reply_keyboard = None

    def for_bot(self) -> Json:
        """The Bot API's Chat; one object until a name changes, never to be altered."""
        if self._written is None:
            self._written = {"id": self.id, "type": self.type, **self._names()}
        return self._written

    def renamed(self) -> None:
        """Forget the written form: the title, the person's name or the kind has changed."""
        self._written = None

    def _names(self) -> Json:
        if self.person is not None:
            names = ("first_name", "last_name", "username")
            user = self.person.for_bot()
            return {name: user[name] for name in names if name in user}
        forum = {"is_forum": True} if self.is_forum else {}
        return {"title": self.title, **forum}

    def member(self, user: Json, status: Status) -> Json:
        """The Bot API's ChatMember for a user of this standing."""
        written: Json = {"status": status, "user": user}
        if status == "creator":
            written["is_anonymous"] = False
        elif status == "kicked":
            written["until_date"] = 0
        elif status == "administrator":
            written |= dict.fromkeys(ADMIN_RIGHTS, True)
            written |= {"can_be_edited": False, "is_anonymous": False}
            if self.is_forum:
                written["can_manage_topics"] = self.bot_manages_topics or not user["is_bot"]
        return written


ADMIN_RIGHTS = (
    *("can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members"),
    *("can_promote_members", "can_change_info", "can_invite_users", "can_post_stories"),
    *("can_edit_stories", "can_delete_stories", "can_pin_messages"),
)
