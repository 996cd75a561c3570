"""How far a hit can be trusted, fitted on labelled questions."""

from typing import Literal

Strength = Literal["strong", "possible", "weak"]

WORDS = 0.5
STRONG, POSSIBLE = 0.5, 0.35


def strength_of(cosine: float, share: float) -> Strength:
    """From the best passage's cosine (its crowding taken off) and share of the question's words."""
    trust = cosine + WORDS * share
    if trust >= STRONG:
        return "strong"
    return "possible" if trust >= POSSIBLE else "weak"
