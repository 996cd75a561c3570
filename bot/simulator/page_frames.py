"""The world as JSON frames for the page: one `state` with everything, then one frame an event."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypeVar

from bot.simulator.chats import SimulatedChat
from bot.simulator.events import Event
from bot.simulator.inline import SimulatedInlineQuery
from bot.simulator.messages import Json, SimulatedMessage
from bot.simulator.people import SimulatedPerson

if TYPE_CHECKING:
    from bot.simulator.world import World

T = TypeVar("T")

UPLOAD_MEGABYTES = 64  # past the Bot API's own 20 and 50 MB, so that a bot can be shown too much
HISTORY = 300  # messages a chat; the page needs no more, and a load test's chat may hold thousands


def state(world: World, key: str) -> Json:
    """Everything the page shows; `key` names this world, so that read marks of another are void."""
    return {
        "type": "state",
        "key": key,
        "bot": world.bot,
        "limit": UPLOAD_MEGABYTES,
        "people": [person_json(person) for person in world.people.values()],
        "chats": [chat_json(chat, whole=True) for chat in _shown(world)],
    }


def _shown(world: World) -> list[SimulatedChat]:
    return [chat for chat in world.chats.values() if chat.migrated_to is None]


def person_json(person: SimulatedPerson) -> Json:
    """The Bot API's User and how the person stands to the bot."""
    return person.for_bot() | {
        "role": person.role,
        "started": person.chat.opened,
        "blocked": person.has_blocked,
        "commands": commands_for(person),
        "about": _for_language(person, person.world.texts, "description"),
    }


def commands_for(person: SimulatedPerson) -> list[Json]:
    """The commands in a person's private chat: of the narrowest scope, then of their language."""
    scopes: tuple[Json, ...] = (
        {"type": "chat", "chat_id": person.id},
        {"type": "all_private_chats"},
        {"type": "default"},
    )
    for scope in scopes:
        name = json.dumps(scope, sort_keys=True)
        if found := _for_language(person, person.world.commands, name):
            return found
    return []


def _for_language(person: SimulatedPerson, kept: dict[tuple[str, str], T], name: str) -> T | None:
    """What was set for the person's language ("zh" for "zh-hans"), else for all languages."""
    code = (person.language_code or "").partition("-")[0]
    return kept.get((name, code)) or kept.get((name, ""))


def chat_json(chat: SimulatedChat, *, whole: bool = False) -> Json:
    """A chat for the page; its messages too where `whole`."""
    written: Json = {
        "id": chat.id,
        "title": chat.title,
        "kind": chat.type,
        "has_topics": chat.is_forum or (chat.is_private and topics_in_private(chat)),
        "bot_status": chat.bot_status,
        "members": [chat.person.id] if chat.person else list(chat.members),
        "topics": [
            {"id": topic.thread_id, "name": topic.name, "closed": topic.closed}
            for topic in chat.topics.values()
            if not topic.deleted
        ],
        "keyboard": _keyboard(chat),
    }
    if whole:
        recent = [message for message in chat.messages[-HISTORY:] if not message.deleted]
        written["messages"] = [message_json(message) for message in recent]
    return written


def topics_in_private(chat: SimulatedChat) -> bool:
    """Whether private chats have topics: the bot's own setting."""
    return chat.person is not None and chat.person.world.topics_in_private


def _keyboard(chat: SimulatedChat) -> Json | None:
    """The reply keyboard with the message that brought it, by which the page tells two apart."""
    markup = chat.reply_keyboard
    if markup is None:
        return None
    brought = (m.id for m in reversed(chat.messages) if m.reply_markup is markup)
    return {"markup": markup, "message": next(brought, 0)}


def message_json(message: SimulatedMessage) -> Json:
    """The Bot API's Message, with what only people notice: reactions, a demand for a reply, that
    it made no sound."""
    written = message.for_bot()
    given = [
        {"emoji": reaction.get("emoji", "⭐"), "from": user}
        for user, reactions in message.reactions.items()
        for reaction in reactions
    ]
    if given:
        written["reactions"] = given
    if message.reply_markup and "force_reply" in message.reply_markup:
        written["force_reply"] = message.reply_markup
    if message.silent:
        written["silent"] = True
    return written


def introduction(chat: SimulatedChat) -> list[Json]:
    """A chat that the page has not heard of, after the people in it."""
    people = [chat.person] if chat.person else list(chat.members.values())
    told: list[Json] = [{"type": "person", "person": person_json(person)} for person in people]
    return [*told, {"type": "chat", "chat": chat_json(chat, whole=True)}]


def frames(event: Event) -> list[Json]:
    """What the page must be told of an event; several frames where a chat changed with it."""
    chat, message = event.chat, event.message
    if event.kind in ("message", "edited", "markup", "reaction") and message is not None:
        kind = "message" if event.kind == "message" else "edited"
        told = [{"type": kind, "chat": chat.id, "message": message_json(message)}]
        return told + _around(event)
    if event.kind == "deleted" and message is not None:
        return [{"type": "deleted", "chat": chat.id, "messages": [message.id]}]
    if event.kind == "callback_answered":
        return [_answered(event)]
    if event.kind == "inline_answered":
        return [_inline(event.detail["query"])]
    if event.kind in ("action", "draft"):
        return [{"type": event.kind, "chat": chat.id, **event.detail}]
    return [{"type": "chat", "chat": chat_json(chat)}, *_standing(chat)]


def _around(event: Event) -> list[Json]:
    """A first message opens a chat, and a message of the bot may change its keyboard."""
    if event.kind != "message":
        return []
    chat, message = event.chat, event.message
    keyboard = message is not None and message.reply_markup and not message.inline_buttons
    opened = message is not None and not message.from_bot
    told = [{"type": "chat", "chat": chat_json(chat)}] if keyboard else []
    return told + (_standing(chat) if opened else [])


def _standing(chat: SimulatedChat) -> list[Json]:
    return [{"type": "person", "person": person_json(chat.person)}] if chat.person else []


def _inline(query: SimulatedInlineQuery) -> Json:
    answer = query.answer
    assert answer is not None
    return {
        "type": "inline",
        "person": query.person.id,
        "chat": query.chat.id,
        "query": query.id,
        "text": query.text,
        "results": [result.for_page() for result in answer.results],
        "button": answer.button,
    }


def _answered(event: Event) -> Json:
    callback = event.callback
    assert callback is not None
    return {
        "type": "answered",
        "person": callback.person.id,
        "chat": event.chat.id,
        "message": callback.message.id,
        "data": callback.data,
        "text": event.detail.get("text"),
        "alert": bool(event.detail.get("show_alert")),
        "url": event.detail.get("url"),
    }
