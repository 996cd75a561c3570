"""The vectors' index: inner product, each passage's crowding taken off.

Exact up to EXACT rows. Beyond, the rows are sorted into lists around centres, a byte a dimension,
and a question reads the lists nearest to it. Lists are mapped from their file, train in minutes
where a graph of neighbours takes the better part of an hour, and read a rare kind of row as
surely as a frequent one (docs/benchmarks.md, Scale).
"""

from pathlib import Path
from typing import Any, Final, Protocol

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

# Exact search: below 50,000 passages a trained index buys nothing.
EXACT = 50_000
# Vectors a centre is learnt from, and rounds of learning: more gain nothing.
TAUGHT, ROUNDS = 40, 8
# Lists read for a question.
READ: Final = 64


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
        _, found = self._engine.search(_asked(question), max(depth, 1), params=self._how(allowed))
        return np.asarray(found[0][found[0] >= 0], np.int64)

    def scores(self, question: Floats, rows: Rows) -> Floats:
        stored = self._engine.reconstruct_batch(rows)
        found: Floats = stored @ _asked(question)[0]
        return found

    def write(self, path: Path) -> None:
        """OSError if the disk refuses."""
        try:
            faiss.write_index(self._engine, str(path))
        except RuntimeError as error:
            raise OSError(str(error)) from error

    def _how(self, allowed: Allowed | None) -> Any:
        # By keyword: only so does faiss keep the selector alive as long as the parameters.
        chosen: dict[str, Any] = {}
        if allowed is not None:
            chosen["sel"] = faiss.IDSelectorBitmap(allowed.bits)  # type: ignore[call-arg, arg-type]
        if not isinstance(self._engine, faiss.IndexIVF):
            return faiss.SearchParameters(**chosen)
        share = 1.0 if allowed is None else max(len(allowed.rows), 1) / self.rows
        # The rarer the rows, the more lists: as many of them are met as without a restriction,
        # and of the rarest all.
        lists = min(self._engine.nlist, round(READ / share))
        return faiss.SearchParametersIVF(nprobe=lists, **chosen)  # type: ignore[call-arg]


def build_vectors(vectors: Floats) -> VectorIndex:
    """From unit vectors (n, d)."""
    laid = np.hstack([vectors, -CROWDING * crowding(vectors)[:, None]]).astype(np.float32)
    engine = faiss.IndexFlatIP(laid.shape[1]) if len(laid) <= EXACT else _lists(laid)
    engine.add(laid)
    if isinstance(engine, faiss.IndexIVF):
        engine.make_direct_map()
    return VectorIndex(engine)


def open_vectors(path: Path) -> VectorIndex:
    """What `VectorIndex.write` wrote, mapped."""
    return VectorIndex(faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC))


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


def _lists(vectors: Floats) -> Any:
    """A power of two of them, about four times the root of the number of rows."""
    count = 2 ** round(np.log2(4 * np.sqrt(len(vectors))))
    engine: Any = faiss.index_factory(
        vectors.shape[1], f"IVF{count},SQ8", faiss.METRIC_INNER_PRODUCT
    )
    engine.cp.niter, engine.cp.max_points_per_centroid = ROUNDS, TAUGHT
    engine.train(vectors)
    return engine


def _asked(question: Floats) -> Floats:
    return np.append(question, np.float32(1))[None].astype(np.float32)
