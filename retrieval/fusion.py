"""Vectors and words together, and entries scored by their passages."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int32]

VECTORS, WORDS = 0.4, 0.4
# What words count for in a passage of another language than the question's: a few terms in
# Latin letters that every second passage holds.
ABROAD = 0.25
# The best share of a question is of a third of its words if it is short, of a tenth if it is long:
# shares are divided by the best one to this power, so that words weigh as much in both.
LEVELLED = 0.75
# What it counts for that the question calls an entry by its whole name: more than its rank by
# vectors, which know no names.
CALLED = 0.5
FIRST = 100
# What an entry's best, second and third passages count: three papers say more than one.
COUNTED = (1.0, 0.5, 0.25)
# A further passage beside the point counts like the fiftieth of all, so that what an expert does
# besides does not speak against them.
BESIDE = 50


def fuse(
    cosines: Floats,
    shares: Floats,
    languages: npt.NDArray[np.uint8],
    entries: Numbers,
    asked: int,
    named: npt.NDArray[np.bool_] | None = None,
) -> Floats:
    """One score a candidate, at most 0.4 where all sides agree that it is the best, and CALLED
    more where the question calls it by name: vectors know no names.

    Cosines are stretched so that the best is 1 and the hundredth 0. Of `shares` (2, candidates)
    the share by words is compared with the most that any passage of the same language holds: in
    a mixed pool words reorder only inside a language, for a passage in the other language
    cannot hold them, however well it answers. Where its entry also speaks the question's language,
    `asked`, words are looked for there, and it lacks all that the best passage holds. Names can
    stand anywhere, and are compared with all.
    """
    if not len(cosines):
        return cosines
    ranked = np.sort(cosines)[::-1]
    best, floor = ranked[0], ranked[min(FIRST, len(ranked)) - 1]
    stretched = (cosines - floor) / max(best - floor, 1e-6)
    level = max(float(shares.sum(axis=0).max()), 1e-3) ** LEVELLED
    missing = _missing(shares, languages, entries, asked) / level
    fused: Floats = (VECTORS * stretched + WORDS * missing).astype(np.float32)
    return fused if named is None else fused + CALLED * named.astype(np.float32)


def _missing(
    shares: Floats, languages: npt.NDArray[np.uint8], entries: Numbers, asked: int
) -> Floats:
    """(candidates,) what each lacks beside the best, at most 0."""
    words, names = shares
    home = languages == asked
    found: Floats = names - names.max()
    for language in np.unique(languages):
        own = languages == language
        weight = 1.0 if language == asked else ABROAD
        found[own] += weight * (words[own] - words[own].max())
    also_home = ~home & np.isin(entries, entries[home])
    found[also_home] -= words[home].max(initial=0)
    return found


def by_entry(
    scores: Floats, entries: Numbers, passages: Numbers
) -> dict[int, tuple[float, list[int]]]:
    """Entry to its score and its candidates' positions, best first; entries best first.

    Of a passage in pieces the best piece alone stands there: two pieces are not two pieces of
    evidence. A lone passage counts alone: an entry is not worse for being short.
    """
    order = np.argsort(-scores, kind="stable")
    # Of those with one passage the first, and all in the order they had.
    order = order[np.sort(np.unique(passages[order], return_index=True)[1])]
    grouped: dict[int, list[int]] = {}
    for position, entry in zip(order.tolist(), entries[order].tolist(), strict=True):
        grouped.setdefault(entry, []).append(position)
    told = scores.tolist()
    least = told[order[min(BESIDE, len(order) // 2)]] if len(order) else 0.0
    scored = {entry: (_of_best(told, found, least), found) for entry, found in grouped.items()}
    return dict(sorted(scored.items(), key=lambda one: -one[1][0]))


def _of_best(scores: list[float], positions: list[int], least: float) -> float:
    best = scores[positions[0]]
    summed, counted = best * COUNTED[0], COUNTED[0]
    for position, weight in zip(positions[1:], COUNTED[1:], strict=False):
        summed += weight * max(scores[position], min(least, best))
        counted += weight
    return summed / counted
