"""What is being done for whoever waits: a typing action at once, and a draft that grows."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from telegram import Bot
from telegram.constants import ChatAction
from telegram.error import TelegramError

from bot.cards.render import Cards

# A search that takes longer than this says what it does.
DRAFT_AFTER = 1.0
# Telegram shows an action for five seconds and a draft for thirty.
ACTION_SECONDS, DRAFT_SECONDS = 4.5, 20.0
# What is done, in its order; each is a sentence of the cards.
READING, SEARCHING, RANKING = "doing_reading", "doing_searching", "doing_ranking"


class Progress:
    """The stages that were begun. The last is under way, those before it are done."""

    def __init__(self) -> None:
        self.ended = asyncio.Event()
        self._stages: list[str] = []
        self._changed = asyncio.Event()

    def at(self, stage: str) -> None:
        if stage not in self._stages:
            self._stages.append(stage)
            self._changed.set()

    def text(self, say: Callable[[str], str]) -> str:
        """`✓` before what is done, an ellipsis after what is not."""
        if not self._stages:
            return ""
        *done, now = self._stages
        return "\n".join([*(f"✓ {say(stage)}" for stage in done), f"{say(now)}…"])

    async def change(self, seconds: float) -> None:
        """Until another stage begins, or so long."""
        await _within(seconds, self._changed)
        self._changed.clear()


class Shown:
    """Shows progress in one chat beside the work; it neither delays nor breaks it."""

    def __init__(self, bot: Bot, cards: Cards, *, after: float = DRAFT_AFTER) -> None:
        self._bot, self._cards, self._after = bot, cards, after

    @asynccontextmanager
    async def to(
        self, chat_id: int, draft_id: int, language: str, topic: int | None = None
    ) -> AsyncIterator[Progress]:
        progress = Progress()
        acting = asyncio.create_task(_unheeded(self._act, progress, chat_id, topic))
        whose = (chat_id, draft_id, language, topic)
        drawing = asyncio.create_task(_unheeded(self._draw, progress, *whose))
        try:
            yield progress
        finally:
            # A draft that came after what it announced would stand beneath it for half a minute.
            drawing.cancel()
            progress.ended.set()
            await asyncio.gather(acting, drawing, return_exceptions=True)

    async def _act(self, progress: Progress, chat_id: int, topic: int | None) -> None:
        while True:
            await self._bot.send_chat_action(chat_id, ChatAction.TYPING, message_thread_id=topic)
            if await _within(ACTION_SECONDS, progress.ended):
                return

    async def _draw(
        self, progress: Progress, chat_id: int, draft_id: int, language: str, topic: int | None
    ) -> None:
        def say(stage: str) -> str:
            return self._cards.sentence(stage, {}, language)

        await asyncio.sleep(self._after)
        while True:
            text = progress.text(say)
            await self._bot.send_message_draft(chat_id, draft_id, text, message_thread_id=topic)
            await progress.change(DRAFT_SECONDS)


async def _within(seconds: float, event: asyncio.Event) -> bool:
    """Whether it comes true in so long."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):  # wait_for may lose a cancellation before 3.12
            await event.wait()
    return event.is_set()


async def _unheeded(work: Callable[..., Awaitable[None]], *given: object) -> None:
    """A courtesy: where Telegram takes none, the rest of it is left."""
    with suppress(TelegramError):
        await work(*given)
