"""What a bot may learn of chats and their members, and leaving them."""

from __future__ import annotations

from bot.simulator.calls import BotSide, editable_chat, method, readable_chat
from bot.simulator.chats import SimulatedChat, Status
from bot.simulator.errors import refuse
from bot.simulator.messages import Json
from bot.simulator.wire import Given

_GIFTS = (
    *("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription"),
    "gifts_from_channels",
)


@method("getChat", "chat_id:chat!")
def get_chat(bot: BotSide, given: Given) -> Json:
    chat = readable_chat(bot, given["chat_id"])
    gifts = dict.fromkeys(_GIFTS, chat.is_private)
    full = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts}
    if chat.person is not None and chat.person.username:
        full["active_usernames"] = [chat.person.username]
    return chat.for_bot() | full


@method("getChatMember", "chat_id:chat! user_id:int!")
def get_chat_member(bot: BotSide, given: Given) -> Json:
    chat = readable_chat(bot, given["chat_id"])
    user_id = given["user_id"]
    if user_id == bot.world.bot["id"]:
        return chat.member(bot.world.bot, chat.bot_status)
    person = bot.world.people.get(user_id)
    if person is None:
        raise refuse("user_not_found")
    usual: Status = "member" if person.id == chat.id else "left"
    return chat.member(person.for_bot(), chat.statuses.get(user_id, usual))


@method("getChatAdministrators", "chat_id:chat! return_bots:bool")
def get_chat_administrators(bot: BotSide, given: Given) -> list[Json]:
    chat = readable_chat(bot, given["chat_id"])
    if chat.is_private:
        raise refuse("no_admins_in_private")
    found = [
        chat.member(chat.members[user_id].for_bot(), status)
        for user_id, status in chat.statuses.items()
        if status in ("creator", "administrator")
    ]
    if chat.bot_is_admin:
        found.append(chat.member(bot.world.bot, "administrator"))
    return found


@method("getChatMemberCount", "chat_id:chat!")
def get_chat_member_count(bot: BotSide, given: Given) -> int:
    chat = readable_chat(bot, given["chat_id"])
    return 2 if chat.is_private else len(_present(chat)) + 1


def _present(chat: SimulatedChat) -> list[int]:
    return [one for one, status in chat.statuses.items() if status not in ("left", "kicked")]


@method("banChatMember", "chat_id:chat! user_id:int! until_date:int revoke_messages:bool")
def ban_chat_member(bot: BotSide, given: Given) -> bool:
    chat = editable_chat(bot, given["chat_id"])
    person = bot.world.people.get(given["user_id"])
    if person is None:
        raise refuse("user_not_found")
    if chat.is_private or not chat.bot_is_admin or chat.statuses.get(person.id) == "creator":
        raise refuse("cannot_restrict")
    bot.world.expel(chat, person)
    return True


@method("leaveChat", "chat_id:chat!")
def leave_chat(bot: BotSide, given: Given) -> bool:
    chat = editable_chat(bot, given["chat_id"])
    if chat.is_private:
        raise refuse("leave_private")
    bot.world.set_bot_status(chat, "left", by=bot.world.bot)
    return True
