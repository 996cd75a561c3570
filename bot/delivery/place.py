"""Where an update came from, so that what answers it is said in the same topic."""

from collections.abc import Mapping
from typing import Any, NamedTuple

# Under this key a session knows the place of the update that it serves.
PLACE = "place"
_WITH_MESSAGE = ("message", "edited_message")


class Place(NamedTuple):
    """A topic of a chat, by Telegram's message_thread_id."""

    chat_id: int
    topic: int


def place_of(update: Mapping[str, Any]) -> Place | None:
    """The topic of an update's message, or of the message whose button was pressed."""
    query = update.get("callback_query")
    message = query.get("message") if isinstance(query, dict) else None
    found = message or next((update[name] for name in _WITH_MESSAGE if name in update), None)
    # Without is_topic_message a thread is but a chain of replies.
    if not isinstance(found, dict) or not found.get("is_topic_message"):
        return None
    chat, topic = found.get("chat"), found.get("message_thread_id")
    if not isinstance(chat, dict) or type(chat.get("id")) is not int or type(topic) is not int:
        return None
    return Place(chat["id"], topic)
