"""Where snapshots are kept: in a folder of this machine, or in a database that several share."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from retrieval import shelf
from retrieval.index import Vectors, build_vectors, open_vectors
from retrieval.lexical import WordIndex, open_words, write_words
from retrieval.means import Means, unpack_means
from retrieval.passages import Passage
from retrieval.rows import (
    Columns,
    MappedTexts,
    Rows,
    Texts,
    read_columns,
    write_columns,
    write_texts,
)
from retrieval.shelf import Snapshot

PASSAGES: Final = "passages.jsonl"
COLUMNS, WORDS, MEANS = "columns.npz", "words.bin", "means.npz"


@dataclass(frozen=True)
class Contents:
    """What a snapshot is made of: the passage, the columns and the vector of each row, as
    `uncrowded` made it, the words' index, and the means, packed."""

    rows: list[Passage]
    columns: Columns
    vectors: npt.NDArray[np.float32]
    words: WordIndex
    means: bytes

    def write_beside(self, folder: Path, ends: Rows) -> None:
        """The files that every worker keeps by itself, wherever passages and vectors are."""
        write_columns(folder / COLUMNS, self.columns, ends)
        write_words(self.words, folder / WORDS)
        (folder / MEANS).write_bytes(self.means)


@dataclass(frozen=True)
class Opened:
    """A snapshot's parts, ready to be searched."""

    columns: Columns
    texts: Texts
    vectors: Vectors
    words: WordIndex
    means: Means


class Shelf(Protocol):
    """Every verb raises SnapshotError."""

    @property
    def place(self) -> str:
        """For sentences; no password stands in it."""

    def publish(self, contents: Contents, facts: Mapping[str, str | int]) -> Snapshot:
        """Write a new snapshot and make it the current one; at any failure the old one stays."""

    def current(self) -> Snapshot: ...

    def list_snapshots(self) -> list[Snapshot]:
        """Those that can be read, oldest first."""

    def activate(self, name: str) -> Snapshot:
        """Make an old snapshot the current one, after verifying it."""

    def open(self, snapshot: Snapshot) -> Opened:
        """Verified first."""

    def close(self) -> None:
        """Let go of connections; what was opened may then no longer be searched."""


class FolderShelf:
    """Files of this machine, mapped, the vectors in FAISS."""

    def __init__(self, root: Path) -> None:
        self._root = root

    @property
    def place(self) -> str:
        return str(self._root)

    def publish(self, contents: Contents, facts: Mapping[str, str | int]) -> Snapshot:
        index = build_vectors(contents.vectors)

        def fill(folder: Path) -> None:
            contents.write_beside(folder, write_texts(folder / PASSAGES, contents.rows))
            index.write(folder)

        return shelf.publish(self._root, fill, facts)

    def current(self) -> Snapshot:
        return shelf.current(self._root)

    def list_snapshots(self) -> list[Snapshot]:
        return shelf.list_snapshots(self._root)

    def activate(self, name: str) -> Snapshot:
        return shelf.activate(self._root, name)

    def open(self, snapshot: Snapshot) -> Opened:
        folder = shelf.verified(snapshot)
        columns, ends = read_columns(folder / COLUMNS)
        texts = MappedTexts(folder / PASSAGES, ends)
        return Opened(columns, texts, open_vectors(folder), *read_beside(folder))

    def close(self) -> None:
        """Files need no letting go."""


def read_beside(folder: Path) -> tuple[WordIndex, Means]:
    return open_words(folder / WORDS), unpack_means((folder / MEANS).read_bytes())


def shelf_of(root: Path | Shelf) -> Shelf:
    """A folder is a shelf of its own."""
    return FolderShelf(root) if isinstance(root, Path) else root
