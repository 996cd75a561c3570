"""Each app offers what its person can do, in their language; nothing is sent twice."""

from typing import Any

from sqlmodel import select

from bot.desk import menus, onboarding
from bot.desk.tables import CommandMenu
from knowledge.tables import PersonRole, Role
from tests.bot.desk.conftest import ADMIN, ASKER, MENTORS, NOW, Office


def given(office: Office, chat_id: int) -> dict[str, Any]:
    """The last menu owed to a chat."""
    owed = [one for one in office.owed(chat_id) if one.method == "setMyCommands"]
    return owed[-1].values


def names(office: Office, chat_id: int) -> set[str]:
    return {one["command"] for one in given(office, chat_id)["commands"]}


def test_each_app_offers_what_its_person_can_do(office: Office) -> None:
    menus.refresh(office.session, now=NOW)
    assert "queue" not in names(office, ASKER)
    assert "ask" in names(office, ASKER)
    assert {"queue", "away", "capacity"} <= names(office, MENTORS[0])
    assert not {"admin", "ask"} & names(office, MENTORS[0])
    assert "admin" in names(office, ADMIN)
    assert given(office, ADMIN)["scope"] == {"type": "chat", "chat_id": ADMIN}


def test_what_was_given_is_not_given_again(office: Office) -> None:
    assert menus.refresh(office.session, now=NOW) == len(office.people)
    assert menus.refresh(office.session, now=NOW) == 0
    assert menus.due(office.session) == []


def test_another_language_gives_another_menu(office: Office) -> None:
    menus.refresh(office.session, now=NOW)
    onboarding.choose_language(office.session, ASKER, "en", now=NOW)
    assert menus.refresh(office.session, now=NOW) == 1
    texts = {one["description"] for one in given(office, ASKER)["commands"]}
    assert "Ask a new question" in texts


def test_another_role_gives_another_menu_and_so_does_its_loss(office: Office) -> None:
    menus.refresh(office.session, now=NOW)
    office.give_role(ASKER, "mentor")
    assert menus.refresh(office.session, now=NOW) == 1
    assert {"ask", "queue"} <= names(office, ASKER)
    role = office.session.exec(
        select(Role).where(Role.person_id == office.people[ASKER], Role.role == PersonRole.MENTOR)
    ).one()
    office.session.delete(role)
    office.session.flush()
    menus.refresh(office.session, now=NOW)
    assert "queue" not in names(office, ASKER)


def test_a_command_whose_text_changed_is_given_to_all_again(office: Office) -> None:
    menus.refresh(office.session, now=NOW)
    kept = office.session.get_one(CommandMenu, ASKER)
    kept.menu = "zh:of an older version"
    office.session.flush()
    assert [one[0] for one in menus.due(office.session)] == [ASKER]


def test_who_has_blocked_the_bot_is_given_nothing_until_they_are_back(office: Office) -> None:
    office.block(ASKER)
    menus.refresh(office.session, now=NOW)
    assert ASKER not in {row.chat_id for row in office.session.exec(select(CommandMenu))}


def test_a_command_that_is_none_is_answered_with_those_like_it(office: Office) -> None:
    menus.suggest(office.session, MENTORS[0], "quene", now=NOW)
    view = office.last(MENTORS[0], "unknown_command")
    assert [one["name"] for one in view["alike"]] == ["queue"]


def test_nobody_is_led_to_a_command_that_is_not_theirs(office: Office) -> None:
    menus.suggest(office.session, ASKER, "quene", now=NOW)
    assert office.last(ASKER, "unknown_command")["alike"] == []


def test_a_stranger_is_told_in_a_sentence(office: Office) -> None:
    with office.refuses("unknown_command"):
        menus.suggest(office.session, 999, "quene", now=NOW)
