"""What people do, seen without a server: the updates they make and the events observers get."""

import asyncio

import pytest

from bot.simulator.people import SimulatedPerson
from bot.simulator.sending import AlbumItem
from bot.simulator.world import World


def updates(world: World) -> list[dict[str, object]]:
    return [update.written for update in world.updates]


def test_a_start_carries_its_payload_and_is_a_command(world: World, asker: SimulatedPerson) -> None:
    asker.start("inv_42")
    message = updates(world)[0]["message"]
    assert isinstance(message, dict)
    assert message["text"] == "/start inv_42"
    assert message["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    assert message["from"]["language_code"] == "zh"


def test_an_album_is_several_messages_of_one_id(world: World, asker: SimulatedPerson) -> None:
    album = asker.send_album([AlbumItem("photo", caption="一"), AlbumItem("video")])
    assert [m.kind for m in album] == ["photo", "video"]
    assert len({m.album_id for m in album}) == 1
    with pytest.raises(ValueError, match="2 to 10 items, not 1"):
        asker.send_album([AlbumItem()])


def test_who_blocked_the_bot_cannot_write_to_it(asker: SimulatedPerson) -> None:
    asker.block_bot()
    with pytest.raises(ValueError, match=r"call unblock_bot\(\) first"):
        asker.send_text("x")


def test_nobody_edits_what_another_wrote(world: World, asker: SimulatedPerson) -> None:
    other = world.add_person("钱")
    group = world.add_group("组", members=[asker, other])
    message = asker.send_text("/x", chat_id=group.id)
    with pytest.raises(ValueError, match="one's own messages"):
        other.edit(message, text="y")


def test_nobody_writes_in_a_group_they_are_not_in(world: World, asker: SimulatedPerson) -> None:
    group = world.add_group("组")
    with pytest.raises(ValueError, match="is not in 组"):
        asker.send_text("x", chat_id=group.id)


def test_two_people_cannot_share_an_id(world: World, asker: SimulatedPerson) -> None:
    with pytest.raises(ValueError, match="choose another user_id"):
        world.add_person("x", user_id=asker.id)


async def test_until_waits_for_events_and_says_what_did_not_happen(
    world: World, asker: SimulatedPerson
) -> None:
    waiting = asyncio.create_task(world.until(lambda: len(asker.chat.messages) >= 2))
    for text in "一二":
        await asyncio.sleep(0)
        asker.send_text(text)
    assert await waiting

    def three_messages() -> bool:
        return len(asker.chat.messages) == 3

    with pytest.raises(TimeoutError, match=r"three_messages did not come true within 0\.01 s"):
        await world.until(three_messages, timeout=0.01)


def test_the_token_has_a_tokens_shape_and_names_the_bot(world: World) -> None:
    import re

    from bot.simulator.world import TOKEN

    assert re.fullmatch(r"\d{10}:[A-Za-z0-9_-]{35}", TOKEN)
    assert TOKEN.startswith(f"{world.bot['id']}:")
