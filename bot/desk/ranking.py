"""Which of what was found is shown to an asker, and in which order."""

from collections.abc import Sequence

from sqlmodel import Session

from bot.desk.views import Found, Member
from knowledge.queries import entries_by_key
from knowledge.views import EntryView

# Enough to choose from on one phone screen; people first, for they answer.
SHOWN = {"expert": 5, "platform": 2, "patent": 2, "answer": 2, "achievement": 1, "policy": 1}

# Where something fits, so many people are shown to choose among, the weaker ones marked as such.
PEOPLE = 3


def ranked(
    session: Session, member: Member, found: Sequence[Found]
) -> list[tuple[EntryView, Found]]:
    """The best of each kind; nothing where all are weak.

    Nobody is offered their own question (a hard filter).
    """
    if all(hit.strength == "weak" for hit in found):
        return []
    entries = entries_by_key(session, [hit.entry for hit in found])
    room = dict(SHOWN)
    chosen = []
    for hit in found:
        entry = entries.get(hit.entry)
        if entry is None or entry.person_id == member.person_id or not room.get(entry.kind):
            continue
        people = SHOWN["expert"] - room["expert"]
        if hit.strength == "weak" and (entry.kind != "expert" or people >= PEOPLE):
            continue
        room[entry.kind] -= 1
        chosen.append((entry, hit))
    order = list(SHOWN)
    return sorted(chosen, key=lambda pair: (order.index(pair[0].kind), -pair[1].score))
