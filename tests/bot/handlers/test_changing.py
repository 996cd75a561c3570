"""Edits, reactions, removals and service messages find their handler, and are read as they are."""

from typing import Any

import pytest
from telegram import MessageReactionUpdated, Sticker, Update
from telegram.error import TelegramError

from bot.desk.reacting import Reacted
from bot.handlers import changing
from bot.handlers.changing import reacted_in
from bot.handlers.table import handlers, ignore

PERSON = {"id": 7, "is_bot": False, "first_name": "陈静"}
CHAT = {"id": 7, "type": "private"}
WHERE = {"message_id": 3, "date": 1, "chat": CHAT, "from": PERSON}
FIRE, HEART = {"type": "emoji", "emoji": "🔥"}, {"type": "emoji", "emoji": "❤"}
OWN = {"type": "custom_emoji", "custom_emoji_id": "5"}
PAID = {"type": "paid"}


def changed(old: list[dict[str, str]], new: list[dict[str, str]]) -> dict[str, Any]:
    where = {"chat": CHAT, "message_id": 3, "date": 1, "user": PERSON}
    return where | {"old_reaction": old, "new_reaction": new}


class Emoji:
    """A bot that knows what its custom emoji stand for, or is told nothing."""

    def __init__(self, emoji: str | None = None) -> None:
        self.emoji = emoji

    async def get_custom_emoji_stickers(self, ids: list[str]) -> tuple[Sticker, ...]:
        if self.emoji is None:
            raise TelegramError("not now")
        return tuple(
            Sticker(one, one, 1, 1, False, False, "custom_emoji", emoji=self.emoji) for one in ids
        )


@pytest.mark.parametrize(
    ("update", "taker"),
    [
        ({"edited_message": {**WHERE, "text": "改", "edit_date": 2}}, changing.on_edited),
        ({"message_reaction": changed([], [FIRE])}, changing.on_reaction),
        (
            {
                "message": {
                    **WHERE,
                    "text": "/delete",
                    "entities": [{"type": "bot_command", "offset": 0, "length": 7}],
                }
            },
            changing.on_delete,
        ),
        ({"message": {**WHERE, "message_auto_delete_timer_changed": {}}}, changing.on_service),
        (
            {"message": {**WHERE, "forum_topic_created": {"name": "x", "icon_color": 1}}},
            ignore,
        ),
    ],
)
def test_each_finds_its_handler(update: dict[str, Any], taker: object) -> None:
    if "message" in update and "message_auto_delete_timer_changed" in update["message"]:
        update["message"]["message_auto_delete_timer_changed"] = {"message_auto_delete_time": 60}
    arrived = Update.de_json({"update_id": 1, **update}, None)
    for handler in handlers():
        if _takes(handler, arrived):
            assert handler.callback is taker
            return
    raise AssertionError("nobody takes it")


def _takes(handler: Any, update: Update) -> bool:
    """A command's handler asks the message for the bot's name, which it has none of here."""
    if hasattr(handler, "commands"):
        text = update.message.text if update.message and update.message.text else ""
        return text.removeprefix("/") in handler.commands
    return handler.check_update(update) not in (None, False)


@pytest.mark.parametrize(
    ("old", "new", "emoji", "named"),
    [
        ([], [FIRE], "🔥", False),
        ([FIRE], [], "", False),
        ([FIRE], [FIRE, HEART], "❤", False),
        ([FIRE, HEART], [FIRE], "🔥", False),
        ([], [OWN], "🦄", True),
        ([], [PAID], "⭐", True),
    ],
)
async def test_the_newest_reaction_is_the_one_that_counts(
    old: list[dict[str, str]], new: list[dict[str, str]], emoji: str, named: bool
) -> None:
    update = MessageReactionUpdated.de_json(changed(old, new), None)
    found = await reacted_in(update, Emoji("🦄"))  # type: ignore[arg-type]
    assert found == Reacted(7, 3, emoji, named)


async def test_a_custom_emoji_that_telegram_does_not_explain_has_no_nearest() -> None:
    update = MessageReactionUpdated.de_json(changed([], [OWN]), None)
    assert await reacted_in(update, Emoji()) == Reacted(7, 3, "", named=True)  # type: ignore[arg-type]
