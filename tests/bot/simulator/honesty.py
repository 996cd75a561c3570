"""Holds every call, answer and update of a simulator to the Bot API, whoever makes them."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Iterator
from typing import Any, NamedTuple, get_args, get_origin

import telegram
from aiogram.types import ResponseParameters, Update
from pydantic import BaseModel

from tests.bot.simulator.schema import (
    flaws_of,
    flaws_of_object,
    method_of,
    returned_by,
)

Json = Any


class Call(NamedTuple):
    """One call as an observer of the simulator is told of it; "webhook" for a pushed update."""

    method: str
    params: dict[str, Json]
    body: dict[str, Json]


class Honesty:
    """An observer of a Simulator; `flaws` holds a sentence for each thing that Telegram is not."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.flaws: list[str] = []

    def __call__(self, method: str, params: dict[str, Json], body: dict[str, Json]) -> None:
        call = Call(method, dict(params), copy.deepcopy(body))
        self.calls.append(call)
        self.flaws += [f"{method}: {flaw}" for flaw in flaws_of_call(call)]


def flaws_of_call(call: Call) -> list[str]:
    """What is wrong with a call's parameters and with its answer."""
    if call.method == "webhook":
        return flaws_of_result(Update, call.params, "update")
    model = method_of(call.method)
    if model is None:
        return [] if call.body.get("error_code") in (401, 404) else ["is no method"]
    if call.body.get("ok") is not True:
        return flaws_of_refusal(call.body)
    flaws = flaws_of_object(model, call.params, "parameters")
    if call.body.keys() != {"ok", "result"}:
        flaws.append(f"an answer has ok and result, not {sorted(call.body)}")
    result = call.body.get("result")
    if "chat_id" in call.params and call.method.startswith("editMessage") and result is True:
        flaws.append("result: true is for inline messages alone")
    return flaws + flaws_of_result(returned_by(call.method), result, "result")


def flaws_of_refusal(body: dict[str, Json]) -> list[str]:
    """What is wrong with an answer that is not ok."""
    flaws = [f"{key}: no such key" for key in body.keys() - _REFUSAL]
    if body.get("ok") is not False:
        flaws.append(f"ok: {body.get('ok')!r} is no bool")
    code, description = body.get("error_code"), body.get("description")
    if type(code) is not int or not 400 <= code < 600:
        flaws.append(f"error_code: {code!r} is no HTTP status of a refusal")
    if not isinstance(description, str) or not description:
        flaws.append(f"description: {description!r} is no sentence")
    if "parameters" in body:
        flaws += flaws_of(ResponseParameters, body["parameters"], "parameters")
    return flaws


_REFUSAL = {"ok", "error_code", "description", "parameters"}


def flaws_of_result(kind: Any, value: Json, place: str) -> list[str]:
    """What aiogram's types, python-telegram-bot and plain sense find wrong with a value."""
    flaws = flaws_of(kind, value, place)
    return flaws or [*_flaws_by_telegram(kind, value, place), *_flaws_by_sense(value, place)]


# -- python-telegram-bot


def _flaws_by_telegram(kind: Any, value: Json, place: str) -> list[str]:
    if get_origin(kind) is list:
        inner = get_args(kind)[0]
        return [
            f
            for n, one in enumerate(value)
            for f in _flaws_by_telegram(inner, one, f"{place}[{n}]")
        ]
    reader = _reader_of(kind)
    if reader is None or not isinstance(value, dict):
        return []
    try:
        read = reader.de_json(value, None)
    except (TypeError, ValueError, KeyError, AttributeError, telegram.error.TelegramError) as error:
        return [f"{place}: python-telegram-bot cannot read it: {error!r}"]
    unknown = [f"{place}: python-telegram-bot does not know {key}" for key in _unknown(read)]
    return unknown + list(_lost(value, read.to_dict(), place))


def _reader_of(kind: Any) -> type[telegram.TelegramObject] | None:
    """The class that reads this kind; for a union of classes the one above them."""
    models = [one for one in (get_args(kind) or (kind,)) if _is_model(one)]
    if not models and get_args(kind):
        return _reader_of(get_args(kind)[0])  # Annotated
    if not models:
        return None
    found: type[telegram.TelegramObject] = getattr(telegram, models[0].__name__)
    return found if len(models) == 1 else found.__mro__[1]


def _is_model(kind: Any) -> bool:
    return inspect.isclass(kind) and issubclass(kind, BaseModel)


