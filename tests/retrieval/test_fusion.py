import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from retrieval.fusion import by_entry, fuse

BOTH = np.array([0, 0, 1, 1], np.uint8)
FOUR = np.arange(4, dtype=np.int32)


def shares(words: list[float], names: list[float] | None = None) -> np.ndarray:
    return np.array([words, names or [0.0] * len(words)], np.float32)


def test_words_reorder_inside_a_language_only() -> None:
    cosines = np.array([0.5, 0.4, 0.45, 0.1], np.float32)
    fused = fuse(cosines, shares([0.0, 0.3, 0.0, 0.0]), BOTH, FOUR, 0)
    assert fused[1] > fused[0], "the one with the words passes the other of its language"
    without = fuse(cosines, shares([0.0] * 4), BOTH, FOUR, 0)
    np.testing.assert_allclose(fused[2:], without[2:], err_msg="the other language is untouched")


def test_names_reorder_across_languages() -> None:
    cosines = np.array([0.5, 0.1, 0.45, 0.4], np.float32)
    fused = fuse(cosines, shares([0.0] * 4, [0.0, 0.0, 0.0, 0.4]), BOTH, FOUR, 0)
    assert fused.argmax() == 3


def test_words_say_less_in_another_language_than_the_questions() -> None:
    cosines = np.array([0.5, 0.4, 0.5, 0.4], np.float32)
    fused = fuse(cosines, shares([0.3, 0.0, 0.3, 0.0]), BOTH, FOUR, 0)
    assert fused[0] - fused[1] > fused[2] - fused[3] > 0


def test_an_entry_that_speaks_the_questions_language_is_looked_for_there() -> None:
    cosines = np.array([0.4, 0.5, 0.5, 0.1], np.float32)
    told = shares([0.3, 0.0, 0.0, 0.0])
    alone = fuse(cosines, told, BOTH, FOUR, 0)
    assert alone[2] > alone[0], "it says nothing in the question's language"
    both = fuse(cosines, told, BOTH, np.array([0, 1, 1, 2]), 0)
    assert both[0] > both[2]


def test_words_weigh_as_much_in_a_long_question_as_in_a_short_one() -> None:
    cosines = np.array([0.5, 0.4, 0.1, 0.1], np.float32)
    short = fuse(cosines, shares([0.0, 0.4, 0.0, 0.0]), BOTH, FOUR, 0)
    long = fuse(cosines, shares([0.0, 0.1, 0.0, 0.0]), BOTH, FOUR, 0)
    assert short[1] > short[0]
    assert long[1] > long[0]


def test_without_any_word_the_vectors_order() -> None:
    cosines = np.array([0.1, 0.4, 0.2, 0.3], np.float32)
    assert (
        np.argsort(fuse(cosines, shares([0.0] * 4), BOTH, FOUR, 0)) == np.argsort(cosines)
    ).all()


def test_nothing_fuses_to_nothing() -> None:
    assert (
        len(
            fuse(
                np.zeros(0, np.float32),
                np.zeros((2, 0), np.float32),
                np.array([], np.uint8),
                FOUR[:0],
                0,
            )
        )
        == 0
    )


@given(st.lists(st.tuples(st.floats(-1, 1), st.floats(0, 1)), min_size=1, max_size=150))
def test_a_fused_score_is_a_number_and_agreement_is_best(pairs: list[tuple[float, float]]) -> None:
    cosines, words = np.array(pairs, np.float32).T
    fused = fuse(
        cosines, shares(words.tolist()), np.zeros(len(pairs), np.uint8), np.arange(len(pairs)), 0
    )
    assert np.isfinite(fused).all()
    assert fused.max() <= 0.4 + 1e-5


def test_two_good_passages_say_more_than_one() -> None:
    scores = np.array([0.40, 0.39, 0.41, -0.50, -0.60, -0.60], np.float32)
    scored = by_entry(scores, np.array([2, 2, 1, 1, 0, 0]), np.arange(6))
    assert list(scored) == [2, 1, 0]
    assert scored[2][1] == [0, 1]


def test_an_entry_with_a_lone_passage_is_not_worse_for_it() -> None:
    scored = by_entry(np.array([0.40, 0.41, 0.40], np.float32), np.array([2, 1, 2]), np.arange(3))
    assert next(iter(scored)) == 1


def test_two_pieces_of_one_passage_are_one_piece_of_evidence() -> None:
    scores = np.array([0.40, 0.41, 0.30], np.float32)
    scored = by_entry(scores, np.array([1, 1, 2]), np.array([1, 1, 2]))
    assert scored[1] == (np.float32(0.41), [1])


def test_no_candidates_make_no_entries() -> None:
    assert by_entry(np.zeros(0, np.float32), *[np.zeros(0, np.int32)] * 2) == {}
