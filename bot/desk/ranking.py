"""Which of what was found is shown to an asker, and in which order.

People are ranked by relevance x (1 + the sum of the gains in WEIGHTS), among those whose match is
called alike: so gains choose between comparable people, and never put a weaker match first. The
order of people on the card is the order in which they are asked.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlmodel import Session, col, select

from bot.desk.records import Record, in_hand, known_to, records_of
from bot.desk.spare import hindered_among
from bot.desk.tables import Judgement, Verdict
from bot.desk.views import Found, Member, Reason
from knowledge.bonds import bonds
from knowledge.queries import entries_by_key
from knowledge.views import Bond, EntryView

# Enough to choose from on one phone screen; people first, for they answer.
SHOWN = {"expert": 5, "platform": 2, "patent": 2, "answer": 2, "achievement": 1, "policy": 1}

# Where something fits, so many people are shown to choose among, the weaker ones marked as such.
PEOPLE = 3

# The kinds whose person answers, and is offered the question.
ANSWERING = ("expert", "answer")

# What each reason can add to relevance, as a share of it: together at most a tenth, and a full
# desk takes off less than that, so nobody passes one who fits better by a fifth.
WEIGHTS = {"appointed": 0.04, "supervises": 0.02, "same_region": 0.02, "answers": 0.02}
LOAD = 0.04

# Who can't be asked now comes after all whose match is called alike, and it is said why.
HINDERED = -0.9

# Consultations that a mentor has on offer or in talk before they count as busy.
CAPACITY = 5

# Of one organisation among the people shown, unless the next from elsewhere fits less than this
# share as well.
OF_ONE_HOME = 2
COMPARABLE = 0.8


@dataclass(frozen=True)
class Line:
    """What was found, the bonds of its person, and why it stands where it does."""

    hit: Found
    bond: Bond
    reasons: tuple[Reason, ...] = ()

    @property
    def worth(self) -> float:
        return self.hit.score * (1 + sum(reason.gain for reason in self.reasons))


def ranked(
    session: Session,
    member: Member,
    found: Sequence[Found],
    now: datetime,
) -> list[tuple[EntryView, Found, tuple[Reason, ...]]]:
    """The best of each kind; nothing where all are weak.

    Hard filters: nobody is offered their own question or their own enterprise's, nor one whose
    asker or enterprise they declined for a conflict of interest.
    """
    if all(hit.strength == "weak" for hit in found):
        return []
    lines = _lines(session, member, found, now)
    people = _people([line for line in lines if line.bond.kind == "expert"])
    chosen = [*people, *_things([line for line in lines if line.bond.kind != "expert"])]
    entries = entries_by_key(session, [line.hit.entry for line in chosen])
    return [
        (entries[line.hit.entry], line.hit, line.reasons)
        for line in chosen
        if line.hit.entry in entries
    ]


def busy_with(session: Session, person_id: int, beside: int | None = None) -> int:
    """What somebody has in hand now beside one consultation, where they are busy; else nought."""
    held = in_hand(session, person_id, beside)
    return held if held >= CAPACITY else 0


def struck_from(session: Session, consultation_id: int) -> set[str]:
    """The entries whose last tap by the asker is "not relevant"."""
    rows = session.exec(
        select(Judgement.entry_key, Judgement.verdict)
        .where(
            Judgement.consultation_id == consultation_id,
            col(Judgement.verdict).in_((Verdict.NOT_RELEVANT, Verdict.RELEVANT)),
        )
        .order_by(col(Judgement.id))
    )
    return {key for key, verdict in dict(rows.all()).items() if verdict is Verdict.NOT_RELEVANT}


def take_strikes_back(
    session: Session, consultation_id: int, person_id: int, now: datetime
) -> None:
    """A line was struck as an answer to the question as it stood; another turn makes another."""
    session.add_all(
        Judgement(
            consultation_id=consultation_id,
            entry_key=key,
            verdict=Verdict.RELEVANT,
            person_id=person_id,
            judged_at=now,
        )
        for key in sorted(struck_from(session, consultation_id))
    )


def reasons_for(bond: Bond, record: Record) -> tuple[Reason, ...]:
    """Every term that counts for or against a person, the weightiest first; the rest is nought.

    Somebody without a record has no term from it: newcomers are neither praised nor punished.
    """
    terms = [
        Reason("appointed", 0, WEIGHTS["appointed"] * bond.appointed),
        Reason("supervises", 0, WEIGHTS["supervises"] * bond.supervises),
        Reason("same_region", 0, WEIGHTS["same_region"] * bond.same_region),
        _answers(record),
        _load(record),
    ]
    counting = [term for term in terms if term.gain]
    return tuple(sorted(counting, key=lambda term: -abs(term.gain)))


def _answers(record: Record) -> Reason:
    gain = round(WEIGHTS["answers"] * (2 * record.promptness - 1), 4)
    return Reason("answers" if gain > 0 else "slow", record.hours, gain)


def _load(record: Record) -> Reason:
    gain = -round(LOAD * min(record.load / CAPACITY, 1), 4)
    return Reason("busy" if record.load >= CAPACITY else "load", record.load, gain)


def _lines(
    session: Session,
    member: Member,
    found: Sequence[Found],
    now: datetime,
) -> list[Line]:
    keys = [hit.entry for hit in found]
    known = bonds(session, keys, member.enterprise_id, now.date())
    people = {bond.person_id for bond in known.values() if bond.person_id is not None}
    records = records_of(session, people, member, now)
    hindered = hindered_among(session, people, now)
    return [
        Line(hit, bond, _reasons(bond, records, hindered))
        for hit in found
        if (bond := known.get(hit.entry)) is not None and not _conflicts(bond, member, records)
    ]


def _reasons(
    bond: Bond, records: Mapping[int, Record], hindered: Mapping[int, str]
) -> tuple[Reason, ...]:
    if bond.kind != "expert" or bond.person_id is None:
        return ()
    found = reasons_for(bond, known_to(records, bond.person_id))
    why = hindered.get(bond.person_id)
    return (Reason(why, 0, HINDERED), *found) if why else found


def _conflicts(bond: Bond, member: Member, records: Mapping[int, Record]) -> bool:
    if bond.person_id is None:
        return False
    if bond.person_id == member.person_id:
        return True
    if bond.kind not in ANSWERING:
        return False
    at_home = member.enterprise_id is not None and bond.home_id == member.enterprise_id
    return at_home or known_to(records, bond.person_id).conflict


def _people(lines: Sequence[Line]) -> list[Line]:
    """The experts shown, best first, of various organisations."""
    relevant = sorted(lines, key=lambda line: -line.hit.score)
    waiting = [
        line
        for _, alike in groupby(relevant, key=lambda line: line.hit.strength)
        for line in sorted(alike, key=lambda line: -line.worth)
    ]
    chosen: list[Line] = []
    while waiting and len(chosen) < SHOWN["expert"]:
        line = _next(waiting, chosen)
        waiting.remove(line)
        if line.hit.strength != "weak" or len(chosen) < PEOPLE:
            chosen.append(line)
    return chosen


def _next(waiting: Sequence[Line], chosen: Sequence[Line]) -> Line:
    """The best; or, where its organisation has its share, one from elsewhere that compares."""
    best = waiting[0]
    for line in waiting:
        compares = line.worth >= COMPARABLE * best.worth and line.hit.strength == best.hit.strength
        if compares and not _has_its_share(line.bond.home_id, chosen):
            return line
    return best


def _has_its_share(home: int | None, chosen: Iterable[Line]) -> bool:
    return home is not None and sum(line.bond.home_id == home for line in chosen) >= OF_ONE_HOME


def _things(lines: Sequence[Line]) -> list[Line]:
    """The best of each other kind, by relevance alone."""
    order = [kind for kind in SHOWN if kind != "expert"]
    return [
        line
        for kind in order
        for line in sorted(
            (line for line in lines if line.bond.kind == kind and line.hit.strength != "weak"),
            key=lambda line: -line.hit.score,
        )[: SHOWN[kind]]
    ]
