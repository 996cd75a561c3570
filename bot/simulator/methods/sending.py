"""Messages that carry no file: text, places, contacts, dice, polls; actions and drafts."""

from __future__ import annotations

from typing import Any

from bot.simulator.calls import (
    MARKED,
    TEXT_LIMIT,
    BotSide,
    deliver,
    existing_message,
    method,
    open_thread,
    readable_chat,
    text_content,
    writable_chat,
)
from bot.simulator.entities import formatted
from bot.simulator.errors import refuse
from bot.simulator.messages import Json
from bot.simulator.wire import Given

ACTIONS = frozenset(
    {
        *("typing", "upload_photo", "record_video", "upload_video", "record_voice"),
        *("upload_voice", "upload_document", "choose_sticker", "find_location"),
        *("record_video_note", "upload_video_note"),
    }
)
DICE = {"🎲": 6, "🎯": 6, "🎳": 6, "🏀": 5, "⚽": 5, "🎰": 64}
# The emoji that ReactionTypeEmoji lists.
REACTIONS = frozenset(
    "❤👍👎🔥🥰👏😁🤔🤯😱🤬😢🎉🤩🤮💩🙏👌🕊🤡🥱🥴😍🐳🌚🌭💯🤣⚡🍌🏆💔🤨😐🍓🍾💋🖕😈😴😭🤓👻👀🎃🙈😇😨"
    "🤝✍🤗🫡🎅🎄☃💅🤪🗿🆒💘🙉🦄😘💊🙊😎👾🤷😡"
) | {"❤\u200d🔥", "👨\u200d💻", "🤷\u200d♂", "🤷\u200d♀"}


@method(
    "sendMessage", MARKED + "text:text! parse_mode:text entities:json link_preview_options:json"
)
def send_message(bot: BotSide, given: Given) -> Json:
    return deliver(bot, given, text_content(given)).for_bot()


@method(
    "sendLocation",
    MARKED + "latitude:float! longitude:float! horizontal_accuracy:float live_period:int "
    "heading:int proximity_alert_radius:int",
)
def send_location(bot: BotSide, given: Given) -> Json:
    return deliver(bot, given, {"location": _location(given)}).for_bot()


def _location(given: Given) -> Json:
    names = (
        *("latitude", "longitude", "horizontal_accuracy", "live_period"),
        *("heading", "proximity_alert_radius"),
    )
    return {name: given[name] for name in names if name in given}


_VENUE = ("foursquare_id", "foursquare_type", "google_place_id", "google_place_type")


@method(
    "sendVenue",
    MARKED + "latitude:float! longitude:float! title:text! address:text! foursquare_id:text "
    "foursquare_type:text google_place_id:text google_place_type:text",
)
def send_venue(bot: BotSide, given: Given) -> Json:
    venue = {"location": _location(given), "title": given["title"], "address": given["address"]}
    venue |= {name: given[name] for name in _VENUE if name in given}
    return deliver(bot, given, {"venue": venue, "location": venue["location"]}).for_bot()


@method("sendContact", MARKED + "phone_number:text! first_name:text! last_name:text vcard:text")
def send_contact(bot: BotSide, given: Given) -> Json:
    names = ("phone_number", "first_name", "last_name", "vcard")
    contact = {name: given[name] for name in names if given.get(name)}
    return deliver(bot, given, {"contact": contact}).for_bot()


@method("sendDice", MARKED + "emoji:text")
def send_dice(bot: BotSide, given: Given) -> Json:
    emoji = given.get("emoji") or "🎲"
    value = bot.world.number() % DICE.get(emoji, 6) + 1
    return deliver(bot, given, {"dice": {"emoji": emoji, "value": value}}).for_bot()


@method(
    "sendPoll",
    MARKED + "question:text! question_parse_mode:text question_entities:json options:json! "
    "is_anonymous:bool type:text allows_multiple_answers:bool is_closed:bool",
)
def send_poll(bot: BotSide, given: Given) -> Json:
    if len(given["options"]) < 2:
        raise refuse("poll_options")
    question, entities = formatted(
        given["question"], given.get("question_parse_mode"), given.get("question_entities")
    )
    poll: Json = {
        "id": str(6_000_000_000 + bot.world.number()),
        "question": question,
        "options": [_option(index, option) for index, option in enumerate(given["options"])],
        "total_voter_count": 0,
        "is_closed": given.get("is_closed", False),
        "is_anonymous": given.get("is_anonymous", True),
        "type": given.get("type") or "regular",
        "allows_multiple_answers": given.get("allows_multiple_answers", False),
        "allows_revoting": True,
        "members_only": False,
    }
    if entities:
        poll["question_entities"] = entities
    return deliver(bot, given, {"poll": poll}).for_bot()


def _option(index: int, option: Any) -> Json:
    text = option if isinstance(option, str) else option.get("text", "")
    return {"persistent_id": str(index), "text": text, "voter_count": 0}


@method("sendChatAction", "chat_id:chat! message_thread_id:int action:text!")
def send_chat_action(bot: BotSide, given: Given) -> bool:
    if given["action"] not in ACTIONS:
        raise refuse("action_wrong")
    chat = writable_chat(bot, given["chat_id"])
    thread_id = given.get("message_thread_id")
    bot.world.publish("action", chat, action=given["action"], thread_id=thread_id)
    return True


@method(
    "sendMessageDraft",
    "chat_id:chat! message_thread_id:int draft_id:int! text:text parse_mode:text entities:json",
)
def send_message_draft(bot: BotSide, given: Given) -> bool:
    chat = writable_chat(bot, given["chat_id"])
    if not chat.is_private:
        raise refuse("draft_not_private")
    if given["draft_id"] == 0:
        raise refuse("draft_id_zero")
    thread_id = open_thread(chat, given.get("message_thread_id"))
    text, entities = formatted(
        given.get("text") or "", given.get("parse_mode"), given.get("entities")
    )
    if len(text) > TEXT_LIMIT:
        raise refuse("text_too_long")
    draft = {"draft_id": given["draft_id"], "text": text, "entities": entities}
    draft["thread_id"] = thread_id
    bot.world.publish("draft", chat, **draft)
    return True


@method("setMessageReaction", "chat_id:chat! message_id:int! reaction:json is_big:bool")
def set_message_reaction(bot: BotSide, given: Given) -> bool:
    chat = readable_chat(bot, given["chat_id"])
    message = existing_message(chat, given["message_id"], "message to react")
    reactions = given.get("reaction") or []
    if len(reactions) > 1:
        raise refuse("reactions_too_many")
    for reaction in reactions:
        if reaction.get("emoji", "").removesuffix("\ufe0f") not in REACTIONS:
            raise refuse("reaction_invalid")
    message.reactions[bot.world.bot["id"]] = reactions
    bot.world.publish("reaction", chat, message)
    return True
