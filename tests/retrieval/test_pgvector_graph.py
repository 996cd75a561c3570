"""The graph over 20,000 vectors: that it is used, and that it finds what comparing all finds."""

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psycopg
import pytest
from sqlalchemy import make_url

from retrieval.allowed import Allowed
from retrieval.crowding import met, uncrowded
from retrieval.lexical import build_words
from retrieval.means import Means, pack_means
from retrieval.passages import Passage
from retrieval.postgres import tables
from retrieval.postgres.shelf import PostgresShelf
from retrieval.postgres.vectors import PostgresVectors
from retrieval.rows import Columns, columns_of
from retrieval.shelves import Contents

ROWS, DIMENSION, TOPICS, DEPTH, FIRST = 20_000, 48, 400, 100, 10
# Half the rows; a hundredth, all about the same few topics.
COMMON, RARE = frozenset({"common"}), frozenset({"rare"})


class Laid:
    """What one database holds, and questions to it."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.folder, self.shelf = url, folder, PostgresShelf(url, folder)
        random = np.random.default_rng(7)
        topics = random.normal(size=(TOPICS, DIMENSION))
        about = np.sort(random.integers(TOPICS, size=ROWS))
        self.questions = _unit(topics[::10] + 0.5 * random.normal(size=(40, DIMENSION)))
        self.vectors = uncrowded(_unit(topics[about] + 0.7 * random.normal(size=(ROWS, DIMENSION))))
        kinds = np.where(np.arange(ROWS) % 2 == 0, "common", "other")
        kinds[: ROWS // 100] = "rare"
        self.passages = [
            Passage(f"p{row}", f"e{row}", kind, "en", "pore") for row, kind in enumerate(kinds)
        ]
        self.columns: Columns = columns_of(self.passages, ["en"] * ROWS)

    def publish(self) -> PostgresVectors:
        means = pack_means(Means({}, {}, np.zeros(DIMENSION, np.float32)))
        words = build_words(["pore"] * ROWS)
        contents = Contents(self.passages, self.columns, self.vectors, words, means)
        facts: dict[str, str | int] = {
            "model": "m",
            "dimension": DIMENSION,
            "entries": ROWS,
            "passages": ROWS,
        }
        opened = self.shelf.open(self.shelf.publish(contents, facts))
        assert isinstance(opened.vectors, PostgresVectors)
        return opened.vectors

    def allowed(self, kinds: frozenset[str] | None) -> Allowed | None:
        return None if kinds is None else Allowed(kinds, self.columns.of_kinds(kinds))

    def recall(self, vectors: PostgresVectors, kinds: frozenset[str] | None) -> float:
        """The share of the first ten that comparing all rows finds."""
        allowed = self.allowed(kinds)
        rows = np.arange(ROWS) if allowed is None else allowed.rows
        shares = []
        for question in self.questions:
            best = rows[np.argsort(-self.vectors[rows] @ met(question))[:FIRST]]
            shares.append(np.isin(best, vectors.nearest(question, DEPTH, allowed)).mean())
        return float(np.mean(shares))


def _unit(vectors: np.ndarray) -> np.ndarray:
    unit: np.ndarray = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype("f4")
    return unit


@pytest.fixture(scope="module")
def laid(postgres_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laid]:
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute("CREATE DATABASE graph")
        url = make_url(postgres_server).set(database="graph")
        held = Laid(url.render_as_string(hide_password=False), tmp_path_factory.mktemp("worker"))
        yield held
        held.shelf.close()
        connection.execute("DROP DATABASE graph WITH (FORCE)")


@pytest.fixture(scope="module")
def graph(laid: Laid) -> PostgresVectors:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "EXACT", 1000)
        return laid.publish()


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is worth a graph stays what it was when `graph` was built."""
    monkeypatch.setattr(tables, "EXACT", 1000)


@pytest.mark.usefixtures("small")
class TestGraph:
    @pytest.mark.parametrize("kinds", [None, COMMON])
    def test_the_server_plans_to_walk_it(
        self, laid: Laid, graph: PostgresVectors, kinds: frozenset[str] | None
    ) -> None:
        plan = graph.plan(laid.questions[0], DEPTH, laid.allowed(kinds))
        assert "Index Scan using vector_000001_vector_idx" in plan
        assert "Seq Scan" not in plan

    @pytest.mark.parametrize("kinds", [None, COMMON])
    def test_it_finds_what_comparing_all_rows_finds(
        self, laid: Laid, graph: PostgresVectors, kinds: frozenset[str] | None
    ) -> None:
        assert laid.recall(graph, kinds) >= 0.95

    def test_few_rows_are_compared_one_by_one(self, laid: Laid, graph: PostgresVectors) -> None:
        plan = graph.plan(laid.questions[0], DEPTH, laid.allowed(RARE))
        assert "vector_000001_kind_idx" in plan
        assert "vector_000001_vector_idx" not in plan
        assert laid.recall(graph, RARE) >= 0.99

    def test_a_rare_kind_is_found_through_the_graph_too(
        self, laid: Laid, graph: PostgresVectors, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(tables, "EXACT", 10)
        plan = graph.plan(laid.questions[0], DEPTH, laid.allowed(RARE))
        assert "Index Scan using vector_000001_vector_idx" in plan
        assert laid.recall(graph, RARE) >= 0.95

    def test_a_scan_that_gives_up_is_made_good_by_comparing(
        self, laid: Laid, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(tables, "EXACT", 10)
        tight = "-c hnsw.ef_search=10 -c hnsw.max_scan_tuples=1"
        monkeypatch.setattr("retrieval.postgres.database.OPTIONS", tight)
        shelf = PostgresShelf(laid.url, laid.folder)
        vectors = shelf.open(shelf.current()).vectors
        rare = laid.allowed(RARE)
        assert rare is not None
        found = [vectors.nearest(question, DEPTH, rare) for question in laid.questions[:5]]
        assert [len(rows) for rows in found] == [DEPTH] * 5
        assert all(np.isin(rows, rare.rows).all() for rows in found)
        shelf.close()


def test_every_question_goes_through_the_graph_however_often_asked(
    laid: Laid, graph: PostgresVectors, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After some repeats the driver prepares a statement, and the server plans it anew."""
    monkeypatch.setattr(tables, "EXACT", 1000)
    before = _scans(laid.url)
    shelf = PostgresShelf(laid.url, laid.folder)
    vectors = shelf.open(shelf.current()).vectors
    for question in laid.questions[:20]:
        vectors.nearest(question, DEPTH, laid.allowed(COMMON))
    shelf.close()
    # A connection tells its counts when it ends, a moment after it was closed.
    deadline = time.monotonic() + 10
    while _scans(laid.url) < before + 20 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert _scans(laid.url) == before + 20


def _scans(url: str) -> int:
    with psycopg.connect(url) as connection:
        found = connection.execute(
            "SELECT idx_scan FROM pg_stat_user_indexes"
            " WHERE indexrelname = 'vector_000001_vector_idx'"
        ).fetchone()
    assert found is not None
    return int(found[0])
