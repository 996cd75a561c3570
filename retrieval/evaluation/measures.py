"""Measures by question, and how sure their means are."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

import ir_measures
import numpy as np
import numpy.typing as npt
from ir_measures import RR, R, nDCG

Run = dict[str, dict[str, float]]
# By measure, by question.
Values = dict[str, dict[str, float]]

MEASURES: Final = {"nDCG@10": nDCG @ 10, "recall@10": R @ 10, "MRR@10": RR @ 10}
RESAMPLES, SEED = 2000, 20
# Resamples are drawn this many values at a time: memory stays small on any set.
_DRAWN = 2_000_000


class Interval(NamedTuple):
    """A mean over questions and the 95% interval of its bootstrap."""

    mean: float
    low: float
    high: float


class Difference(NamedTuple):
    """One configuration against another on the same questions: the mean difference, the two-sided
    p of a paired randomisation test, and how many questions it answers better, worse, alike."""

    interval: Interval
    p: float
    wins: int
    losses: int
    ties: int


def by_question(run: Run, qrels: Mapping[str, Mapping[str, int]]) -> Values:
    """Each measure of each judged question; one that found nothing has 0."""
    values: Values = {name: dict.fromkeys(qrels, 0.0) for name in MEASURES}
    names = {str(measure): name for name, measure in MEASURES.items()}
    for found in ir_measures.iter_calc(MEASURES.values(), qrels, run):
        values[names[str(found.measure)]][found.query_id] = float(found.value)
    return values


def interval(values: Sequence[float] | npt.NDArray[np.float64]) -> Interval:
    """The same values give the same interval. (nan, nan, nan) of none."""
    known = np.asarray(values, np.float64)
    if not len(known):
        return Interval(float("nan"), float("nan"), float("nan"))
    means = np.concatenate([known[rows].mean(axis=1) for rows in _resampled(len(known))])
    low, high = np.percentile(means, (2.5, 97.5))
    return Interval(float(known.mean()), float(low), float(high))


def difference(first: Mapping[str, float], second: Mapping[str, float]) -> Difference:
    """`first` less `second`, over the questions that both hold. ValueError if there are none."""
    common = sorted(first.keys() & second.keys())
    if not common:
        raise ValueError("The two runs have no question in common; compare runs of one set.")
    apart = np.array([first[key] - second[key] for key in common])
    return Difference(
        interval(apart),
        _randomised(apart),
        int((apart > 0).sum()),
        int((apart < 0).sum()),
        int((apart == 0).sum()),
    )


def _resampled(size: int) -> Iterator[npt.NDArray[np.int64]]:
    drawing, step = np.random.default_rng(SEED), max(1, _DRAWN // size)
    for start in range(0, RESAMPLES, step):
        yield drawing.integers(0, size, (min(step, RESAMPLES - start), size))


def _randomised(apart: npt.NDArray[np.float64]) -> float:
    """Were the two alike, each difference could as well have had the other sign."""
    apart = apart[apart != 0]
    if not len(apart):
        return 1.0
    drawing, least = np.random.default_rng(SEED), abs(apart.sum()) - 1e-12
    step, beyond, rounds = max(1, _DRAWN // len(apart)), 0, 5 * RESAMPLES
    for start in range(0, rounds, step):
        signs = drawing.integers(0, 2, (min(step, rounds - start), len(apart))) * 2 - 1
        beyond += int((np.abs(signs @ apart) >= least).sum())
    return (beyond + 1) / (rounds + 1)
