"""What is shown while a search is under way."""

import asyncio
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from telegram.error import Forbidden

from bot.cards.render import Cards
from bot.handlers.progress import RANKING, READING, SEARCHING, Progress, Shown

CHAT, DRAFT = 5, 77
CARDS = Cards(bytes(32), ZoneInfo("Asia/Shanghai"), "xiaoqi_bot")


@dataclass
class FakeBot:
    """Takes actions and drafts; `drafted` is set with each draft."""

    refuses: bool = False
    actions: list[dict[str, Any]] = field(default_factory=list)
    drafts: list[tuple[int, int, str, Any]] = field(default_factory=list)
    drafted: asyncio.Event = field(default_factory=asyncio.Event)

    async def send_chat_action(self, chat_id: int, action: str, **more: Any) -> None:
        self.actions.append({"chat_id": chat_id, "action": str(action), **more})
        if self.refuses:
            raise Forbidden("bot was blocked by the user")

    async def send_message_draft(
        self, chat_id: int, draft_id: int, text: str, *, message_thread_id: int | None
    ) -> None:
        self.drafts.append((chat_id, draft_id, text, message_thread_id))
        self.drafted.set()
        if self.refuses:
            raise Forbidden("bot was blocked by the user")

    async def next_draft(self) -> str:
        await asyncio.wait_for(self.drafted.wait(), 10)
        self.drafted.clear()
        return self.drafts[-1][2]


def shown(bot: FakeBot, after: float) -> Shown:
    return Shown(bot, CARDS, after=after)  # type: ignore[arg-type]


async def test_typing_is_shown_at_once_and_a_quick_search_draws_nothing() -> None:
    bot = FakeBot()
    async with shown(bot, after=60).to(CHAT, DRAFT, "zh", topic=9) as progress:
        progress.at(SEARCHING)
        for _ in range(9):
            await asyncio.sleep(0)
    assert bot.actions == [{"chat_id": CHAT, "action": "typing", "message_thread_id": 9}]
    assert bot.drafts == []


async def test_a_longer_search_draws_what_is_done_into_one_draft() -> None:
    bot = FakeBot()
    async with shown(bot, after=0).to(CHAT, DRAFT, "en", topic=9) as progress:
        progress.at(READING)
        assert await bot.next_draft() == "Reading your file…"
        progress.at(SEARCHING)
        progress.at(RANKING)
        said = await bot.next_draft()
    done, searched, now = said.splitlines()
    assert done == "✓ Reading your file"
    assert searched.startswith("✓ Searching")
    assert now == "Comparing what fits best…"
    assert {draft[:2] + draft[3:] for draft in bot.drafts} == {(CHAT, DRAFT, 9)}
    before = len(bot.drafts)
    await asyncio.sleep(0)
    assert len(bot.drafts) == before  # nothing is drawn beneath the answer


async def test_it_speaks_the_persons_language() -> None:
    bot = FakeBot()
    async with shown(bot, after=0).to(CHAT, DRAFT, "zh") as progress:
        progress.at(SEARCHING)
        assert await bot.next_draft() == "正在检索专家、平台、专利和已有解答…"


async def test_whom_telegram_refuses_is_answered_all_the_same() -> None:
    bot = FakeBot(refuses=True)
    async with shown(bot, after=0).to(CHAT, DRAFT, "zh") as progress:
        progress.at(SEARCHING)
        await bot.next_draft()
    assert len(bot.drafts) == 1  # and it is not asked again


async def test_the_works_own_error_is_not_swallowed() -> None:
    bot = FakeBot()
    with pytest.raises(ValueError, match="ours"):
        async with shown(bot, after=60).to(CHAT, DRAFT, "zh"):
            raise ValueError("ours")


async def test_a_slow_telegram_holds_up_no_search() -> None:
    released = asyncio.Event()

    class Slow(FakeBot):
        async def send_message_draft(self, *_: Any, **__: Any) -> None:
            self.drafted.set()
            await released.wait()

    bot = Slow()
    async with shown(bot, after=0).to(CHAT, DRAFT, "zh"):
        await bot.drafted.wait()
    assert not released.is_set()


def test_a_stage_begins_once() -> None:
    progress = Progress()
    assert progress.text(str) == ""
    for stage in (SEARCHING, SEARCHING, RANKING):
        progress.at(stage)
    assert progress.text(str) == f"✓ {SEARCHING}\n{RANKING}…"
