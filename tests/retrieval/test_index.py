from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from retrieval import index, lists
from retrieval.allowed import Allowed
from retrieval.crowding import BY_PASSAGES, by_passages, uncrowded
from retrieval.index import build_vectors, open_vectors


def spread(count: int, seed: int = 0) -> np.ndarray:
    vectors = np.random.default_rng(seed).normal(size=(count, 32))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def only(rows: Iterable[int], count: int) -> Allowed:
    mask = np.zeros(count, np.bool_)
    mask[list(rows)] = True
    return Allowed(frozenset({"some"}), mask)


def test_the_nearest_is_found_exactly() -> None:
    vectors = spread(500)
    built = build_vectors(uncrowded(vectors))
    for row in (0, 250, 499):
        assert built.nearest(vectors[row], 5)[0] == row


def test_only_allowed_rows_are_found() -> None:
    vectors = spread(500)
    built = build_vectors(uncrowded(vectors))
    found = built.nearest(vectors[7], 50, only(range(100, 120), len(vectors)))
    assert sorted(found) == list(range(100, 120))
    assert len(built.nearest(vectors[7], 5, only([], len(vectors)))) == 0


def test_scores_are_those_of_the_search() -> None:
    vectors = spread(200)
    built = build_vectors(uncrowded(vectors))
    rows = built.nearest(vectors[3], 10)
    scores = built.scores(vectors[3], rows)
    assert (np.diff(scores) <= 1e-6).all()
    assert scores[0] == pytest.approx(1, abs=0.3)


@pytest.mark.parametrize("count", [0, 1, 3])
def test_an_index_of_little_or_nothing_is_written_and_opened(tmp_path: Path, count: int) -> None:
    build_vectors(uncrowded(spread(count))).write(tmp_path)
    again = open_vectors(tmp_path)
    assert again.rows == count
    assert len(again.nearest(spread(1)[0], 10)) == count


@pytest.fixture
def sorted_in_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if 4,000 rows were too many for exact search; only a few lists are read."""
    monkeypatch.setattr(index, "EXACT", 1000)
    monkeypatch.setattr(lists, "FINE", 100)


def alike(count: int) -> np.ndarray:
    """In bunches, as texts are, so that near ones stand in near lists."""
    vectors = np.repeat(spread(count // 20, 1), 20, axis=0) + 0.1 * spread(count)
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


@pytest.mark.usefixtures("sorted_in_lists")
def test_a_large_index_finds_nearly_what_exact_search_finds(tmp_path: Path) -> None:
    vectors = alike(4000)
    build_vectors(uncrowded(vectors)).write(tmp_path)
    opened = open_vectors(tmp_path)
    exact = [set(np.argsort(-vectors @ vectors[row])[:10]) for row in range(0, 4000, 100)]
    found = [set(opened.nearest(vectors[row], 10)) for row in range(0, 4000, 100)]
    assert np.mean([len(a & b) / 10 for a, b in zip(exact, found, strict=True)]) > 0.9


@pytest.mark.usefixtures("sorted_in_lists")
def test_a_rare_kind_is_found_in_a_large_index_however_far_it_lies() -> None:
    vectors = alike(4000)
    rare = only(range(0, 4000, 100), 4000)
    found = build_vectors(uncrowded(vectors)).nearest(vectors[1], 40, rare)
    assert sorted(found) == rare.rows.tolist()
    assert len(build_vectors(uncrowded(vectors)).nearest(vectors[1], 5, only([], 4000))) == 0


@pytest.mark.usefixtures("sorted_in_lists")
def test_scores_of_a_large_index_are_the_cosines_less_the_crowding() -> None:
    vectors = alike(4000)
    rows = np.array([3999, 0, 7])
    expected = vectors[rows] @ vectors[7] - BY_PASSAGES * by_passages(vectors)[rows]
    scores = build_vectors(uncrowded(vectors)).scores(vectors[7], rows)
    np.testing.assert_allclose(scores, expected, atol=0.001)


def test_a_full_disk_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nowhere"):
        build_vectors(uncrowded(spread(3))).write(tmp_path / "nowhere")
