"""What people do on the page: one JSON act, checked, then done by the simulated person."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter

from bot.simulator.messages import Json, SimulatedMessage
from bot.simulator.page_frames import person_json
from bot.simulator.people import Role
from bot.simulator.sending import AlbumItem

if TYPE_CHECKING:
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


class _Act(BaseModel):
    model_config = ConfigDict(extra="forbid")

    def perform(self, stage: Stage) -> Json | None:
        """Do it; what the page is told in reply. ValueError says why it cannot be done."""
        raise NotImplementedError


class _Personal(_Act):
    person: int
    chat: int

    def who(self, world: World) -> SimulatedPerson:
        """The person who acts; ValueError if there is no such person."""
        if self.person not in world.people:
            raise ValueError(f"There is no person {self.person}")
        return world.people[self.person]

    def message(self, world: World, message_id: int) -> SimulatedMessage:
        """A message of this chat; ValueError if it is gone."""
        found = world.chats[self.chat].message(message_id) if self.chat in world.chats else None
        if found is None:
            raise ValueError("The message is gone")
        return found


class _Placed(_Personal):
    thread: int | None = None
    reply_to: int | None = None

    def where(self) -> dict[str, Any]:
        """Where the person's message goes, in the words of `Sending`."""
        return {"chat_id": self.chat, "topic": self.thread, "reply_to": self.reply_to}


class SendText(_Placed):
    act: Literal["send"]
    text: Text

    def perform(self, stage: Stage) -> None:
        self.who(stage.world).send_text(self.text, **self.where())


class MediaItem(BaseModel):
    """One file as a phone describes it."""

    model_config = ConfigDict(extra="forbid")
    kind: Literal["photo", "video", "voice", "audio", "document", "sticker"]
    upload: str
    name: str | None = None
    width: int | None = None
    height: int | None = None
    duration: int | None = None
    emoji: str | None = None

    def attributes(self) -> Json:
        """The attributes that the Bot API has for this kind."""
        known = {"video": ("width", "height", "duration"), "sticker": ("emoji",)}
        known |= {"voice": ("duration",), "audio": ("duration",)}
        found = {name: getattr(self, name) for name in known.get(self.kind, ())}
        return {name: value for name, value in found.items() if value}


class SendMedia(_Placed):
    act: Literal["send_media"]
    media: list[MediaItem] = Field(min_length=1, max_length=10)
    caption: Caption = ""

    def perform(self, stage: Stage) -> None:
        who = self.who(stage.world)
        files = [stage.uploads.take(item.upload) for item in self.media]
        if len(files) > 1:
            who.send_album(self._album(files), **self.where())
        else:
            self._send_one(who, files[0])

    def _send_one(self, who: SimulatedPerson, file: Upload) -> None:
        item = self.media[0]
        who.send_file(
            item.kind,
            file.content,
            name=file.name,
            mime_type=file.mime_type,
            caption=self.caption,
            attributes=item.attributes(),
            **self.where(),
        )

    def _album(self, files: list[Upload]) -> list[AlbumItem]:
        captions = [self.caption, *[""] * (len(files) - 1)]
        return [
            AlbumItem(item.kind, file.content, file.name, caption)
            for item, file, caption in zip(self.media, files, captions, strict=True)
        ]


class SendLocation(_Placed):
    act: Literal["send_location"]
    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)

    def perform(self, stage: Stage) -> None:
        self.who(stage.world).send_location(self.latitude, self.longitude, **self.where())


class SendContact(_Placed):
    act: Literal["send_contact"]
    phone: Name
    first_name: Name
    last_name: Name | None = None
    own: bool = False

    def perform(self, stage: Stage) -> None:
        self.who(stage.world).send_contact(
            self.phone,
            self.first_name,
            last_name=self.last_name,
            user_id=self.person if self.own else None,
            **self.where(),
        )


class Edit(_Personal):
    act: Literal["edit"]
    message_id: int = Field(alias="message")
    text: Text

    def perform(self, stage: Stage) -> None:
        found = self.message(stage.world, self.message_id)
        who = self.who(stage.world)
        if found.text is not None:
            who.edit(found, text=self.text)
        else:
            who.edit(found, caption=self.text)


class Delete(_Personal):
    act: Literal["delete"]
    message_id: int = Field(alias="message")

    def perform(self, stage: Stage) -> None:
        self.who(stage.world).delete(self.message(stage.world, self.message_id))


class React(_Personal):
    act: Literal["react"]
    message_id: int = Field(alias="message")
    emoji: str | None

    def perform(self, stage: Stage) -> None:
        self.who(stage.world).react(self.message(stage.world, self.message_id), self.emoji)


class Press(_Personal):
    act: Literal["press"]
    message_id: int = Field(alias="message")
    data: str

    def perform(self, stage: Stage) -> None:
        self.who(stage.world).press(self.message(stage.world, self.message_id), self.data)


class Start(_Personal):
    act: Literal["start"]
    payload: Annotated[str, StringConstraints(pattern=r"^[\w-]{0,64}$")] = ""

    def perform(self, stage: Stage) -> None:
        self.who(stage.world).start(self.payload)


class Block(_Personal):
    act: Literal["block", "unblock"]

    def perform(self, stage: Stage) -> None:
        who = self.who(stage.world)
        if self.act == "block":
            who.block_bot()
        else:
            who.unblock_bot()


class AddPerson(_Act):
    act: Literal["add_person"]
    first_name: Name
    last_name: Annotated[str, StringConstraints(strip_whitespace=True, max_length=64)] = ""
    language_code: Literal["zh-hans", "en"] = "zh-hans"
    role: Role = "asker"

    def perform(self, stage: Stage) -> Json:
        person = stage.world.add_person(
            self.first_name,
            last_name=self.last_name or None,
            language_code=self.language_code,
            role=self.role,
        )
        stage.world.publish("chat", person.chat)
        return {"person": person_json(person)}


Act = Annotated[
    SendText
    | SendMedia
    | SendLocation
    | SendContact
    | Edit
    | Delete
    | React
    | Press
    | Start
    | Block
    | AddPerson,
    Field(discriminator="act"),
]
ACT: TypeAdapter[_Act] = TypeAdapter(Act)
