"""Ways to score an entry by the scores of its passages.

Each takes `best` (questions, entries, depth), what the passages of an entry score, best first and
-inf where it has no more, and gives (questions, entries).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import product
from typing import Final

import numpy as np
import numpy.typing as npt

from retrieval.fusion import BESIDE, COUNTED

Floats = npt.NDArray[np.float64]
Aggregation = Callable[[Floats], Floats]
Weights = tuple[float, ...]

# No deeper than every entry has passages once a piece is held out: below that, the right entry
# would be spared its worst passages for having fewer, and be found for no merit (six pieces of the
# sample gain 6 points so).
DEPTH: Final = 4
# The best counts 1; what the next may count, never more than the one before.
STEPS: Final = (0.0, 0.25, 0.5, 0.75, 1.0)
FOLDS: Final = 5


def weighed(best: Floats, weights: Weights, beside: int = 0) -> Floats:
    """The weighed mean of as many as there are. With `beside` none counts less than the passage
    that stands at that place for the question, or the entry's own best."""
    if beside:
        placed = -np.sort(-best.reshape(len(best), -1), axis=1)[:, beside][:, None, None]
        floor = np.minimum(placed, best[:, :, :1])
        best = np.where(np.isfinite(best), np.maximum(best, floor), best)
    own = best[:, :, : len(weights)]
    there = np.isfinite(own) * np.array(weights)
    total = (np.where(there > 0, own, 0) * there).sum(axis=2)
    found: Floats = np.where(
        there[:, :, 0] > 0, total / np.maximum(there.sum(axis=2), 1e-9), -np.inf
    )
    return found


def summed(best: Floats, heat: float) -> Floats:
    """The logarithm of the sum of exponentials, `heat` times: more passages count for more."""
    top = best[:, :, :1]
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = np.where(np.isfinite(best), np.exp((best - top) / heat), 0)
        found: Floats = top[:, :, 0] + heat * np.log(parts.sum(axis=2))
    return np.where(np.isfinite(found), found, -np.inf)


# What retrieval.fusion does.
PRESENT: Final = partial(weighed, weights=COUNTED, beside=BESIDE)
AGGREGATIONS: Mapping[str, Aggregation] = {
    "the best": partial(weighed, weights=(1.0,)),
    "mean of the two best": partial(weighed, weights=(1.0, 1.0)),
    "mean of the three best": partial(weighed, weights=(1.0, 1.0, 1.0)),
    "best and half the second": partial(weighed, weights=(1.0, 0.5)),
    "1, 1/2, none below the fiftieth": partial(weighed, weights=(1.0, 0.5), beside=BESIDE),
    "1, 1/2, 1/4, none below the fiftieth (as it is)": PRESENT,
    "sum of exponentials at 0.02": partial(summed, heat=0.02),
    "sum of exponentials at 0.05": partial(summed, heat=0.05),
    "sum of exponentials at 0.1": partial(summed, heat=0.1),
}


def mixtures(depth: int = DEPTH) -> Iterator[Weights]:
    """Falling weights of the best few."""
    for rest in product(STEPS, repeat=depth - 1):
        if list(rest) == sorted(rest, reverse=True):
            yield (1.0, *rest)


def learned(
    best: Floats, owners: npt.NDArray[np.int64], gain: Callable[[Floats], Floats]
) -> tuple[Floats, Sequence[Weights]]:
    """Each question scored with the weights that serve the questions of other `owners` (their
    right entry) best, and those weights fold by fold. `gain` (questions,) is of a scoring."""
    tried = list(mixtures())
    scored = [weighed(best, weights) for weights in tried]
    gains = np.stack([gain(one) for one in scored])
    folds = owners % FOLDS
    chosen = [int(gains[:, folds != fold].mean(axis=1).argmax()) for fold in range(FOLDS)]
    found = np.stack([scored[chosen[fold]][row] for row, fold in enumerate(folds.tolist())])
    return found, [tried[one] for one in chosen]
