"""What people do with what was found is evidence of how well it fits."""

import pytest

from bot.desk import accepting, choosing, closing, following, learning
from bot.desk.learning import Judged, judged
from bot.desk.lining_up import line
from bot.desk.tables import OfferedAs
from bot.desk.views import Found
from tests.bot.desk.conftest import ADMIN, ASKER, DAY, MENTORS, NOW, QUESTION, Office
from tests.bot.desk.test_asking import ask, found

FOUND = [Found(f"expert-{n}", 0.9 - n / 10, "strong", "证据") for n in range(3)]


def strike(office: Office, *places: int) -> None:
    """Press what stands beneath these places of the newest shortlist."""
    lines = office.last(ASKER, "shortlist")["candidates"]
    for place in places:
        learning.strike(office.session, ASKER, lines[place]["id"], now=NOW)


def in_line(office: Office, number: int) -> list[int]:
    return [person for person, _ in line(office.session, office.consultation(number), NOW)]


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


def test_who_was_struck_is_not_asked_next(office: Office) -> None:
    number = office.ask()
    strike(office, 1)
    office.choose(number, 0)
    first, third = office.people[MENTORS[0]], office.people[MENTORS[2]]
    assert in_line(office, number) == [first, first, third]


def test_a_mentor_stays_in_line_by_another_entry_that_is_not_struck(office: Office) -> None:
    office.entry("answer-1", "answer", office.people[MENTORS[1]])
    number = ask(office, found("expert-0"), found("expert-1", 0.8), found("answer-1", 0.7))
    strike(office, 1)
    office.choose(number, 0)
    assert office.people[MENTORS[1]] in in_line(office, number)
    strike(office, 1)  # what came after it has taken its place
    assert office.people[MENTORS[1]] not in in_line(office, number)


def test_where_all_is_struck_the_card_says_so_and_offers_to_pass_the_question_on(
    office: Office,
) -> None:
    number = office.ask()
    strike(office, 0, 1, 2)
    view = office.last(ASKER, "shortlist")
    assert (view["candidates"], view["nothing"]) == ([], False)
    choosing.choose_nobody(office.session, ASKER, number, now=NOW)
    office.confirm(number)
    assert office.offer(number).person_id == office.people[ADMIN]
    assert office.offer(number).offered_as is OfferedAs.ADMIN


def test_a_strike_is_a_word_on_the_question_as_it_stood_and_ends_with_the_next_turn(
    office: Office,
) -> None:
    number = office.ask()
    strike(office, 0)
    heard = office.heard(ASKER, "那铸铁呢")
    draft = following.draft_of(office.session, heard)
    assert draft is not None
    following.follow(office.session, heard, draft, FOUND, now=NOW)
    assert len(office.last(ASKER, "shortlist")["candidates"]) == 3
    assert judged(office.session) == []
    strike(office, 1)
    assert judged(office.session) == [Judged(f"{QUESTION}\n那铸铁呢", "expert-1", 0)]
    assert office.consultation(number).question == f"{QUESTION}\n那铸铁呢"
