"""Topics, groups, forwards, quotes and inline results as the page asks for them."""

import pytest

from bot.simulator.inline import InlineAnswer, InlineResult
from bot.simulator.sending import AlbumItem
from bot.simulator.world import World
from tests.bot.simulator.viewer import Viewer, whereabouts


async def test_a_topic_is_opened_renamed_and_deleted_by_its_person(
    world: World, viewer: Viewer
) -> None:
    world.topics_in_private = True
    asker = world.add_person("Amy")
    made = await viewer.do("open_topic", name="焊接", **whereabouts(asker))
    thread = made["thread"]
    await viewer.do("send", text="here", thread=thread, **whereabouts(asker))
    await viewer.do("rename_topic", thread=thread, name="铝焊", **whereabouts(asker))
    assert viewer.seen("chat")[-1]["chat"]["topics"] == [
        {"id": thread, "name": "铝焊", "closed": False}
    ]
    await viewer.do("delete_topic", thread=thread, **whereabouts(asker))
    assert viewer.seen("chat")[-1]["chat"]["topics"] == []
    gone = await viewer.ask("rename_topic", thread=thread, name="x", **whereabouts(asker))
    assert gone["error"] == "The topic is gone"


async def test_a_chat_without_topics_opens_none(world: World, viewer: Viewer) -> None:
    asker = world.add_person("Amy")
    refused = await viewer.ask("open_topic", name="x", **whereabouts(asker))
    assert refused["error"] == "This chat has no topics"


async def test_a_group_is_opened_and_the_bot_promoted_removed_and_brought_back(
    world: World, viewer: Viewer
) -> None:
    mentor, student = world.add_person("Chen", role="mentor"), world.add_person("Li")
    made = await viewer.do("add_group", person=mentor.id, title="Lab")
    where = {"person": mentor.id, "chat": made["chat"]}
    group = world.chats[made["chat"]]
    await viewer.do("join", other=student.id, **where)
    assert group.statuses == {mentor.id: "creator", student.id: "member"}
    for change, status in (
        ("promote", "administrator"),
        ("remove", "kicked"),
        ("bring_back", "member"),
    ):
        await viewer.do("change_group", change=change, **where)
        assert group.bot_status == status
    await viewer.do("change_group", change="topics", **where)
    forum = world.chats[group.migrated_to or 0]
    assert forum.is_forum
    outside = world.add_person("Ben")
    refused = await viewer.ask("change_group", person=outside.id, chat=forum.id, change="remove")
    assert "not in that chat" in refused["error"]


async def test_what_is_forwarded_keeps_its_writer_and_an_album_stays_one(
    world: World, viewer: Viewer
) -> None:
    asker, other = world.add_person("Amy"), world.add_person("Ben")
    group = world.add_group("Works", members=[asker, other])
    album = other.send_album([AlbumItem(caption="the pores"), AlbumItem()], chat_id=group.id)
    numbers = [part.id for part in album]
    await viewer.do("forward", from_chat=group.id, messages=numbers, **whereabouts(asker))
    told = asker.chat.messages
    assert [message.caption for message in told] == ["the pores", None]
    assert len({message.album_id for message in told}) == 1
    assert told[0].album_id != album[0].album_id
    origin = told[0].forward_origin
    assert origin is not None
    assert origin["sender_user"]["first_name"] == "Ben"
    outside = world.add_person("Cy")
    refused = await viewer.ask(
        "forward", from_chat=group.id, messages=numbers, **whereabouts(outside)
    )
    assert "not in that chat" in refused["error"]


async def test_something_from_elsewhere_is_forwarded_with_a_hidden_account(
    world: World, viewer: Viewer
) -> None:
    asker = world.add_person("Amy")
    await viewer.do("forward_from", name="Supplier", text="see /help", **whereabouts(asker))
    (update,) = world.updates
    message = update.written["message"]
    assert message["forward_origin"]["sender_user_name"] == "Supplier"
    assert message["entities"][0]["type"] == "bot_command"


async def test_a_reply_quotes_what_was_selected(world: World, viewer: Viewer) -> None:
    asker = world.add_person("Amy")
    card = world.say(asker.chat, world.bot, {"text": "Which alloy, and which machine?"})
    where = whereabouts(asker)
    await viewer.do("send", text="ADC12", reply_to=card.id, quote="Which alloy", **where)
    quote = viewer.seen("message")[-1]["message"]["quote"]
    assert (quote["text"], quote["position"]) == ("Which alloy", 0)
    wrong = await viewer.ask("send", text="?", reply_to=card.id, quote="nothing", **where)
    assert "does not say" in wrong["error"]


async def test_inline_results_are_told_and_the_chosen_one_is_sent(
    world: World, viewer: Viewer
) -> None:
    asker = world.add_person("Amy")
    where = whereabouts(asker)
    query = (await viewer.do("inline", text="压铸", **where))["query"]
    result = InlineResult("1", "article", "气孔", "浙江大学", {"text": "见条目"}, None)
    button = {"text": "Open", "start_parameter": "ask"}
    asked = world.inline.queries[query]
    answer = InlineAnswer((result,), button=button)
    world.inline.answer(asked, answer, cache_time=0, personal=True)
    told = await viewer.told("inline")
    assert told["results"] == [
        {"id": "1", "kind": "article", "title": "气孔", "description": "浙江大学"}
    ]
    assert (told["text"], told["button"]) == ("压铸", button)
    other = world.add_person("Ben")
    stolen = await viewer.ask("choose_inline", query=query, result="1", **whereabouts(other))
    assert "list is gone" in stolen["error"]
    await viewer.do("choose_inline", query=query, result="1", **where)
    assert viewer.seen("message")[-1]["message"]["via_bot"]["id"] == world.bot["id"]


@pytest.mark.parametrize("act", ["promote", "topics"])
async def test_a_private_chat_is_no_group(world: World, viewer: Viewer, act: str) -> None:
    asker = world.add_person("Amy")
    refused = await viewer.ask("change_group", change=act, **whereabouts(asker))
    assert refused["error"] == "This is no group"
