"""The simulated Telegram: people, chats, messages, files, and what the bot is told of them."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from bot.simulator.chats import SimulatedCallback, SimulatedChat, Topic
from bot.simulator.events import Event, EventKind, Events, Observer, T
from bot.simulator.files import Files
from bot.simulator.groups import Groups
from bot.simulator.inline import InlineMode
from bot.simulator.messages import Json, SimulatedMessage
from bot.simulator.people import Role, SimulatedPerson
from bot.simulator.updates import UpdateQueue

BOT_ID = 7_000_000_001
TOKEN = f"{BOT_ID}:AAF4kESimulatedTokenOfXiaoqi0123456"
BOT_USERNAME = "xiaoqi_simulated_bot"


class World(Groups):
    """Everything that Telegram's side knows; `clock` gives seconds since 1970.

    People act through `SimulatedPerson`, the bot through the Bot API alone.
    """

    def __init__(
        self,
        clock: Callable[[], float],
        *,
        bot_name: str = "Xiaoqi (simulated)",
        reads_all_group_messages: bool = False,
        topics_in_private: bool = False,
        callback_seconds: float = 15.0,
    ) -> None:
        super().__init__()
        self.clock = clock
        self.bot: Json = {
            "id": BOT_ID,
            "is_bot": True,
            "first_name": bot_name,
            "username": BOT_USERNAME,
        }
        self.reads_all_group_messages = reads_all_group_messages
        self.topics_in_private = topics_in_private
        # Telegram states no time; bots in use find presses expired after about 15 seconds.
        self.callback_seconds = callback_seconds
        self.people: dict[int, SimulatedPerson] = {}
        self.chats: dict[int, SimulatedChat] = {}
        self.callbacks: dict[str, SimulatedCallback] = {}
        self.files = Files()
        self.inline = InlineMode(self)
        # What the bot says of itself, by (scope as JSON, language) and (name, language).
        self.commands: dict[tuple[str, str], list[Json]] = {}
        self.texts: dict[tuple[str, str], str] = {}
        self.updates = UpdateQueue()
        self.events = Events()
        self._message_ids = itertools.count(1)
        self._person_ids = itertools.count(5_000_000_001)
        self._numbers = itertools.count(1)

    # -- observers

    def subscribe(self, observer: Observer) -> Callable[[], None]:
        """Call the observer with each Event from now on; the returned call ends it."""
        return self.events.subscribe(observer)

    async def until(self, predicate: Callable[[], T], timeout: float = 10) -> T:  # noqa: ASYNC109
        """Wait, without polling, for a truthy answer of the predicate; TimeoutError otherwise."""
        return await self.events.until(predicate, timeout)

    def profile_changed(self) -> None:
        """Tell the observers that the bot has other commands or texts."""
        for chat in tuple(self.chats.values()):
            self.publish("chat", chat)

    def publish(
        self,
        kind: EventKind,
        chat: SimulatedChat,
        message: SimulatedMessage | None = None,
        callback: SimulatedCallback | None = None,
        **detail: Any,
    ) -> None:
        """Tell the observers what happened."""
        self.events.publish(Event(kind, chat, message, callback, detail))

    # -- people and chats

    def add_person(
        self,
        first_name: str,
        *,
        user_id: int | None = None,
        language_code: str | None = "zh",
        role: Role = "asker",
        last_name: str | None = None,
        username: str | None = None,
        started: bool = False,
    ) -> SimulatedPerson:
        """A new person; `started` means that their chat with the bot is open already, and empty."""
        person = SimulatedPerson(
            world=self,
            id=next(self._person_ids) if user_id is None else user_id,
            first_name=first_name,
            last_name=last_name,
            username=username,
            language_code=language_code,
            role=role,
        )
        if person.id in self.people or person.id in self.chats:
            raise ValueError(f"There is a person {person.id} already; choose another user_id")
        self.people[person.id] = person
        self.chats[person.id] = SimulatedChat(person.id, "private", person=person, opened=started)
        return person

    # -- messages

    def say(
        self,
        chat: SimulatedChat,
        sender: Json,
        content: Json,
        *,
        message_id: int | None = None,
        **more: Any,
    ) -> SimulatedMessage:
        """Put a message into a chat; the bot is told of what people write and it may read.

        Without a `message_id` it gets the chat's next. `more` are fields of SimulatedMessage:
        thread_id, reply_to, quote, reply_markup ...
        """
        number = self._next_message_id(chat) if message_id is None else message_id
        message = SimulatedMessage(number, chat, sender, self.now(), content, **more)
        chat.add(message)
        if not message.from_bot and self.bot_reads(message):
            self.updates.put("message", message.for_bot(), chat.id)
        self.publish("message", chat, message)
        return message

    def changed(self, message: SimulatedMessage, content: Json, *, by_bot: bool = False) -> None:
        """Give a message another content; the bot is told of what people edit."""
        message.content = content
        message.edit_date = self.now()
        message.edited = True
        if not by_bot and not message.from_bot and self.bot_reads(message):
            self.updates.put("edited_message", message.for_bot(), message.chat.id)
        self.publish("edited", message.chat, message)

    def remove(self, message: SimulatedMessage) -> None:
        """Delete a message for everybody; Telegram tells a bot nothing of it."""
        message.deleted = True
        self.publish("deleted", message.chat, message)

    def bot_reads(self, message: SimulatedMessage) -> bool:
        """Whether the bot is told of a person's message: privacy mode hides most in a group."""
        chat = message.chat
        if chat.bot_status in ("kicked", "left"):
            return False
        if chat.bot_is_admin or self.reads_all_group_messages:
            return True
        if message.kind == "service" or message.via_bot is not None:
            return True
        said = message.text or message.caption or ""
        answered = message.reply_to is not None and message.reply_to.from_bot
        return said.startswith("/") or answered or f"@{BOT_USERNAME}" in said

    def open_topic(self, chat: SimulatedChat, sender: Json, name: str, **icon: Any) -> Topic:
        """Open a topic with its service message, whose id is the topic's."""
        color, emoji = icon.get("icon_color") or 0x6FB9F0, icon.get("icon_custom_emoji_id")
        created: Json = {"name": name, "icon_color": color}
        if emoji:
            created["icon_custom_emoji_id"] = emoji
        thread_id = self._next_message_id(chat)
        topic = chat.topics[thread_id] = Topic(thread_id, name, color, emoji)
        content = {"forum_topic_created": created}
        self.say(chat, sender, content, message_id=thread_id, thread_id=thread_id)
        self.topic_changed(chat, topic)
        return topic

    def topic_changed(self, chat: SimulatedChat, topic: Topic) -> None:
        """Tell the observers how a topic stands now."""
        state = {"name": topic.name, "closed": topic.closed, "deleted": topic.deleted}
        self.publish("topic", chat, None, None, thread_id=topic.thread_id, **state)

    def rename_topic(self, chat: SimulatedChat, thread_id: int, sender: Json, name: str) -> None:
        """Somebody gives a topic another name."""
        topic = chat.topics[thread_id]
        topic.name = name
        self.say(chat, sender, {"forum_topic_edited": {"name": name}}, thread_id=thread_id)
        self.topic_changed(chat, topic)

    def close_topic(self, chat: SimulatedChat, thread_id: int, *, closed: bool = True) -> None:
        """An administrator among the people closes or reopens a topic."""
        topic = chat.topics[thread_id]
        topic.closed = closed
        sender = next(iter(chat.members.values())).for_bot()
        name = "forum_topic_closed" if closed else "forum_topic_reopened"
        self.say(chat, sender, {name: {}}, thread_id=thread_id)
        self.topic_changed(chat, topic)

    def delete_topic(self, chat: SimulatedChat, thread_id: int, *, by_bot: bool = False) -> None:
        """Delete a topic with its messages; the bot is told nothing, and knows only its own act."""
        topic = chat.topics[thread_id]
        topic.deleted = True
        for message in chat.messages:
            if message.thread_id == thread_id:
                message.deleted = True
        if by_bot:
            del chat.topics[thread_id]
        self.topic_changed(chat, topic)

    def _next_message_id(self, chat: SimulatedChat) -> int:
        # Private chats and small groups share the bot's own numbering, supergroups have theirs.
        if chat.type != "supergroup":
            return next(self._message_ids)
        chat.last_message_id += 1
        return chat.last_message_id

    def number(self) -> int:
        """The next of the numbers that ids of albums, callbacks and polls are made of."""
        return next(self._numbers)

    def now(self) -> int:
        """The clock's time in whole seconds, as the Bot API writes dates."""
        return int(self.clock())
