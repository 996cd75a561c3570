"""How the page is served, and what its socket tells of the world."""

import re
from typing import Any

import pytest
from aiohttp import WSServerHandshakeError, web
from aiohttp.test_utils import TestClient, TestServer

from bot.simulator import page as page_module
from bot.simulator.page import add_routes
from bot.simulator.world import BOT_USERNAME, World
from tests.bot.simulator.viewer import Viewer, whereabouts

Client = TestClient[web.Request, web.Application]


async def test_the_page_may_run_its_own_scripts_and_nothing_else(page_client: Client) -> None:
    answer = await page_client.get("/")
    html = await answer.text()
    assert "<script>" not in html
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; ")
    own = f"http://{answer.url.authority}/page/assets/"
    assert f"script-src {own}; style-src {own};" in policy  # not what people sent: /page/files
    assert "unsafe" not in policy


async def test_every_part_of_the_page_is_served_as_what_it_is(page_client: Client) -> None:
    parts = [path for path in page_module.FOLDER.iterdir() if path.suffix != ".html"]
    assert {path.name for path in parts} >= {"main.js", "style.css"}
    for path in parts:
        answer = await page_client.get(f"/page/assets/{path.name}")
        assert answer.content_type == page_module.TYPES[path.suffix]
        assert await answer.text() == path.read_text(encoding="utf-8")
    for missing in ("index.html", "nothing.js", "..%2F..%2Fpage.py", "%2e%2e/page.py"):
        assert (await page_client.get(f"/page/assets/{missing}")).status == 404


async def test_the_page_fetches_nothing_from_elsewhere(page_client: Client) -> None:
    for path in page_module.FOLDER.iterdir():
        text = path.read_text(encoding="utf-8")
        # Namespaces and the links that the page recognises are names, not fetches.
        fetched = re.findall(r"(?:src|href)=\"?(https?:[^\s\">]+)|url\((https?:[^)]+)\)", text)
        assert fetched == []
        assert "innerHTML" not in text
        assert "insertAdjacentHTML" not in text


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Host": "rebound.example"}]
)
@pytest.mark.parametrize("path", ["/", "/page", "/page/assets/main.js", "/page/files/x"])
async def test_other_sites_are_kept_out(
    page_client: Client, path: str, headers: dict[str, str]
) -> None:
    assert (await page_client.get(path, headers=headers)).status == 403


async def test_another_site_cannot_open_the_socket(page_client: Client) -> None:
    with pytest.raises(WSServerHandshakeError) as refused:
        await page_client.ws_connect("/page", headers={"Origin": "http://localhost:1"})
    assert refused.value.status == 403


async def test_the_state_holds_people_chats_and_messages(world: World, page_client: Client) -> None:
    asker = world.add_person("李文", last_name="厂长")
    asker.send_text("你好 https://example.org")
    world.say(asker.chat, world.bot, {"text": "?"}, reply_markup={"force_reply": True})
    gone = asker.send_text("不要看")
    asker.delete(gone)
    async with page_client.ws_connect("/page") as socket:
        state = await Viewer(socket).told("state")
    assert state["bot"]["username"] == BOT_USERNAME
    (person,) = state["people"]
    assert (person["first_name"], person["role"], person["started"]) == ("李文", "asker", True)
    (chat,) = state["chats"]
    first, second = chat["messages"]
    assert first["entities"] == [{"type": "url", "offset": 3, "length": 19}]
    assert second["force_reply"] == {"force_reply": True}


async def test_a_person_who_came_later_is_introduced_with_their_first_message(
    world: World, viewer: Viewer
) -> None:
    await viewer.told("state")
    late = world.add_person("Late", role="mentor")
    world.say(late.chat, world.bot, {"text": "A question for you"})
    introduced = await viewer.told("person")
    assert introduced["person"]["id"] == late.id
    assert (await viewer.told("chat"))["chat"]["messages"][0]["text"] == "A question for you"


async def test_a_reply_keyboard_appears_and_goes(world: World, viewer: Viewer) -> None:
    asker = world.add_person("Amy")
    keyboard = {"keyboard": [[{"text": "Stop"}]]}
    shown = world.say(asker.chat, world.bot, {"text": "?"}, reply_markup=keyboard)
    await viewer.told("message")
    told = await viewer.told("chat")
    assert told["chat"]["keyboard"] == {"markup": keyboard, "message": shown.id}
    world.say(asker.chat, world.bot, {"text": "!"}, reply_markup={"remove_keyboard": True})
    assert (await viewer.told("chat"))["chat"]["keyboard"] is None


