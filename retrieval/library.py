"""The searcher in use, exchanged for a newer one without a pause."""

from pathlib import Path
from threading import Lock

from retrieval.encoder import Encoder
from retrieval.errors import (
    BrokenSnapshotError,
    ForeignSnapshotError,
    NoSnapshotError,
    SnapshotError,
)
from retrieval.reranking import Reranker
from retrieval.search import Searcher
from retrieval.shelves import Shelf, shelf_of


class Library:
    """Holds the searcher of the current snapshot; a search in flight ends on the one it has."""

    def __init__(
        self, root: Path | Shelf, encoder: Encoder, reranker: Reranker | None = None
    ) -> None:
        """Opens nothing yet: call `refresh`, and look at what it returns."""
        self._shelf, self._encoder, self._reranker = shelf_of(root), encoder, reranker
        self._searcher: Searcher | None = None
        self._unreadable: tuple[str, SnapshotError] | None = None
        self._refreshing = Lock()

    @property
    def searcher(self) -> Searcher:
        """NoSnapshotError as long as none could be opened."""
        if self._searcher is None:
            raise NoSnapshotError(f"There is no index in {self._shelf.place} yet. Run a reload.")
        return self._searcher

    def refresh(self) -> SnapshotError | None:
        """Open the current snapshot if it is another than ours. Where it cannot be opened, the
        error is returned and the searcher stays what it was. A snapshot found broken or foreign
        is not read through again: its error is returned until another is current."""
        with self._refreshing:
            try:
                return self._take_up(self._shelf.current().name)
            except SnapshotError as error:
                return error

    def _take_up(self, name: str) -> SnapshotError | None:
        if self._searcher is not None and self._searcher.snapshot.name == name:
            return None
        if self._unreadable is not None and self._unreadable[0] == name:
            return self._unreadable[1]
        try:
            self._searcher = Searcher.open(self._shelf, self._encoder, self._reranker)
        except (BrokenSnapshotError, ForeignSnapshotError) as error:
            self._unreadable = name, error
            return error
        return None
