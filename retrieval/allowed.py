"""Which rows may be found: those of some kinds of entry."""

from dataclasses import dataclass
from functools import cached_property

import faiss
import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class Allowed:
    """Made once for a set of kinds and kept; `mask` is true where a row is of one of them."""

    kinds: frozenset[str]
    mask: npt.NDArray[np.bool_]

    @cached_property
    def rows(self) -> npt.NDArray[np.int64]:
        """The allowed rows, ascending."""
        return np.flatnonzero(self.mask)

    @cached_property
    def bits(self) -> npt.NDArray[np.uint8]:
        """One bit a row, the lowest first, as bitmaps of the index take them."""
        return np.packbits(self.mask, bitorder="little")

    @cached_property
    def selector(self) -> faiss.IDSelector:
        """The bitmap as faiss takes it; whoever searches by it keeps it alive meanwhile."""
        # faiss's stubs know the constructors of C++ alone.
        return faiss.IDSelectorBitmap(self.bits)  # type: ignore[call-arg, arg-type]
