"""How far a hit can be trusted: a probability, fitted on labelled questions.

`python -m benchmarks.honesty --fit DIR ...` prints the weights (docs/benchmarks.md, Honesty).
"""

import math
from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Strength = Literal["strong", "possible", "weak"]

# What an entry's second best passage counts beside its best.
SECOND: Final = 0.5
# The question's other candidates from here to here by cosine: what stands near it without
# answering. In a narrow corpus everything does, and a high cosine says little.
NEAR, FAR = 10, 50


class Features(NamedTuple):
    """Of one hit. Cosines are of common ground, crowding taken off: 0 is any two texts."""

    cosine: float  # of its two best passages
    share: float  # of the question's words, in its best passage
    background: float  # cosine of the candidates that come far behind the best
    ahead: float  # its share of words less the best other entry's
    agreed: float  # 1 if vectors and words both put it first


WEIGHTS: Final = Features(cosine=15.7, share=0.04, background=-13.8, ahead=1.3, agreed=1.6)
# The fit says -4.3 on the mean of all sets; this is the level of the sample knowledge base, which
# is what a desk serves: passages of people, not one narrow manual.
INTERCEPT: Final = -2.8
STRONG: Final = 0.6
POSSIBLE: Final = 0.25


class Ground:
    """One question's candidates, against which each of its hits is weighed."""

    def __init__(self, cosines: Floats, shares: Floats, entries: npt.NDArray[np.int32]) -> None:
        """Of the same length, a candidate each; `shares` by words and names together."""
        self._cosines, self._shares, self._entries = cosines, shares, entries
        ranked = np.sort(cosines)[::-1][NEAR:FAR]
        # A small corpus has nothing there: counted as any two texts.
        self._background = float(np.maximum(ranked, 0).sum()) / (FAR - NEAR)
        self._nearest = float(cosines.max(initial=-1.0))
        self._most = _two_best(shares, entries)

    def features(self, positions: Sequence[int]) -> Features:
        """Of the entry with these candidates, best first."""
        found = list(positions)
        first, second = self._cosines[found[:2]].tolist() * (2 if len(found) == 1 else 1)
        owner, best = int(self._entries[found[0]]), float(self._shares[found].max())
        (leader, most), (_, next_most) = self._most
        others = next_most if leader == owner else most
        agreed = best > 0 and best >= others and self._cosines[found].max() >= self._nearest
        return Features(
            (first + SECOND * second) / (1 + SECOND),
            float(self._shares[found[0]]),
            self._background,
            best - others,
            float(agreed),
        )

    def trust(self, positions: Sequence[int]) -> float:
        """The probability that the entry answers; unlike a score it compares across questions."""
        return probability(self.features(positions))


def probability(features: Features) -> float:
    """The logistic model's."""
    weighed = sum(weight * value for weight, value in zip(WEIGHTS, features, strict=True))
    return 1 / (1 + math.exp(-(INTERCEPT + weighed)))


def strength_of(trusted: float) -> Strength:
    """What `trust` gave, in a word; a question without a hit above weak has no good answer."""
    if trusted >= STRONG:
        return "strong"
    return "possible" if trusted >= POSSIBLE else "weak"


def _two_best(
    shares: Floats, entries: npt.NDArray[np.int32]
) -> tuple[tuple[int, float], tuple[int, float]]:
    """The entry with the highest share, and the highest of all other entries."""
    if not len(shares):
        return (-1, 0.0), (-1, 0.0)
    place = int(shares.argmax())
    leader = int(entries[place])
    others = float(shares[entries != leader].max(initial=0.0))
    return (leader, float(shares[place])), (-1, others)
