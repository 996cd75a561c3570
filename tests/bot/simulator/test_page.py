"""The page's socket and files, as a browser would use them."""

import base64
import hashlib
import itertools
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientWebSocketResponse, WSServerHandshakeError, web
from aiohttp.test_utils import TestClient, TestServer

from bot.simulator import page as page_module
from bot.simulator.page import add_routes
from bot.simulator.sending import PICTURE
from bot.simulator.world import BOT_USERNAME, World

Client = TestClient[web.Request, web.Application]


class Browser:
    """A page without a screen: acts, and keeps what it is told."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self.socket = socket
        self.frames: list[dict[str, Any]] = []
        self._numbers = itertools.count(1)

    async def told(self, kind: str, **expected: Any) -> dict[str, Any]:
        """The next frame of a kind; frames of other kinds are kept in `frames`."""
        while True:
            frame: dict[str, Any] = await self.socket.receive_json(timeout=5)
            self.frames.append(frame)
            if frame["type"] == kind and expected.items() <= frame.items():
                return frame

    async def ask(self, act: str, **values: Any) -> dict[str, Any]:
        """Act and wait for the reply."""
        number = next(self._numbers)
        await self.socket.send_json({"id": number, "act": act, **values})
        return await self.told("reply", id=number)

    async def do(self, act: str, **values: Any) -> dict[str, Any]:
        """Act, successfully."""
        reply = await self.ask(act, **values)
        assert reply["ok"], reply
        return reply

    def seen(self, kind: str) -> list[dict[str, Any]]:
        """The frames of a kind so far."""
        return [frame for frame in self.frames if frame["type"] == kind]


@pytest.fixture
def world() -> World:
    return World(lambda: 1_760_000_000.0)


@pytest.fixture
async def client(world: World) -> AsyncIterator[Client]:
    app = web.Application()
    add_routes(app, world)
    async with TestClient(TestServer(app)) as client:
        yield client


@pytest.fixture
async def browser(client: Client) -> AsyncIterator[Browser]:
    async with client.ws_connect("/page") as socket:
        yield Browser(socket)


def whereabouts(person: Any) -> dict[str, int]:
    return {"person": person.id, "chat": person.id}


async def test_the_page_may_run_its_own_script_and_nothing_else(client: Client) -> None:
    answer = await client.get("/")
    html = await answer.text()
    (script,) = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; ")
    assert f"script-src 'sha256-{digest}';" in policy
    assert "unsafe" not in policy


async def test_the_page_fetches_nothing_from_elsewhere(client: Client) -> None:
    html = await (await client.get("/")).text()
    # Namespaces and the links that the page recognises are names, not fetches.
    fetched = re.findall(r"(?:src|href)=\"?(https?:[^\s\">]+)|url\((https?:[^)]+)\)", html)
    assert fetched == []
    assert "innerHTML" not in html
    assert "insertAdjacentHTML" not in html


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Host": "rebound.example"}]
)
@pytest.mark.parametrize("path", ["/", "/page", "/page/files/x"])
async def test_other_sites_are_kept_out(client: Client, path: str, headers: dict[str, str]) -> None:
    assert (await client.get(path, headers=headers)).status == 403


async def test_another_site_cannot_open_the_socket(client: Client) -> None:
    with pytest.raises(WSServerHandshakeError) as refused:
        await client.ws_connect("/page", headers={"Origin": "http://localhost:1"})
    assert refused.value.status == 403


async def test_the_state_holds_people_chats_and_messages(world: World, client: Client) -> None:
    asker = world.add_person("李文", last_name="厂长")
    asker.send_text("你好 https://example.org")
    world.say(asker.chat, world.bot, {"text": "?"}, reply_markup={"force_reply": True})
    gone = asker.send_text("不要看")
    asker.delete(gone)
    async with client.ws_connect("/page") as socket:
        state = await Browser(socket).told("state")
    assert state["bot"]["username"] == BOT_USERNAME
    (person,) = state["people"]
    assert (person["first_name"], person["role"], person["started"]) == ("李文", "asker", True)
    (chat,) = state["chats"]
    first, second = chat["messages"]
    assert first["entities"] == [{"type": "url", "offset": 3, "length": 19}]
    assert second["force_reply"] == {"force_reply": True}


async def test_a_text_sent_on_the_page_reaches_the_bot_and_the_page(
    world: World, browser: Browser
) -> None:
    asker = world.add_person("Amy")
    mentor_question = world.say(asker.chat, world.bot, {"text": "Which alloy?"})
    await browser.do("send", text="ADC12", reply_to=mentor_question.id, **whereabouts(asker))
    (update,) = world.updates
    assert update.written["message"]["text"] == "ADC12"
    assert update.written["message"]["reply_to_message"]["text"] == "Which alloy?"
    told = browser.seen("message")[-1]
    assert (told["chat"], told["message"]["text"]) == (asker.id, "ADC12")


async def test_what_happens_is_told_before_the_reply_to_the_act(
    world: World, browser: Browser
) -> None:
    asker = world.add_person("Amy")
    await browser.do("send", text="one", **whereabouts(asker))
    kinds = [frame["type"] for frame in browser.frames]
    assert kinds.index("message") < kinds.index("reply")


async def test_own_messages_are_edited_reacted_to_and_deleted(
    world: World, browser: Browser
) -> None:
    asker = world.add_person("Amy")
    own = asker.send_text("pores in the casing")
    await browser.do("edit", message=own.id, text="pores in the casting", **whereabouts(asker))
    edited = await_one(browser, "edited")
    assert edited["message"]["text"] == "pores in the casting"
    assert edited["message"]["edit_date"]
    await browser.do("react", message=own.id, emoji="👍", **whereabouts(asker))
    assert browser.seen("edited")[-1]["message"]["reactions"] == [{"emoji": "👍", "from": asker.id}]
    await browser.do("delete", message=own.id, **whereabouts(asker))
    assert await_one(browser, "deleted")["messages"] == [own.id]
    assert asker.chat.message(own.id) is None


def await_one(browser: Browser, kind: str) -> dict[str, Any]:
    (frame,) = browser.seen(kind)
    return frame


async def test_a_caption_is_edited_where_the_message_is_a_picture(
    world: World, browser: Browser
) -> None:
    asker = world.add_person("Amy")
    own = asker.send_photo(caption="befor")
    await browser.do("edit", message=own.id, text="before", **whereabouts(asker))
    assert own.caption == "before"
    assert own.kind == "photo"


async def test_a_press_reaches_the_bot_and_its_answer_the_page(
    world: World, browser: Browser
) -> None:
    asker = world.add_person("Amy")
    markup = {"inline_keyboard": [[{"text": "Accept", "callback_data": "a:1"}]]}
    card = world.say(asker.chat, world.bot, {"text": "?"}, reply_markup=markup)
    await browser.do("press", message=card.id, data="a:1", **whereabouts(asker))
    (update,) = world.updates
    assert update.written["callback_query"]["data"] == "a:1"
    callback = next(iter(world.callbacks.values()))
    detail = {"text": "Done", "show_alert": True, "url": None}
    world.publish("callback_answered", asker.chat, card, callback, **detail)
    told = await browser.told("answered")
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


async def test_a_file_goes_up_is_sent_and_comes_down(
    world: World, client: Client, browser: Browser
) -> None:
    admin = world.add_person("Wang", role="admin")
    sheet = "学校,专家\n".encode("gb18030") * 20_000
    key = await upload(client, sheet, "专家.csv", "text/csv")
    media = [{"kind": "document", "upload": key, "name": "专家.csv"}]
    await browser.do("send_media", media=media, caption="new", **whereabouts(admin))
    document = browser.seen("message")[-1]["message"]["document"]
    assert (document["file_name"], document["file_size"]) == ("专家.csv", len(sheet))
    down = await client.get(f"/page/files/{document['file_id']}")
    assert await down.read() == sheet
    assert down.headers["Content-Disposition"] == "attachment"
    assert down.headers["X-Content-Type-Options"] == "nosniff"


async def upload(client: Client, content: bytes, name: str, kind: str) -> str:
    answer = await client.post(
        "/page/files", params={"name": name}, data=content, headers={"Content-Type": kind}
    )
    assert answer.status == 200
    return str((await answer.json())["upload"])


async def test_several_pictures_become_one_album(
    world: World, client: Client, browser: Browser
) -> None:
    asker = world.add_person("Amy")
    keys = [await upload(client, PICTURE, f"{n}.png", "image/png") for n in range(3)]
    media = [{"kind": "photo", "upload": key} for key in keys]
    await browser.do("send_media", media=media, caption="three views", **whereabouts(asker))
    albums = {frame["message"]["media_group_id"] for frame in browser.seen("message")}
    assert len(albums) == 1
    captions = [frame["message"].get("caption") for frame in browser.seen("message")]
    assert captions == ["three views", None, None]


@pytest.mark.parametrize(
    ("kind", "measures", "expected"),
    [
        ("voice", {"duration": 7}, {"duration": 7}),
        ("video", {"width": 320, "height": 180, "duration": 4}, {"width": 320, "duration": 4}),
        ("sticker", {"emoji": "🙏", "width": 512}, {"emoji": "🙏"}),
        ("audio", {"duration": 60}, {"duration": 60}),
    ],
)
async def test_media_keeps_what_the_phone_measured(
    world: World,
    client: Client,
    browser: Browser,
    kind: str,
    measures: dict[str, Any],
    expected: dict[str, Any],
) -> None:
    asker = world.add_person("Amy")
    key = await upload(client, b"bytes", "file.bin", "application/octet-stream")
    item = {"kind": kind, "upload": key, **measures}
    await browser.do("send_media", media=[item], **whereabouts(asker))
    assert expected.items() <= browser.seen("message")[-1]["message"][kind].items()


async def test_a_player_may_ask_for_a_part_of_a_file(world: World, client: Client) -> None:
    stored = world.files.add("video", b"0123456789")
    path = f"/page/files/{stored.file_id}"
    part = await client.get(path, headers={"Range": "bytes=2-5"})
    assert (part.status, await part.read()) == (206, b"2345")
    assert part.headers["Content-Range"] == "bytes 2-5/10"
    rest = await client.get(path, headers={"Range": "bytes=7-"})
    assert (rest.status, await rest.read()) == (206, b"789")
    assert (await client.get(path, headers={"Range": "bytes=junk"})).status == 416
    assert (await client.get("/page/files/nothing")).status == 404


async def test_a_file_past_the_limit_is_refused(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_module.page_frames, "UPLOAD_MEGABYTES", 1)
    answer = await client.post("/page/files", data=b"x" * (1 << 20) + b"x")
    assert answer.status == 413


async def test_a_place_and_a_contact_are_sent(world: World, browser: Browser) -> None:
    asker = world.add_person("Amy")
    await browser.do("send_location", latitude=30.3, longitude=120.2, **whereabouts(asker))
    await browser.do(
        "send_contact", phone="+86 138", first_name="Amy", own=True, **whereabouts(asker)
    )
    place, contact = (frame["message"] for frame in browser.seen("message"))
    assert place["location"] == {"latitude": 30.3, "longitude": 120.2}
    assert contact["contact"]["user_id"] == asker.id


async def test_start_opens_the_chat_with_its_payload(world: World, browser: Browser) -> None:
    mentor = world.add_person("陈思远", role="mentor")
    await browser.do("start", payload="inv_8f3", **whereabouts(mentor))
    assert next(iter(world.updates)).written["message"]["text"] == "/start inv_8f3"
    assert browser.seen("person")[-1]["person"]["started"] is True


async def test_blocking_and_unblocking_the_bot_shows(world: World, browser: Browser) -> None:
    asker = world.add_person("Amy", started=True)
    await browser.do("block", **whereabouts(asker))
    assert browser.seen("person")[-1]["person"]["blocked"] is True
    refused = await browser.ask("send", text="hello", **whereabouts(asker))
    assert not refused["ok"]
    assert "blocked" in refused["error"]
    await browser.do("unblock", **whereabouts(asker))
    assert browser.seen("person")[-1]["person"]["blocked"] is False


async def test_a_person_added_on_the_page_is_there_before_the_reply(
    world: World, browser: Browser
) -> None:
    reply = await browser.do("add_person", first_name=" 韩雪 ", role="mentor", language_code="en")
    made = reply["person"]
    assert (made["first_name"], made["role"], made["started"]) == ("韩雪", "mentor", False)
    assert browser.seen("person")[0]["person"]["id"] == made["id"]
    assert browser.seen("chat")[0]["chat"]["messages"] == []
    assert world.people[made["id"]].language_code == "en"


async def test_a_person_who_came_later_is_introduced_with_their_first_message(
    world: World, browser: Browser
) -> None:
    await browser.told("state")
    late = world.add_person("Late", role="mentor")
    world.say(late.chat, world.bot, {"text": "A question for you"})
    introduced = await browser.told("person")
    assert introduced["person"]["id"] == late.id
    assert (await browser.told("chat"))["chat"]["messages"][0]["text"] == "A question for you"


async def test_a_reply_keyboard_appears_and_goes(world: World, browser: Browser) -> None:
    asker = world.add_person("Amy")
    keyboard = {"keyboard": [[{"text": "Stop"}]]}
    shown = world.say(asker.chat, world.bot, {"text": "?"}, reply_markup=keyboard)
    await browser.told("message")
    told = await browser.told("chat")
    assert told["chat"]["keyboard"] == {"markup": keyboard, "message": shown.id}
    world.say(asker.chat, world.bot, {"text": "!"}, reply_markup={"remove_keyboard": True})
    assert (await browser.told("chat"))["chat"]["keyboard"] is None


async def test_topics_typing_and_drafts_are_told(world: World, browser: Browser) -> None:
    asker = world.add_person("Amy")
    thread = asker.open_topic("Casting")
    told = await browser.told("chat", chat={**chat_of(asker), "topics": topic(thread, "Casting")})
    assert told["chat"]["id"] == asker.id
    world.publish("action", asker.chat, None, None, action="typing", thread_id=thread)
    assert (await browser.told("action"))["thread_id"] == thread
    world.publish("draft", asker.chat, None, None, draft_id=1, text="Looking", entities=[])
    assert (await browser.told("draft"))["text"] == "Looking"


def chat_of(person: Any) -> dict[str, Any]:
    return {"id": person.id, "title": None, "members": [person.id], "keyboard": None}


def topic(thread: int, name: str) -> list[dict[str, Any]]:
    return [{"id": thread, "name": name, "closed": False}]


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
    browser: Browser, asked: str, why: str
) -> None:
    await browser.socket.send_str(asked)
    reply = await browser.told("reply")
    assert reply["ok"] is False
    assert why in reply["error"]
    assert (await browser.ask("add_person", first_name="Still here"))["ok"]


async def test_what_is_gone_is_refused_with_a_reason(world: World, browser: Browser) -> None:
    asker, other = world.add_person("Amy"), world.add_person("Ben")
    group = world.add_group("Not Amy's", members=[other])
    said = asker.send_text("x")
    asker.delete(said)
    gone = await browser.ask("edit", message=said.id, text="y", **whereabouts(asker))
    assert gone["error"] == "The message is gone"
    media = [{"kind": "photo", "upload": "u99"}]
    lost = await browser.ask("send_media", media=media, **whereabouts(asker))
    assert "attach it again" in lost["error"]
    outside = await browser.ask("send", person=asker.id, chat=group.id, text="let me in")
    assert "not in" in outside["error"]


async def test_uploads_that_no_message_takes_make_room() -> None:
    uploads = page_module.Uploads(room=2)
    keys = [uploads.keep(page_module.Upload(str(n), "text/plain", b"")) for n in range(3)]
    assert [uploads.take(key).name for key in keys[1:]] == ["1", "2"]
    with pytest.raises(ValueError, match="attach it again"):
        uploads.take(keys[0])


async def test_a_page_that_lags_gets_the_whole_state_and_keeps_its_replies(
    world: World, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    asker = world.add_person("Amy")
    await browser.told("state")
    monkeypatch.setattr(page_module, "BACKLOG", 3)
    for number in range(8):
        asker.send_text(str(number))
    state = await browser.told("state")
    reply = await browser.ask("send", text="after", **whereabouts(asker))
    assert reply["ok"]
    shown = [message["text"] for message in state["chats"][0]["messages"]]
    shown += [frame["message"]["text"] for frame in browser.seen("message")]
    assert shown == ["0", "1", "2", "3", "4", "5", "6", "7", "after"]


async def test_a_group_that_migrates_is_replaced(world: World, browser: Browser) -> None:
    ben = world.add_person("Ben", role="admin")
    group = world.add_group("Office", members=[ben])
    await browser.told("state")
    new = world.migrate(group)
    state = await browser.told("state")
    assert group.id not in {chat["id"] for chat in state["chats"]}
    assert new.id in {chat["id"] for chat in state["chats"]}


async def test_only_the_latest_messages_are_sent(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_module.page_frames, "HISTORY", 5)
    asker = world.add_person("Amy")
    for number in range(9):
        asker.send_text(str(number))
    async with client.ws_connect("/page") as socket:
        state = await Browser(socket).told("state")
    assert [m["text"] for m in state["chats"][0]["messages"]] == ["4", "5", "6", "7", "8"]


async def test_the_server_stops_while_a_page_is_open(world: World) -> None:
    app = web.Application()
    add_routes(app, world)
    client = TestClient(TestServer(app))
    await client.start_server()
    socket = await client.ws_connect("/page")
    await Browser(socket).told("state")
    await client.server.close()
    assert (await socket.receive(timeout=5)).data == 1001
    await client.close()
    world.add_person("Nobody listens").send_text("to this")
