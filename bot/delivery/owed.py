"""A delivery as the sender holds it: the row's values, free of any session."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Owed:
    """See bot.delivery.tables.Delivery for what each means."""

    id: int
    chat_id: int
    priority: int
    method: str
    card: str
    values: Mapping[str, Any]
    language: str
    attachment: str
    thread: int | None
    topic: int | None
    slot: str
    album: str
    source_chat: int | None
    source_message: int | None
    reply_chat: int | None
    reply_message: int | None
    not_before: datetime | None
    attempts: int

    @property
    def key(self) -> tuple[int, int]:
        """The order in which a chat's deliveries go."""
        return self.priority, self.id

    @property
    def not_before_seconds(self) -> float:
        """As a Unix time; 0 where it may go at once."""
        return self.not_before.timestamp() if self.not_before else 0.0


NAMES = tuple(field.name for field in fields(Owed))
