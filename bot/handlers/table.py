"""The one table of handlers: what arrives, and who takes it."""

import re
from typing import Any

from telegram.ext import (
    BaseHandler,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    InlineQueryHandler,
    MessageHandler,
    MessageReactionHandler,
    filters,
)

from bot.handlers import (
    changing,
    commands,
    conduct,
    groups,
    handing_over,
    hearing,
    inlining,
    pressing,
    receiving,
    rights,
    tooling,
)
from bot.handlers.parts import Context

PRIVATE, GROUPS = filters.ChatType.PRIVATE, filters.ChatType.GROUPS
NEW = filters.UpdateType.MESSAGE
# What an app or the bot itself does to a chat, and nobody means to tell anybody.
SILENT = (
    filters.StatusUpdate.FORUM_TOPIC_CREATED
    | filters.StatusUpdate.FORUM_TOPIC_CLOSED
    | filters.StatusUpdate.FORUM_TOPIC_REOPENED
    | filters.StatusUpdate.FORUM_TOPIC_EDITED
    | filters.StatusUpdate.CONNECTED_WEBSITE
    | filters.StatusUpdate.WRITE_ACCESS_ALLOWED
)
# Meant for mentors alone, though Telegram sees no command in it.
_NOTE = re.compile(r"^\s*[/／]note(?![a-z0-9_])", re.IGNORECASE)
NOTE = filters.Regex(_NOTE) | filters.CaptionRegex(_NOTE)
COMMANDS = {
    "start": commands.on_start,
    "help": commands.on_help,
    "ask": commands.on_ask,
    "my": commands.on_my,
    "close": commands.on_my,
    "me": commands.on_me,
    "language": commands.on_language,
    "cancel": commands.on_cancel,
    "delete": changing.on_delete,
    "queue": tooling.on_queue,
    "away": tooling.on_away,
    "back": tooling.on_back,
    "capacity": tooling.on_capacity,
    "hours": tooling.on_hours,
    "save": tooling.on_save,
    "find": tooling.on_find,
    "note": tooling.on_note,
    "digest": tooling.on_digest,
    "admin": conduct.on_admin,
    "transfer": handing_over.on_transfer,
    "report": conduct.on_report,
    "appeal": conduct.on_appeal,
    "mydata": rights.on_mydata,
    "forget": rights.on_forget,
}


def handlers() -> list[BaseHandler[Any, Context, None]]:
    """In order of precedence: the first that fits takes the update."""
    return [
        *(
            CommandHandler(name, callback, filters=PRIVATE & NEW)
            for name, callback in COMMANDS.items()
        ),
        MessageHandler(
            (NEW & ~filters.COMMAND | filters.UpdateType.EDITED_MESSAGE) & NOTE,
            tooling.on_note_astray,
        ),
        MessageHandler(PRIVATE & NEW & filters.COMMAND, commands.on_unknown),
        MessageHandler(PRIVATE & NEW & SILENT, ignore),
        MessageHandler(PRIVATE & NEW & filters.StatusUpdate.ALL, changing.on_service),
        MessageHandler(PRIVATE & NEW & receiving.KNOWLEDGE_FILE, receiving.on_knowledge_file),
        MessageHandler(PRIVATE & NEW, hearing.on_message),
        MessageHandler(PRIVATE & filters.UpdateType.EDITED_MESSAGE, changing.on_edited),
        CommandHandler("bind", groups.on_bind, filters=GROUPS & NEW),
        CommandHandler("unbind", groups.on_unbind, filters=GROUPS & NEW),
        MessageHandler(GROUPS & filters.COMMAND, commands.on_group),
        MessageHandler(GROUPS & filters.StatusUpdate.MIGRATE, groups.on_migrated),
        MessageHandler(GROUPS & NEW & filters.StatusUpdate.ALL, ignore),
        MessageHandler(GROUPS & NEW, groups.on_written),
        MessageHandler(GROUPS & filters.UpdateType.EDITED_MESSAGE, changing.on_edited),
        CallbackQueryHandler(pressing.on_press),
        InlineQueryHandler(inlining.on_inline),
        MessageReactionHandler(
            changing.on_reaction,
            message_reaction_types=MessageReactionHandler.MESSAGE_REACTION_UPDATED,
        ),
        ChatMemberHandler(commands.on_membership, ChatMemberHandler.MY_CHAT_MEMBER),
        ChatMemberHandler(groups.on_member, ChatMemberHandler.CHAT_MEMBER),
    ]


async def ignore(update: object, context: Context) -> None:
    """Service messages (a pin, a changed picture) say nothing to anybody."""
