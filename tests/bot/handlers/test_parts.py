"""A message of the Bot API as plain values."""

from typing import Any

import pytest
from telegram import Update

from bot.desk.views import Heard
from bot.handlers.parts import heard_in

CHAT = {"id": 7, "type": "private", "first_name": "王"}
FILE = {"file_id": "f", "file_unique_id": "u"}


def update(**content: Any) -> Update:
    message = {"message_id": 3, "date": 0, "chat": CHAT, "from": {**CHAT, "is_bot": False}}
    found = Update.de_json({"update_id": 1, "message": {**message, **content}}, None)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("text", {"text": "你好"}),
        ("photo", {"photo": [{**FILE, "width": 1, "height": 1}], "caption": "看"}),
        ("document", {"document": FILE}),
        ("voice", {"voice": {**FILE, "duration": 1}}),
        ("sticker", {"sticker": {**FILE, "type": "regular", "width": 1, "height": 1,
                                 "is_animated": False, "is_video": False}}),
        ("location", {"location": {"latitude": 1.0, "longitude": 2.0}}),
        ("contact", {"contact": {"phone_number": "1", "first_name": "王"}}),
        ("dice", {"dice": {"emoji": "🎲", "value": 3}}),
    ],
)  # fmt: skip
def test_a_message_is_heard_by_its_kind(kind: str, content: dict[str, Any]) -> None:
    text = content.get("text") or content.get("caption") or ""
    assert heard_in(update(**content)) == Heard(7, 3, kind, text)


def test_a_reply_names_the_message_it_answers() -> None:
    answered = {"message_id": 2, "date": 0, "chat": CHAT, "text": "x"}
    assert heard_in(update(text="好", reply_to_message=answered)).reply_to == 2
