"""Files of knowledge that an admin sends."""

from telegram import Update
from telegram.ext import filters

from bot.desk import reloading
from bot.desk.members import is_admin
from bot.handlers.hearing import on_message
from bot.handlers.parts import Context, chat_id_of, parts_of

# Sent as a reply, such a file is a message like any other.
KNOWLEDGE_FILE = (
    filters.Document.FileExtension("csv")
    | filters.Document.FileExtension("xlsx")
    | filters.Document.FileExtension("jsonl")
    | filters.Document.FileExtension("zip")
) & ~filters.REPLY


async def on_knowledge_file(update: Update, context: Context) -> None:
    """From an admin it is knowledge; from anybody else a message."""
    parts, chat_id = parts_of(context), chat_id_of(update)
    if not await parts.transactions.read(is_admin, chat_id):
        await on_message(update, context)
        return
    assert update.message is not None
    document = update.message.document
    assert document is not None
    sent = (document.file_name or "", document.file_id, document.file_size or 0)
    await parts.transactions.commit(reloading.receive, chat_id, *sent)
    parts.wake_loader()
