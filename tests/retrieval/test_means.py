import numpy as np
import pytest

from retrieval.means import (
    ENOUGH,
    Means,
    learn_means,
    pack_means,
    shipped_questions,
    unpack_means,
)

DIMENSION = 16
CONE = {"zh": np.eye(DIMENSION)[0] * 5, "en": np.eye(DIMENSION)[1] * 5}


def cone(language: str, count: int, seed: int = 0) -> np.ndarray:
    """Unit vectors huddled round their language's axis, as the model's are."""
    spread = np.random.default_rng(seed).normal(size=(count, DIMENSION))
    vectors = CONE[language] + spread
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def learnt(zh: int, en: int, asked: dict[str, np.ndarray] | None = None) -> Means:
    passages = np.concatenate([cone("zh", zh, 1), cone("en", en, 2)])
    shipped = {"zh": cone("zh", 100, 3), "en": cone("en", 100, 4)}
    return learn_means(passages, ["zh"] * zh + ["en"] * en, shipped, asked or {})


@pytest.mark.parametrize(("zh", "en"), [(200, 200), (20, 20), (200, 0), (0, 20), (3, 2), (0, 0)])
def test_languages_compare_however_many_passages_there_are(zh: int, en: int) -> None:
    means = learnt(zh, en)
    same = np.random.default_rng(9).normal(size=DIMENSION)
    vectors = np.array([CONE["zh"] + same, CONE["en"] + same], np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    laid = means.of_passages(vectors, ["zh", "en"])
    assert vectors[0] @ vectors[1] < 0.5, "as the model gives them they do not"
    assert laid[0] @ laid[1] > 0.6


def test_questions_asked_move_their_mean() -> None:
    moved = cone("zh", 100, 5) + np.eye(DIMENSION, dtype=np.float32)[7] * 0.5
    before, after = learnt(50, 50), learnt(50, 50, {"zh": moved})
    assert after.questions["zh"][7] > before.questions["zh"][7] + 0.3
    np.testing.assert_allclose(after.questions["en"], before.questions["en"])
    np.testing.assert_allclose(after.passages["zh"], before.passages["zh"])


def test_the_common_direction_is_taken_out_of_large_corpora_only() -> None:
    rng = np.random.default_rng(6)
    axis = np.eye(DIMENSION, dtype=np.float32)[5]
    vectors = cone("zh", ENOUGH, 6) + np.outer(rng.normal(size=ENOUGH), axis).astype(np.float32)
    large = learn_means(vectors, ["zh"] * ENOUGH, {"zh": vectors[:5]}, {})
    assert abs(large.common @ axis) > 0.9
    assert abs(large.of_passages(vectors, ["zh"] * ENOUGH) @ large.common).max() < 1e-5
    small = learn_means(vectors[1:], ["zh"] * (ENOUGH - 1), {"zh": vectors[:5]}, {})
    assert not small.common.any()


def test_a_third_language_gets_a_mean_of_its_own() -> None:
    passages = np.concatenate([cone("zh", 50), -cone("en", 50)])
    means = learn_means(passages, ["zh"] * 50 + ["other"] * 50, {"zh": passages[:5]}, {})
    assert means.passages["other"] @ -CONE["en"] > 0
    assert set(means.questions) == {"zh", "en", "other"}


def test_means_are_packed_and_unpacked_whole() -> None:
    means = learnt(ENOUGH, ENOUGH)
    again = unpack_means(pack_means(means))
    for side in ("passages", "questions"):
        for name, mean in getattr(means, side).items():
            np.testing.assert_array_equal(getattr(again, side)[name], mean)
    np.testing.assert_array_equal(again.common, means.common)


def test_the_shipped_questions_come_in_pairs() -> None:
    shipped = shipped_questions()
    assert len(shipped["zh"]) == len(shipped["en"]) == 100
    assert len(set(shipped["zh"])) == len(set(shipped["en"])) == 100
