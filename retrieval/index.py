"""The vectors' index: inner product, each passage's crowding taken off."""

from pathlib import Path
from typing import Any, Final, Protocol

import faiss
import numpy as np
import numpy.typing as npt

from retrieval.allowed import Allowed
from retrieval.lists import Lists, build_lists, is_lists, open_lists
from retrieval.rows import Rows

Floats = npt.NDArray[np.float32]

# Passages that lie near everything come up for every question. Half of half the mean cosine to
# its ten nearest is taken off a passage's score: nDCG@10 rises by 0.3 to 1 point.
NEIGHBOURS, CROWDING = 10, 0.25
# Enough of a large corpus to know who is crowded; all against all would take minutes.
COMPARED = 5000
# Exact search: below 50,000 passages a trained index buys nothing.
EXACT = 50_000
_FILE: Final = "vectors.faiss"


class Vectors(Protocol):
    """The passages' vectors, wherever they are kept."""

    def nearest(self, question: Floats, depth: int, allowed: Allowed | None = None) -> Rows:
        """At most `depth` rows, best first; `allowed` restricts them."""

    def scores(self, question: Floats, rows: Rows) -> Floats:
        """The rows' cosines, less their crowding."""


class Exact:
    """Every row compared."""

    def __init__(self, engine: Any) -> None:
        self._engine = engine

    @property
    def rows(self) -> int:
        return int(self._engine.ntotal)

    def nearest(self, question: Floats, depth: int, allowed: Allowed | None = None) -> Rows:
        chosen = None
        if allowed is not None:
            # By keyword: only so does faiss keep the selector alive as long as the parameters.
            chosen = faiss.SearchParameters(sel=faiss.IDSelectorBitmap(allowed.bits))  # type: ignore[call-arg, arg-type]
        _, found = self._engine.search(question[None], max(depth, 1), params=chosen)
        return np.asarray(found[0][found[0] >= 0], np.int64)

    def scores(self, question: Floats, rows: Rows) -> Floats:
        found: Floats = self._engine.reconstruct_batch(rows) @ question
        return found

    def write(self, folder: Path) -> None:
        faiss.write_index(self._engine, str(folder / _FILE))


class VectorIndex:
    """Rows in the order they were given; the crowding is one more dimension, met by a 1."""

    def __init__(self, engine: Exact | Lists) -> None:
        self._engine = engine

    @property
    def rows(self) -> int:
        return self._engine.rows

    def nearest(self, question: Floats, depth: int, allowed: Allowed | None = None) -> Rows:
        return self._engine.nearest(_asked(question), depth, allowed)

    def scores(self, question: Floats, rows: Rows) -> Floats:
        return self._engine.scores(_asked(question), rows)

    def write(self, folder: Path) -> None:
        """OSError if the disk refuses."""
        try:
            self._engine.write(folder)
        except RuntimeError as error:
            raise OSError(str(error)) from error


def build_vectors(vectors: Floats) -> VectorIndex:
    """From unit vectors (n, d)."""
    laid = np.hstack([vectors, -CROWDING * crowding(vectors)[:, None]]).astype(np.float32)
    if len(laid) > EXACT:
        return VectorIndex(build_lists(laid))
    engine = faiss.IndexFlatIP(laid.shape[1])
    engine.add(laid)
    return VectorIndex(Exact(engine))


def open_vectors(folder: Path) -> VectorIndex:
    """What `VectorIndex.write` wrote, mapped."""
    if is_lists(folder):
        return VectorIndex(open_lists(folder))
    return VectorIndex(Exact(faiss.read_index(str(folder / _FILE), faiss.IO_FLAG_MMAP_IFC)))


def crowding(vectors: Floats) -> Floats:
    """(n,) the mean cosine to the nearest others, itself left out."""
    if not len(vectors):
        return np.zeros(0, np.float32)
    step = -(-len(vectors) // COMPARED)
    others = faiss.IndexFlatIP(vectors.shape[1])
    others.add(np.ascontiguousarray(vectors[::step]))
    depth = min(NEIGHBOURS + 1, others.ntotal)
    found, rows = others.search(np.ascontiguousarray(vectors), depth)
    itself = rows * step == np.arange(len(vectors))[:, None]
    kept = np.where(itself, 0, found)
    # Where it did not meet itself, its furthest is one too many.
    kept[~itself.any(axis=1), -1] = 0
    crowded: Floats = kept.sum(axis=1) / max(depth - 1, 1)
    return crowded


def _asked(question: Floats) -> Floats:
    return np.append(question, np.float32(1)).astype(np.float32)
