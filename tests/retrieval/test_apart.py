import os
import signal
from functools import partial
from multiprocessing import Pipe
from pathlib import Path

import pytest

from retrieval import apart
from retrieval.apart import Load, write_snapshot_apart
from retrieval.errors import EncoderError, SnapshotError
from retrieval.rows import write_texts
from retrieval.search import Searcher
from retrieval.shelf import list_snapshots
from retrieval.shelves import FolderShelf
from tests.retrieval.fakes import CORPUS, HashedWords, NotANumber


def polite() -> HashedWords:
    """Only where everything else goes first."""
    return HashedWords(f"at {os.nice(0)}")


def killed() -> HashedWords:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def missing() -> HashedWords:
    raise EncoderError("there is no such model")


def test_a_snapshot_is_written_by_another_process_that_gives_way(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    written = write_snapshot_apart(
        tmp_path / "index",
        CORPUS,
        polite,
        cache=tmp_path / "vectors.db",
        progress=lambda *at: seen.append(at),
    )
    assert (written.passages, written.model) == (5, "at 19")
    assert seen[-1] == (5, 5)
    assert Searcher.open(tmp_path / "index", HashedWords("at 19")).search("气孔")


def test_a_process_that_is_ended_from_outside_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match="was ended"):
        write_snapshot_apart(tmp_path / "index", CORPUS, killed, cache=tmp_path / "vectors.db")
    assert list_snapshots(tmp_path / "index") == []


@pytest.mark.parametrize(
    ("load", "error"),
    [(missing, "no such model"), (partial(NotANumber, "broken"), "no numbers")],
)
def test_what_goes_wrong_there_is_told_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, load: Load, error: str
) -> None:
    monkeypatch.setattr("os.nice", lambda _: 0)
    write_texts(tmp_path / "texts", CORPUS)
    ours, theirs = Pipe(duplex=False)
    apart._work(theirs, tmp_path / "index", tmp_path / "texts", load, tmp_path / "vectors.db", [])
    with pytest.raises((SnapshotError, EncoderError), match=error):
        apart._told(ours, None)
    assert list_snapshots(tmp_path / "index") == []


def test_a_shelf_that_is_no_folder_is_opened_by_the_process_that_writes(tmp_path: Path) -> None:
    root = partial(FolderShelf, tmp_path / "index")
    written = write_snapshot_apart(root, CORPUS, polite, cache=tmp_path / "vectors.db")
    assert list_snapshots(tmp_path / "index") == [written]
