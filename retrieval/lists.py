"""Vectors past the number that exact search bears: found roughly first, then scored finely.

Rows are sorted into lists around centres and kept there at a bit a dimension, so that a question
reads a quarter of all rows in a few milliseconds: questions lie far from the passages that answer
them, and the nearest few lists hold only half of those. The best FINE are scored by twelve bits a
dimension, eight and four more of what the eight leave over: eight alone confuse neighbours among
a million. 650 bytes a row of 384 dimensions; all but the bits are mapped from their files
(docs/benchmarks.md, Scale).
"""

from pathlib import Path
from typing import Any, Final

import faiss
import numpy as np
import numpy.typing as npt

from retrieval.allowed import Allowed
from retrieval.rows import Rows

Floats = npt.NDArray[np.float32]

# Vectors a centre is learnt from, and rounds of learning: more gain nothing.
TAUGHT, ROUNDS = 40, 8
# What part of the lists a question reads, and how many rows are scored finely.
READ: Final = 0.25
FINE: Final = 1500
# Dimensions are filled up to a multiple: four share a code of four bits.
SHARING: Final = 4
# Rows coded at a time, to spare memory.
PART: Final = 100_000
_FILES: Final = ("lists.faiss", "eight.faiss", "four.faiss")


class Lists:
    """Inner products over rows (n, d) in the order they were given."""

    def __init__(self, rough: Any, eight: Any, four: Any) -> None:
        self._rough, self._eight, self._four = rough, eight, four

    @property
    def rows(self) -> int:
        return int(self._rough.ntotal)

    def nearest(self, question: Floats, depth: int, allowed: Allowed | None = None) -> Rows:
        """Best first."""
        kept = max(depth, FINE)
        _, found = self._rough.search(_filled(question[None]), kept, params=self._how(allowed))
        rows = np.asarray(found[0][found[0] >= 0], np.int64)
        ranked: Rows = rows[np.argsort(-self.scores(question, rows), kind="stable")[:depth]]
        return ranked

    def scores(self, question: Floats, rows: Rows) -> Floats:
        asked = _filled(question[None])[0]
        parts = (self._eight, self._four)
        found: Floats = np.sum([part.reconstruct_batch(rows) @ asked for part in parts], axis=0)
        return found

    def write(self, folder: Path) -> None:
        for engine, name in zip((self._rough, self._eight, self._four), _FILES, strict=True):
            faiss.write_index(engine, str(folder / name))

    def _how(self, allowed: Allowed | None) -> Any:
        count = self._rough.nlist
        # faiss's stubs know the constructors of C++ alone.
        if allowed is None:
            return faiss.SearchParametersIVF(nprobe=max(round(READ * count), 1))  # type: ignore[call-arg]
        # The rarer the rows, the more lists, and soon all: as many of them are met as without.
        share = max(len(allowed.rows), 1) / self.rows
        lists = min(count, max(round(READ * count / share), 1))
        return faiss.SearchParametersIVF(nprobe=lists, sel=allowed.selector)  # type: ignore[call-arg]


def build_lists(vectors: Floats) -> Lists:
    """From vectors (n, d); a power of two of lists, about four times the root of n."""
    laid = _filled(vectors)
    width = laid.shape[1]
    count = 2 ** round(np.log2(4 * np.sqrt(len(laid))))
    spec = f"IVF{count},PQ{width // SHARING}x4fs"
    rough: Any = faiss.index_factory(width, spec, faiss.METRIC_INNER_PRODUCT)
    rough.cp.niter, rough.cp.max_points_per_centroid = ROUNDS, TAUGHT
    rough.train(laid)
    rough.add(laid)
    quantizers = faiss.ScalarQuantizer
    eight = faiss.IndexScalarQuantizer(width, quantizers.QT_8bit, faiss.METRIC_INNER_PRODUCT)
    four = faiss.IndexScalarQuantizer(width, quantizers.QT_4bit, faiss.METRIC_INNER_PRODUCT)
    eight.train(laid)
    four.train(laid[:PART] - _decoded(eight, laid[:PART]))
    for start in range(0, len(laid), PART):
        part = laid[start : start + PART]
        eight.add(part)
        four.add(part - _decoded(eight, part))
    return Lists(rough, eight, four)


def open_lists(folder: Path) -> Lists:
    """What `Lists.write` wrote, mapped."""
    return Lists(*(faiss.read_index(str(folder / name), faiss.IO_FLAG_MMAP_IFC) for name in _FILES))


def is_lists(folder: Path) -> bool:
    return (folder / _FILES[0]).exists()


def _decoded(quantizer: Any, vectors: Floats) -> Floats:
    decoded: Floats = quantizer.sa_decode(quantizer.sa_encode(vectors))
    return decoded


def _filled(vectors: Floats) -> Floats:
    """With zeros up to a multiple of SHARING dimensions."""
    return np.pad(vectors, ((0, 0), (0, -vectors.shape[1] % SHARING))).astype(np.float32)
