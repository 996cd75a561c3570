"""What stands on the list beneath "@bot question": public entries, and one's own ready answers."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from bot.desk.members import find_member, spoken
from bot.desk.resting import ANSWERING
from bot.desk.tables import CannedAnswer
from bot.desk.views import Found, Member, Words
from knowledge.queries import entries_by_key
from knowledge.views import EntryView

# Public knowledge that helps by itself; of consultations nothing is ever looked at here.
KINDS = ("expert", "platform", "patent", "answer")
# Telegram takes at most so many results.
MOST = 50


@dataclass(frozen=True)
class Shown:
    """A public entry, as one line and as the card that choosing it sends."""

    entry: int
    kind: str
    title: Words
    person: Words
    organisation: Words
    summary: Words
    evidence: str
    fictional: bool


@dataclass(frozen=True)
class Ready:
    """A mentor's own ready answer."""

    number: int
    name: str
    text: str
    entities: tuple[dict[str, object], ...]


def language_for(session: Session, person_chat: int, spoken_code: str) -> str:
    """Of whoever asks, known here or not."""
    member = find_member(session, person_chat)
    return member.language if member is not None else spoken(spoken_code)


def entries_among(session: Session, found: Sequence[Found]) -> list[Shown]:
    """Those still known, best first; nothing where nothing fits."""
    hits = [hit for hit in found if hit.strength != "weak"]
    known = entries_by_key(session, [hit.entry for hit in hits])
    shown = [
        _shown(known[hit.entry], hit)
        for hit in hits
        if hit.entry in known and known[hit.entry].kind in KINDS
    ]
    return shown[:MOST]


def ready_for(session: Session, person_chat: int, typed: str) -> list[Ready]:
    """One's own ready answers whose name holds what was typed; nobody else's, whoever asks."""
    member = find_member(session, person_chat)
    if member is None or not _answers(member):
        return []
    rows = session.exec(
        select(CannedAnswer)
        .where(CannedAnswer.person_id == member.person_id)
        .order_by(col(CannedAnswer.id))
    )
    wanted = typed.strip().casefold()
    found = [row for row in rows if wanted in row.name.casefold()]
    return [Ready(row.id or 0, row.name, row.text, tuple(row.entities)) for row in found][:MOST]


def _answers(member: Member) -> bool:
    return member.consented and not member.roles.isdisjoint(ANSWERING)


def _shown(entry: EntryView, hit: Found) -> Shown:
    return Shown(
        entry=entry.id,
        kind=entry.kind,
        title=Words(entry.title_zh, entry.title_en),
        person=Words(entry.person_name_zh, entry.person_name_en),
        organisation=Words(entry.organisation_name_zh, entry.organisation_name_en),
        summary=Words(entry.summary_zh, entry.summary_en),
        evidence=hit.evidence,
        fictional=entry.fictional,
    )
