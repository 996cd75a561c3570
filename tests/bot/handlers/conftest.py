"""The parts that handlers use, as a test puts them together."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.cards.render import Cards
from bot.delivery.transactions import Transactions
from bot.desk.views import Found
from bot.handlers.parts import Parts

KEY = b"key"


def parts_with(
    transactions: Transactions,
    find: Callable[[str], Awaitable[Sequence[Found]]],
    likeness: Callable[[str, str], Awaitable[float]],
) -> Parts:
    return Parts(
        transactions=transactions,
        find=find,
        likeness=likeness,
        cards=Cards(KEY, ZoneInfo("Asia/Shanghai"), "xiaoqi_bot"),
        key=KEY,
        offer_for=timedelta(days=1),
        invite_for=timedelta(days=1),
        admins=frozenset(),
        wake_loader=lambda: None,
    )
