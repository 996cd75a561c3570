from pathlib import Path

import pytest

from retrieval.errors import BrokenSnapshotError, SnapshotError
from retrieval.shelf import KEPT, Snapshot, activate, current, list_snapshots, publish, verified

FACTS: dict[str, str | int] = {"model": "m", "dimension": 3, "entries": 1, "passages": 2}


def written(root: Path, content: str = "text") -> Snapshot:
    return publish(root, lambda folder: (folder / "texts").write_text(content), FACTS)


def test_a_half_written_folder_is_never_opened_and_swept_by_the_next_writer(tmp_path: Path) -> None:
    written(tmp_path)
    half = tmp_path / ".writing"
    half.mkdir()
    (half / "left over").write_text("half")
    assert current(tmp_path).name == "000001"
    made = written(tmp_path)
    assert not half.exists()
    assert sorted(path.name for path in made.folder.iterdir()) == ["manifest.json", "texts"]


def test_a_writer_that_fails_leaves_the_former_snapshot_current(tmp_path: Path) -> None:
    written(tmp_path)

    def full(_: Path) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(SnapshotError, match="No space left"):
        publish(tmp_path, full, FACTS)
    assert current(tmp_path).name == "000001"


def test_the_newest_are_kept_and_what_is_broken_among_them_is_not_listed(tmp_path: Path) -> None:
    for _ in range(KEPT + 2):
        made = written(tmp_path)
    names = [one.name for one in list_snapshots(tmp_path)]
    assert names == [f"{number:06}" for number in range(3, KEPT + 3)]
    (made.folder / "manifest.json").write_text("[]")
    assert [one.name for one in list_snapshots(tmp_path)] == names[:-1]


def test_an_older_snapshot_is_made_current_only_where_it_is_whole(tmp_path: Path) -> None:
    old = written(tmp_path, "old")
    written(tmp_path, "new")
    activate(tmp_path, old.name)
    assert verified(current(tmp_path)) == old.folder
    activate(tmp_path, "000002")
    (old.folder / "texts").write_text("odd")
    with pytest.raises(BrokenSnapshotError, match="texts: cut short or altered"):
        activate(tmp_path, old.name)
    assert current(tmp_path).name == "000002"
