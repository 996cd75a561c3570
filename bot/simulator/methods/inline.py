"""Answers to inline queries."""

from __future__ import annotations

from typing import Any

from bot.simulator.calls import BotSide, caption_content, method, text_content
from bot.simulator.errors import refuse
from bot.simulator.inline import InlineAnswer, InlineResult
from bot.simulator.keyboards import checked_markup
from bot.simulator.messages import Json
from bot.simulator.methods.media import stored_file
from bot.simulator.sending import media_content
from bot.simulator.wire import Given

MOST_RESULTS = 50
USUAL_CACHE_SECONDS = 300
# The kind of file that each result names by its id.
_FILES = {
    "photo": "photo",
    "document": "document",
    "video": "video",
    "voice": "voice",
    "audio": "audio",
    "gif": "animation",
    "mpeg4_gif": "animation",
    "sticker": "sticker",
}


@method(
    "answerInlineQuery",
    "inline_query_id:text! results:json! cache_time:int is_personal:bool next_offset:text "
    "button:json",
)
def answer_inline_query(bot: BotSide, given: Given) -> bool:
    query = bot.world.inline.queries.get(given["inline_query_id"])
    late = query is not None and bot.world.clock() - query.asked_at > bot.world.callback_seconds
    if query is None or query.answer is not None or late:
        raise refuse("query_too_old")
    next_offset = given.get("next_offset") or ""
    if len(next_offset.encode()) > 64:
        raise refuse("next_offset_invalid")
    answer = InlineAnswer(_results(bot, given), next_offset, _button(given.get("button")))
    bot.world.inline.answer(
        query,
        answer,
        cache_time=given.get("cache_time", USUAL_CACHE_SECONDS),
        personal=given.get("is_personal", False),
    )
    return True


def _results(bot: BotSide, given: Given) -> tuple[InlineResult, ...]:
    items = given["results"]
    if len(items) > MOST_RESULTS:
        raise refuse("results_too_many")
    results = tuple(_result(bot, given, item) for item in items)
    if len({one.id for one in results}) < len(results):
        raise refuse("result_id_duplicate")
    return results


def _result(bot: BotSide, given: Given, item: Json) -> InlineResult:
    number, kind = str(item.get("id") or ""), str(item.get("type") or "")
    if not 1 <= len(number.encode()) <= 64:
        raise refuse("result_id_invalid")
    if kind == "article" and not item.get("title"):
        raise refuse("article_title_empty")
    return InlineResult(
        number,
        kind,
        str(item.get("title") or ""),
        str(item.get("description") or ""),
        _content(bot, given, kind, item),
        checked_markup(item.get("reply_markup"), inline_only=True),
    )


def _content(bot: BotSide, given: Given, kind: str, item: Json) -> Json:
    """What choosing the result sends: the content it names, or its file with a caption."""
    said = item.get("input_message_content")
    if said is not None:
        return _said(said)
    if kind not in _FILES or f"{kind}_file_id" not in item:
        raise refuse("inline_kind_not_simulated", kind=kind)
    stored = stored_file(bot, _FILES[kind], given.file(item[f"{kind}_file_id"]), item)
    return media_content(stored) | caption_content(item)


def _said(said: Json) -> Json:
    if "message_text" in said:
        return text_content(said | {"text": said["message_text"]})
    if "phone_number" in said:
        return {"contact": said}
    raise refuse("inline_kind_not_simulated", kind="/".join(sorted(said)))


def _button(button: Any) -> Json | None:
    """The button above the results: its text, and the parameter that /start then carries."""
    if button is None:
        return None
    if not button.get("text"):
        raise refuse("inline_button_text_empty")
    if "web_app" in button:
        raise refuse("inline_kind_not_simulated", kind="web_app")
    return dict(button)
