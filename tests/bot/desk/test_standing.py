"""What is possible now is said for the state a person is in, with the buttons that serve."""

from typing import Any

from bot.desk import asking, closing, offering, resting, standing
from tests.bot.desk.conftest import ADMIN, ASKER, DAY, MENTORS, NOW, Office
from tests.bot.desk.test_resting import ZONE


def helped(office: Office, chat_id: int = ASKER) -> dict[str, Any]:
    standing.show_help(office.session, chat_id, now=NOW)
    return office.last(chat_id, "help")


def stands(office: Office, number: int, chat_id: int = ASKER) -> dict[str, Any]:
    standing.show_now(office.session, chat_id, number, now=NOW)
    return office.last(chat_id, "stands")


def test_help_knows_roles_and_their_commands(office: Office) -> None:
    assert helped(office, ADMIN)["roles"] == ["admin"]
    asker = {one["name"] for one in helped(office)["commands"]}
    assert "ask" in asker
    assert "queue" not in asker


def test_help_knows_an_open_form(office: Office) -> None:
    asking.invite_question(office.session, ASKER, now=NOW)
    assert helped(office)["form"] == "question"


def test_help_follows_a_question_from_draft_to_talk(office: Office) -> None:
    number = office.ask()
    assert helped(office)["draft"] == number
    office.send(number)
    found = helped(office)
    assert (found["draft"], found["offered"]) == (0, 1)
    assert helped(office, MENTORS[0])["offers"] == 1
    office.talk(1)
    assert helped(office)["talks"] == 1
    assert helped(office, MENTORS[1])["talks"] == 1


def test_help_knows_who_is_away(office: Office) -> None:
    resting.leave(office.session, MENTORS[0], "3 days", ZONE, DAY, now=NOW)
    assert helped(office, MENTORS[0])["away"]


def test_a_spent_button_shows_where_its_consultation_stands(office: Office) -> None:
    number = office.talk()
    assert stands(office, number)["stage"] == "active"
    assert stands(office, number, MENTORS[0])["side"] == "mentor"
    closing.settle(office.session, ASKER, number, True, now=NOW)
    assert stands(office, number)["closed"]


def test_an_open_offer_is_shown_to_whom_it_was_made(office: Office) -> None:
    number = office.ask()
    office.send(number)
    found = stands(office, number, MENTORS[0])
    assert (found["side"], found["offer"]) == ("offered", office.offer(number).id)


def test_nobody_learns_where_anothers_consultation_stands(office: Office) -> None:
    number = office.ask()
    office.send(number)
    offering.withdraw(office.session, ASKER, number, now=NOW)
    standing.show_now(office.session, MENTORS[2], number, now=NOW)
    assert "stands" not in office.cards(MENTORS[2])
    assert office.cards(MENTORS[2])[-1] == "help"


def test_a_stranger_is_shown_nothing(office: Office) -> None:
    standing.show_now(office.session, 999, 1, now=NOW)
    assert office.owed(999) == []
