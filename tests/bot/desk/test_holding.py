"""Two weeks after it was solved: does it still hold?"""

from datetime import timedelta

from bot.desk import closing, holding, reopening
from bot.desk.tables import Stage
from tests.bot.desk.conftest import ASKER, DAY, MENTORS, NOW, Office

AFTER = timedelta(days=14)


def solved(office: Office) -> int:
    number = office.talk()
    closing.settle(office.session, ASKER, number, True, now=NOW)
    return number


def test_the_asker_is_asked_once_after_two_weeks(office: Office) -> None:
    number = solved(office)
    assert holding.follow_up(office.session, AFTER, now=NOW + AFTER - timedelta(seconds=1)) == 0
    assert holding.follow_up(office.session, AFTER, now=NOW + AFTER) == 1
    assert office.last(ASKER, "holds")["consultation"] == number
    assert holding.follow_up(office.session, AFTER, now=NOW + 2 * AFTER) == 0


def test_that_it_holds_reaches_the_mentor_once(office: Office) -> None:
    number = solved(office)
    holding.follow_up(office.session, AFTER, now=NOW + AFTER)
    for _ in range(2):
        holding.say_holds(office.session, ASKER, number, now=NOW + AFTER)
    assert office.cards(MENTORS[0]).count("still_holds") == 1
    slots = {owed.card: owed.slot for owed in office.owed(ASKER)}
    assert slots["held"] == slots["holds"]


def test_that_it_does_not_reopens_it(office: Office) -> None:
    number = solved(office)
    holding.follow_up(office.session, AFTER, now=NOW + AFTER)
    reopening.reopen(office.session, ASKER, number, DAY, now=NOW + AFTER)
    assert office.consultation(number).stage is Stage.ACTIVE
    with office.refuses("wrong_stage"):
        holding.say_holds(office.session, ASKER, number, now=NOW + AFTER)


def test_what_was_reopened_or_not_solved_is_not_asked_about(office: Office) -> None:
    number = solved(office)
    reopening.reopen(office.session, ASKER, number, DAY, now=NOW + DAY)
    other = office.talk(1)
    closing.settle(office.session, ASKER, other, False, now=NOW)
    assert holding.follow_up(office.session, AFTER, now=NOW + 2 * AFTER) == 0
    closing.settle(office.session, ASKER, number, True, now=NOW + 2 * AFTER)
    assert holding.follow_up(office.session, AFTER, now=NOW + 3 * AFTER) == 1


def test_only_its_asker_says_so_and_only_once_asked(office: Office) -> None:
    number = solved(office)
    with office.refuses("stale_button"):
        holding.say_holds(office.session, ASKER, number, now=NOW)
    holding.follow_up(office.session, AFTER, now=NOW + AFTER)
    with office.refuses("not_yours"):
        holding.say_holds(office.session, MENTORS[0], number, now=NOW + AFTER)
