"""What every handler may use, put together once by the application."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from telegram import Update
from telegram.ext import Application, CallbackContext, ExtBot

from bot.cards.render import Cards
from bot.delivery.transactions import Transactions
from bot.desk.asking import check_question, searched_by
from bot.desk.binding import NOBODY, Standing
from bot.desk.policy import Policy
from bot.desk.views import Found
from bot.handlers.wording import ReadFile, read_nothing
from retrieval.turns import question_of


async def nobody_stands(_: int, __: int) -> Standing:
    """Without Telegram to ask, nobody runs any group."""
    return NOBODY


@dataclass(frozen=True)
class Parts:
    """`find` searches the knowledge base off the event loop, where `likeness` compares two
    questions; `key` signs buttons and invites; `standing_in` asks Telegram how a user stands in a
    group; `read_file` reads the first words of a file that was sent."""

    transactions: Transactions
    find: Callable[[str], Awaitable[Sequence[Found]]]
    likeness: Callable[[str, str], Awaitable[float]]
    cards: Cards
    key: bytes
    offer_for: timedelta
    invite_for: timedelta
    admins: frozenset[int]
    wake_loader: Callable[[], None]
    policy: Policy = field(default_factory=Policy)
    archives: Path = Path("var/archives")
    standing_in: Callable[[int, int], Awaitable[Standing]] = nobody_stands
    read_file: ReadFile = read_nothing

    async def find_together(self, before: str, last: str, read: str = "") -> Sequence[Found]:
        """What fits a question, its next turn, and what was read in its files.

        Raises RefusedError as `check_question` does.
        """
        asked = check_question(question_of([before, last]))
        return await self.find(searched_by(asked, read))


Context = CallbackContext[ExtBot[None], dict[Any, Any], dict[Any, Any], dict[str, Any]]
DeskApplication = Application[Any, Context, dict[Any, Any], dict[Any, Any], dict[str, Any], Any]
PARTS = "parts"


def parts_of(context: Context) -> Parts:
    parts: Parts = context.bot_data[PARTS]
    return parts


def chat_id_of(update: Update) -> int:
    assert update.effective_chat is not None
    return update.effective_chat.id


def name_and_language(update: Update) -> tuple[str, str]:
    """What Telegram tells of a person: the name they show, and their app's language."""
    user = update.effective_user
    return (user.full_name or "", user.language_code or "zh") if user else ("", "zh")
