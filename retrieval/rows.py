"""The rows of an index: a row is a passage, or a piece of a long one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from retrieval.language import language_of
from retrieval.passages import Passage

Rows = npt.NDArray[np.int64]

LANGUAGES: Final = ("zh", "en", "other")


@dataclass(frozen=True)
class Columns:
    """What ranking needs of every row, in small arrays.

    Rows of one entry stand together: `entries` (n,) numbers them ascending, and entry e has the
    rows starts[e] to starts[e + 1]. `kinds` and `languages` are places in `kind_names` and
    LANGUAGES.
    """

    entries: npt.NDArray[np.int32]
    starts: Rows
    kinds: npt.NDArray[np.uint8]
    kind_names: tuple[str, ...]
    languages: npt.NDArray[np.uint8]

    def with_siblings(self, rows: Rows) -> Rows:
        """These rows and every other of their entries, ascending, each once."""
        found = np.unique(self.entries[rows])
        first, after = self.starts[found], self.starts[found + 1]
        lengths = after - first
        skipped = np.repeat(first - np.concatenate([[0], lengths.cumsum()[:-1]]), lengths)
        siblings: Rows = np.arange(int(lengths.sum())) + skipped
        return siblings

    def of_kinds(self, kinds: frozenset[str]) -> npt.NDArray[np.bool_]:
        """(n,) whether the row is of one of these kinds."""
        numbers = [place for place, name in enumerate(self.kind_names) if name in kinds]
        return np.isin(self.kinds, numbers)


class Texts(Protocol):
    """The passages themselves, fetched for the few rows that are quoted."""

    def of(self, rows: Rows) -> list[Passage]: ...


class ListedTexts:
    """All in memory."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._passages = passages

    def of(self, rows: Rows) -> list[Passage]:
        return [self._passages[row] for row in rows.tolist()]


def in_order(rows: Sequence[Passage]) -> list[Passage]:
    """The rows of one entry brought together; entries in the order they were first named."""
    places: dict[str, int] = {}
    for row in rows:
        places.setdefault(row.entry, len(places))
    return sorted(rows, key=lambda row: places[row.entry])


def columns_of(rows: Sequence[Passage]) -> Columns:
    """Of rows that are `in_order`."""
    names = tuple(sorted({row.kind for row in rows}))
    entries, starts = [], []
    for place, row in enumerate(rows):
        if not place or row.entry != rows[place - 1].entry:
            starts.append(place)
        entries.append(len(starts) - 1)
    return Columns(
        np.array(entries, np.int32),
        np.array([*starts, len(rows)], np.int64),
        np.array([names.index(row.kind) for row in rows], np.uint8),
        names,
        np.array([LANGUAGES.index(language_of(row.text)) for row in rows], np.uint8),
    )
