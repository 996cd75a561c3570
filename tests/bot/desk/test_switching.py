"""Which of several consultations somebody talks in, where their chat has no topics."""

import pytest

from bot.desk import asking, closing, looking, routing, switching, talking
from bot.desk.views import Route
from tests.bot.desk.conftest import ADMIN, ASKER, DAY, MENTORS, NOW, Office


@pytest.fixture
def two(office: Office) -> tuple[int, int]:
    """The asker talks in two."""
    return office.talk(0), office.talk(1)


def route(office: Office, text: str = "板厚1.2毫米") -> Route:
    return routing.route(office.session, office.heard(ASKER, text))


def write(office: Office, chat_id: int, number: int) -> None:
    talking.relay(office.session, office.heard(chat_id), number, now=NOW)


def test_what_is_written_after_a_switch_goes_there(office: Office, two: tuple[int, int]) -> None:
    assert route(office).to == "choice"
    switching.talk_in(office.session, ASKER, two[0], now=NOW)
    for _ in range(2):
        found = route(office)
        assert (found.to, found.consultation) == ("talk", two[0])
        write(office, ASKER, two[0])


def test_the_switch_is_shown_and_kept(office: Office, two: tuple[int, int]) -> None:
    switching.talk_in(office.session, ASKER, two[1], now=NOW)
    view = office.last(ASKER, "talking_in")
    assert view["consultation"] == two[1]
    assert [option["consultation"] for option in view["options"]] == list(two)
    office.session.flush()
    office.session.expunge_all()
    looking.show_open(office.session, ASKER, now=NOW)
    assert office.last(ASKER, "consultations")["current"] == two[1]
    assert route(office).consultation == two[1]


def test_once_another_one_speaks_it_is_asked_again(office: Office, two: tuple[int, int]) -> None:
    switching.talk_in(office.session, ASKER, two[0], now=NOW)
    write(office, MENTORS[1], two[1])
    assert route(office).to == "choice"
    write(office, MENTORS[0], two[0])
    assert route(office).consultation == two[0]


def test_after_a_reply_to_another_one_it_is_asked_again(
    office: Office, two: tuple[int, int]
) -> None:
    switching.talk_in(office.session, ASKER, two[0], now=NOW)
    write(office, ASKER, two[1])
    assert route(office).to == "choice"


def test_what_was_said_before_the_switch_raises_no_doubt(
    office: Office, two: tuple[int, int]
) -> None:
    write(office, MENTORS[1], two[1])
    write(office, ASKER, two[1])
    switching.talk_in(office.session, ASKER, two[0], now=NOW + DAY)
    assert route(office).consultation == two[0]


def test_a_form_goes_before_the_switch(office: Office, two: tuple[int, int]) -> None:
    switching.talk_in(office.session, ASKER, two[0], now=NOW)
    asking.invite_question(office.session, ASKER, now=NOW)
    assert route(office).to == "form"


def test_nobody_switches_to_what_is_not_theirs_or_has_ended(
    office: Office, two: tuple[int, int]
) -> None:
    with office.refuses("not_talking", consultation=two[0]):
        switching.talk_in(office.session, ADMIN, two[0], now=NOW)
    with office.refuses("not_talking", consultation=two[0]):
        switching.talk_in(office.session, MENTORS[1], two[0], now=NOW)
    closing.settle(office.session, ASKER, two[0], True, now=NOW)
    with office.refuses("not_talking", consultation=two[0]):
        switching.talk_in(office.session, ASKER, two[0], now=NOW)


def test_a_switch_ends_with_its_consultation(office: Office, two: tuple[int, int]) -> None:
    third = office.talk(2)
    switching.talk_in(office.session, ASKER, two[0], now=NOW)
    closing.settle(office.session, ASKER, two[0], True, now=NOW)
    assert route(office).to == "choice"
    assert third


def test_one_still_on_offer_is_no_place_to_talk_in(office: Office) -> None:
    number = office.ask()
    office.send(number)
    with office.refuses("not_talking", consultation=number):
        switching.talk_in(office.session, ASKER, number, now=NOW)