def _unknown(read: Any) -> Iterator[str]:
    """Keys that python-telegram-bot put aside, at any depth."""
    if isinstance(read, tuple | list):
        for one in read:
            yield from _unknown(one)
    if isinstance(read, telegram.TelegramObject):
        yield from read.api_kwargs
        for base in type(read).__mro__:
            for name in getattr(base, "__slots__", ()):
                if not name.startswith("_"):
                    yield from _unknown(getattr(read, name, None))


def _lost(value: Json, back: Json, place: str) -> Iterator[str]:
    """What python-telegram-bot wrote back otherwise than it had read it."""
    if isinstance(value, dict) and isinstance(back, dict):
        for key, one in value.items():
            yield from _lost(one, back.get(key), f"{place}.{key}")
    elif isinstance(value, list) and isinstance(back, list | tuple) and len(value) == len(back):
        for number, (one, other) in enumerate(zip(value, back, strict=True)):
            yield from _lost(one, other, f"{place}[{number}]")
    elif value != back and value not in ([], {}, False):
        yield f"{place}: python-telegram-bot makes {back!r} of {value!r}"


# -- plain sense, where types say too little

ENVELOPE = {
    *("message_id", "message_thread_id", "from", "chat", "date", "is_topic_message", "edit_date"),
    *("reply_to_message", "quote", "forward_origin", "media_group_id", "has_protected_content"),
    *("reply_markup", "caption", "caption_entities", "entities", "effect_id"),
    *("link_preview_options", "show_caption_above_media", "has_media_spoiler"),
}
MAY_BE_EMPTY = {"url", "old_reaction", "new_reaction", "offset", "query"}
FIRST_DATE, LAST_DATE = 1_370_000_000, 4_000_000_000  # Telegram began in 2013


def _flaws_by_sense(value: Json, place: str) -> Iterator[str]:
    if isinstance(value, list):
        for number, one in enumerate(value):
            yield from _flaws_by_sense(one, f"{place}[{number}]")
    if not isinstance(value, dict):
        return
    for key, one in value.items():
        # BotName and its like are an object of one text, which may be empty.
        if one in ("", [], {}) and key not in MAY_BE_EMPTY and len(value) > 1:
            yield f"{place}.{key}: empty; the Bot API leaves it out"
        yield from _flaws_by_sense(one, f"{place}.{key}")
    for rule in (_message_sense, _chat_sense, _number_sense, _update_sense):
        for flaw in rule(value):
            yield f"{place}: {flaw}"
    for text, entities in (("text", "entities"), ("caption", "caption_entities")):
        yield from _entity_sense(value.get(text), value.get(entities, ()), place)


def _message_sense(value: dict[str, Json]) -> Iterator[str]:
    if {"message_id", "date", "chat"} <= value.keys() and value.keys() <= ENVELOPE:
        yield "a message without content"


def _chat_sense(value: dict[str, Json]) -> Iterator[str]:
    number, kind = value.get("id"), value.get("type")
    if not isinstance(number, int) or kind not in ("private", "group", "supergroup"):
        return
    if (kind == "private") is not (number > 0):
        yield f"{number} is no id of a {kind} chat"
    if (kind == "supergroup") is not (number < -1_000_000_000_000):
        yield f"{number} is no id of a {kind} chat"
    if ("first_name" if kind == "private" else "title") not in value:
        yield f"a {kind} chat without its name"


def _number_sense(value: dict[str, Json]) -> Iterator[str]:
    for key, one in value.items():
        if key in ("message_id", "message_thread_id", "width", "height", "update_id") and one <= 0:
            yield f"{key}: {one} is not above 0"
        if key in ("date", "edit_date", "last_error_date") and not FIRST_DATE < one < LAST_DATE:
            yield f"{key}: {one} is no time in seconds"
        if key in ("duration", "file_size", "pending_update_count") and one < 0:
            yield f"{key}: {one} is below 0"


def _update_sense(value: dict[str, Json]) -> Iterator[str]:
    if "update_id" in value and len(value) != 2:
        yield f"an update with {sorted(value.keys() - {'update_id'})}"


def _entity_sense(text: Json, entities: Json, place: str) -> Iterator[str]:
    units = len((text or "").encode("utf-16-le")) // 2
    for entity in entities:
        start, length = entity["offset"], entity["length"]
        if start < 0 or length <= 0 or start + length > units:
            yield f"{place}: {entity} does not lie within its text of {units} units"
