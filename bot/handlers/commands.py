"""Slash commands."""

import re

from telegram import (
    Bot,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    Update,
)
from telegram.constants import ChatType

from bot.desk import (
    asking,
    entering,
    introducing,
    inviting,
    looking,
    menus,
    onboarding,
    standing,
    undelivered,
)
from bot.desk.errors import RefusedError
from bot.handlers import groups, inlining
from bot.handlers.calling import command
from bot.handlers.parts import Context, chat_id_of, name_and_language, parts_of

IN_GROUPS = (
    menus.Offered("bind", menus.MENTORS, "把课题组的群接入", "Bind the group of a lab"),
    menus.Offered("unbind", menus.MENTORS, "取消接入", "Unbind it"),
)


async def announce(bot: Bot) -> None:
    """Tell Telegram what to offer to whoever has not begun, and in groups."""
    await bot.delete_my_commands()  # an older Xiaoqi offered the same everywhere
    private, groups_ = BotCommandScopeAllPrivateChats(), BotCommandScopeAllGroupChats()
    for spoken, language in ((None, "en"), ("zh", "zh")):
        first = [(one.name, one.text(language)) for one in menus.offered_to(menus.ASKERS)]
        await bot.set_my_commands(first, scope=private, language_code=spoken)
        in_groups = [(one.name, one.text(language)) for one in IN_GROUPS]
        await bot.set_my_commands(in_groups, scope=groups_, language_code=spoken)


async def on_start(update: Update, context: Context) -> None:
    """Begin; a payload is an invite."""
    parts, who = parts_of(context), (chat_id_of(update), *name_and_language(update))
    first = context.args[0] if context.args else ""
    if first == inlining.START or first.startswith(inlining.ENTRY):
        await parts.transactions.commit(entering.begin_with, *who, inlining.entry_in(first))
    elif context.args:
        await parts.transactions.commit(inviting.redeem, *who, context.args[0], parts.key)
    else:
        admin = who[0] in parts.admins
        await parts.transactions.commit(onboarding.start, *who, admin)


on_help = command(standing.show_help)
on_ask = command(asking.invite_question)
on_my = command(looking.show_open)
on_me = command(introducing.ask_enterprise)
on_language = command(onboarding.switch_language)
on_cancel = command(onboarding.cancel)


async def on_unknown(update: Update, context: Context) -> None:
    message = update.effective_message
    typed = re.match(r"/(\w{1,32})", (message.text or "") if message else "")
    name = typed.group(1) if typed else ""
    await parts_of(context).transactions.commit(menus.suggest, chat_id_of(update), name)


async def on_group(_: Update, __: Context) -> None:
    raise RefusedError("private_only")


async def on_membership(update: Update, context: Context) -> None:
    """A person blocks or unblocks the bot."""
    change, parts = update.my_chat_member, parts_of(context)
    assert change is not None
    if change.chat.type != ChatType.PRIVATE:
        await groups.on_standing(update, context)
        return
    here = change.new_chat_member.status not in ("kicked", "left")
    commit, chat_id = parts.transactions.commit, change.chat.id
    if here:
        await commit(undelivered.chat_back, chat_id)
    else:
        await commit(undelivered.chat_lost, chat_id, "blocked", parts.offer_for)
