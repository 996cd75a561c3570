"""What people do on the page, and what the bot and the page are told of it."""

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient

from bot.simulator.world import World
from tests.bot.simulator.viewer import Viewer, whereabouts

Client = TestClient[web.Request, web.Application]


async def test_a_text_sent_on_the_page_reaches_the_bot_and_the_page(
    world: World, viewer: Viewer
) -> None:
    asker = world.add_person("Amy")
    mentor_question = world.say(asker.chat, world.bot, {"text": "Which alloy?"})
    await viewer.do("send", text="ADC12", reply_to=mentor_question.id, **whereabouts(asker))
    (update,) = world.updates
    assert update.written["message"]["text"] == "ADC12"
    assert update.written["message"]["reply_to_message"]["text"] == "Which alloy?"
    told = viewer.seen("message")[-1]
    assert (told["chat"], told["message"]["text"]) == (asker.id, "ADC12")


async def test_what_happens_is_told_before_the_reply_to_the_act(
    world: World, viewer: Viewer
) -> None:
    asker = world.add_person("Amy")
    await viewer.do("send", text="one", **whereabouts(asker))
    kinds = [frame["type"] for frame in viewer.frames]
    assert kinds.index("message") < kinds.index("reply")


async def test_own_messages_are_edited_reacted_to_and_deleted(world: World, viewer: Viewer) -> None:
    asker = world.add_person("Amy")
    own = asker.send_text("pores in the casing")
    await viewer.do("edit", message=own.id, text="pores in the casting", **whereabouts(asker))
    edited = viewer.one("edited")
    assert edited["message"]["text"] == "pores in the casting"
    assert edited["message"]["edit_date"]
    await viewer.do("react", message=own.id, emoji="👍", **whereabouts(asker))
    assert viewer.seen("edited")[-1]["message"]["reactions"] == [{"emoji": "👍", "from": asker.id}]
    await viewer.do("delete", message=own.id, **whereabouts(asker))
    assert viewer.one("deleted")["messages"] == [own.id]
    assert asker.chat.message(own.id) is None


async def test_a_caption_is_edited_where_the_message_is_a_picture(
    world: World, viewer: Viewer
) -> None:
    asker = world.add_person("Amy")
    own = asker.send_photo(caption="befor")
    await viewer.do("edit", message=own.id, text="before", **whereabouts(asker))
    assert own.caption == "before"
    assert own.kind == "photo"


async def test_a_press_reaches_the_bot_and_its_answer_the_page(
    world: World, viewer: Viewer
) -> None:
    asker = world.add_person("Amy")
    markup = {"inline_keyboard": [[{"text": "Accept", "callback_data": "a:1"}]]}
    card = world.say(asker.chat, world.bot, {"text": "?"}, reply_markup=markup)
    await viewer.do("press", message=card.id, data="a:1", **whereabouts(asker))
    (update,) = world.updates
    assert update.written["callback_query"]["data"] == "a:1"
    callback = next(iter(world.callbacks.values()))
    detail = {"text": "Done", "show_alert": True, "url": None}
    world.publish("callback_answered", asker.chat, card, callback, **detail)
    told = await viewer.told("answered")
    assert told | {"type": ""} == {
        "type": "",
        "person": asker.id,
        "chat": asker.id,
        "message": card.id,
        "data": "a:1",
        "text": "Done",
        "alert": True,
        "url": None,
    }


async def test_a_place_and_a_contact_are_sent(world: World, viewer: Viewer) -> None:
    asker = world.add_person("Amy")
    await viewer.do("send_location", latitude=30.3, longitude=120.2, **whereabouts(asker))
    await viewer.do(
        "send_contact", phone="+86 138", first_name="Amy", own=True, **whereabouts(asker)
    )
    place, contact = (frame["message"] for frame in viewer.seen("message"))
    assert place["location"] == {"latitude": 30.3, "longitude": 120.2}
    assert contact["contact"]["user_id"] == asker.id


async def test_start_opens_the_chat_with_its_payload(world: World, viewer: Viewer) -> None:
    mentor = world.add_person("陈思远", role="mentor")
    await viewer.do("start", payload="inv_8f3", **whereabouts(mentor))
    assert next(iter(world.updates)).written["message"]["text"] == "/start inv_8f3"
    assert viewer.seen("person")[-1]["person"]["started"] is True


async def test_blocking_and_unblocking_the_bot_shows(world: World, viewer: Viewer) -> None:
    asker = world.add_person("Amy", started=True)
    await viewer.do("block", **whereabouts(asker))
    assert viewer.seen("person")[-1]["person"]["blocked"] is True
    refused = await viewer.ask("send", text="hello", **whereabouts(asker))
    assert not refused["ok"]
    assert "blocked" in refused["error"]
    await viewer.do("unblock", **whereabouts(asker))
    assert viewer.seen("person")[-1]["person"]["blocked"] is False


async def test_a_person_added_on_the_page_is_there_before_the_reply(
    world: World, viewer: Viewer
) -> None:
    reply = await viewer.do("add_person", first_name=" 韩雪 ", role="mentor", language_code="en")
    made = reply["person"]
    assert (made["first_name"], made["role"], made["started"]) == ("韩雪", "mentor", False)
    assert viewer.seen("person")[0]["person"]["id"] == made["id"]
    assert viewer.seen("chat")[0]["chat"]["messages"] == []
    assert world.people[made["id"]].language_code == "en"


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ('{"id":1,"act":"fly"}', "fly"),
        ('{"id":1,"act":"send","person":1,"chat":1}', "text"),
        ('{"id":1,"act":"send","person":1,"chat":1,"text":"hi"}', "no person 1"),
        ('{"id":1,"act":"start","person":1,"chat":1,"payload":"a b"}', "payload"),
        ('{"id":1,"act":"add_person","first_name":"  "}', "first_name"),
        ("[]", "object"),
        ("{", "Expecting"),
    ],
)
async def test_a_malformed_act_is_refused_with_a_reason(
    viewer: Viewer, asked: str, why: str
) -> None:
    await viewer.socket.send_str(asked)
    reply = await viewer.told("reply")
    assert reply["ok"] is False
    assert why in reply["error"]
    assert (await viewer.ask("add_person", first_name="Still here"))["ok"]


async def test_what_is_gone_is_refused_with_a_reason(world: World, viewer: Viewer) -> None:
    asker, other = world.add_person("Amy"), world.add_person("Ben")
    group = world.add_group("Not Amy's", members=[other])
    said = asker.send_text("x")
    asker.delete(said)
    gone = await viewer.ask("edit", message=said.id, text="y", **whereabouts(asker))
    assert gone["error"] == "The message is gone"
    media = [{"kind": "photo", "upload": "u99"}]
    lost = await viewer.ask("send_media", media=media, **whereabouts(asker))
    assert "attach it again" in lost["error"]
    outside = await viewer.ask("send", person=asker.id, chat=group.id, text="let me in")
    assert "not in" in outside["error"]
