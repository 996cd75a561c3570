"""The Bot API's types as its two Python clients describe them, to hold the simulator to.

The fields of a type are those that aiogram's models and python-telegram-bot's classes both have:
aiogram says exactly what each may hold, and python-telegram-bot which of them Bot API 10.0 knows
(aiogram is ahead of it). A flaw is a sentence that begins with its place: "result.chat.type: ...".
"""

from __future__ import annotations

import inspect
import re
import types
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from functools import cache
from types import NoneType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import aiogram.methods
import telegram
from aiogram import enums
from aiogram.client.default import Default
from aiogram.methods import TelegramMethod
from aiogram.types import InputFile
from pydantic import BaseModel

from bot.simulator.wire import Upload

Json = Any
Model = type[BaseModel]

# Where aiogram's annotation is a plain str, though the documentation lists the values.
ENUMS: dict[tuple[str, str], type[Enum]] = {
    ("Chat", "type"): enums.ChatType,
    ("ChatFullInfo", "type"): enums.ChatType,
    ("MessageEntity", "type"): enums.MessageEntityType,
    ("Sticker", "type"): enums.StickerType,
    ("Poll", "type"): enums.PollType,
    ("Dice", "emoji"): enums.DiceEmoji,
    ("InlineKeyboardButton", "style"): enums.ButtonStyle,
    ("KeyboardButton", "style"): enums.ButtonStyle,
    ("SendChatAction", "action"): enums.ChatAction,
    ("SendMessage", "parse_mode"): enums.ParseMode,
}


# aiogram is ahead of Bot API 10.0, where these were not optional yet.
REQUIRED_IN_10_0 = frozenset({("ReplyParameters", "message_id"), ("EditMessageText", "text")})


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a type, or one parameter of a method, under its JSON name."""

    name: str
    kind: Any
    required: bool


@cache
def fields_of(model: Model) -> dict[str, Field]:
    """The fields of a type, or the parameters of a method, that Bot API 10.0 has, by JSON name."""
    known = _known_to_telegram(model)
    found = {}
    for attribute, field in model.model_fields.items():
        # A constant (type, status, remove_keyboard ...) has a default in aiogram, and is required.
        constant = not field.is_required() and type(None) not in alternatives(field.annotation)
        extra = field.json_schema_extra
        deprecated = isinstance(extra, dict) and bool(extra.get("deprecated"))
        name = field.alias or attribute
        if known is None or constant or (known & {attribute, name} and not deprecated):
            always = (model.__name__, name) in REQUIRED_IN_10_0
            found[name] = Field(name, field.annotation, field.is_required() or constant or always)
    return found


def method_of(name: str) -> Model | None:
    """aiogram's model of a method's parameters; None for a method that it does not know."""
    found = getattr(aiogram.methods, name[:1].upper() + name[1:], None)
    return found if inspect.isclass(found) and issubclass(found, TelegramMethod) else None


def returned_by(name: str) -> Any:
    """The kind of a method's result."""
    return method_of(name).__returning__  # type: ignore[union-attr]


def _known_to_telegram(model: Model) -> frozenset[str] | None:
    """The parameters of python-telegram-bot's class or call; None where it has neither."""
    name = model.__name__
    if issubclass(model, TelegramMethod):
        call = getattr(telegram.Bot, re.sub(r"(?<!^)([A-Z])", r"_\1", name).lower(), None)
        return frozenset(inspect.signature(call).parameters) if call else None
    found = getattr(telegram, name, None)
    if found is None:
        return None
    initials = [vars(base)["__init__"] for base in found.__mro__ if "__init__" in vars(base)]
    return frozenset(name for one in initials for name in inspect.signature(one).parameters)


def alternatives(kind: Any) -> tuple[Any, ...]:
    """What a kind may be, unions and Annotated opened."""
    if get_origin(kind) is Annotated:
        return alternatives(get_args(kind)[0])
    if get_origin(kind) in (Union, types.UnionType):
        return tuple(one for part in get_args(kind) for one in alternatives(part))
    return (kind,)


# -- values


def flaws_of(kind: Any, value: Json, place: str = "result") -> list[str]:
    """What is wrong with a value that should be of this kind; strict, as JSON has it."""
    kinds = [one for one in alternatives(kind) if one is not Default and one is not NoneType]
    attempts = [_flaws_of_one(one, value, place) for one in kinds]
    if not attempts or [] in attempts:
        return []
    fitting = [found for one, found in zip(kinds, attempts, strict=True) if _is_meant(one, value)]
    return min(fitting or attempts, key=len)


def _is_meant(kind: Any, value: Json) -> bool:
    """Whether the constants of a type are those of the value: the others need not be reported."""
    if not _is_model(kind) or not isinstance(value, dict):
        return False
    constants = {n: f.kind for n, f in fields_of(kind).items() if get_origin(f.kind) is Literal}
    return all(not flaws_of(kind, value.get(name)) for name, kind in constants.items())


def _is_model(kind: Any) -> bool:
    return inspect.isclass(kind) and issubclass(kind, BaseModel)


def _flaws_of_one(kind: Any, value: Json, place: str) -> list[str]:
    if get_origin(kind) is list:
        return _flaws_of_list(get_args(kind)[0], value, place)
    if get_origin(kind) is Literal:
        allowed = [one.value if isinstance(one, Enum) else one for one in get_args(kind)]
        fits = any(value == one and type(value) is type(one) for one in allowed)
        return [] if fits else [f"{place}: {value!r} is none of {allowed}"]
    if _is_model(kind) and kind is not InputFile:
        return flaws_of_object(kind, value, place)
    return [] if _is_plain(kind, value) else [f"{place}: {value!r} is no {_name(kind)}"]


def _flaws_of_list(kind: Any, value: Json, place: str) -> list[str]:
    if not isinstance(value, list):
        return [f"{place}: {value!r} is no list"]
    return [flaw for n, one in enumerate(value) for flaw in flaws_of(kind, one, f"{place}[{n}]")]


def flaws_of_object(model: Model, value: Json, place: str) -> list[str]:
    """What is wrong with an object of this type: keys unknown, missing or wrong within."""
    if not isinstance(value, dict):
        return [f"{place}: {value!r} is no {model.__name__}"]
    fields = fields_of(model)
    flaws = [f"{place}.{key}: {model.__name__} has no such field" for key in value.keys() - fields]
    for field in fields.values():
        if field.name in value:
            flaws += flaws_of(field.kind, value[field.name], f"{place}.{field.name}")
            flaws += _enum_flaws(model, field.name, value[field.name], place)
        elif field.required:
            flaws.append(f"{place}.{field.name}: missing, and {model.__name__} requires it")
    return flaws


def _enum_flaws(model: Model, name: str, value: Json, place: str) -> list[str]:
    values = ENUMS.get((model.__name__, name))
    if values is None or value in [one.value for one in values]:
        return []
    return [f"{place}.{name}: {value!r} is no {values.__name__}"]


_NAMES: dict[Any, str] = {datetime: "time", timedelta: "time", InputFile: "file"}


def _name(kind: Any) -> str:
    return _NAMES.get(kind) or getattr(kind, "__name__", str(kind))


def _is_plain(kind: Any, value: Json) -> bool:
    if kind in (int, datetime, timedelta):
        return type(value) is int
    if kind is float:
        return type(value) in (int, float)
    if kind is InputFile:
        return isinstance(value, Upload | str)
    return kind in (str, bool) and type(value) is kind
