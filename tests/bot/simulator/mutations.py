"""Ways to corrupt what a server says, each of which a schema ought to see."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Iterator
from random import Random
from typing import Any, Literal, NamedTuple, get_args, get_origin

from pydantic import BaseModel

from tests.bot.simulator.schema import ENUMS, Field, Model, alternatives, fields_of, flaws_of

Json = Any


class Spot(NamedTuple):
    """A key of an object within an answer, and what the object is meant to be."""

    holder: dict[str, Json]
    model: Model
    field: Field


def spots(kind: Any, value: Json) -> Iterator[Spot]:
    """Every key of every object within a flawless value of this kind."""
    if isinstance(value, list):
        (inner,) = (get_args(one)[0] for one in alternatives(kind) if get_origin(one) is list)
        for one in value:
            yield from spots(inner, one)
    if not isinstance(value, dict):
        return
    model = next(one for one in alternatives(kind) if _is_model(one) and not flaws_of(one, value))
    for name, field in fields_of(model).items():
        if name in value:
            yield Spot(value, model, field)
            yield from spots(field.kind, value[name])


def _is_model(kind: Any) -> bool:
    return inspect.isclass(kind) and issubclass(kind, BaseModel)


# -- one key


def drop_required(spot: Spot, random: Random) -> bool:
    """Leave out what the type requires."""
    if spot.field.required:
        del spot.holder[spot.field.name]
    return spot.field.required


def wrong_type(spot: Spot, random: Random) -> bool:
    """Put a value of another JSON type."""
    values = ("text", "17", 17, 1.5, True, [], {}, [{}])
    now = spot.holder[spot.field.name]
    others = [one for one in values if type(one) is not type(now)]
    if type(now) is float:
        others = [one for one in others if type(one) is not int]
    spot.holder[spot.field.name] = random.choice(others)
    return True


def null(spot: Spot, random: Random) -> bool:
    """Put null, which the Bot API never says."""
    spot.holder[spot.field.name] = None
    return True


def unknown_key(spot: Spot, random: Random) -> bool:
    """Add a key that the type does not have."""
    spot.holder[random.choice(["extra", "from_user", "Text", spot.field.name + "s"])] = "x"
    return True


def misspelt_key(spot: Spot, random: Random) -> bool:
    """Say a key otherwise: camelCase, or a letter short."""
    value = spot.holder.pop(spot.field.name)
    spot.holder[spot.field.name[:-1] or "x"] = value
    return True


def wrong_enum(spot: Spot, random: Random) -> bool:
    """Put a word that is none of those the type lists."""
    listed = get_origin(spot.field.kind) is Literal
    if not listed and (spot.model.__name__, spot.field.name) not in ENUMS:
        return False
    spot.holder[spot.field.name] = "unheard_of"
    return True


def wrapped(spot: Spot, random: Random) -> bool:
    """Put the value into a list, or a list's first item in its place."""
    now = spot.holder[spot.field.name]
    spot.holder[spot.field.name] = now[0] if isinstance(now, list) and now else [now]
    return True


def swapped(spot: Spot, random: Random) -> bool:
    """Exchange an object for another one of the same answer."""
    now = spot.holder[spot.field.name]
    if not isinstance(now, dict):
        return False
    spot.holder[spot.field.name] = {"id": 1} | ({"type": "private"} if "is_bot" in now else {})
    return True


def shifted_number(spot: Spot, random: Random) -> bool:
    """Count an entity past its text, a time in milliseconds, a chat on the wrong side of 0."""
    name, now = spot.field.name, spot.holder[spot.field.name]
    if type(now) is not int:
        return False
    known = {"date": now * 1000, "edit_date": now * 1000, "length": now + 5000, "offset": -1 - now}
    known |= {"message_id": -now, "update_id": -now, "width": -now, "height": -now}
    if spot.model.__name__ == "Chat" and name == "id":
        known["id"] = -now
    if name not in known:
        return False
    spot.holder[name] = known[name]
    return True


def emptied(spot: Spot, random: Random) -> bool:
    """Say an empty text or list, which the Bot API leaves out."""
    now = spot.holder[spot.field.name]
    if not isinstance(now, str | list) or not now:
        return False
    spot.holder[spot.field.name] = type(now)()
    return True


MUTATIONS: tuple[Callable[[Spot, Random], bool], ...] = (
    drop_required,
    wrong_type,
    null,
    unknown_key,
    misspelt_key,
    wrong_enum,
    wrapped,
    swapped,
    shifted_number,
    emptied,
)


# -- the envelope


def spoilt_envelopes(body: dict[str, Json]) -> Iterator[dict[str, Json]]:
    """Answers whose envelope alone is wrong."""
    changes: list[dict[str, Json]] = [{"ok": "true"}, {"ok": None}, {"extra": 1}]
    changes += [{"ok": False}] if body["ok"] else [{"error_code": "400"}, {"error_code": 200}]
    if not body["ok"]:
        changes += [{"description": ""}, {"parameters": {"retry_in": 3}}, {"result": True}]
    for change in changes:
        yield copy.deepcopy(body) | change
    for key in body:
        yield {name: one for name, one in copy.deepcopy(body).items() if name != key}
