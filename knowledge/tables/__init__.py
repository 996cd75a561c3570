"""Every table of what is known; importing this package is enough for the metadata to be whole."""

from knowledge.tables.entries import Entry, EntryKind, Passage
from knowledge.tables.people import (
    Appointment,
    Dispatch,
    Organisation,
    OrganisationKind,
    Person,
    PersonRole,
    Role,
    Tier,
)

__all__ = [
    "Appointment",
    "Dispatch",
    "Entry",
    "EntryKind",
    "Organisation",
    "OrganisationKind",
    "Passage",
    "Person",
    "PersonRole",
    "Role",
    "Tier",
]
