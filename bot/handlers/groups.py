"""Groups of labs: bound by their mentors, talked in by whoever is in them."""

from telegram import ChatMember, ChatMemberAdministrator, ChatMemberUpdated, Update
from telegram.error import BadRequest, Forbidden
from telegram.ext import ExtBot

from bot.cards.buttons import Press
from bot.desk import binding, lab_talk
from bot.desk.binding import Standing
from bot.desk.errors import RefusedError
from bot.desk.members import notify
from bot.desk.tables import LabEnd
from bot.handlers.calling import Action, numbered
from bot.handlers.parts import Context, Parts, chat_id_of, name_and_language, parts_of
from bot.handlers.reading import heard_in

OUT = (ChatMember.LEFT, ChatMember.BANNED)


class Standings:
    """Asks Telegram how somebody, and the bot itself, stand in a group now."""

    def __init__(self, bot: ExtBot[None]) -> None:
        self._bot = bot

    async def __call__(self, group: int, user: int) -> Standing:
        """Where Telegram does not say, nobody has any rights."""
        try:
            chat = await self._bot.get_chat(group)
            asked = await self._bot.get_chat_member(group, user)
            own = await self._bot.get_chat_member(group, self._bot.id)
        except (BadRequest, Forbidden):
            return binding.NOBODY
        return Standing(asked.status, bool(chat.is_forum), keeps_topics(own))


def keeps_topics(own: ChatMember) -> bool:
    return isinstance(own, ChatMemberAdministrator) and bool(own.can_manage_topics)


async def on_bind(update: Update, context: Context) -> None:
    parts, user = parts_of(context), known_user(update)
    group = chat_id_of(update)
    standing = await parts.standing_in(group, user)
    title = (update.effective_chat.title if update.effective_chat else None) or str(group)
    await parts.transactions.commit(binding.ask, group, title, user, standing)


async def on_unbind(update: Update, context: Context) -> None:
    parts, user = parts_of(context), known_user(update)
    standing = await parts.standing_in(chat_id_of(update), user)
    await parts.transactions.commit(binding.unbind, chat_id_of(update), user, standing)


async def on_written(update: Update, context: Context) -> None:
    """In a consultation's topic it is for the asker. A channel's or an anonymous one's has no
    person, and is said to be by whom Telegram shows."""
    message, user = update.effective_message, update.effective_user
    assert message is not None
    shown = message.sender_chat.effective_name if message.sender_chat else None
    name, _ = name_and_language(update)
    writer = 0 if message.sender_chat or user is None else user.id
    await parts_of(context).transactions.commit(
        lab_talk.hear, heard_in(update), writer, shown or name
    )


async def on_migrated(update: Update, context: Context) -> None:
    """The group became a supergroup; Telegram says so in the old one and in the new one."""
    message = update.effective_message
    assert message is not None
    if message.migrate_to_chat_id is not None:
        moved = (message.chat_id, message.migrate_to_chat_id)
        await parts_of(context).transactions.commit(binding.moved, *moved)


async def on_standing(update: Update, context: Context) -> None:
    """The bot is added to a group, gets or loses rights there, or is removed."""
    change, parts = update.my_chat_member, parts_of(context)
    assert change is not None
    group, commit = change.chat.id, parts.transactions.commit
    if change.new_chat_member.status in OUT:
        await commit(binding.left, group, LabEnd.KICKED)
    elif change.old_chat_member.status in OUT:
        _, language = name_and_language(update)
        await commit(notify, group, "lab_greeting", language_code=language)
    elif not keeps_topics(change.new_chat_member):
        await commit(binding.lost_rights, group)


async def on_member(update: Update, context: Context) -> None:
    """Somebody else's standing in a group is another one."""
    change: ChatMemberUpdated | None = update.chat_member
    assert change is not None
    member = change.new_chat_member
    told = (change.chat.id, member.user.id, member.status)
    await parts_of(context).transactions.commit(binding.mentor_changed, *told)


def known_user(update: Update) -> int:
    """Raises RefusedError("lab_anonymous") for an administrator who hides behind the group."""
    message, user = update.effective_message, update.effective_user
    if user is None or message is None or message.sender_chat is not None:
        raise RefusedError("lab_anonymous")
    return user.id


async def approve(parts: Parts, chat_id: int, press: Press) -> None:
    """Whether the mentor runs the group is looked at once more: hours may have passed."""
    lab = press.number(0)
    place = await parts.transactions.read(binding.place_asked, chat_id, lab)
    standing = await parts.standing_in(*place)
    await parts.transactions.commit(binding.approve, chat_id, lab, standing)


ACTIONS: dict[str, Action] = {
    "lab_yes": approve,
    "lab_no": numbered(binding.refuse),
}
