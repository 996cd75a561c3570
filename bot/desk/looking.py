"""A person looks: at an entry, at their open consultations, at what is possible."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from bot.delivery.outbox import owe_card
from bot.desk.archive import show_closed
from bot.desk.errors import RefusedError
from bot.desk.members import require_member
from bot.desk.tables import Candidate, Chat, Consultation, Stage
from bot.desk.talking import described
from bot.desk.views import Member, OpenConsultation, Words
from knowledge.queries import entry_by_id
from knowledge.views import EntryView

# The details of each kind that help to decide, in the order shown.
FACTS = (
    "number",
    "patent_type",
    "licence",
    "fee",
    "royalty_percent",
    "terms",
    "offered_until",
    "maturity",
    "equipment",
    "opening",
    "answer",
    "answered_on",
    "issuer",
    "issued_on",
    "url",
)


@dataclass(frozen=True)
class Fact:
    """One detail of an entry, by the name of its column."""

    name: str
    value: str


@dataclass(frozen=True)
class EntryCardView:
    """An entry in full; `candidate` is the line of the draft it can be chosen by, 0 without one."""

    kind: str
    title: Words
    summary: Words
    person: Words
    organisation: Words
    region: str
    fictional: bool
    facts: tuple[Fact, ...]
    consultation: int
    candidate: int


@dataclass(frozen=True)
class OpenView:
    """`current`: the one that its reader has switched to."""

    options: tuple[OpenConsultation, ...]
    current: int | None = None


def show_entry(session: Session, chat_id: int, entry_id: int, *, now: datetime) -> None:
    member = require_member(session, chat_id)
    entry = entry_by_id(session, entry_id)
    if entry is None:
        raise RefusedError("stale_button")
    view = _entry_view(session, member, entry)
    owe_card(session, chat_id, "entry", view, now=now, language=member.language)


def show_open(session: Session, chat_id: int, *, now: datetime) -> None:
    member = require_member(session, chat_id)
    current = session.get_one(Chat, chat_id).current_id
    view = OpenView(tuple(described(session, member)), current)
    owe_card(session, chat_id, "consultations", view, now=now, language=member.language)
    show_closed(session, member, now)


def _entry_view(session: Session, member: Member, entry: EntryView) -> EntryCardView:
    draft = session.exec(
        select(Candidate.consultation_id, Candidate.id)
        .join(Consultation, col(Consultation.id) == Candidate.consultation_id)
        .where(
            Candidate.entry_key == entry.key,
            col(Candidate.person_id).is_not(None),
            Consultation.asker_id == member.person_id,
            Consultation.stage == Stage.DRAFT,
        )
        .order_by(col(Candidate.id).desc())
    ).first()
    consultation, candidate = draft or (0, 0)
    return EntryCardView(
        kind=entry.kind,
        title=Words(entry.title_zh, entry.title_en),
        summary=Words(entry.summary_zh, entry.summary_en),
        person=Words(entry.person_name_zh, entry.person_name_en),
        organisation=Words(entry.organisation_name_zh, entry.organisation_name_en),
        region=entry.region,
        fictional=entry.fictional,
        facts=tuple(_facts(entry, member.language)),
        consultation=consultation,
        candidate=candidate or 0,
    )


def _facts(entry: EntryView, language: str) -> list[Fact]:
    other = "en" if language == "zh" else "zh"
    found = []
    for name in FACTS:
        spellings = (f"{name}_{language}", f"{name}_{other}", name)
        value = next((entry.details[key] for key in spellings if entry.details.get(key)), None)
        if value is not None:
            found.append(Fact(name, str(value)))
    return found
