"""Inline mode: a query, the bot's results, and the message that one of them sends."""

from typing import Any

import pytest
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultCachedDocument,
    InlineQueryResultsButton,
    InputTextMessageContent,
)
from telegram.error import BadRequest

from bot.simulator.people import SimulatedPerson
from bot.simulator.world import World
from tests.bot.simulator.conftest import Api, Clock, Refused

TOO_OLD = "Query is too old and response timeout expired or query id is invalid"
KEYS = InlineKeyboardMarkup([[InlineKeyboardButton("更多", callback_data="more")]])


def article(number: str, text: str, keys: InlineKeyboardMarkup | None = None) -> Any:
    said = InputTextMessageContent(text, parse_mode="HTML")
    return InlineQueryResultArticle(number, f"标题{number}", said, keys, description="说明")


async def test_a_query_is_answered_and_a_result_becomes_the_persons_own_message(
    bot: Bot, asker: SimulatedPerson
) -> None:
    typed = asker.ask_inline("压铸")
    (update,) = await bot.get_updates()
    assert update.inline_query is not None
    assert (update.inline_query.query, update.inline_query.chat_type) == ("压铸", "sender")
    button = InlineQueryResultsButton("打开", start_parameter="ask")
    await bot.answer_inline_query(typed.id, [article("1", "<b>气孔</b>")], button=button)
    assert typed.answer is not None
    assert typed.answer.results[0].for_page() == {
        "id": "1",
        "kind": "article",
        "title": "标题1",
        "description": "说明",
    }
    sent = asker.choose_inline(typed, "1")
    assert (sent.text, sent.entities[0]["type"], sent.from_bot) == ("气孔", "bold", False)
    told = await bot.get_updates(offset=update.update_id + 1)
    heard, fed_back = told[0].message, told[1].chosen_inline_result
    assert heard is not None
    assert heard.via_bot == bot.bot
    assert fed_back is not None
    assert (fed_back.result_id, fed_back.inline_message_id) == ("1", None)


async def test_an_inline_message_is_pressed_and_edited_by_its_own_id(
    bot: Bot, asker: SimulatedPerson, refused: Refused
) -> None:
    typed = asker.ask_inline("x")
    await bot.answer_inline_query(typed.id, [article("1", "first", KEYS)])
    sent = asker.choose_inline(typed, "1")
    asker.press(sent, "more")
    press = (await bot.get_updates())[-1].callback_query
    assert press is not None
    assert press.message is None
    assert press.inline_message_id == sent.inline_id
    done = await bot.edit_message_text("second", inline_message_id=press.inline_message_id)
    assert done is True
    assert sent.text == "second"
    with refused(BadRequest, "Message_id_invalid"):
        await bot.edit_message_text("third", inline_message_id="nothing")


async def test_what_was_answered_is_kept_for_whoever_it_is_meant_for(
    bot: Bot, world: World, asker: SimulatedPerson, clock: Clock
) -> None:
    other = world.add_person("Ben", started=True)
    typed = asker.ask_inline("x")
    await bot.answer_inline_query(typed.id, [article("1", "hers")], is_personal=True, cache_time=5)
    assert asker.ask_inline("x").answer == typed.answer
    theirs = other.ask_inline("x")
    assert theirs.answer is None
    await bot.answer_inline_query(theirs.id, [article("2", "everybody's")], cache_time=60)
    clock.time += 6
    again = asker.ask_inline("x")
    assert again.answer is not None
    assert again.answer.results[0].id == "2"
    assert asker.ask_inline("x", offset="50").answer is None


async def test_files_are_results_by_their_ids(bot: Bot, asker: SimulatedPerson) -> None:
    media = asker.send_document(b"%PDF-1.4", "说明书.pdf").media
    assert media is not None
    typed = asker.ask_inline("x")
    result = InlineQueryResultCachedDocument("1", "说明书", media["file_id"], caption="请看")
    await bot.answer_inline_query(typed.id, [result])
    sent = asker.choose_inline(typed, "1")
    assert (sent.kind, sent.caption) == ("document", "请看")


@pytest.mark.parametrize(
    ("results", "sentence"),
    [
        ([{"type": "article", "id": "", "title": "a"}], "RESULT_ID_INVALID"),
        ([{"type": "article", "id": "1"}], "ARTICLE_TITLE_EMPTY"),
        (["twice", "twice"], "RESULT_ID_DUPLICATE"),
        ([str(number) for number in range(51)], "RESULTS_TOO_MUCH"),
    ],
)
async def test_wrong_results_are_refused(
    api: Api, asker: SimulatedPerson, results: list[Any], sentence: str
) -> None:
    said = {"message_text": "x"}
    whole = [
        {"type": "article", "id": one, "title": "a", "input_message_content": said}
        if isinstance(one, str)
        else one
        for one in results
    ]
    typed = asker.ask_inline("x")
    answer = await api("answerInlineQuery", inline_query_id=typed.id, results=whole)
    assert answer.refusal == f"Bad Request: {sentence}"


async def test_an_answer_too_late_or_given_twice_is_refused(
    bot: Bot, asker: SimulatedPerson, clock: Clock, refused: Refused
) -> None:
    typed, late = asker.ask_inline("x"), asker.ask_inline("y")
    await bot.answer_inline_query(typed.id, [])
    clock.time += 60
    for query in (typed, late):
        with refused(BadRequest, TOO_OLD):
            await bot.answer_inline_query(query.id, [])


async def test_what_is_not_on_the_list_cannot_be_chosen(bot: Bot, asker: SimulatedPerson) -> None:
    typed = asker.ask_inline("x")
    with pytest.raises(ValueError, match="no result"):
        asker.choose_inline(typed, "1")
