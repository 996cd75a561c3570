"""What the settings say of people: how long things are kept, and how much one person may do."""

from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Policy:
    """`keep_...`: how long. A consultation is counted from its end, all else from its arrival.

    `zone`: where the desk's own clock stands.
    """

    keep_undelivered: timedelta = timedelta(days=7)
    keep_consultations: timedelta = timedelta(days=365)
    keep_deliveries: timedelta = timedelta(days=90)
    keep_inbox: timedelta = timedelta(days=2)
    messages_a_minute: float = 30.0
    presses_a_minute: float = 40.0
    questions_a_day: int = 20
    zone: ZoneInfo = ZoneInfo("Asia/Shanghai")  # noqa: RUF009 (immutable)
