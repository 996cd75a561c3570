"""Vectors and words together, and entries scored by their passages."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

# Flat between 0.6 and 0.75 for words (docs/benchmarks.md, Retrieval).
VECTORS, WORDS = 0.3, 0.7
FIRST = 100


def fuse(cosines: Floats, shares: Floats, languages: npt.NDArray[np.str_]) -> Floats:
    """One score a candidate, at most 0.3 where all sides agree that it is the best.

    Cosines are stretched so that the best is 1 and the hundredth 0. Of `shares` (2, candidates)
    the share by words is compared with the most that any passage of the same language holds: in
    a mixed pool words reorder only inside a language, for a passage in the other language
    cannot hold them, however well it answers. Names can stand anywhere, and are compared with all.
    """
    if not len(cosines):
        return cosines
    ranked = np.sort(cosines)[::-1]
    best, floor = ranked[0], ranked[min(FIRST, len(ranked)) - 1]
    stretched = (cosines - floor) / max(best - floor, 1e-6)
    words, names = shares
    missing = names - names.max() + words
    for language in np.unique(languages):
        own = languages == language
        missing[own] -= words[own].max()
    fused: Floats = (VECTORS * stretched + WORDS * missing).astype(np.float32)
    return fused


def by_entry(scores: Floats, entries: Sequence[str]) -> dict[str, list[int]]:
    """Entry to its candidates' positions, best first; entries in order of their best one."""
    grouped: dict[str, list[int]] = {}
    for position in np.argsort(-scores, kind="stable"):
        grouped.setdefault(entries[position], []).append(int(position))
    return grouped
