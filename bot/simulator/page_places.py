"""What people do on the page about topics and groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from bot.simulator.messages import Json
from bot.simulator.page_stage import Name, PageAct, Personal, Stage

if TYPE_CHECKING:
    from bot.simulator.chats import SimulatedChat


class OpenTopic(Personal):
    act: Literal["open_topic"]
    name: Name

    def perform(self, stage: Stage) -> Json:
        chat = self.place(stage.world)
        if not chat.is_forum and not (chat.is_private and stage.world.topics_in_private):
            raise ValueError("This chat has no topics")
        return {"thread": self.who(stage.world).open_topic(self.name, chat.id)}


class _OfTopic(Personal):
    thread: int

    def topic_chat(self, stage: Stage) -> SimulatedChat:
        """The chat, where the topic is still there; else ValueError."""
        chat = self.place(stage.world)
        if self.thread not in chat.topics or chat.topics[self.thread].deleted:
            raise ValueError("The topic is gone")
        return chat


class RenameTopic(_OfTopic):
    act: Literal["rename_topic"]
    name: Name

    def perform(self, stage: Stage) -> None:
        chat = self.topic_chat(stage)
        self.who(stage.world).rename_topic(self.thread, self.name, chat.id)


class DeleteTopic(_OfTopic):
    act: Literal["delete_topic"]

    def perform(self, stage: Stage) -> None:
        chat = self.topic_chat(stage)
        self.who(stage.world).delete_topic(self.thread, chat.id)


class AddGroup(PageAct):
    """A person opens a group and adds the bot to it."""

    act: Literal["add_group"]
    person: int
    title: Name
    forum: bool = False

    def perform(self, stage: Stage) -> Json:
        if self.person not in stage.world.people:
            raise ValueError(f"There is no person {self.person}")
        owner = stage.world.people[self.person]
        group = stage.world.add_group(self.title, forum=self.forum, admins=[owner])
        return {"chat": group.id}


class ChangeGroup(Personal):
    """The bot's standing in a group, and the group's own kind."""

    act: Literal["change_group"]
    change: Literal["promote", "demote", "remove", "bring_back", "topics", "upgrade"]

    def perform(self, stage: Stage) -> None:
        world, chat = stage.world, self.place(stage.world)
        if chat.is_private:
            raise ValueError("This is no group")
        who = self.who(world).for_bot()
        standing = {"promote": "administrator", "demote": "member", "bring_back": "member"}
        if self.change == "topics":
            world.enable_topics(chat)
        elif self.change == "upgrade":
            world.migrate(chat)
        elif self.change == "remove":
            world.set_bot_status(chat, "kicked", by=who)
        else:
            world.set_bot_status(chat, standing[self.change], by=who)  # type: ignore[arg-type]


class JoinGroup(Personal):
    """`other` comes into the group, or leaves it."""

    act: Literal["join", "leave"]
    other: int

    def perform(self, stage: Stage) -> None:
        world, chat = stage.world, self.place(stage.world)
        if self.other not in world.people or chat.is_private:
            raise ValueError("There is nobody to join, or no group")
        status = "member" if self.act == "join" else "left"
        world.set_member(chat, world.people[self.other], status)  # type: ignore[arg-type]
