"""One commit of the sender: what came back, and what goes next."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from bot.delivery import albums, ledger
from bot.delivery.ledger import Claimed
from bot.delivery.outgoing import HELD_IN_CHAT
from bot.delivery.owed import Owed


@dataclass(frozen=True, slots=True)
class Begun:
    """What may be sent now, what waits for the rest of its album, what hungry chats hold, and
    chats found by a sweep."""

    claimed: Sequence[Claimed]
    early: Sequence[tuple[Owed, datetime]]
    loaded: dict[int, list[Owed]]
    swept: Sequence[int]


@dataclass(slots=True)
class Batch:
    """What one transaction settles, and what it begins.

    `sweep`: shares to look for chats in. `settled`: the chats of what came back.
    """

    sent: list[tuple[Owed, int | None]] = field(default_factory=list)
    returned: list[tuple[Owed, str, datetime]] = field(default_factory=list)
    separated: list[tuple[Sequence[Owed], str]] = field(default_factory=list)
    picked: Sequence[Owed] = ()
    hungry: Sequence[int] = ()
    sweep: Collection[int] | None = None
    settled: list[int] = field(default_factory=list)

    def __bool__(self) -> bool:
        sweeps = self.sweep is not None
        begins = any((self.picked, self.hungry, sweeps))
        return begins or any((self.sent, self.returned, self.separated))

    def run(self, session: Session, now: datetime) -> Begun:
        """What is sent is recorded before the same chat's next is claimed."""
        ledger.record_sent(session, self.sent, now)
        for returned in self.returned:
            ledger.put_back(session, *returned)
        for separated in self.separated:
            albums.separate(session, *separated)
        return Begun(
            *ledger.claim(session, self.picked, now),
            ledger.load(session, self.hungry, HELD_IN_CHAT),
            () if self.sweep is None else ledger.waiting_chats(session, self.sweep),
        )
