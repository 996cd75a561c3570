"""Each choice of the search taken back, one at a time: final nDCG@10 on labelled sets.

    python -m benchmarks.choices DIR ...

A DIR holds corpus.jsonl, queries.jsonl and qrels.tsv. Vectors are kept in var/benchmarks; the row
of another encoding embeds every text again.
"""

import math
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import numpy.typing as npt

from retrieval import crowding, embedded, fusion, lexical, means, snapshot, words
from retrieval.cache import TextCache
from retrieval.encoder import Encoder, load_encoder
from retrieval.evaluate import evaluate


def without_means(*given: Any) -> means.Means:
    learnt = means.learn_means(*given)
    none = {name: np.zeros_like(mean) for name, mean in learnt.passages.items()}
    return replace(learnt, passages=none, questions=none, common=np.zeros_like(learnt.common))


def all_differ(texts: Sequence[str], _: object) -> npt.NDArray[np.int32]:
    return np.arange(len(texts), dtype=np.int32)


WEIGHTS = words.WEIGHTS
NOTHING_ASKED = "nothing asked yet"
CHOICES: Mapping[str, Mapping[tuple[object, str], Any]] = {
    "as it is": {},
    NOTHING_ASKED: {},
    "every token of a text counts alike": {
        (embedded, "COMMON"): 1e9,
        (embedded, "IDENTITY"): f"{embedded.IDENTITY}-alike",
    },
    "no means": {(snapshot, "learn_means"): without_means},
    "no common direction": {(means, "ENOUGH"): sys.maxsize},
    "no crowding": {(crowding, "BY_PASSAGES"): 0.0, (crowding, "BY_QUESTIONS"): 0.0},
    "crowding by passages alone": {(crowding, "DOUBT"): math.inf},
    "vectors alone": {(fusion, "WORDS"): 0.0},
    "words at 0.3": {(fusion, "WORDS"): 0.3},
    "words at 0.6": {(fusion, "WORDS"): 0.6},
    "words by their plain share": {(fusion, "LEVELLED"): 0.0, (fusion, "WORDS"): 0.6},
    "words whole in the other language": {(fusion, "ABROAD"): 1.0},
    "rarity as in BM25": {(lexical, "RARITY"): 1.0},
    "jieba's words alone": {(lexical, "WEIGHTS"): {**WEIGHTS, "w": 1.0, "c": 0.0, "p": 0.0}},
    "characters, pairs alone": {(lexical, "WEIGHTS"): {**WEIGHTS, "w": 0.0, "c": 0.5, "p": 0.5}},
    "no pieces of words": {(lexical, "WEIGHTS"): {**WEIGHTS, "g": 0.0}},
    "names count as parts alone": {(lexical, "WEIGHTS"): {**WEIGHTS, "j": 0.0}},
    "no silent words": {(words, "_SILENT"): frozenset()},
    "entry by best passage": {(fusion, "COUNTED"): (1.0,)},
    "what says the same shown twice": {(snapshot, "groups"): all_differ},
}


def main(folders: list[Path]) -> None:
    encoder, cache = load_encoder(), TextCache(Path("var/benchmarks/vectors.db"))
    print(f"| choice | {' | '.join(folder.name for folder in folders)} |")
    print(f"|---|{'---|' * len(folders)}")
    for name in CHOICES:
        found = [format(one, ".3f") for one in measured(name, folders, encoder, cache)]
        print(f"| {name} | {' | '.join(found)} |", flush=True)


def measured(name: str, folders: Sequence[Path], encoder: Encoder, cache: TextCache) -> list[float]:
    """nDCG@10 of the final ranking by folder, the choice of this name taken back."""
    with ExitStack() as changed:
        for (module, attribute), value in CHOICES[name].items():
            changed.enter_context(patch.object(module, attribute, value))
        if any(module is embedded for module, _ in CHOICES[name]):
            encoder = load_encoder()
        asked = name != NOTHING_ASKED
        found = [evaluate(folder, encoder, cache=cache, asked=asked) for folder in folders]
    return [one["final"]["nDCG@10"] for one in found]


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]])
