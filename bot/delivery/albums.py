"""Parts of one album, each owed as it arrived, are sent as one.

Telegram hands the parts over one by one and never says how many there are. Each is committed as a
delivery of its own; they wait a moment for each other in the database, so that an end of the
process neither loses nor splits them.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, bindparam, select, text, update
from sqlmodel import Session

from bot.delivery.owed import NAMES, Owed
from bot.delivery.tables import Delivery, DeliveryState, table_of

# An album has at most so many parts; so long after a part another may come, longer at a start,
# when the parts that came meanwhile are still to be fetched.
MOST = 10
PATIENCE, PATIENCE_AT_START = timedelta(seconds=1), timedelta(seconds=5)

_deliveries = table_of(Delivery)
_this = _deliveries.c
_is_queued = text("delivery.state = 'queued'")
_PARTS = (
    select(*[_this[name] for name in NAMES])
    .where(_this.chat_id == bindparam("chat"), _this.album == bindparam("album"), _is_queued)
    .order_by(_this.source_message)
    .limit(MOST)
)


def gathered(session: Session, owed: Owed) -> list[Owed]:
    """The parts of its album that wait to be sent, as their writer ordered them."""
    given = {"chat": owed.chat_id, "album": owed.album}
    rows = session.connection().execute(_PARTS, given).all()
    return [Owed(*row) for row in rows]


def incomplete_until(parts: Sequence[Owed], now: datetime) -> datetime | None:
    """Until when another part may come; None where the album goes now."""
    last = max((part.not_before for part in parts if part.not_before), default=None)
    return last if last is not None and last > now and len(parts) < MOST else None


def wait_for_the_rest(session: Session, now: datetime, theirs: ColumnElement[bool]) -> None:
    """Albums that were under way when the process ended wait for what is still to be fetched."""
    waiting = update(_deliveries).where(_is_queued, _this.album != "", theirs)
    session.connection().execute(waiting.values(not_before=now + PATIENCE_AT_START))


def separate(session: Session, parts: Sequence[Owed], reason: str) -> None:
    """Each part is to be sent by itself."""
    these = update(_deliveries).where(_this.id.in_([part.id for part in parts]))
    alone = these.values(state=DeliveryState.QUEUED, album="", error=reason)
    session.connection().execute(alone)
