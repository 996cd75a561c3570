"""Nothing of a person is held without a decision on it: every table and every column."""

from collections import Counter
from collections.abc import Iterator

import pytest
from sqlalchemy import BigInteger, Column, Table
from sqlmodel import SQLModel

import bot.delivery.tables
import bot.desk.tables  # noqa: F401 (the metadata must be whole)
from bot.cards.rights import REASONS, TITLES
from bot.desk.rights import ALL, HOLDINGS, NOBODY
from bot.desk.rights.holding import By, Holding, Via, blank, table_named
from bot.sealing import SealedJson, SealedText

TABLES = SQLModel.metadata.tables
WAYS = [pytest.param(one, id=f"{one.table}-{'-'.join(one.owners)}") for one in ALL]
CHATS = ("chat_id", "lane", "source_chat", "copy_chat", "reply_chat")


def people_in(table: Table) -> Iterator[str]:
    """Columns that name a person: by their number, or by that of a chat."""
    for column in table.columns:
        keys = {key.column.table.name for key in column.foreign_keys}
        if (
            "person" in keys
            or column.name in CHATS
            or column.name.endswith("_by")
            or (isinstance(column.type, BigInteger) and "chat" in column.name)
        ):
            yield column.name


def sealed_in(table: Table) -> list[Column[object]]:
    return [one for one in table.columns if isinstance(one.type, (SealedText, SealedJson))]


def test_every_table_is_decided_on() -> None:
    assert set(HOLDINGS) | set(NOBODY) == set(TABLES)
    assert not set(HOLDINGS) & set(NOBODY)


@pytest.mark.parametrize("one", WAYS)
def test_every_column_is_decided_on_once(one: Holding) -> None:
    twice = [name for name, times in Counter(one.columns).items() if times > 1]
    assert twice == []
    assert set(one.columns) == set(table_named(one.table).columns.keys())
    assert set(one.owners) <= set(one.columns)


@pytest.mark.parametrize("name", sorted(NOBODY))
def test_a_table_that_knows_nobody_names_nobody(name: str) -> None:
    assert NOBODY[name]
    assert list(people_in(TABLES[name])) == []
    assert sealed_in(TABLES[name]) == []


@pytest.mark.parametrize("name", sorted(HOLDINGS))
def test_whoever_is_named_has_the_row_or_there_is_a_reason(name: str) -> None:
    ways = HOLDINGS[name]
    for column in people_in(TABLES[name]):
        owns = any(column in one.owners for one in ways)
        explained = all(one.gone or column in (*one.hidden, *one.erased) for one in ways)
        assert owns or explained, f"{name}.{column} names a person, and it is not said whose it is"


@pytest.mark.parametrize("name", sorted(HOLDINGS))
def test_what_people_wrote_is_erased_for_somebody_or_there_is_a_reason(name: str) -> None:
    ways = HOLDINGS[name]
    for column in sealed_in(TABLES[name]):
        erased = any(one.gone or column.name in one.erased for one in ways)
        assert erased or all(one.stays for one in ways), f"{name}.{column.name} is never erased"


@pytest.mark.parametrize("one", WAYS)
def test_every_reason_is_said_and_can_be_said_in_both_languages(one: Holding) -> None:
    assert set(one.hidden.values()) | set(one.blanked.values()) <= set(REASONS)
    assert one.table in TITLES


@pytest.mark.parametrize("one", WAYS)
def test_every_owner_is_of_the_kind_that_its_column_holds(one: Holding) -> None:
    columns = table_named(one.table).c
    for name, by in one.owners.items():
        keys = {key.column.table.name for key in columns[name].foreign_keys}
        if isinstance(by, Via):
            assert name in ("thread", "consultation_id") or by.table in keys
            assert any(way.first_hand for way in HOLDINGS[by.table])
        elif by is By.PERSON:
            assert "person" in keys or name in ("id", "actor_id")
        elif by is By.CHAT:
            assert name in CHATS


@pytest.mark.parametrize("one", WAYS)
def test_an_erased_column_can_be_blank(one: Holding) -> None:
    for name in one.erased:
        assert blank(table_named(one.table).c[name]) in (None, "", 0, False, {}, [])


def test_no_reason_is_left_over() -> None:
    said = {why for one in ALL for why in (*one.hidden.values(), *one.blanked.values())}
    assert said == set(REASONS)
    assert set(TITLES) == set(HOLDINGS)
