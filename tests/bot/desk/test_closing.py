"""The asker says whether it was solved; the mentor sees it."""

import pytest

from bot.desk import closing
from bot.desk.errors import RefusedError, WrongStageError
from bot.desk.tables import Stage
from tests.bot.desk.conftest import ASKER, MENTORS, NOW, Office


def test_the_asker_closes_rates_and_the_mentor_sees_it(office: Office) -> None:
    number = office.talk()
    closing.ask_solved(office.session, ASKER, number, now=NOW)
    closing.settle(office.session, ASKER, number, True, now=NOW)
    assert office.consultation(number).stage is Stage.RESOLVED
    assert office.last(MENTORS[0], "closed_mentor")["rating"] is None
    closing.rate(office.session, ASKER, number, 4, now=NOW)
    assert office.last(MENTORS[0], "closed_mentor")["rating"] == 4
    slots = {owed.slot for owed in office.owed(MENTORS[0]) if owed.card == "closed_mentor"}
    assert slots == {f"closing:{number}"}


def test_a_mentor_can_ask_but_not_say_that_it_is_solved(office: Office) -> None:
    number = office.talk()
    closing.say_answered(office.session, MENTORS[0], number, now=NOW)
    assert office.last(ASKER, "solved")["by_mentor"]
    with pytest.raises(RefusedError, match="not_yours"):
        closing.settle(office.session, MENTORS[0], number, True, now=NOW)
    assert office.consultation(number).stage is Stage.ANSWERED


def test_not_yet_takes_the_talk_up_again(office: Office) -> None:
    number = office.talk()
    closing.say_answered(office.session, MENTORS[0], number, now=NOW)
    closing.continue_(office.session, ASKER, number, now=NOW)
    assert office.consultation(number).stage is Stage.ACTIVE
    assert office.cards(MENTORS[0])[-1] == "not_yet"


def test_unsolved_is_a_result_too(office: Office) -> None:
    number = office.talk()
    closing.settle(office.session, ASKER, number, False, now=NOW)
    assert office.consultation(number).stage is Stage.UNRESOLVED
    assert office.last(MENTORS[0], "closed_mentor")["solved"] is False


def test_what_is_closed_is_not_closed_again(office: Office) -> None:
    number = office.talk()
    closing.settle(office.session, ASKER, number, True, now=NOW)
    with pytest.raises(WrongStageError):
        closing.settle(office.session, ASKER, number, False, now=NOW)


@pytest.mark.parametrize("stars", [0, 6, -1])
def test_a_rating_outside_one_to_five_is_refused(office: Office, stars: int) -> None:
    number = office.talk()
    closing.settle(office.session, ASKER, number, True, now=NOW)
    with pytest.raises(RefusedError, match="stale_button"):
        closing.rate(office.session, ASKER, number, stars, now=NOW)


def test_an_open_consultation_cannot_be_rated(office: Office) -> None:
    number = office.talk()
    with pytest.raises(WrongStageError):
        closing.rate(office.session, ASKER, number, 5, now=NOW)


def test_only_its_mentor_says_that_it_is_answered(office: Office) -> None:
    number = office.talk()
    for chat_id in (ASKER, MENTORS[1]):
        with office.refuses("not_yours"):
            closing.say_answered(office.session, chat_id, number, now=NOW)
    with office.refuses("not_yours"):
        closing.say_answered(office.session, MENTORS[0], 10**9, now=NOW)


def test_only_its_asker_closes_goes_on_and_rates(office: Office) -> None:
    number = office.talk()
    with office.refuses("not_yours"):
        closing.ask_solved(office.session, MENTORS[0], number, now=NOW)
    with office.refuses("not_yours"):
        closing.continue_(office.session, MENTORS[0], number, now=NOW)
    closing.settle(office.session, ASKER, number, True, now=NOW)
    with office.refuses("not_yours"):
        closing.rate(office.session, MENTORS[0], number, 5, now=NOW)


def test_what_closes_a_talk_that_went_on_stands_below_it(office: Office) -> None:
    number = office.talk()
    closing.ask_solved(office.session, ASKER, number, now=NOW)
    closing.continue_(office.session, ASKER, number, now=NOW)
    closing.settle(office.session, ASKER, number, True, now=NOW)
    slots = {owed.card: owed.slot for owed in office.owed(ASKER)}
    assert slots["going_on"] != slots["rate"]


@pytest.mark.parametrize(("stars", "reason"), [(5, "practical"), (4, "quick"), (3, "slow")])
def test_the_second_tap_says_why_and_both_see_it(office: Office, stars: int, reason: str) -> None:
    number = office.talk()
    closing.settle(office.session, ASKER, number, True, now=NOW)
    closing.rate(office.session, ASKER, number, stars, now=NOW)
    assert reason in office.last(ASKER, "rate")["reasons"]
    assert office.last(MENTORS[0], "closed_mentor")["rating"] == stars
    closing.rate_for(office.session, ASKER, number, reason, now=NOW)
    assert office.last(ASKER, "rate")["reasons"] == []
    assert office.last(MENTORS[0], "closed_mentor")["rated_for"] == reason


def test_the_reason_can_be_skipped_and_other_stars_ask_for_it_anew(office: Office) -> None:
    number = office.talk()
    closing.settle(office.session, ASKER, number, True, now=NOW)
    closing.rate(office.session, ASKER, number, 5, now=NOW)
    closing.rate_for(office.session, ASKER, number, "practical", now=NOW)
    closing.rate(office.session, ASKER, number, 2, now=NOW)
    assert office.consultation(number).rated_for == ""
    with office.refuses("stale_button"):  # a reason of the stars before
        closing.rate_for(office.session, ASKER, number, "practical", now=NOW)
    closing.rate_for(office.session, ASKER, number, closing.SKIP, now=NOW)
    assert office.consultation(number).rating == 2
    assert office.last(MENTORS[0], "closed_mentor")["rated_for"] == ""


def test_no_reason_without_stars_and_none_by_the_mentor(office: Office) -> None:
    number = office.talk()
    closing.settle(office.session, ASKER, number, True, now=NOW)
    with office.refuses("stale_button"):
        closing.rate_for(office.session, ASKER, number, "quick", now=NOW)
    closing.rate(office.session, ASKER, number, 5, now=NOW)
    with office.refuses("not_yours"):
        closing.rate_for(office.session, MENTORS[0], number, "quick", now=NOW)
