"""People and institutions of the sample asked for by name: `python -m benchmarks.names`.

Each expert is asked for by name and by university, in either language; what is told is the mean
reciprocal rank of the first hit that is meant, with their names known to the index and without.
"""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.sample_set import sample_passages
from retrieval.cache import TextCache
from retrieval.encoder import load_encoder
from retrieval.passages import Passage
from retrieval.search import Hit, Searcher
from retrieval.snapshot import write_snapshot

# By which of an expert's names (person zh, en, institution zh, en), and how.
ASKED = {
    "a person, in Chinese": (0, "想请教{}老师"),
    "a person, in English": (1, "How can I reach Prof. {}?"),
    "a university, in Chinese": (2, "{}有没有老师能帮我们"),
    "a university, in English": (3, "Is there anyone from {} who can help us?"),
}


def main() -> None:
    passages = sample_passages()
    names = {one.entry: one.names.splitlines() for one in passages}
    experts = {one.entry: names[one.entry] for one in passages if one.kind == "expert"}
    without = ranks([replace(one, names="") for one in passages], experts, names)
    known = ranks(passages, experts, names)
    print("| asked for | names unknown | names known | ratio |\n|---|---|---|---|")
    for how, found in known.items():
        before, after = np.mean(without[how]), np.mean(found)
        print(f"| {how} | {before:.3f} | {after:.3f} | {after / before:.1f} |")


def ranks(
    passages: Sequence[Passage],
    experts: Mapping[str, Sequence[str]],
    names: Mapping[str, Sequence[str]],
) -> dict[str, list[float]]:
    """Reciprocal, 0 where it is not among the first ten."""
    encoder, cache = load_encoder(), TextCache(Path("var/benchmarks/vectors.db"))
    with tempfile.TemporaryDirectory() as scratch:
        write_snapshot(Path(scratch), passages, encoder, cache=cache)
        searcher = Searcher.open(Path(scratch), encoder)
        return {
            how: [
                reciprocal(
                    searcher.search(words.format(called[place]), limit=10),
                    lambda hit, asked=called[place]: asked in names[hit.entry],
                )
                for called in experts.values()
                if len(called) == len(ASKED)
            ]
            for how, (place, words) in ASKED.items()
        }


def reciprocal(hits: Sequence[Hit], meant: Callable[[Hit], bool]) -> float:
    return next((1 / place for place, hit in enumerate(hits, 1) if meant(hit)), 0.0)


if __name__ == "__main__":
    main()
