"""A mentor's ready answers are kept by name, and are nobody else's."""

import pytest
from sqlmodel import select

from bot.desk import saving, showing_inline
from bot.desk.tables import CannedAnswer
from tests.bot.desk.conftest import ASKER, MENTORS, NOW, Office

FIRST, SECOND, _ = MENTORS
BOLD = {"type": "bold", "offset": 0, "length": 2}


def save(
    office: Office, name: str = "排气", text: str = "先查排气槽", chat_id: int = FIRST
) -> None:
    said = office.heard(chat_id, text, entities=(BOLD,))
    saving.save(office.session, chat_id, name, said, now=NOW)


def names(office: Office, chat_id: int, typed: str = "") -> list[str]:
    return [one.name for one in showing_inline.ready_for(office.session, chat_id, typed)]


def test_what_was_saved_is_found_by_a_part_of_its_name_with_its_formatting(office: Office) -> None:
    save(office)
    (found,) = showing_inline.ready_for(office.session, FIRST, "气")
    assert (found.name, found.text, found.entities) == ("排气", "先查排气槽", (BOLD,))
    assert names(office, FIRST, "冷却") == []


def test_nobody_else_finds_it(office: Office) -> None:
    save(office)
    assert names(office, SECOND) == names(office, ASKER) == names(office, 999) == []


def test_the_same_name_replaces_what_was_saved(office: Office) -> None:
    save(office, "Venting")
    save(office, "venting", "另一种说法")
    (kept,) = office.session.exec(select(CannedAnswer)).all()
    assert (kept.name, kept.text) == ("venting", "另一种说法")


@pytest.mark.parametrize("name", ["", "  ", "长" * 33])
def test_without_a_short_name_it_is_said_how(office: Office, name: str) -> None:
    with office.refuses("save_how", limit=32):
        save(office, name)


def test_without_a_message_of_words_it_is_said_how(office: Office) -> None:
    with office.refuses("save_how"):
        saving.save(office.session, FIRST, "排气", None, now=NOW)
    with office.refuses("save_how"):
        save(office, text="")


def test_there_is_room_for_fifty(office: Office) -> None:
    for number in range(50):
        save(office, f"第{number}")
    with office.refuses("save_full", most=50):
        save(office, "再来")
    save(office, "第7", "改过的")


def test_an_asker_saves_nothing(office: Office) -> None:
    with office.refuses("for_mentors"):
        save(office, chat_id=ASKER)


def test_what_is_kept_is_listed_and_deleted_by_nobody_else(office: Office) -> None:
    save(office)
    save(office, "冷却")
    saving.show(office.session, FIRST, now=NOW)
    listed = office.last(FIRST, "kept")["kept"]
    assert [one["name"] for one in listed] == ["排气", "冷却"]
    number = listed[0]["number"]
    with office.refuses("not_yours"):
        saving.delete(office.session, SECOND, number, now=NOW)
    for _ in range(2):  # a button pressed twice
        saving.delete(office.session, FIRST, number, now=NOW)
        assert [one["name"] for one in office.last(FIRST, "kept")["kept"]] == ["冷却"]
