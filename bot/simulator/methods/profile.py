"""The bot itself: getMe, its commands, name and descriptions."""

from __future__ import annotations

import json
import re

from bot.simulator.calls import BotSide, method, readable_chat
from bot.simulator.errors import refuse
from bot.simulator.messages import Json
from bot.simulator.wire import Given

_SCOPED = "scope:json language_code:text "
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")


@method("getMe")
def get_me(bot: BotSide, _given: Given) -> Json:
    return bot.world.bot | {
        "can_join_groups": True,
        "can_read_all_group_messages": bot.world.reads_all_group_messages,
        "supports_guest_queries": False,
        "supports_inline_queries": True,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": bot.world.topics_in_private,
        "allows_users_to_create_topics": bot.world.topics_in_private,
        "can_manage_bots": False,
    }


@method("logOut")
def log_out(_bot: BotSide, _given: Given) -> bool:
    return True


@method("close")
def close(_bot: BotSide, _given: Given) -> bool:
    return True


def _check_scope(bot: BotSide, scope: Json | None) -> None:
    """A scope of one chat must name one that the bot knows."""
    if scope and str(scope.get("type")).startswith("chat"):
        readable_chat(bot, scope.get("chat_id"))


def _key(given: Given) -> tuple[str, str]:
    scope = given.get("scope") or {"type": "default"}
    return json.dumps(scope, sort_keys=True), given.get("language_code") or ""


@method("setMyCommands", "commands:json! " + _SCOPED)
def set_my_commands(bot: BotSide, given: Given) -> bool:
    commands = given["commands"]
    if len(commands) > 100:
        raise refuse("commands_too_many")
    cleaned = [
        {"command": one["command"].removeprefix("/"), "description": one["description"]}
        for one in commands
    ]
    for one in cleaned:
        if not _COMMAND.fullmatch(one["command"]) or not 1 <= len(one["description"]) <= 256:
            raise refuse("command_invalid")
    _check_scope(bot, given.get("scope"))
    bot.world.commands[_key(given)] = cleaned
    bot.world.profile_changed()
    return True


@method("getMyCommands", _SCOPED)
def get_my_commands(bot: BotSide, given: Given) -> list[Json]:
    return bot.world.commands.get(_key(given), [])


@method("deleteMyCommands", _SCOPED)
def delete_my_commands(bot: BotSide, given: Given) -> bool:
    bot.world.commands.pop(_key(given), None)
    bot.world.profile_changed()
    return True


# -- name, description, short description: one rule for all three


def _keep(bot: BotSide, given: Given, name: str, most: int) -> bool:
    text = given.get(name) or ""
    if len(text) > most:
        raise refuse("profile_text_too_long")
    bot.world.texts[name, given.get("language_code") or ""] = text
    bot.world.profile_changed()
    return True


def _kept(bot: BotSide, given: Given, name: str, usual: str = "") -> Json:
    fallback = bot.world.texts.get((name, "")) or usual
    return {name: bot.world.texts.get((name, given.get("language_code") or "")) or fallback}


@method("setMyName", "name:text language_code:text")
def set_my_name(bot: BotSide, given: Given) -> bool:
    return _keep(bot, given, "name", 64)


@method("getMyName", "language_code:text")
def get_my_name(bot: BotSide, given: Given) -> Json:
    return _kept(bot, given, "name", bot.world.bot["first_name"])


@method("setMyDescription", "description:text language_code:text")
def set_my_description(bot: BotSide, given: Given) -> bool:
    return _keep(bot, given, "description", 512)


@method("getMyDescription", "language_code:text")
def get_my_description(bot: BotSide, given: Given) -> Json:
    return _kept(bot, given, "description")


@method("setMyShortDescription", "short_description:text language_code:text")
def set_my_short_description(bot: BotSide, given: Given) -> bool:
    return _keep(bot, given, "short_description", 120)


@method("getMyShortDescription", "language_code:text")
def get_my_short_description(bot: BotSide, given: Given) -> Json:
    return _kept(bot, given, "short_description")
