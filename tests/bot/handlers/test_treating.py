"""What is no update at all is refused before anything is done with it."""

from types import SimpleNamespace
from typing import Any

import pytest

from bot.handlers.treating import MalformedError, Treatment

CHAT, USER = {"id": 5, "type": "private"}, {"id": 5, "is_bot": False, "first_name": "王"}
MESSAGE: dict[str, Any] = {"message_id": 1, "date": 0, "chat": CHAT, "from": USER, "text": "好"}
REACTED: dict[str, Any] = {
    "chat": CHAT,
    "user": USER,
    "message_id": 1,
    "date": 0,
    "old_reaction": [],
    "new_reaction": [],
}


class Application:
    """Notes what reaches the handlers."""

    def __init__(self) -> None:
        self.bot, self.bot_data, self.seen = SimpleNamespace(defaults=None), {}, 0

    async def process_update(self, _: object) -> None:
        self.seen += 1


async def treated(raw: dict[str, Any]) -> int:
    application: Any = Application()
    await Treatment(application)(1, {"update_id": 1, **raw})
    return int(application.seen)


async def test_what_is_well_made_reaches_the_handlers() -> None:
    assert await treated({"message": MESSAGE}) == 1
    assert await treated({"message_reaction": REACTED}) == 1


@pytest.mark.parametrize(
    "raw",
    [
        {"message": MESSAGE | {"chat": CHAT | {"id": "x"}}},
        {"message": MESSAGE | {"from": USER | {"id": True}}},
        {"message": MESSAGE | {"message_id": 1.5}},
        {"message_reaction": REACTED | {"message_id": "1"}},
        {"callback_query": {"id": "1", "chat_instance": "1", "from": USER | {"id": None}}},
    ],
)
async def test_who_or_what_is_named_by_no_number_reaches_none(raw: dict[str, Any]) -> None:
    with pytest.raises(MalformedError):
        await treated(raw)
