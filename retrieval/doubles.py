"""Which passages say the same, so that a list shows one of them."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int32]

# The nearest reworded pairs among 2,720 technical answers stand at 0.93 and 0.90, with 0.52 and
# 0.63 of their pairs of characters in common; then come texts that say different things.
NEAR, SHARED = 0.9, 0.5
# Vectors are sorted by the sides of random planes they lie on, and compared with the next few
# on the same sides: so often that of pairs at 0.97 one in a hundred is missed.
ROUNDS, NEXT = 16, 4
_SIGNS: Final = re.compile(r"\W+")
_NAMES: Final = re.compile(r"[a-z0-9]*[0-9][a-z0-9]*")


def groups(texts: Sequence[str], vectors: Floats) -> Numbers:
    """(n,) for each text the first that says the same: the same letters and digits, or nearly,
    and then never with other numbers in it, for an ESP32-S2 is no ESP32-S3."""
    first: dict[str, int] = {}
    letters = [_letters(text) for text in texts]
    found = np.array(
        [first.setdefault(one or str(i), i) for i, one in enumerate(letters)], np.int32
    )
    distinct = np.unique(found)
    for one, other in sorted(_near(vectors[distinct])):
        early, late = int(distinct[one]), int(distinct[other])
        if found[early] != found[late] and _alike(letters[early], letters[late]):
            found[found == found[late]] = found[early]
    return found


def _near(vectors: Floats) -> set[tuple[int, int]]:
    """Pairs of places, ascending, whose cosine is at least NEAR; a few are missed."""
    random, pairs = np.random.default_rng(0), set[tuple[int, int]]()
    planes = max(len(vectors), 2).bit_length()
    for _ in range(ROUNDS):
        sides = vectors @ random.normal(size=(vectors.shape[1], planes)).astype(np.float32) > 0
        signs = sides @ (1 << np.arange(planes))
        order = np.argsort(signs, kind="stable")
        for one, other in _neighbours(order, signs[order]):
            cosines = np.einsum("ij,ij->i", vectors[one], vectors[other])
            near = cosines >= NEAR
            pairs.update(zip(one[near].tolist(), other[near].tolist(), strict=True))
    return pairs


def _neighbours(
    order: npt.NDArray[np.int64], signs: npt.NDArray[np.int64]
) -> Iterator[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]]:
    for ahead in range(1, NEXT + 1):
        same = np.flatnonzero(signs[:-ahead] == signs[ahead:])
        for start in range(0, len(same), 1 << 15):
            part = same[start : start + (1 << 15)]
            yield order[part], order[part + ahead]


def _letters(text: str) -> str:
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return _SIGNS.sub("", plain.lower())


def _alike(one: str, other: str) -> bool:
    if set(_NAMES.findall(one)) != set(_NAMES.findall(other)):
        return False
    first, second = _pairs(one), _pairs(other)
    return len(first & second) >= SHARED * len(first | second) > 0


def _pairs(letters: str) -> set[str]:
    return {letters[i : i + 2] for i in range(len(letters) - 1)}
