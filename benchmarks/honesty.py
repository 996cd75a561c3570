"""Whether the first hit's trust tells known answers from missing ones, on a labelled set.

    python -m benchmarks.honesty DIR

Each question is asked as it is, and once more with every entry that answers it taken away.
One that nothing answers is only asked the second way.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt

from retrieval.cache import VectorCache
from retrieval.encoder import load_encoder
from retrieval.evaluation.labelled import labelled_set
from retrieval.search import Hit, Searcher
from retrieval.snapshot import write_snapshot
from retrieval.strength import POSSIBLE, STRONG

Floats = npt.NDArray[np.float64]


def main(folder: Path) -> None:
    passages, queries, qrels = labelled_set(folder)
    encoder, cache = load_encoder(), VectorCache(Path("var/benchmarks/vectors.db"))
    vectors = encoder.encode_questions(list(queries.values()))
    for asked in (list[str](), list(queries.values())):
        with TemporaryDirectory() as scratch:
            write_snapshot(Path(scratch), passages, encoder, cache=cache, asked=asked)
            searcher = Searcher.open(Path(scratch), encoder)
        print("questions asked before:", len(asked))
        hits = {
            key: searcher.rank(text, vector)
            for (key, text), vector in zip(queries.items(), vectors, strict=True)
        }
        report({key: found for key, found in hits.items() if found}, qrels)


def report(hits: dict[str, list[Hit]], qrels: dict[str, dict[str, int]]) -> None:
    right = {key: {entry for entry, grade in qrels.get(key, {}).items() if grade} for key in hits}
    known = np.array([found[0].trust for key, found in hits.items() if right[key]])
    missing = np.array([without(found, right[key]) for key, found in hits.items()])
    listed = np.array(
        [(hit.trust, hit.entry in right[key]) for key, found in hits.items() for hit in found[:10]]
    )
    print(f"  AUROC of the first hit's trust: {area(known, missing):.3f}")
    for name, least in (("strong", STRONG), ("possible", POSSIBLE)):
        above = listed[listed[:, 0] >= least]
        print(
            f"  {name:8} at {least}: {above[:, 1].mean():.2f} of such hits right;"
            f" first hits reach it where the answer is known {np.mean(known >= least):.2f},"
            f" where it is missing {np.mean(missing >= least):.2f}"
        )


def without(hits: list[Hit], right: set[str]) -> float:
    """Trust of the first hit once the right ones are gone."""
    return next((hit.trust for hit in hits if hit.entry not in right), -1.0)


def area(positive: Floats, negative: Floats) -> float:
    """The share of pairs in the right order."""
    ahead = np.sign(positive[:, None] - negative[None])
    return float((ahead + 1).mean() / 2)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
