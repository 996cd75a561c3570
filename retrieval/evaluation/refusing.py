"""Whether a hit's trust tells known answers from missing ones."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from retrieval.cache import TextCache
from retrieval.encoder import Encoder
from retrieval.evaluate import Remembering, desks
from retrieval.evaluation.labelled import LabelledSet
from retrieval.fusion import by_entry
from retrieval.search import Candidates
from retrieval.strength import POSSIBLE, STRONG, Features, Ground, probability

Floats = npt.NDArray[np.float64]


class First(NamedTuple):
    """The first hit of a question, asked with its answer there (`known`) or taken away."""

    features: Features
    right: bool
    known: bool


class Refused(NamedTuple):
    """Shares of questions. By strength: of first hits that reach it, how many are `right`;
    how often the first hit reaches it where the answer is `known`, and where it is `missing`.

    `auroc`: a known question's first hit against a missing one's; `auroc_right`: a right first
    hit against a wrong one; `off`: the mean distance of the probability from the truth, by tenths.
    """

    questions: int
    auroc: float
    auroc_right: float
    off: float
    right: dict[str, float]
    known: dict[str, float]
    missing: dict[str, float]


def refused(
    labelled: LabelledSet, encoder: Encoder, *, cache: TextCache | None = None, asked: bool = True
) -> Refused:
    """Each question is asked as it is, and again with every entry that answers it taken away; one
    that nothing answers only so."""
    return summed(first_hits(labelled, encoder, cache=cache, asked=asked))


def first_hits(
    labelled: LabelledSet, encoder: Encoder, *, cache: TextCache | None = None, asked: bool = True
) -> list[First]:
    """The answers' rows are taken from the question's candidates: that the index still counts
    them among its means and word statistics moves a figure by less than its interval."""
    found: list[First] = []
    remembering = Remembering(encoder, list(labelled.queries.values()), cache)
    known_entries = {passage.entry for passage in labelled.passages}
    for searcher, questions in desks(labelled, remembering, cache=cache, asked=asked):
        for key, text in questions.items():
            vector = remembering.encode_questions([text])[0]
            candidates = searcher.candidates(text, vector)
            answers = labelled.answers(key)
            right = np.array([one in answers for one in searcher.keys(candidates.entries)], bool)
            if answers & known_entries:
                found += _first(candidates, right, np.ones(len(right), bool), known=True)
            found += _first(candidates, right, ~right, known=False)
    return found


def summed(hits: list[First]) -> Refused:
    trusted = np.array([probability(hit.features) for hit in hits])
    right, known = (
        np.array([getattr(hit, name) for hit in hits], bool) for name in First._fields[1:]
    )
    levels = {"strong": STRONG, "possible": POSSIBLE}
    return Refused(
        int(known.sum()),
        area(trusted[known], trusted[~known]),
        area(trusted[right], trusted[~right]),
        _off(trusted, right),
        {name: _share(right[trusted >= least]) for name, least in levels.items()},
        {name: _share(trusted[known] >= least) for name, least in levels.items()},
        {name: _share(trusted[~known] >= least) for name, least in levels.items()},
    )


def as_told(found: Refused) -> Iterator[str]:
    """For a reader."""
    yield (
        f"{found.questions} questions with an answer: AUROC {found.auroc:.3f},"
        f" of right first hits {found.auroc_right:.3f}; probabilities off by {found.off:.3f}"
    )
    for name in found.right:
        right, known, missing = found.right[name], found.known[name], found.missing[name]
        yield (
            f"{name:8} first hits that reach it are right {right:.2f}; reached where the answer"
            f" is known {known:.2f}, where it is missing {missing:.2f}"
        )


def area(positive: Floats, negative: Floats) -> float:
    """The share of pairs in the right order, equal ones half; nan without a pair."""
    if not len(positive) or not len(negative):
        return float("nan")
    ranked = np.sort(negative)
    below = np.searchsorted(ranked, positive, "left") + np.searchsorted(ranked, positive, "right")
    return float(below.mean() / 2 / len(ranked))


def _first(
    candidates: Candidates,
    right: npt.NDArray[np.bool_],
    kept: npt.NDArray[np.bool_],
    *,
    known: bool,
) -> Iterator[First]:
    """None where nothing is left."""
    entries = candidates.entries[kept]
    if len(entries):
        scored = by_entry(candidates.fused[kept], entries, candidates.passages[kept])
        _, positions = next(iter(scored.values()))
        ground = Ground(candidates.cosines[kept], candidates.shares[kept], entries)
        yield First(ground.features(positions), bool(right[kept][positions[0]]), known)


def _off(trusted: Floats, right: npt.NDArray[np.bool_]) -> float:
    """Expected calibration error over tenths."""
    tenths = np.minimum((trusted * 10).astype(int), 9)
    return float(
        sum(abs((trusted - right)[tenths == tenth].sum()) for tenth in range(10))
        / max(len(right), 1)
    )


def _share(held: npt.NDArray[np.bool_]) -> float:
    return float(held.mean()) if len(held) else float("nan")
