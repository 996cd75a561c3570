"""What became of every word, by the simulated Telegram's own record."""

from collections import Counter
from dataclasses import dataclass, fields

from sqlalchemy import or_
from sqlmodel import Session, col, func, select

from bot.delivery.ledger import REPEATED
from bot.delivery.tables import Delivery, DeliveryState, InboxUpdate
from tests.reliability.driver import IDENTITY, Ground


@dataclass(frozen=True)
class Report:
    """`repeated`: arrivals beyond the first. `marked`: words of which the desk itself says that
    they may have gone twice, or not at all; `unmarked`: words that did, and it does not say so.
    `undone`: updates still in the inbox."""

    kills: int
    messages: int
    delivered: int
    lost: int
    repeated: int
    marked: int
    unmarked: int
    out_of_order: int
    wrong_recipient: int
    undone: int

    @classmethod
    def heading(cls) -> str:
        return " | ".join(each.name.replace("_", " ") for each in fields(cls))

    def row(self) -> str:
        return " | ".join(str(getattr(self, each.name)) for each in fields(self))


def report(ground: Ground) -> Report:
    """Each word exactly: who wrote it, whom it reached, as which of its writer's."""
    owed = _owed(ground)
    arrived = ground.arrived()
    right = [(chat, words) for chat, words in arrived if owed.get(words) == chat]
    counted = Counter(words for _, words in right)
    marked = _marked(ground)
    with Session(ground.engine) as session:
        waits = col(InboxUpdate.done_at).is_(None)
        undone = session.exec(select(func.count()).select_from(InboxUpdate).where(waits)).one()
    return Report(
        kills=ground.kills,
        messages=len(owed),
        delivered=len(counted),
        lost=len(owed) - len(counted),
        repeated=sum(counted.values()) - len(counted),
        marked=len(marked),
        unmarked=sum(times > 1 and words not in marked for words, times in counted.items()),
        out_of_order=_out_of_order(right),
        wrong_recipient=len(arrived) - len(right),
        undone=undone,
    )


def _owed(ground: Ground) -> dict[str, int]:
    """The chat that each word belongs in."""
    owed: dict[str, int] = {}
    for talk in ground.talks:
        owed |= {f"{talk.number} to {n}": talk.mentor.id for n in range(talk.asked)}
        owed |= {f"{talk.number} back {n}": talk.asker.id for n in range(talk.answered)}
    return owed


def _out_of_order(arrived: list[tuple[int, str]]) -> int:
    """First arrivals that come after a later word of the same writer."""
    last: dict[int, int] = {}
    wrong = 0
    for chat, words in dict.fromkeys(arrived):
        found = IDENTITY.match(words)
        assert found is not None
        number = int(found.group(3))
        wrong += number < last.get(chat, -1)
        last[chat] = max(number, last.get(chat, -1))
    return wrong


def _marked(ground: Ground) -> set[str]:
    """The words whose delivery is recorded as repeated or uncertain."""
    marks = or_(col(Delivery.error) == REPEATED, col(Delivery.state) == DeliveryState.UNCERTAIN)
    with Session(ground.engine) as session:
        found = session.exec(select(Delivery).where(marks)).all()
        sources = [(row.source_chat, row.source_message) for row in found]
    chats = ground.simulator.world.chats
    return {
        chats[chat].by_id[message].text or ""
        for chat, message in sources
        if chat is not None and message is not None
    }
