"""Where acts of the page take place, and what all of them share."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, ConfigDict, StringConstraints

from bot.simulator.messages import Json, SimulatedMessage

if TYPE_CHECKING:
    from bot.simulator.chats import SimulatedChat
    from bot.simulator.people import SimulatedPerson
    from bot.simulator.world import World

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=4096)]
Caption = Annotated[str, StringConstraints(max_length=1024)]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that the page has sent and no message holds yet."""

    name: str
    mime_type: str
    content: bytes


class Uploads:
    """Files between their upload and the message that takes them; the oldest make room."""

    def __init__(self, room: int = 40) -> None:
        self._kept: dict[str, Upload] = {}
        self._numbers = count(1)
        self._room = room

    def keep(self, upload: Upload) -> str:
        """Keep a file; the key by which a message takes it."""
        key = f"u{next(self._numbers)}"
        self._kept[key] = upload
        while len(self._kept) > self._room:
            self._kept.pop(next(iter(self._kept)))
        return key

    def take(self, key: str) -> Upload:
        """Take a file out; ValueError if it is not (or no longer) there."""
        if key not in self._kept:
            raise ValueError("The file is gone; attach it again")
        return self._kept.pop(key)


@dataclass(frozen=True, slots=True)
class Stage:
    """Where acts take place."""

    world: World
    uploads: Uploads


class PageAct(BaseModel):
    model_config = ConfigDict(extra="forbid")

    def perform(self, stage: Stage) -> Json | None:
        """Do it; what the page is told in reply. ValueError says why it cannot be done."""
        raise NotImplementedError


class Personal(PageAct):
    person: int
    chat: int

    def who(self, world: World) -> SimulatedPerson:
        """The person who acts; ValueError if there is no such person."""
        if self.person not in world.people:
            raise ValueError(f"There is no person {self.person}")
        return world.people[self.person]

    def place(self, world: World) -> SimulatedChat:
        """The chat in which they act; ValueError if they are not in it."""
        found = world.chats.get(self.chat)
        if found is None or (found.id != self.person and self.person not in found.members):
            raise ValueError("They are not in that chat")
        return found

    def message(self, world: World, message_id: int) -> SimulatedMessage:
        """A message of this chat; ValueError if it is gone."""
        found = world.chats[self.chat].message(message_id) if self.chat in world.chats else None
        if found is None:
            raise ValueError("The message is gone")
        return found


class Placed(Personal):
    thread: int | None = None
    reply_to: int | None = None
    quote: str | None = None

    def where(self) -> dict[str, Any]:
        """Where the person's message goes, in the words of `Sending`."""
        answered = {"reply_to": self.reply_to, "quote": self.quote}
        return {"chat_id": self.chat, "topic": self.thread, **answered}
