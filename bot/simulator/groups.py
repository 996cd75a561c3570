"""Groups: who is in them, what the bot may do there, and their growing into supergroups."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from bot.simulator.chats import SimulatedChat, Status
from bot.simulator.messages import Json, SimulatedMessage
from bot.simulator.people import SimulatedPerson
from bot.simulator.updates import UpdateQueue

if TYPE_CHECKING:
    from bot.simulator.events import EventKind


class Groups:
    """The groups' half of World."""

    bot: Json
    chats: dict[int, SimulatedChat]
    updates: UpdateQueue

    def __init__(self) -> None:
        self._group_ids = itertools.count(4_000_001)

    def say(
        self, chat: SimulatedChat, sender: Json, content: Json, **more: Any
    ) -> SimulatedMessage:
        """Put a message into a chat."""
        raise NotImplementedError

    def publish(self, kind: EventKind, chat: SimulatedChat) -> None:
        """Tell the observers what happened."""
        raise NotImplementedError

    def now(self) -> int:
        """The time in whole seconds."""
        raise NotImplementedError

    def add_group(
        self,
        title: str,
        *,
        forum: bool = False,
        supergroup: bool = False,
        members: Iterable[SimulatedPerson] = (),
        admins: Iterable[SimulatedPerson] = (),
        bot_is_admin: bool = False,
    ) -> SimulatedChat:
        """A group with the bot; the first of the admins created it. A forum is a supergroup."""
        number = next(self._group_ids)
        large = forum or supergroup
        chat = SimulatedChat(
            id=-1_000_000_000_000 - number if large else -number,
            type="supergroup" if large else "group",
            title=title,
            is_forum=forum,
            opened=True,
        )
        self.chats[chat.id] = chat
        for index, admin in enumerate(admins):
            self._join(chat, admin, "administrator" if index else "creator")
        for member in members:
            if member.id not in chat.members:
                self._join(chat, member, "member")
        self.set_bot_status(chat, "administrator" if bot_is_admin else "member", before="left")
        return chat

    def _join(self, chat: SimulatedChat, person: SimulatedPerson, status: Status) -> None:
        chat.members[person.id] = person
        chat.statuses[person.id] = status

    def expel(self, chat: SimulatedChat, person: SimulatedPerson) -> None:
        """Ban a person from a group (chat_member, where the bot asked for it)."""
        before = chat.statuses.get(person.id, "left")
        chat.statuses[person.id] = "kicked"
        chat.members.pop(person.id, None)
        self._tell_member(chat, person, before, by=self.bot)

    def _tell_member(
        self, chat: SimulatedChat, person: SimulatedPerson, before: Status, *, by: Json
    ) -> None:
        written = {
            "chat": chat.for_bot(),
            "from": by,
            "date": self.now(),
            "old_chat_member": chat.member(person.for_bot(), before),
            "new_chat_member": chat.member(person.for_bot(), chat.statuses[person.id]),
        }
        self.updates.put("chat_member", written, chat.id)
        self.publish("chat", chat)

    def set_bot_status(
        self,
        chat: SimulatedChat,
        status: Status,
        *,
        by: Json | None = None,
        before: Status | None = None,
    ) -> None:
        """Give the bot another standing and tell it so (my_chat_member)."""
        old = before or chat.bot_status
        chat.bot_status = status
        actor = by or (chat.person or next(iter(chat.members.values()), None))
        user = actor.for_bot() if isinstance(actor, SimulatedPerson) else actor or self.bot
        written = {
            "chat": chat.for_bot(),
            "from": user,
            "date": self.now(),
            "old_chat_member": chat.member(self.bot, old),
            "new_chat_member": chat.member(self.bot, status),
        }
        self.updates.put("my_chat_member", written, chat.id)
        self.publish("chat", chat)

    def set_member(self, chat: SimulatedChat, person: SimulatedPerson, status: Status) -> None:
        """A person joins, leaves, is promoted or demoted (chat_member, where asked for)."""
        before = chat.statuses.get(person.id, "left")
        if status in ("left", "kicked"):
            chat.statuses[person.id] = status
            chat.members.pop(person.id, None)
        else:
            self._join(chat, person, status)
        self._tell_member(chat, person, before, by=person.for_bot())
        away = {"left", "kicked"}
        if before in away and status not in away:
            self.say(chat, person.for_bot(), {"new_chat_members": [person.for_bot()]})
        elif status == "left" and before not in away:
            self.say(chat, person.for_bot(), {"left_chat_member": person.for_bot()})

    def promote_bot(self, chat: SimulatedChat) -> None:
        """Make the bot an administrator of a group."""
        self.set_bot_status(chat, "administrator")

    def kick(self, chat: SimulatedChat) -> None:
        """An administrator removes the bot from a group."""
        self.set_bot_status(chat, "kicked")

    def deactivate(self, person: SimulatedPerson) -> None:
        """The person's account is deleted; the bot learns of it only when it writes."""
        person.deactivated = True
        self.publish("chat", person.chat)

    def enable_topics(self, chat: SimulatedChat) -> SimulatedChat:
        """Turn a group into a forum; a small group becomes a supergroup by it, with a new id."""
        forum = self.migrate(chat) if chat.type == "group" else chat
        forum.is_forum = True
        forum.renamed()
        self.publish("chat", forum)
        return forum

    def migrate(self, chat: SimulatedChat) -> SimulatedChat:
        """Turn a group into a supergroup: a new id, and service messages in both chats."""
        if chat.type != "group" or chat.migrated_to is not None:
            raise ValueError(f"{chat.title} is no group that can be turned into a supergroup")
        new = SimulatedChat(
            id=-1_000_000_000_000 - next(self._group_ids),
            type="supergroup",
            title=chat.title,
            opened=True,
            bot_status=chat.bot_status,
            members=chat.members,
            statuses=chat.statuses,
        )
        self.chats[new.id] = new
        sender = next((p.for_bot() for p in chat.members.values()), self.bot)
        self.say(chat, sender, {"migrate_to_chat_id": new.id})
        chat.migrated_to = new.id
        self.say(new, sender, {"migrate_from_chat_id": chat.id})
        self.publish("chat", chat)
        return new
