"""What the desk does when a delivery does not arrive, in the transaction that records it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlmodel import Session

from bot.delivery.tables import Delivery


class OnUndelivered(Protocol):
    """A use case; `reason` is a code (blocked, deactivated ...) or Telegram's own sentence."""

    def __call__(
        self, session: Session, delivery: Delivery, reason: str, /, *, now: datetime
    ) -> object: ...


class OnMigrated(Protocol):
    """A use case: the group `old` has the id `new` from now on."""

    def __call__(self, session: Session, old: int, new: int, /, *, now: datetime) -> object: ...


class OnTopicGone(Protocol):
    """A use case: the topic of a consultation is gone from a chat, and another is to be opened."""

    def __call__(
        self, session: Session, chat_id: int, thread: int, /, *, now: datetime
    ) -> object: ...


@dataclass(frozen=True)
class Hooks:
    """Each is called once for each delivery concerned.

    `unreachable`: the chat takes nothing from the bot. `failed`: this delivery was refused.
    `uncertain`: no answer came, so it may have arrived or not.
    """

    unreachable: OnUndelivered | None = None
    failed: OnUndelivered | None = None
    uncertain: OnUndelivered | None = None
    migrated: OnMigrated | None = None
    topic_gone: OnTopicGone | None = None
