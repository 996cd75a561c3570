"""Updates made at random from the Bot API's own types: odd ones as Telegram might send, and broken.

An odd update has every field that its type requires, each of the right type, with optional ones
now and then and values at the edge. A broken one is an odd one in which something was taken out,
replaced by a value of another type, nested deep, or added.
"""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from random import Random
from typing import Any, Literal, get_args, get_origin

from aiogram import types
from pydantic import BaseModel

from bot.delivery.polling import ALLOWED_UPDATES
from tests.bot.simulator.schema import ENUMS, Field, alternatives, fields_of

Json = Any
DEPTH = 4
# How often something is meant by it: the rest is noise.
LIKELY = 0.5
TEXTS = (
    *(
        "",
        " ",
        "问",
        "铝压铸件有气孔怎么办",
        "/start",
        "/ask",
        "/delete",
        "/admin",
        "/forget",
        "/find x",
    ),
    *("/transfer 1 because", "/note 1 x", "/start i1-AAAAAAAAAAAAAAAAAAAAAA", "/away 2026-13-45"),
    *(
        "\x00",
        "\u202e\u2066txt",
        "\ud800",
        "👩‍👩‍👧‍👦" * 20,
        "<b>{{ 7*7 }}</b>{% raw %}",
        "=HYPERLINK(1)",
    ),
    *(
        "%s %d {0}",
        "'; DROP TABLE person; --",
        "../../etc/passwd",
        "a" * 5000,
        "١٢٣",
        "²",
        "-1",
        "1e999",
    ),
)
# Telegram's ids have at most 52 bits, its other numbers and its dates 31.
IDS, NUMBERS = (0, 1, -1, 2**31, 2**52 - 1), (0, 1, 2**31 - 1)
DATES = (0, 1, 1_763_900_000, 2**31 - 1)
# What stands in the place of a value in a broken update.
WRONG: tuple[Json, ...] = (
    None,
    True,
    -1,
    10**30,
    1.5,
    "",
    "x" * 300,
    [],
    {},
    [[]],
    {"id": "x"},
    "\x00",
)


@dataclass
class Maker:
    """`people` speak in their own chats; ids and button data of others are what they may quote.

    `shown`: to each of them, the message and the data of buttons that they may press.
    """

    random: Random
    people: Sequence[int]
    others: Sequence[int] = ()
    messages: Sequence[int] = ()
    data: list[str] = field(default_factory=list)
    shown: dict[int, list[tuple[int, str]]] = field(default_factory=dict)

    def odd(self) -> tuple[str, Json]:
        """A kind of update and its payload."""
        kinds = [*ALLOWED_UPDATES, "message", "message", "message", "callback_query"]
        kind = self.random.choice(kinds)
        payload = self._value(types.Update, fields_of(types.Update)[kind], 0)
        person = self.random.choice(self.people)
        payload = self._spoken(payload, person)
        if self.random.random() < LIKELY:
            self._mean_something(kind, payload, person)
        return kind, payload

    def broken(self) -> tuple[str, Json]:
        kind, payload = self.odd()
        for _ in range(self.random.randint(1, 3)):
            self._break(payload)
        return kind, payload

    def _mean_something(self, kind: str, payload: Json, person: int) -> None:
        """What a person would do: press a button that they see, write words."""
        if kind == "message":
            payload["text"] = self._text()
        if kind == "callback_query" and (buttons := self.shown.get(person)):
            number, payload["data"] = self.random.choice(buttons)
            chat = {"id": person, "type": "private"}
            payload["message"] = {"message_id": number, "date": 1_763_900_000, "chat": chat}

    def _spoken(self, payload: Json, person: int) -> Json:
        """As Telegram vouches for it: who writes in a private chat is whose chat it is."""
        chat = {"id": person, "type": "private", "first_name": self._text()}
        user = {"id": person, "is_bot": False, "first_name": self._text()}
        for part in (payload, payload.get("message")):
            if isinstance(part, dict):
                part |= {name: user for name in ("from", "user") if name in part}
                part |= {name: chat for name in ("chat", "user_chat") if name in part}
        if "from" not in payload and "message_id" in payload:
            payload["from"] = user
        return payload

    def _value(self, model: type[BaseModel], one: Field, depth: int) -> Json:
        values = ENUMS.get((model.__name__, one.name))
        if values is not None:
            return self.random.choice(list(values)).value
        return self._of_kind(one.kind, one.name, depth)

    def _of_kind(self, kind: Any, name: str, depth: int) -> Json:
        kinds = [one for one in alternatives(kind) if one is not type(None)]
        chosen = self.random.choice(kinds)
        if get_origin(chosen) is list:
            most = 0 if depth >= DEPTH else 3
            inner = get_args(chosen)[0]
            return [
                self._of_kind(inner, name, depth + 1) for _ in range(self.random.randint(0, most))
            ]
        if get_origin(chosen) is Literal:
            value = self.random.choice(get_args(chosen))
            return value.value if isinstance(value, Enum) else value
        if isinstance(chosen, type) and issubclass(chosen, Enum):
            return self.random.choice(list(chosen)).value
        if isinstance(chosen, type) and issubclass(chosen, BaseModel):
            return self._object(chosen, depth + 1)
        return self._plain(chosen, name)

    def _object(self, model: type[BaseModel], depth: int) -> Json:
        likely = self.random.choice([0.02, 0.1, 0.4]) if depth < 2 else 0.1
        return {
            one.name: self._value(model, one, depth)
            for one in fields_of(model).values()
            if one.required or (depth < DEPTH and self.random.random() < likely)
        }

    def _plain(self, kind: Any, name: str) -> Json:
        if kind is bool:
            return self.random.random() < 0.5
        if kind in (datetime, timedelta):
            return self.random.choice(DATES)
        if kind is float:
            return self.random.choice([0, 1.5, -90.0, 179.99])
        if kind is int:
            return self._number(name)
        return self._text(name)

    def _number(self, name: str) -> int:
        if name.endswith(("date", "time")):
            return self.random.choice(DATES)
        if name == "message_id" and self.messages and self.random.random() < 0.6:
            return self.random.choice(self.messages)
        if name.endswith("id") and self.random.random() < 0.6:
            return self.random.choice([*self.people, *self.others, -1_001_234_567_890])
        if self.random.random() < 0.1:
            return self.random.choice(IDS if name.endswith("id") else NUMBERS)
        return self.random.randint(0, 100_000)

    def _text(self, name: str = "") -> str:
        if name == "data" and self.data and self.random.random() < 0.8:
            found = self.random.choice(self.data)
            return found if self.random.random() < 0.7 else self._bent(found)
        if name in ("offset", "file_id", "file_unique_id", "id"):
            return f"{self.random.randint(0, 10**9)}"
        return self.random.choice(TEXTS)

    def _bent(self, text: str) -> str:
        place = self.random.randrange(len(text) + 1)
        return (
            text[:place] + self.random.choice(["", "0", ":", "~", "\x00", "é"]) + text[place + 1 :]
        )

    def _break(self, payload: Json) -> None:
        part = payload
        while isinstance(part, dict) and part:
            name = self.random.choice(sorted(part))
            if isinstance(part[name], dict) and self.random.random() < 0.6:
                part = part[name]
            else:
                self._bend(part, name)
                return

    def _bend(self, part: Json, name: str) -> None:
        how = self.random.random()
        if how < 0.4:
            del part[name]
        elif how < 0.9:
            part[name] = deepcopy(self.random.choice(WRONG))
        elif how < 0.95:
            part[f"new_{name}"] = part[name]
        else:
            for _ in range(60):
                part[name] = {name: part[name]}
