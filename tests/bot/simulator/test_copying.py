"""copyMessage(s) and forwardMessage(s)."""

import pytest
from telegram import Bot, InputPollOption
from telegram.error import BadRequest

from bot.simulator.people import SimulatedPerson
from bot.simulator.sending import AlbumItem
from bot.simulator.world import BOT_ID, World
from tests.bot.simulator.conftest import Api, Refused


@pytest.fixture
def mentor(world: World) -> SimulatedPerson:
    return world.add_person("陈", started=True)


async def test_a_copy_gives_an_id_only_and_names_nobody(
    api: Api, asker: SimulatedPerson, mentor: SimulatedPerson
) -> None:
    voice = asker.send_voice(duration=12)
    answer = await api("copyMessage", chat_id=mentor.id, from_chat_id=asker.id, message_id=voice.id)
    copy = mentor.chat.messages[-1]
    assert answer.result == {"message_id": copy.id}
    assert copy.media == voice.media
    assert (copy.sender["id"], copy.forward_origin) == (BOT_ID, None)


async def test_everything_a_person_sends_can_be_copied(
    bot: Bot, asker: SimulatedPerson, mentor: SimulatedPerson
) -> None:
    sent = [
        asker.send_text("文字 https://a.cn"),
        asker.send_photo(caption="图"),
        asker.send_document(b"x", name="a.pdf"),
        asker.send_voice(),
        asker.send_video(),
        asker.send_audio(),
        asker.send_animation(),
        asker.send_video_note(),
        asker.send_sticker(),
        asker.send_location(30.2, 120.1),
        asker.send_contact("+86138", "张"),
    ]
    for message in sent:
        await bot.copy_message(mentor.id, asker.id, message.id)
    assert [m.content for m in mentor.chat.messages] == [m.content for m in sent]


async def test_a_poll_of_the_bot_can_be_copied(
    bot: Bot, asker: SimulatedPerson, mentor: SimulatedPerson
) -> None:
    options = [InputPollOption("是"), InputPollOption("否")]
    poll = await bot.send_poll(asker.id, "解决了吗？", options)
    await bot.copy_message(mentor.id, asker.id, poll.message_id)
    assert mentor.chat.messages[-1].kind == "poll"


async def test_a_caption_can_be_replaced_or_removed(
    bot: Bot, asker: SimulatedPerson, mentor: SimulatedPerson
) -> None:
    photo = asker.send_photo(caption="原文 https://a.cn")
    await bot.copy_message(mentor.id, asker.id, photo.id, caption="<b>新</b>", parse_mode="HTML")
    await bot.copy_message(mentor.id, asker.id, photo.id, caption="")
    await bot.copy_message(mentor.id, asker.id, photo.id)
    copies = [(m.caption, [e["type"] for e in m.entities]) for m in mentor.chat.messages]
    assert copies == [("新", ["bold"]), (None, []), ("原文 https://a.cn", ["url"])]


async def test_what_is_gone_or_of_service_cannot_be_copied(
    bot: Bot, world: World, asker: SimulatedPerson, mentor: SimulatedPerson, refused: Refused
) -> None:
    gone = asker.send_text("删")
    asker.delete(gone)
    with refused(BadRequest, "Message to copy not found"):
        await bot.copy_message(mentor.id, asker.id, gone.id)
    group = world.add_group("组", members=[asker])
    world.migrate(group)
    with refused(BadRequest, "Message can't be copied"):
        await bot.copy_message(mentor.id, group.id, group.messages[-1].id)


async def test_several_are_copied_and_what_cannot_be_is_skipped(
    bot: Bot, asker: SimulatedPerson, mentor: SimulatedPerson, refused: Refused
) -> None:
    first, gone, last = (asker.send_text(text) for text in "一二三")
    asker.delete(gone)
    ids = [first.id, gone.id, last.id, 999]
    copies = await bot.copy_messages(mentor.id, asker.id, ids)
    assert [m.text for m in mentor.chat.messages] == ["一", "三"]
    assert [c.message_id for c in copies] == [m.id for m in mentor.chat.messages]
    with refused(BadRequest, "There are no messages to forward"):
        await bot.copy_messages(mentor.id, asker.id, [gone.id, 999])


async def test_copied_albums_stay_albums_under_a_new_id(
    bot: Bot, asker: SimulatedPerson, mentor: SimulatedPerson
) -> None:
    album = asker.send_album([AlbumItem("photo", caption="说明"), AlbumItem("video")])
    await bot.copy_messages(mentor.id, asker.id, [m.id for m in album], remove_caption=True)
    copies = mentor.chat.messages
    assert len({m.album_id for m in copies}) == 1
    assert copies[0].album_id not in (None, album[0].album_id)
    assert [(m.kind, m.caption) for m in copies] == [("photo", None), ("video", None)]


@pytest.mark.parametrize(
    ("ids", "sentence"),
    [
        ([], "message identifiers are not specified"),
        (list(range(1, 102)), "too many message identifiers specified"),
        ([0, 1], "invalid message identifier specified"),
        ([2, 1], "message identifiers must be in a strictly increasing order"),
    ],
)
async def test_lists_of_ids_are_checked(
    api: Api, asker: SimulatedPerson, ids: list[int], sentence: str
) -> None:
    asker.send_text("一")
    answer = await api("copyMessages", chat_id=asker.id, from_chat_id=asker.id, message_ids=ids)
    assert answer.refusal == f"Bad Request: {sentence}"


async def test_a_forward_keeps_its_first_origin(
    bot: Bot, asker: SimulatedPerson, mentor: SimulatedPerson
) -> None:
    question = asker.send_text("问")
    forwarded = await bot.forward_message(mentor.id, asker.id, question.id)
    assert forwarded.forward_origin is not None
    assert forwarded.forward_origin.to_dict()["sender_user"]["id"] == asker.id
    again = mentor.forward(mentor.chat.messages[-1])
    assert again.forward_origin == mentor.chat.messages[0].forward_origin
    hidden = mentor.forward(question, hide_name=True)
    assert hidden.forward_origin is not None
    assert hidden.forward_origin["type"] == "hidden_user"
    await bot.forward_messages(asker.id, mentor.id, [again.id, hidden.id])
    assert [m.forward_origin for m in asker.chat.messages[-2:]] == [
        again.forward_origin,
        hidden.forward_origin,
    ]
