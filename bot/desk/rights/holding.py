"""How the rows of one table belong to people, and what of them is given out and erased."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Column, ColumnElement, Integer, Table, or_, select
from sqlmodel import SQLModel

from bot.sealing import SealedJson


class By(StrEnum):
    """What a column says of whose a row is."""

    PERSON = "person"
    CHAT = "chat"
    ENTERPRISE = "enterprise"  # one that they introduced, with nobody else in it


@dataclass(frozen=True)
class Via:
    """The row is whose the row of another table is."""

    table: str
    column: str = "id"


@dataclass(frozen=True)
class Subject:
    """One person, as the tables know them."""

    person: int
    chats: tuple[int, ...] = ()
    enterprises: tuple[int, ...] = ()

    def ids(self, by: By) -> tuple[int, ...]:
        return {
            By.PERSON: (self.person,),
            By.CHAT: self.chats,
            By.ENTERPRISE: self.enterprises,
        }[by]


@dataclass(frozen=True)
class Holding:
    """One way in which rows of a table belong to a person. Each column stands in one group.

    `owners`: the columns that say so. `shown`: given out, and stays, for it names nobody once the
    person's own row is empty. `words`: given out, and erased. `hidden`, `blanked`: not given out,
    each with the reason; the latter is erased. `gone`: the whole row is deleted. `stays`: why
    words are not erased where they are not. `only`: rows in which this column is not empty;
    `unless`: the rows in which this one is not empty are left as they are.
    """

    table: str
    owners: Mapping[str, By | Via]
    shown: str = ""
    words: str = ""
    hidden: Mapping[str, str] = field(default_factory=dict)
    blanked: Mapping[str, str] = field(default_factory=dict)
    gone: bool = False
    stays: str = ""
    only: str = ""
    unless: str = ""

    @property
    def given(self) -> list[str]:
        return [*self.shown.split(), *self.words.split()]

    @property
    def erased(self) -> list[str]:
        return [*self.words.split(), *self.blanked]

    @property
    def first_hand(self) -> bool:
        """Whether its owners are people and chats, and not rows that are somebody's."""
        return all(isinstance(by, By) for by in self.owners.values())

    @property
    def columns(self) -> list[str]:
        """All that is decided on; a column in two groups stands here twice."""
        return [*self.given, *self.hidden, *self.blanked]

    def of(self, subject: Subject, holdings: Mapping[str, tuple["Holding", ...]]) -> Any:
        """The condition that a row is theirs."""
        table = table_named(self.table)
        return or_(
            *(_is_theirs(table.c[name], by, subject, holdings) for name, by in self.owners.items())
        )


def _is_theirs(
    column: Column[Any],
    by: By | Via,
    subject: Subject,
    holdings: Mapping[str, tuple[Holding, ...]],
) -> ColumnElement[bool]:
    if isinstance(by, By):
        return column.in_(subject.ids(by))
    parent = table_named(by.table)
    # Nothing is whose it is by way of itself.
    ways = [one.of(subject, holdings) for one in holdings[by.table] if one.first_hand]
    return column.in_(select(parent.c[by.column]).where(or_(*ways)))


def table_named(name: str) -> Table:
    return SQLModel.metadata.tables[name]


def blank(column: Column[Any]) -> Any:
    """What stands in an erased column."""
    if column.nullable:
        return None
    if isinstance(column.type, (SealedJson, JSON)):
        default: Any = column.default
        return default.arg(None)
    return 0 if isinstance(column.type, Integer) else ""
