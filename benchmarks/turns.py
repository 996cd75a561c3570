"""What a follow-up finds by itself, and what with the turns before it, on the sample.

    python -m benchmarks.turns DIR

DIR as written by `python -m benchmarks.sample_set`. The conversations are in turns.jsonl.
"""

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.desk.leaning import GOES_ON, chance, goes_on
from retrieval.cache import TextCache
from retrieval.encoder import Encoder, load_encoder
from retrieval.evaluation.labelled import labelled_set
from retrieval.evaluation.measures import by_question, difference, interval
from retrieval.search import Searcher
from retrieval.snapshot import write_snapshot
from retrieval.turns import question_of

Talk = dict[str, Any]
Asked = tuple[str, npt.NDArray[np.float32]]
Way = Callable[[Sequence[str], Encoder], Asked]

EARLIER = 0.5


def main(folder: Path) -> None:
    talks = [json.loads(line) for line in Path(__file__).with_suffix(".jsonl").open()]
    passages, _, qrels = labelled_set(folder)
    encoder, cache = load_encoder(), TextCache(Path("var/benchmarks/vectors.db"))
    with TemporaryDirectory() as scratch:
        write_snapshot(Path(scratch), passages, encoder, cache=cache)
        searcher = Searcher.open(Path(scratch), encoder)
        report(searcher, encoder, talks, qrels)
        for name in dict.fromkeys(talk["part"] for talk in talks):
            decided(name, [talk for talk in talks if talk["part"] == name], searcher)


def last(turns: Sequence[str], encoder: Encoder) -> Asked:
    return turns[-1], encoder.encode_questions([turns[-1]])[0]


def joined(turns: Sequence[str], encoder: Encoder) -> Asked:
    text = question_of(turns)
    return text, encoder.encode_questions([text])[0]


def weighted(turns: Sequence[str], encoder: Encoder) -> Asked:
    """The words of all turns, and the sum of their vectors: each turn before counts by half."""
    weights = EARLIER ** np.arange(len(turns) - 1, -1, -1, dtype=np.float32)
    summed = weights @ encoder.encode_questions(list(turns))
    return question_of(turns), summed / np.linalg.norm(summed)


def last_twice(turns: Sequence[str], encoder: Encoder) -> Asked:
    return joined([*turns, turns[-1]], encoder)


WAYS: dict[str, Way] = {
    "last turn alone": last,
    "all turns, a line each (chosen)": joined,
    "vectors weighted, words of all": weighted,
    "all turns, the last one twice": last_twice,
}


def report(
    searcher: Searcher, encoder: Encoder, talks: list[Talk], qrels: dict[str, dict[str, int]]
) -> None:
    follows = [talk for talk in talks if talk["follows"] and talk["judged_as"]]
    judged = {talk["id"]: qrels[talk["judged_as"]] for talk in follows}
    measured = {}
    for name, way in WAYS.items():
        asked = {talk["id"]: way(talk["turns"], encoder) for talk in follows}
        run = {
            key: {hit.entry: hit.score for hit in searcher.rank(*one)} for key, one in asked.items()
        }
        measured[name] = by_question(run, judged)["nDCG@10"]
    base = measured["last turn alone"]
    for name, values in measured.items():
        mean, low, high = interval(list(values.values()))
        better = difference(values, base)
        print(
            f"{name:34} nDCG@10 {mean:.3f} [{low:.3f}, {high:.3f}]"
            f"  x{mean / interval(list(base.values())).mean:.2f}"
            f"  better {better.wins}, worse {better.losses}, p {better.p:.4f}"
        )


def decided(name: str, talks: list[Talk], searcher: Searcher) -> None:
    """How well a follow-up is told from a new question, by words alone and by the subject too."""
    chances = [
        chance(last, searcher.likeness(question_of(before), last))
        for *before, last in (talk["turns"] for talk in talks)
    ]
    print(f"follow-up or new, {name}, {len(talks)} talks")
    told("words alone", [goes_on(talk["turns"][-1]) for talk in talks], talks)
    told("words, length and subject", [one >= GOES_ON for one in chances], talks)


def told(name: str, taken: Sequence[bool], talks: list[Talk]) -> None:
    follows = [talk["follows"] for talk in talks]
    right = sum(one and other for one, other in zip(taken, follows, strict=True))
    agreed = sum(one == other for one, other in zip(taken, follows, strict=True))
    print(
        f"  {name:26} accuracy {agreed / len(talks):.3f}"
        f"  precision {right / max(1, sum(taken)):.3f}  recall {right / sum(follows):.3f}"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
