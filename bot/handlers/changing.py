"""What happens to a message after it was written: edited, reacted to, taken back, sent again."""

from telegram import Bot, MessageReactionUpdated, ReactionTypeCustomEmoji, ReactionTypeEmoji, Update
from telegram.error import TelegramError

from bot.desk import correcting, failing, reacting, removing
from bot.desk.errors import RefusedError
from bot.desk.reacting import Reacted
from bot.handlers.calling import Action, numbered
from bot.handlers.parts import Context, chat_id_of, parts_of
from bot.handlers.reading import heard_in


async def on_edited(update: Update, context: Context) -> None:
    await parts_of(context).transactions.commit(correcting.correct, heard_in(update))


async def on_reaction(update: Update, context: Context) -> None:
    changed = update.message_reaction
    assert changed is not None
    reacted = await reacted_in(changed, context.bot)
    await parts_of(context).transactions.commit(reacting.react, reacted)


async def on_delete(update: Update, context: Context) -> None:
    """`/delete` as a reply to what is to be taken back."""
    message = update.effective_message
    replied = message.reply_to_message if message else None
    number = replied.message_id if replied else None
    await parts_of(context).transactions.commit(removing.remove, chat_id_of(update), number)


async def on_service(_: Update, __: Context) -> None:
    """What a chat says of itself: a pin, a timer, a gift. It stays in that chat."""
    raise RefusedError("service_only")


async def reacted_in(changed: MessageReactionUpdated, bot: Bot) -> Reacted:
    """The newest of the reactions that stand there now: a bot can set but one."""
    where = (changed.chat.id, changed.message_id)
    if not changed.new_reaction:
        return Reacted(*where)
    added = [one for one in changed.new_reaction if one not in changed.old_reaction]
    newest = (added or changed.new_reaction)[-1]
    if isinstance(newest, ReactionTypeEmoji):
        return Reacted(*where, str(newest.emoji))
    if isinstance(newest, ReactionTypeCustomEmoji):
        return Reacted(*where, await _nearest(newest.custom_emoji_id, bot), named=True)
    return Reacted(*where, "⭐", named=True)


async def _nearest(custom_emoji_id: str, bot: Bot) -> str:
    """The emoji that a custom one stands for; empty where Telegram does not say."""
    try:
        (sticker,) = await bot.get_custom_emoji_stickers([custom_emoji_id])
    except (TelegramError, ValueError):
        return ""
    return sticker.emoji or ""


ACTIONS: dict[str, Action] = {
    "retry": numbered(failing.retry),
    "again": numbered(failing.retry),
    "leave": numbered(failing.leave),
}
