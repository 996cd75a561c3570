import numpy as np
import pytest

from retrieval import crowding
from retrieval.crowding import BY_PASSAGES, BY_QUESTIONS, by_passages, met, uncrowded


def spread(count: int, seed: int = 0) -> np.ndarray:
    vectors = np.random.default_rng(seed).normal(size=(count, 32))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def taken(vectors: np.ndarray, asked: np.ndarray | None = None) -> np.ndarray:
    return -uncrowded(vectors, asked)[:, -1]


def unit(vector: np.ndarray) -> np.ndarray:
    return (vector / np.linalg.norm(vector)).astype(np.float32)


def test_a_passage_near_everything_is_held_back() -> None:
    """Among a crowd all alike, the one apart wins at equal cosine."""
    crowd = spread(1) + spread(40, 1) * 0.05
    crowd /= np.linalg.norm(crowd, axis=1, keepdims=True)
    vectors = np.concatenate([crowd, spread(1, 2)]).astype(np.float32)
    between = unit(vectors[0] + vectors[-1])
    assert (uncrowded(vectors) @ met(between)).argmax() == len(vectors) - 1


def test_a_passage_near_whatever_is_asked_is_held_back() -> None:
    vectors = spread(2)
    asked = np.array([unit(vectors[0] + 0.3 * one) for one in spread(200, 1)])
    between = unit(vectors[0] * 1.05 + vectors[1])
    assert (uncrowded(vectors) @ met(between)).argmax() == 0
    assert (uncrowded(vectors, asked) @ met(between)).argmax() == 1


def test_many_asked_questions_outweigh_the_passages_own_word() -> None:
    vectors, asked = spread(50), spread(10_000, 1)
    nearest = np.sort(vectors @ asked.T, axis=1)[:, -5:].mean(axis=1)
    np.testing.assert_allclose(taken(vectors, asked), BY_QUESTIONS * nearest, atol=0.01)
    one = taken(vectors, asked[:1])
    np.testing.assert_allclose(one, BY_PASSAGES * by_passages(vectors), atol=0.02)


def test_none_asked_is_as_if_nothing_were_known() -> None:
    vectors = spread(20)
    np.testing.assert_array_equal(taken(vectors, vectors[:0]), taken(vectors))


@pytest.mark.parametrize("count", [0, 1, 2])
def test_little_or_nothing_is_not_crowded(count: int) -> None:
    assert uncrowded(spread(count), spread(3, 1)).shape == (count, 33)
    assert np.isfinite(uncrowded(spread(count))).all()


def test_crowding_of_a_large_corpus_is_told_from_a_part(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = spread(400)
    whole = by_passages(vectors)
    monkeypatch.setattr(crowding, "COMPARED", 100)
    part = by_passages(vectors)
    assert not np.array_equal(whole, part)
    np.testing.assert_allclose(whole, part, atol=0.3)
