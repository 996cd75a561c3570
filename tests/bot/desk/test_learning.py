"""What people do with what was found is evidence of how well it fits."""

import pytest

from bot.desk import accepting, closing, learning
from bot.desk.learning import Judged, judged
from tests.bot.desk.conftest import ASKER, DAY, MENTORS, NOW, QUESTION, Office


@pytest.mark.parametrize(("solved", "grade"), [(True, 2), (False, 1)])
def test_who_solved_it_fits_best_and_unsolved_leaves_the_choice_as_it_was(
    office: Office, solved: bool, grade: int
) -> None:
    number = office.talk()
    closing.settle(office.session, ASKER, number, solved, now=NOW)
    office.session.flush()
    assert judged(office.session) == [Judged(QUESTION, "expert-0", grade)]


@pytest.mark.parametrize(("reason", "grade"), [("outside_field", 0), ("no_time", 1)])
def test_outside_their_field_counts_against_the_match_and_no_time_does_not(
    office: Office, reason: str, grade: int
) -> None:
    number = office.ask()
    office.send(number)
    offer = office.offer(number).id or 0
    accepting.decline(office.session, MENTORS[0], offer, reason, DAY, now=NOW)
    office.session.flush()
    assert judged(office.session) == [Judged(QUESTION, "expert-0", grade)]


def test_not_relevant_is_kept_and_taken_back_by_the_same_tap(office: Office) -> None:
    office.ask()
    line = office.last(ASKER, "shortlist")["candidates"][0]["id"]
    learning.strike(office.session, ASKER, line, now=NOW)
    assert judged(office.session) == [Judged(QUESTION, "expert-0", 0)]
    left = office.last(ASKER, "shortlist")["candidates"]
    assert [one["person"]["zh"] for one in left] == ["导师1", "导师2"]
    learning.strike(office.session, ASKER, line, now=NOW)
    assert judged(office.session) == []
