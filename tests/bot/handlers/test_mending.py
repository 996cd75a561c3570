import logging
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from bot.handlers.mending import FIRST_PAUSE, LONGEST_PAUSE, Mending
from retrieval.cache import TextCache
from retrieval.errors import SnapshotError, StoreAwayError
from retrieval.library import Library
from retrieval.snapshot import Snapshot, write_snapshot
from tests.retrieval.fakes import CORPUS, HashedWords


class Desk:
    """A real index in a folder, a clock that is set by hand, and rebuilds that are counted."""

    def __init__(self, root: Path) -> None:
        self.root, self.encoder = root / "index", HashedWords()
        self.cache = TextCache(root / "vectors.db")
        self.library = Library(self.root, self.encoder)
        self.now = datetime(2026, 1, 1, tzinfo=UTC)
        self.rebuilds = 0
        self.failure: Exception | None = None
        self.mending = Mending(self.refresh, self.rebuild, lambda: self.now)

    async def refresh(self) -> SnapshotError | None:
        return self.library.refresh()

    async def rebuild(self) -> Snapshot:
        self.rebuilds += 1
        if self.failure is not None:
            raise self.failure
        return self.write()

    def write(self, encoder: HashedWords | None = None) -> Snapshot:
        return write_snapshot(self.root, CORPUS, encoder or self.encoder, cache=self.cache)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


class Longer(HashedWords):
    dimension = 96


def of_format_1(desk: Desk) -> None:
    manifest = desk.write().folder / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"format": 3', '"format": 1'))


def truncated(desk: Desk) -> None:
    path = desk.write().folder / "passages.jsonl"
    path.write_bytes(path.read_bytes()[:-40])


def altered(desk: Desk) -> None:
    path = desk.write().folder / "words.bin"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def lacking(desk: Desk) -> None:
    (desk.write().folder / "means.npz").unlink()


def without_manifest(desk: Desk) -> None:
    (desk.write().folder / "manifest.json").write_text('{"format": 3, "mod')


def of_another_model(desk: Desk) -> None:
    desk.write(HashedWords("another"))


def of_another_dimension(desk: Desk) -> None:
    write_snapshot(desk.root, CORPUS, Longer(), cache=TextCache(desk.root / "longer.db"))


DAMAGES = [
    of_format_1,
    truncated,
    altered,
    lacking,
    without_manifest,
    of_another_model,
    of_another_dimension,
]


@pytest.mark.parametrize("damage", DAMAGES)
async def test_a_snapshot_that_cannot_be_read_is_named_and_built_anew_once(
    desk: Desk, damage: object, caplog: pytest.LogCaptureFixture
) -> None:
    assert callable(damage)
    damage(desk)
    with caplog.at_level(logging.WARNING):
        await desk.mending.turn()
        await desk.mending.turn()
    assert desk.rebuilds == 1
    assert str(desk.root / "000001") in caplog.text
    assert desk.library.searcher.snapshot.name == "000002"
    assert desk.library.searcher.search("气孔")[0].entry == "casting"


async def test_the_former_searcher_serves_while_a_rebuild_fails(desk: Desk) -> None:
    desk.write()
    await desk.mending.turn()
    altered(desk)
    desk.failure = SnapshotError("the disk is full")
    await desk.mending.turn()
    assert (desk.rebuilds, desk.library.searcher.snapshot.name) == (1, "000001")
    assert desk.library.searcher.search("气孔")


async def test_a_rebuild_that_failed_is_named_and_tried_again_after_longer_and_longer_pauses(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    truncated(desk)
    desk.failure = SnapshotError("the disk is full")
    start = desk.now
    tried = []
    for second in range(0, 5 * 3600, 30):
        desk.now = start + timedelta(seconds=second)
        before = desk.rebuilds
        await desk.mending.turn()
        if desk.rebuilds > before:
            tried.append(desk.now)
    pauses = [after - before for before, after in pairwise(tried)]
    assert pauses[:3] == [FIRST_PAUSE, FIRST_PAUSE * 2, FIRST_PAUSE * 4]
    assert max(pauses) == LONGEST_PAUSE
    assert "the disk is full" in caplog.text


async def test_an_unforeseen_failure_is_followed_by_a_pause_too(desk: Desk) -> None:
    truncated(desk)
    desk.failure = RuntimeError("the database is away")
    with pytest.raises(RuntimeError):
        await desk.mending.turn()
    await desk.mending.turn()
    assert desk.rebuilds == 1


async def test_an_index_that_is_out_of_reach_or_was_never_made_is_not_built_anew(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.mending.turn()
    monkeypatch.setattr(desk.library, "refresh", lambda: StoreAwayError("away"))
    await desk.mending.turn()
    assert desk.rebuilds == 0
