"""The words of a question: typed, a caption, or read in a file that was sent."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from telegram import Bot
from telegram.error import TelegramError

from bot.desk.asking import check_question, opening_of
from bot.desk.views import Heard
from bot.excerpts import Reader, UnreadableError, kind_of
from bot.excerpts.limits import MOST_BYTES

ReadFile = Callable[[Heard], Awaitable[str]]


async def read_nothing(_: Heard) -> str:
    """Without Telegram to fetch files from, none is read."""
    return ""


class SentFiles:
    """Fetches and reads documents that were sent to the bot."""

    def __init__(self, bot: Bot, reader: Reader) -> None:
        self._bot, self._reader = bot, reader

    async def read(self, heard: Heard) -> str:
        """Its first words; empty for what is not read at all. Raises UnreadableError."""
        kind = readable(heard)
        if not kind:
            return ""
        if heard.file.get("size", 0) > MOST_BYTES:
            raise UnreadableError("too_large")
        try:
            file = await self._bot.get_file(heard.file["id"])
            content = await file.download_as_bytearray()
        except TelegramError:
            raise UnreadableError("unfetched") from None
        return await self._reader.read(kind, bytes(content))


def readable(heard: Heard) -> str:
    """The kind of document that can be read; empty for anything else."""
    if heard.kind != "document" or "id" not in heard.file:
        return ""
    return kind_of(str(heard.file.get("name", "")), str(heard.file.get("mime", "")))


async def worded(heard: Heard, read_file: ReadFile) -> Heard:
    """With the words that it asks by, its own or those of its file; none where neither has any.

    Raises RefusedError as `check_question` does.
    """
    try:
        read = await read_file(heard)
    except UnreadableError as error:
        heard, read = replace(heard, unread=f"unread_{error.why}"), ""
    text = heard.text or opening_of(read)
    return replace(heard, text=check_question(text), read=read) if text else heard
