"""The vectors' index: inner product, what crowds a passage taken off (retrieval.crowding)."""

from pathlib import Path
from typing import Any, Final, Protocol

import faiss
import numpy as np
import numpy.typing as npt

from retrieval.allowed import Allowed
from retrieval.crowding import met
from retrieval.lists import Lists, build_lists, is_lists, open_lists
from retrieval.rows import Rows

Floats = npt.NDArray[np.float32]

# Exact search: below 50,000 passages a trained index buys nothing.
EXACT = 50_000
_FILE: Final = "vectors.faiss"


def one_core() -> None:
    """Search on the calling thread alone from now on.

    FAISS parts the work of one question over all cores, in pieces so small that the threads wait
    for each other longer than they work (docs/benchmarks.md, Scale).
    """
    faiss.omp_set_num_threads(1)


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
            # faiss's stubs know the constructors of C++ alone.
            chosen = faiss.SearchParameters(sel=allowed.selector)  # type: ignore[call-arg]
        _, found = self._engine.search(question[None], max(depth, 1), params=chosen)
        return np.asarray(found[0][found[0] >= 0], np.int64)

    def scores(self, question: Floats, rows: Rows) -> Floats:
        found: Floats = self._engine.reconstruct_batch(rows) @ question
        return found

    def write(self, folder: Path) -> None:
        faiss.write_index(self._engine, str(folder / _FILE))


class VectorIndex:
    """Rows in the order they were given, as `uncrowded` made them."""

    def __init__(self, engine: Exact | Lists) -> None:
        self._engine = engine

    @property
    def rows(self) -> int:
        return self._engine.rows

    def nearest(self, question: Floats, depth: int, allowed: Allowed | None = None) -> Rows:
        return self._engine.nearest(met(question), depth, allowed)

    def scores(self, question: Floats, rows: Rows) -> Floats:
        return self._engine.scores(met(question), rows)

    def write(self, folder: Path) -> None:
        """OSError if the disk refuses."""
        try:
            self._engine.write(folder)
        except RuntimeError as error:
            raise OSError(str(error)) from error


def build_vectors(uncrowded: Floats) -> VectorIndex:
    """From vectors (n, d + 1) with what crowds them as their last dimension."""
    if len(uncrowded) > EXACT:
        return VectorIndex(build_lists(uncrowded))
    engine = faiss.IndexFlatIP(uncrowded.shape[1])
    engine.add(uncrowded)
    return VectorIndex(Exact(engine))


def open_vectors(folder: Path) -> VectorIndex:
    """What `VectorIndex.write` wrote, mapped."""
    if is_lists(folder):
        return VectorIndex(open_lists(folder))
    return VectorIndex(Exact(faiss.read_index(str(folder / _FILE), faiss.IO_FLAG_MMAP_IFC)))
