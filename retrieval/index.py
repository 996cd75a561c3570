"""The vectors' index: exact inner product, each passage's crowding taken off."""

from typing import Any, Protocol

import faiss
import numpy as np
import numpy.typing as npt

from retrieval.allowed import Allowed
from retrieval.rows import Rows

Floats = npt.NDArray[np.float32]

# Passages that lie near everything come up for every question. Half of half the mean cosine to
# its ten nearest is taken off a passage's score: nDCG@10 rises by 0.3 to 1 point.
NEIGHBOURS, CROWDING = 10, 0.25
# Enough of a large corpus to know who is crowded; all against all would take minutes.
COMPARED = 5000


class Vectors(Protocol):
    """The passages' vectors, wherever they are kept."""

    def nearest(self, question: Floats, depth: int, allowed: Allowed | None = None) -> Rows:
        """At most `depth` rows, best first; `allowed` restricts them."""

    def scores(self, question: Floats, rows: Rows) -> Floats:
        """The rows' cosines, less their crowding."""


class VectorIndex:
    """Rows in the order they were given; the crowding is one more dimension, met by a 1."""

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
        _, found = self._engine.search(_asked(question), max(depth, 1), params=chosen)
        return np.asarray(found[0][found[0] >= 0], np.int64)

    def scores(self, question: Floats, rows: Rows) -> Floats:
        stored = self._engine.reconstruct_batch(rows)
        found: Floats = stored @ _asked(question)[0]
        return found

    def packed(self) -> npt.NDArray[np.uint8]:
        serialised: npt.NDArray[np.uint8] = faiss.serialize_index(self._engine)
        return serialised


def build_vectors(vectors: Floats) -> VectorIndex:
    """From unit vectors (n, d)."""
    # Exact search: below 50,000 passages a trained index buys nothing.
    engine = faiss.IndexFlatIP(vectors.shape[1] + 1)
    if len(vectors):
        crowding = -CROWDING * _crowding(vectors)
        engine.add(np.hstack([vectors, crowding[:, None]]).astype(np.float32))
    return VectorIndex(engine)


def unpack_vectors(packed: bytes) -> VectorIndex:
    """What `VectorIndex.packed` packed."""
    return VectorIndex(faiss.deserialize_index(np.frombuffer(packed, np.uint8)))


def _crowding(vectors: Floats) -> Floats:
    """(n,) the mean cosine to the nearest others, itself left out."""
    step = -(-len(vectors) // COMPARED)
    others = faiss.IndexFlatIP(vectors.shape[1])
    others.add(np.ascontiguousarray(vectors[::step]))
    depth = min(NEIGHBOURS + 1, others.ntotal)
    found, rows = others.search(np.ascontiguousarray(vectors), depth)
    itself = rows * step == np.arange(len(vectors))[:, None]
    kept = np.where(itself, 0, found)
    # Where it did not meet itself, its furthest is one too many.
    kept[~itself.any(axis=1), -1] = 0
    crowding: Floats = kept.sum(axis=1) / max(depth - 1, 1)
    return crowding


def _asked(question: Floats) -> Floats:
    return np.append(question, np.float32(1))[None].astype(np.float32)
