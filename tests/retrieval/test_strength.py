import numpy as np
import pytest

from retrieval.strength import POSSIBLE, STRONG, Ground, strength_of


def ground(cosines: list[float], shares: list[float], entries: list[int]) -> Ground:
    return Ground(
        np.array(cosines, np.float32), np.array(shares, np.float32), np.array(entries, np.int32)
    )


def test_strength_is_read_from_the_probability() -> None:
    given = (STRONG, STRONG - 0.01, POSSIBLE, POSSIBLE - 0.01)
    assert [strength_of(one) for one in given] == ["strong", "possible", "possible", "weak"]


def test_a_near_passage_that_holds_the_words_is_strong_and_a_far_one_weak() -> None:
    found = ground([0.7, 0.1], [0.8, 0.0], [0, 1])
    assert strength_of(found.trust([0])) == "strong"
    assert strength_of(found.trust([1])) == "weak"


def test_the_same_cosine_says_less_where_everything_is_near() -> None:
    entries = list(range(60))
    narrow = ground([0.5] + [0.4] * 59, [0.2] * 60, entries)
    broad = ground([0.5] + [0.0] * 59, [0.2] * 60, entries)
    assert narrow.trust([0]) < broad.trust([0])


def test_words_and_vectors_that_agree_are_trusted_more_than_those_that_do_not() -> None:
    agreed = ground([0.4, 0.3], [0.4, 0.1], [0, 1])
    apart = ground([0.4, 0.5], [0.4, 0.1], [0, 1])
    assert agreed.features([0]).agreed == 1
    assert apart.features([0]).agreed == 0
    assert agreed.trust([0]) > apart.trust([0])


def test_an_entry_is_compared_with_other_entries_not_with_its_own_passages() -> None:
    found = ground([0.4, 0.4, 0.1], [0.5, 0.5, 0.2], [0, 0, 1])
    assert found.features([0, 1]).ahead == pytest.approx(0.3)
    assert found.features([2]).ahead == pytest.approx(-0.3)


def test_a_lone_passage_in_a_corpus_of_one_still_has_a_probability() -> None:
    assert 0 < ground([0.3], [0.0], [0]).trust([0]) < 1
