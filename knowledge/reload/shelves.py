"""How each kind of row lies in its table: which values it has and whom it refers to."""

from dataclasses import dataclass, field

from knowledge.importers.kinds import FileKind
from knowledge.tables import Appointment, Dispatch, Entry, EntryKind, Organisation, Person

ENTRY_KINDS = {
    FileKind.EXPERTS: EntryKind.EXPERT,
    FileKind.PLATFORMS: EntryKind.PLATFORM,
    FileKind.PATENTS: EntryKind.PATENT,
    FileKind.ACHIEVEMENTS: EntryKind.ACHIEVEMENT,
    FileKind.ANSWERS: EntryKind.ANSWER,
    FileKind.POLICIES: EntryKind.POLICY,
}
Keyed = type[Organisation] | type[Person] | type[Entry] | type[Appointment] | type[Dispatch]


@dataclass(frozen=True)
class Shelf:
    """`values`: columns as they are; `links`: foreign key column -> the table it points to."""

    table: Keyed
    values: tuple[str, ...]
    links: dict[str, type[Organisation] | type[Person]] = field(default_factory=dict)
    entry_kind: EntryKind | None = None


def _entries(kind: EntryKind) -> Shelf:
    values = (
        "title_zh",
        "title_en",
        "summary_zh",
        "summary_en",
        "industries",
        "details",
        "fictional",
    )
    return Shelf(Entry, values, {"organisation_id": Organisation, "person_id": Person}, kind)


SHELVES = {
    FileKind.ORGANISATIONS: Shelf(
        Organisation,
        ("kind", "name_zh", "name_en", "region", "city", "industry", "tier", "fictional"),
    ),
    FileKind.PEOPLE: Shelf(
        Person,
        ("name_zh", "name_en", "languages", "fictional"),
        {"organisation_id": Organisation},
    ),
    **{kind: _entries(entry_kind) for kind, entry_kind in ENTRY_KINDS.items()},
    FileKind.APPOINTMENTS: Shelf(
        Appointment,
        ("starts_on", "ends_on"),
        {"mentor_id": Person, "enterprise_id": Organisation},
    ),
    FileKind.DISPATCHES: Shelf(
        Dispatch,
        ("starts_on", "ends_on"),
        {
            "student_id": Person,
            "enterprise_id": Organisation,
            "supervisor_id": Person,
            "enterprise_supervisor_id": Person,
        },
    ),
}
