"""Whom and what a card names."""

from dataclasses import dataclass

from bot.desk.tables import Awaiting
from knowledge.tables import PersonRole


@dataclass(frozen=True)
class Words:
    """The same words in both languages; one of them may be empty."""

    zh: str
    en: str


@dataclass(frozen=True)
class Member:
    """A person in their chat. `consented`: to some terms of ours; `current`: to the newest."""

    person_id: int
    chat_id: int
    language: str
    roles: frozenset[PersonRole]
    enterprise_id: int | None
    awaiting: Awaiting
    consented: bool
    here: bool
    current: bool = True

    def has(self, role: PersonRole) -> bool:
        return role in self.roles


@dataclass(frozen=True)
class Context:
    """What a mentor may know of the enterprise before accepting: never a name."""

    industry: str
    region: str
    tier: str
