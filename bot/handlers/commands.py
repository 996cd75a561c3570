"""Slash commands."""

from telegram import Bot, Update
from telegram.constants import ChatType

from bot.desk import asking, introducing, inviting, looking, onboarding, undelivered
from bot.desk.errors import RefusedError
from bot.handlers import groups
from bot.handlers.calling import command
from bot.handlers.parts import Context, chat_id_of, name_and_language, parts_of

# What the chat app offers, in the order shown; /admin is for those who know of it.
OFFERED = {
    "ask": ("提一个新问题", "Ask a new question"),
    "my": ("进行中的咨询", "Your open consultations"),
    "me": ("我的企业", "Your enterprise"),
    "language": ("中文 / English", "中文 / English"),
    "delete": ("回复自己的消息，把它从对方那里撤回", "In reply to your message: take it back"),
    "cancel": ("取消正在进行的操作", "Leave what you began"),
    "help": ("现在能做什么", "What is possible now"),
}


async def announce(bot: Bot) -> None:
    """Tell Telegram which commands to offer, in both languages."""
    chinese = [(name, texts[0]) for name, texts in OFFERED.items()]
    english = [(name, texts[1]) for name, texts in OFFERED.items()]
    await bot.set_my_commands(english)
    await bot.set_my_commands(chinese, language_code="zh")


async def on_start(update: Update, context: Context) -> None:
    """Begin; a payload is an invite."""
    parts, who = parts_of(context), (chat_id_of(update), *name_and_language(update))
    if context.args:
        await parts.transactions.commit(inviting.redeem, *who, context.args[0], parts.key)
    else:
        admin = who[0] in parts.admins
        await parts.transactions.commit(onboarding.start, *who, admin)


on_help = command(looking.show_help)
on_ask = command(asking.invite_question)
on_my = command(looking.show_open)
on_me = command(introducing.ask_enterprise)
on_language = command(onboarding.switch_language)
on_cancel = command(onboarding.cancel)


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
