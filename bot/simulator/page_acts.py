"""What people do on the page: one JSON act, checked, then done by the simulated person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter

from bot.simulator.entities import said
from bot.simulator.inline import QUERY_LIMIT
from bot.simulator.messages import Json
from bot.simulator.page_frames import person_json
from bot.simulator.page_places import (
    AddGroup,
    ChangeGroup,
    DeleteTopic,
    JoinGroup,
    OpenTopic,
    RenameTopic,
)
from bot.simulator.page_stage import (
    Caption,
    Name,
    PageAct,
    Personal,
    Placed,
    Stage,
    Text,
    Upload,
)
from bot.simulator.people import Role
from bot.simulator.sending import AlbumItem

if TYPE_CHECKING:
    from bot.simulator.people import SimulatedPerson


class SendText(Placed):
    act: Literal["send"]
    text: Text

    def perform(self, stage: Stage) -> None:
        self.who(stage.world).send_text(self.text, **self.where())


class MediaItem(BaseModel):
    """One file as a phone describes it."""

    model_config = ConfigDict(extra="forbid")
    kind: Literal["photo", "video", "voice", "audio", "document", "sticker", "video_note"]
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


class SendMedia(Placed):
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


class SendLocation(Placed):
    act: Literal["send_location"]
    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)

    def perform(self, stage: Stage) -> None:
        self.who(stage.world).send_location(self.latitude, self.longitude, **self.where())


class SendContact(Placed):
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


class Edit(Personal):
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


class Delete(Personal):
    act: Literal["delete"]
    message_id: int = Field(alias="message")

    def perform(self, stage: Stage) -> None:
        self.who(stage.world).delete(self.message(stage.world, self.message_id))


class Forward(Placed):
    """Something that the person sees in one of their chats goes into this one."""

    act: Literal["forward"]
    from_chat: int
    messages: list[int] = Field(min_length=1, max_length=10)

    def perform(self, stage: Stage) -> None:
        who = self.who(stage.world)
        source = self.model_copy(update={"chat": self.from_chat})
        source.place(stage.world)
        found = [source.message(stage.world, number) for number in self.messages]
        who.forward_all(found, chat_id=self.chat, topic=self.thread)


class ForwardFrom(Placed):
    """Something that was said elsewhere, by somebody who does not show their account."""

    act: Literal["forward_from"]
    name: Name
    text: Text

    def perform(self, stage: Stage) -> None:
        world = stage.world
        origin = {"type": "hidden_user", "sender_user_name": self.name, "date": world.now()}
        self.who(world).send(said(self.text), forward_origin=origin, **self.where())


class AskInline(Personal):
    act: Literal["inline"]
    text: Annotated[str, StringConstraints(max_length=QUERY_LIMIT)]

    def perform(self, stage: Stage) -> Json:
        self.place(stage.world)
        return {"query": self.who(stage.world).ask_inline(self.text, chat_id=self.chat).id}


class ChooseInline(Personal):
    act: Literal["choose_inline"]
    query: str
    result: str

    def perform(self, stage: Stage) -> None:
        query = stage.world.inline.queries.get(self.query)
        if query is None or query.person.id != self.person:
            raise ValueError("The list is gone; type it again")
        self.who(stage.world).choose_inline(query, self.result)


class React(Personal):
    act: Literal["react"]
    message_id: int = Field(alias="message")
    emoji: str | None

    def perform(self, stage: Stage) -> None:
        self.who(stage.world).react(self.message(stage.world, self.message_id), self.emoji)


class Press(Personal):
    act: Literal["press"]
    message_id: int = Field(alias="message")
    data: str

    def perform(self, stage: Stage) -> None:
        self.who(stage.world).press(self.message(stage.world, self.message_id), self.data)


class Start(Personal):
    act: Literal["start"]
    payload: Annotated[str, StringConstraints(pattern=r"^[\w-]{0,64}$")] = ""

    def perform(self, stage: Stage) -> None:
        self.who(stage.world).start(self.payload)


class Block(Personal):
    act: Literal["block", "unblock"]

    def perform(self, stage: Stage) -> None:
        who = self.who(stage.world)
        if self.act == "block":
            who.block_bot()
        else:
            who.unblock_bot()


class AddPerson(PageAct):
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
    | Forward
    | ForwardFrom
    | AskInline
    | ChooseInline
    | OpenTopic
    | RenameTopic
    | DeleteTopic
    | AddGroup
    | ChangeGroup
    | JoinGroup
    | React
    | Press
    | Start
    | Block
    | AddPerson,
    Field(discriminator="act"),
]
ACT: TypeAdapter[PageAct] = TypeAdapter(Act)
