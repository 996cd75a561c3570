from pathlib import Path

import pytest

from retrieval import shelf
from retrieval.cache import TextCache
from retrieval.errors import BrokenSnapshotError
from retrieval.library import Library
from retrieval.snapshot import Snapshot, activate, write_snapshot
from tests.retrieval.fakes import CORPUS, HashedWords


def test_a_broken_snapshot_is_read_through_once_and_left_for_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache, encoder = TextCache(tmp_path / "vectors.db"), HashedWords()
    for _ in range(2):
        made = write_snapshot(tmp_path, CORPUS, encoder, cache=cache)
    (made.folder / "words.bin").write_bytes(b"")
    read: list[str] = []
    checked = shelf.verified

    def counted(one: Snapshot) -> Path:
        read.append(one.name)
        return checked(one)

    monkeypatch.setattr(shelf, "verified", counted)
    library = Library(tmp_path, encoder)
    first, second = library.refresh(), library.refresh()
    assert isinstance(first, BrokenSnapshotError)
    assert (second, read) == (first, ["000002"])
    activate(tmp_path, "000001")
    assert library.refresh() is None
    assert library.searcher.snapshot.name == "000001"
