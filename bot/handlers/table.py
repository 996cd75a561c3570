"""The one table of handlers: what arrives, and who takes it."""

from typing import Any

from telegram.ext import (
    BaseHandler,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    MessageHandler,
    filters,
)

from bot.handlers import administering, commands, hearing, pressing, receiving
from bot.handlers.parts import Context

PRIVATE = filters.ChatType.PRIVATE
NEW = filters.UpdateType.MESSAGE
COMMANDS = {
    "start": commands.on_start,
    "help": commands.on_help,
    "ask": commands.on_ask,
    "my": commands.on_my,
    "close": commands.on_my,
    "me": commands.on_me,
    "language": commands.on_language,
    "cancel": commands.on_cancel,
    "admin": administering.on_admin,
}


def handlers() -> list[BaseHandler[Any, Context, None]]:
    """In order of precedence: the first that fits takes the update."""
    return [
        *(
            CommandHandler(name, callback, filters=PRIVATE & NEW)
            for name, callback in COMMANDS.items()
        ),
        MessageHandler(PRIVATE & NEW & filters.COMMAND, hearing.on_unknown_command),
        MessageHandler(PRIVATE & NEW & filters.StatusUpdate.ALL, ignore),
        MessageHandler(PRIVATE & NEW & receiving.KNOWLEDGE_FILE, receiving.on_knowledge_file),
        MessageHandler(PRIVATE & NEW, hearing.on_message),
        MessageHandler(PRIVATE & filters.UpdateType.EDITED_MESSAGE, hearing.on_edited),
        MessageHandler(filters.ChatType.GROUPS & filters.COMMAND, commands.on_group),
        CallbackQueryHandler(pressing.on_press),
        ChatMemberHandler(commands.on_membership, ChatMemberHandler.MY_CHAT_MEMBER),
    ]


async def ignore(update: object, context: Context) -> None:
    """Service messages (a pin, a changed picture) say nothing to anybody."""
