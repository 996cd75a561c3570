"""Each choice of the search taken back, one at a time: final nDCG@10 on labelled sets.

    python -m benchmarks.choices DIR ...

A DIR holds corpus.jsonl, queries.jsonl and qrels.tsv. Vectors are kept in var/benchmarks.
"""

import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from retrieval import fusion, index, lexical, means, snapshot, words
from retrieval.cache import VectorCache
from retrieval.encoder import Encoder, Floats, load_encoder
from retrieval.evaluate import evaluate


def without_means(*given: Any) -> means.Means:
    learnt = means.learn_means(*given)
    none = {name: np.zeros_like(mean) for name, mean in learnt.passages.items()}
    return replace(learnt, passages=none, questions=none, common=np.zeros_like(learnt.common))


WEIGHTS = words.WEIGHTS
CHOICES: Mapping[str, Mapping[tuple[object, str], Any]] = {
    "as it is": {},
    "nothing asked yet": {},
    "no means": {(snapshot, "learn_means"): without_means},
    "no common direction": {(means, "ENOUGH"): sys.maxsize},
    "no crowding": {(index, "CROWDING"): 0.0},
    "vectors alone": {(fusion, "WORDS"): 0.0},
    "words at 0.5": {(fusion, "WORDS"): 0.5, (fusion, "VECTORS"): 0.5},
    "words at 0.7": {(fusion, "WORDS"): 0.7, (fusion, "VECTORS"): 0.3},
    "jieba's words alone": {(lexical, "WEIGHTS"): {**WEIGHTS, "w": 1.0, "c": 0.0, "p": 0.0}},
    "characters, pairs alone": {(lexical, "WEIGHTS"): {**WEIGHTS, "w": 0.0, "c": 0.5, "p": 0.5}},
    "no silent words": {(words, "_SILENT"): frozenset()},
    "entry by best passage": {(fusion, "SECOND"): 0.0},
}


class Remembering:
    """The model, each question encoded once however often it is measured."""

    def __init__(self, model: Encoder) -> None:
        self.identity, self.dimension = model.identity, model.dimension
        self.encode_passages = model.encode_passages
        self._encode, self._known = model.encode_questions, dict[str, Floats]()

    def encode_questions(self, texts: Sequence[str]) -> Floats:
        new = [text for text in texts if text not in self._known]
        self._known |= zip(new, self._encode(new), strict=True)
        return np.array([self._known[text] for text in texts], np.float32).reshape(
            -1, self.dimension
        )


def main(folders: list[Path]) -> None:
    encoder, cache = Remembering(load_encoder()), VectorCache(Path("var/benchmarks/vectors.db"))
    print(f"| choice | {' | '.join(folder.name for folder in folders)} |")
    print(f"|---|{'---|' * len(folders)}")
    for name, changes in CHOICES.items():
        with ExitStack() as changed:
            for (module, attribute), value in changes.items():
                changed.enter_context(patch.object(module, attribute, value))
            asked = name != "nothing asked yet"
            found = [evaluate(one, encoder, cache=cache, asked=asked)["final"] for one in folders]
        figures = [format(one["nDCG@10"], ".3f") for one in found]
        print(f"| {name} | {' | '.join(figures)} |", flush=True)


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]])
