"""The vectors' index at ten thousand, a hundred thousand and a million passages:

    python -m benchmarks.scale DIR ... [--sizes 10000,100000,1000000]

DIR are labelled sets. Ten thousand vectors are real: the sets' passages, and single sentences of
them. More are drawn from a mixture fitted to those: the centres of their clusters, and around each
the spread within all clusters together, in every dimension. The questions are the sets' own
throughout. Beside each index stands exact search in the same run, one question at a time.
"""

import argparse
import json
import re
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt

from retrieval.allowed import Allowed
from retrieval.cache import TextCache, kept_vectors
from retrieval.crowding import uncrowded
from retrieval.encoder import load_encoder
from retrieval.index import Exact, VectorIndex, one_core, open_vectors
from retrieval.language import language_of
from retrieval.lists import Lists, build_lists
from retrieval.means import learn_means, shipped_questions
from retrieval.rows import Rows

Floats = npt.NDArray[np.float32]

REAL, QUESTIONS, PART = 10_000, 500, 50_000
# Real vectors a cluster of the mixture.
BUNCH = 20
# What the search asks for (retrieval.search), and what recall looks at.
DEPTH, FIRST = 200, 10
SENTENCE = re.compile(r"[^。！？；!?;\n.]*[。！？；!?;\n.]+|[^。！？；!?;\n.]+")


def main(folders: list[Path], sizes: list[int]) -> None:
    real, questions = real_vectors(folders)
    print(
        "| passages | index | build | bytes a passage | opened | recall@10 | p50 | p99 "
        f"| of a 1% kind | p50 | p99 |\n|{'---|' * 11}",
        flush=True,
    )
    for size in sizes:
        vectors = real[:size] if size <= len(real) else mixture(real, size)
        measured(vectors, questions)


def real_vectors(folders: list[Path]) -> tuple[Floats, Floats]:
    """Passages' and questions' vectors as the index meets them: laid on common ground."""
    passages = list(dict.fromkeys(text for one in folders for text in texts(one / "corpus.jsonl")))
    found = (one.strip() for text in passages for one in SENTENCE.findall(text))
    sentences = [one for one in dict.fromkeys(found) if len(one) >= 12]
    chosen = np.random.default_rng(0).permutation(len(sentences))[: REAL - len(passages)]
    passages += [sentences[place] for place in sorted(chosen)]
    asked = [text for one in folders for text in texts(one / "queries.jsonl")]
    asked = asked[:: max(1, len(asked) // QUESTIONS)][:QUESTIONS]
    encoder, cache = load_encoder(), TextCache(Path("var/benchmarks/vectors.db"))
    vectors = kept_vectors(passages, encoder, cache)
    shipped = {
        name: kept_vectors(some, encoder, cache, questions=True)
        for name, some in shipped_questions().items()
    }
    languages = [language_of(text) for text in passages]
    means = learn_means(vectors, languages, shipped, {})
    questions = kept_vectors(asked, encoder, cache, questions=True)
    return means.of_passages(vectors, languages), means.of_questions(
        questions, [language_of(text) for text in asked]
    )


def texts(path: Path) -> list[str]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line)["text"] for line in lines]


def mixture(real: Floats, size: int) -> Floats:
    random = np.random.default_rng(0)
    clusters: Any = faiss.Kmeans(real.shape[1], len(real) // BUNCH, niter=15, seed=1)
    clusters.train(real)
    _, found = clusters.index.search(real, 1)
    share = np.bincount(found[:, 0], minlength=clusters.k) / len(real)
    # A cluster's centre took part in its own spread; the factor gives that back.
    within = np.cov((real - clusters.centroids[found[:, 0]]).T) * BUNCH / (BUNCH - 1)
    lengths, directions = np.linalg.eigh(within)
    spread = (directions * np.sqrt(np.maximum(lengths, 0))).T.astype(np.float32)
    drawn = np.empty((size, real.shape[1]), np.float32)
    for start in range(0, size, PART):
        centres = clusters.centroids[random.choice(clusters.k, len(drawn[start:][:PART]), p=share)]
        drawn[start:][:PART] = centres + random.standard_normal(centres.shape, "f4") @ spread
    drawn /= np.linalg.norm(drawn, axis=1, keepdims=True)
    return drawn


def build_exact(laid: Floats) -> Exact:
    engine = faiss.IndexFlatIP(laid.shape[1])
    engine.add(laid)
    return Exact(engine)


def measured(vectors: Floats, questions: Floats) -> None:
    """Print exact search and the lists beside each other; both meet the same crowding. They are
    built by both cores, and searched by one as on the desk."""
    faiss.omp_set_num_threads(2)
    laid = uncrowded(vectors)
    # Every hundredth row: faiss's bitmap meets them all over the lists.
    rare = Allowed(frozenset({"rare"}), np.arange(len(vectors)) % 100 == 0)
    best: list[list[Rows]] = []
    builds: dict[str, Callable[[Floats], Exact | Lists]]
    builds = {"exact": build_exact, "lists": build_lists}
    for name, build in builds.items():
        began = time.perf_counter()
        built = VectorIndex(build(laid))
        figures = [f"{time.perf_counter() - began:.0f} s"]
        with tempfile.TemporaryDirectory() as scratch:
            built.write(Path(scratch))
            del built
            size = sum(path.stat().st_size for path in Path(scratch).iterdir())
            began = time.perf_counter()
            index = open_vectors(Path(scratch))
            figures += [f"{size / len(laid):.0f}", f"{time.perf_counter() - began:.3f} s"]
            for place, allowed in enumerate((None, rare)):
                found, times = timed(index, questions, allowed)
                best += [found] if name == "exact" else []
                p50, p99 = np.quantile(times, (0.5, 0.99)) * 1000
                figures.append(f"{recall(best[place], found):.3f} | {p50:.1f} ms | {p99:.1f} ms")
        print(f"| {len(laid):,} | {name} | {' | '.join(figures)} |", flush=True)


def timed(
    index: VectorIndex, questions: Floats, allowed: Allowed | None
) -> tuple[list[Rows], list[float]]:
    one_core()
    found, times = [], []
    for question in questions:
        began = time.perf_counter()
        found.append(index.nearest(question, DEPTH, allowed))
        times.append(time.perf_counter() - began)
    return found, times


def recall(best: list[Rows], found: list[Rows]) -> float:
    pairs = zip(best, found, strict=True)
    return float(np.mean([np.isin(one[:FIRST], other[:FIRST]).mean() for one, other in pairs]))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--sizes", default="10000,100000,1000000")
    given = parser.parse_args()
    main(given.folders, [int(size) for size in given.sizes.split(",")])
