"""Inline keyboards and their presses."""

from typing import Any

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest

from bot.simulator.people import SimulatedPerson
from bot.simulator.world import World
from tests.bot.simulator.conftest import Api, Clock, Refused

TOO_OLD = "Query is too old and response timeout expired or query id is invalid"


def keyboard(*data: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(f"[{d}]", callback_data=d)] for d in data])


async def test_a_press_reaches_the_bot_and_its_answer_the_person(
    bot: Bot, world: World, asker: SimulatedPerson
) -> None:
    sent = await bot.send_message(asker.id, "选", reply_markup=keyboard("yes", "no"))
    seen = []
    world.subscribe(seen.append)
    by_text = asker.press(sent.message_id, "[no]")
    assert by_text.data == asker.press(sent.message_id, "no").data == "no"
    query = (await bot.get_updates())[0].callback_query
    assert query is not None
    assert (query.data, query.from_user.id, query.message.message_id) == (
        "no",
        asker.id,
        sent.message_id,
    )
    await query.answer("好的", show_alert=True)
    assert by_text.answer == {"text": "好的", "show_alert": True, "url": None}
    assert [(event.kind, event.callback) for event in seen] == [("callback_answered", by_text)]


async def test_a_press_is_answered_once_and_in_time(
    bot: Bot, asker: SimulatedPerson, clock: Clock, refused: Refused
) -> None:
    sent = await bot.send_message(asker.id, "选", reply_markup=keyboard("a"))
    first = asker.press(sent.message_id, "a")
    await bot.answer_callback_query(first.id)
    with refused(BadRequest, TOO_OLD):
        await bot.answer_callback_query(first.id)
    late = asker.press(sent.message_id, "a")
    clock.time += 16
    with refused(BadRequest, TOO_OLD):
        await bot.answer_callback_query(late.id)
    with refused(BadRequest, TOO_OLD):
        await bot.answer_callback_query("12345")


async def test_callback_data_is_one_to_64_bytes_not_characters(
    bot: Bot, asker: SimulatedPerson, refused: Refused
) -> None:
    await bot.send_message(asker.id, "x", reply_markup=keyboard("x" * 64))
    with refused(BadRequest, "Button_data_invalid"):
        await bot.send_message(asker.id, "x", reply_markup=keyboard("字" * 22))
    assert len(asker.chat.messages) == 1


@pytest.mark.parametrize(
    ("button", "sentence"),
    [
        ({"text": "x"}, "can't parse inline keyboard button: Text buttons are unallowed in the "
         "inline keyboard"),
        ({"text": "", "callback_data": "a"}, "inline keyboard button text must be non-empty"),
        ({"text": "x", "callback_data": ""}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "url": "nowhere"}, "inline keyboard button URL 'nowhere' is invalid: "
         "Wrong HTTP URL"),
    ],
)  # fmt: skip
async def test_wrong_buttons_are_refused(
    api: Api, asker: SimulatedPerson, button: dict[str, Any], sentence: str
) -> None:
    markup = {"inline_keyboard": [[button]]}
    answer = await api("sendMessage", chat_id=asker.id, text="x", reply_markup=markup)
    assert answer.refusal == f"Bad Request: {sentence}"
    assert asker.chat.messages == []


async def test_only_buttons_that_are_there_can_be_pressed_unless_forged(
    bot: Bot, asker: SimulatedPerson
) -> None:
    sent = await bot.send_message(asker.id, "选", reply_markup=keyboard("a"))
    with pytest.raises(ValueError, match=r"no button 'b'; it has \['\[a\]'\]"):
        asker.press(sent.message_id, "b")
    asker.press_forged(sent.message_id, "b")
    query = (await bot.get_updates())[-1].callback_query
    assert query is not None
    assert query.data == "b"
