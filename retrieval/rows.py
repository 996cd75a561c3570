"""The rows of an index: a row is a passage, or a piece of a long one."""

import json
import mmap
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
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
    rows starts[e] to starts[e + 1]. `passages` (n,) numbers what the rows are pieces of. `kinds`
    and `languages` are places in `kind_names` and LANGUAGES. `groups` (n,) is the same number for
    rows that say the same (retrieval.doubles).
    """

    entries: npt.NDArray[np.int32]
    starts: Rows
    passages: npt.NDArray[np.int32]
    kinds: npt.NDArray[np.uint8]
    kind_names: tuple[str, ...]
    languages: npt.NDArray[np.uint8]
    groups: npt.NDArray[np.int32]

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


class MappedTexts:
    """One JSON object a line in a mapped file; only the lines asked for are read.

    The file may be unlinked while it is mapped, never altered.
    """

    def __init__(self, path: Path, ends: Rows) -> None:
        """`ends` (n,) is where each line ends."""
        with path.open("rb") as stream:
            # An empty file cannot be mapped, and has no line to give.
            self._lines = (
                mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) if len(ends) else b""
            )
        self._ends = ends

    def of(self, rows: Rows) -> list[Passage]:
        return [self._passage(row) for row in rows.tolist()]

    def _passage(self, row: int) -> Passage:
        start = int(self._ends[row - 1]) if row else 0
        return Passage(**json.loads(self._lines[start : int(self._ends[row])]))


def in_order(rows: Sequence[Passage]) -> list[Passage]:
    """The rows of one entry brought together; entries in the order they were first named."""
    places: dict[str, int] = {}
    for row in rows:
        places.setdefault(row.entry, len(places))
    return sorted(rows, key=lambda row: places[row.entry])


def columns_of(
    rows: Sequence[Passage],
    languages: Sequence[str] | None = None,
    groups: npt.NDArray[np.int32] | None = None,
) -> Columns:
    """Of rows that are `in_order`; `languages` by their script, where that is known already;
    without `groups` no two rows say the same."""
    kinds = {name: place for place, name in enumerate(sorted({row.kind for row in rows}))}
    spoken = languages or [language_of(row.text) for row in rows]
    entries = _numbered([row.entry for row in rows])
    return Columns(
        entries,
        np.append(np.flatnonzero(np.diff(entries, prepend=-1)), len(rows)).astype(np.int64),
        _numbered([row.key for row in rows]),
        np.array([kinds[row.kind] for row in rows], np.uint8),
        tuple(kinds),
        np.array([LANGUAGES.index(name) for name in spoken], np.uint8),
        np.arange(len(rows), dtype=np.int32) if groups is None else groups,
    )


def _numbered(names: Sequence[str]) -> npt.NDArray[np.int32]:
    """From 0, the same number for a name and the same name after it."""
    fresh = [not place or name != names[place - 1] for place, name in enumerate(names)]
    return np.cumsum(np.array(fresh, np.int32), dtype=np.int32) - np.int32(1)


def write_texts(path: Path, rows: Sequence[Passage]) -> Rows:
    """The lines of `MappedTexts`; their ends."""
    ends = np.zeros(len(rows), np.int64)
    with path.open("wb") as stream:
        for place, row in enumerate(rows):
            # ASCII: lone surrogates survive, and no line separator but ours stands in the file.
            stream.write(json.dumps(vars(row)).encode() + b"\n")
            ends[place] = stream.tell()
    return ends


def read_texts(path: Path) -> list[Passage]:
    """All that `write_texts` wrote."""
    with path.open("rb") as lines:
        return [Passage(**json.loads(line)) for line in lines]


def write_columns(path: Path, columns: Columns, ends: Rows) -> None:
    """As an .npz file, with the ends of the rows' lines."""
    named = {**asdict(columns), "kind_names": np.array(columns.kind_names, dtype=str)}
    with path.open("wb") as stream:
        np.savez(stream, ends=ends, **named)


def read_columns(path: Path) -> tuple[Columns, Rows]:
    """What `write_columns` wrote."""
    with np.load(path, allow_pickle=False) as stored:
        named = {name: stored[name] for name in stored.files}
    ends, names = named.pop("ends"), named.pop("kind_names")
    return Columns(kind_names=tuple(names.tolist()), **named), ends