async def test_topics_typing_and_drafts_are_told(world: World, viewer: Viewer) -> None:
    asker = world.add_person("Amy")
    thread = asker.open_topic("Casting")
    told = await viewer.told("chat", chat={**chat_of(asker), "topics": topic(thread, "Casting")})
    assert told["chat"]["id"] == asker.id
    world.publish("action", asker.chat, None, None, action="typing", thread_id=thread)
    assert (await viewer.told("action"))["thread_id"] == thread
    world.publish("draft", asker.chat, None, None, draft_id=1, text="Looking", entities=[])
    assert (await viewer.told("draft"))["text"] == "Looking"


def chat_of(person: Any) -> dict[str, Any]:
    about = {"kind": "private", "has_topics": False, "bot_status": "member"}
    return about | {"id": person.id, "title": None, "members": [person.id], "keyboard": None}


def topic(thread: int, name: str) -> list[dict[str, Any]]:
    return [{"id": thread, "name": name, "closed": False}]


async def test_a_page_that_lags_gets_the_whole_state_and_keeps_its_replies(
    world: World, viewer: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    asker = world.add_person("Amy")
    await viewer.told("state")
    monkeypatch.setattr(page_module, "BACKLOG", 3)
    for number in range(8):
        asker.send_text(str(number))
    state = await viewer.told("state")
    reply = await viewer.ask("send", text="after", **whereabouts(asker))
    assert reply["ok"]
    shown = [message["text"] for message in state["chats"][0]["messages"]]
    shown += [frame["message"]["text"] for frame in viewer.seen("message")]
    assert shown == ["0", "1", "2", "3", "4", "5", "6", "7", "after"]


async def test_a_group_that_migrates_is_replaced(world: World, viewer: Viewer) -> None:
    ben = world.add_person("Ben", role="admin")
    group = world.add_group("Office", members=[ben])
    await viewer.told("state")
    new = world.migrate(group)
    state = await viewer.told("state")
    assert group.id not in {chat["id"] for chat in state["chats"]}
    assert new.id in {chat["id"] for chat in state["chats"]}


async def test_only_the_latest_messages_are_sent(
    world: World, page_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_module.page_frames, "HISTORY", 5)
    asker = world.add_person("Amy")
    for number in range(9):
        asker.send_text(str(number))
    async with page_client.ws_connect("/page") as socket:
        state = await Viewer(socket).told("state")
    assert [m["text"] for m in state["chats"][0]["messages"]] == ["4", "5", "6", "7", "8"]


async def test_the_server_stops_while_a_page_is_open(world: World) -> None:
    app = web.Application()
    add_routes(app, world)
    client = TestClient(TestServer(app))
    await client.start_server()
    socket = await client.ws_connect("/page")
    await Viewer(socket).told("state")
    await client.server.close()
    assert (await socket.receive(timeout=5)).data == 1001
    await client.close()
    world.add_person("Nobody listens").send_text("to this")


async def test_commands_are_those_of_the_narrowest_scope_in_ones_own_language(
    world: World, viewer: Viewer
) -> None:
    zh = world.add_person("李文", language_code="zh-hans")
    en = world.add_person("Amy", language_code="en")
    everybody, private = '{"type": "default"}', '{"type": "all_private_chats"}'
    world.commands = {
        (everybody, ""): [{"command": "any", "description": "Anybody"}],
        (private, "zh"): [{"command": "zh", "description": "中文"}],
        (f'{{"chat_id": {en.id}, "type": "chat"}}', ""): [{"command": "amy", "description": "Amy"}],
    }
    world.texts = {("description", ""): "A desk", ("description", "zh"): "咨询台"}
    world.profile_changed()
    for person, command, about in ((zh, "zh", "咨询台"), (en, "amy", "A desk")):
        told = (await viewer.told("person"))["person"]
        while told["id"] != person.id:
            told = (await viewer.told("person"))["person"]
        assert [one["command"] for one in told["commands"]] == [command]
        assert told["about"] == about
