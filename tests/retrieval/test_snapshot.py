import errno
import json
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from retrieval import shelf, shelves
from retrieval.search import Searcher
from retrieval.shelf import KEPT
from retrieval.snapshot import (
    BrokenSnapshotError,
    ForeignSnapshotError,
    NoSnapshotError,
    Snapshot,
    SnapshotError,
    TextCache,
    activate,
    current,
    list_snapshots,
    write_snapshot,
)
from tests.retrieval.fakes import CORPUS, HashedWords, NotANumber, passage

Write = Callable[..., Snapshot]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def cache(tmp_path: Path) -> TextCache:
    return TextCache(tmp_path / "vectors.db")


@pytest.fixture
def write(root: Path, cache: TextCache) -> Write:
    def written(passages=CORPUS, encoder=None, **named):  # type: ignore[no-untyped-def]
        return write_snapshot(root, passages, encoder or HashedWords(), cache=cache, **named)

    return written


def test_a_written_snapshot_is_the_current_one_and_says_what_it_holds(
    write: Write, root: Path
) -> None:
    written = write()
    assert current(root) == written
    assert (written.name, written.passages, written.entries) == ("000001", 5, 5)
    assert (written.model, written.dimension) == ("hashed-words", 64)
    assert timedelta() <= datetime.now(UTC) - written.created < timedelta(minutes=5)


def test_only_new_texts_are_embedded_again(write: Write) -> None:
    encoder = HashedWords()
    write(encoder=encoder)
    encoder.embedded.clear()
    write([*CORPUS, passage("new", "注塑缩痕"), passage("same", CORPUS[0].text)], encoder)
    assert encoder.embedded == ["注塑缩痕"]


def test_another_model_embeds_everything_anew(write: Write) -> None:
    write()
    other = HashedWords("another-model")
    write(encoder=other)
    assert len(other.embedded) == len(CORPUS)


def test_a_crash_while_embedding_keeps_the_batches_done(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retrieval.cache.COMMITTED", 2)
    encoder = HashedWords()

    def crash(done: int, total: int) -> None:
        if done >= 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(encoder=encoder, progress=crash)
    encoder.embedded.clear()
    write(encoder=encoder)
    assert len(encoder.embedded) == 1


def test_progress_ends_at_the_number_of_distinct_texts(write: Write) -> None:
    seen: list[tuple[int, int]] = []
    write([*CORPUS, passage("same", CORPUS[0].text)], progress=lambda *at: seen.append(at))
    assert seen[-1] == (5, 5)


def test_texts_long_gone_are_forgotten_but_what_comes_back_soon_is_not_made_again(
    write: Write,
) -> None:
    encoder = HashedWords()
    write(encoder=encoder, sole=True)
    write(CORPUS[:3], encoder, sole=True)
    encoder.embedded.clear()
    write(encoder=encoder, sole=True)
    assert encoder.embedded == []
    write(CORPUS[:1], encoder, sole=True)
    write(encoder=encoder, sole=True)
    assert sorted(encoder.embedded) == sorted(one.text for one in CORPUS[1:])


@pytest.mark.parametrize("question", ["南开大学有没有人做这个", "anyone at Nankai?", "李明"])
def test_words_find_an_entry_by_its_names_which_are_quoted_nowhere(
    write: Write, root: Path, question: str
) -> None:
    names = "李明\nLi Ming\n南开大学\nNankai University"
    write([*CORPUS, replace(passage("li", "不锈钢薄板的激光加工"), names=names)])
    opened = shelves.FolderShelf(root).open(current(root))
    (best,) = opened.texts.of(opened.words.ask(question).best(1))
    assert (best.entry, best.text) == ("li", "不锈钢薄板的激光加工")


def test_a_cache_that_serves_other_indexes_keeps_what_they_need(
    write: Write, cache: TextCache
) -> None:
    encoder = HashedWords()
    write(encoder=encoder)
    write(CORPUS[:1], encoder)
    encoder.embedded.clear()
    write(encoder=encoder)
    assert encoder.embedded == []


def test_a_file_that_is_no_cache_is_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "vectors.db"
    path.write_bytes(b"no database at all" * 100)
    assert TextCache(path).find("m", [b"x"]) == {}
    assert (tmp_path / "vectors.broken").exists()


def test_a_cache_in_a_place_that_cannot_be_written_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SnapshotError, match="cannot be used"):
        TextCache(tmp_path / "file" / "vectors.db")


def test_vectors_that_are_no_numbers_are_refused_and_the_old_snapshot_stays(
    write: Write, root: Path, cache: TextCache
) -> None:
    write()
    with pytest.raises(SnapshotError, match="no numbers"):
        write(encoder=NotANumber("broken-model"))
    assert current(root).name == "000001"
    healed = HashedWords("broken-model")
    write(encoder=healed)
    assert len(healed.embedded) == len(CORPUS), "nothing of it was kept"


def test_a_full_disk_is_a_clear_error_and_the_old_snapshot_stays(
    write: Write, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write()

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(shelves, "write_words", full)
    with pytest.raises(SnapshotError, match="No space left on device"):
        write()
    assert [one.name for one in list_snapshots(root)] == ["000001"]
    assert Searcher.open(root, HashedWords()).search("气孔")


def test_a_crash_before_the_swap_leaves_the_old_one_and_the_next_write_sweeps(
    write: Write, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write()
    with monkeypatch.context() as patched:
        patched.setattr(shelf, "_settle", lambda _: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            write()
    assert (root / ".writing").exists()
    assert current(root).name == "000001"
    assert write().name == "000002"
    assert not (root / ".writing").exists()


def test_the_last_few_are_kept(write: Write, root: Path) -> None:
    for _ in range(KEPT + 2):
        write()
    assert [one.name for one in list_snapshots(root)] == [f"{n:06}" for n in range(3, KEPT + 3)]


def test_an_older_snapshot_can_be_returned_to_and_survives_sweeping(
    write: Write, root: Path
) -> None:
    write()
    write([*CORPUS, passage("new", "注塑缩痕")])
    activate(root, "000001")
    assert Searcher.open(root, HashedWords()).snapshot.passages == 5
    assert write().name == "000003"


def test_a_snapshot_that_is_not_there_cannot_be_activated(write: Write, root: Path) -> None:
    write()
    for name in ("000009", "../index", ""):
        with pytest.raises(NoSnapshotError):
            activate(root, name)


def test_before_the_first_load_there_is_no_snapshot(root: Path) -> None:
    with pytest.raises(NoSnapshotError, match="Run a reload"):
        Searcher.open(root, HashedWords())
    assert list_snapshots(root) == []


@pytest.mark.parametrize(
    "file", ["passages.jsonl", "vectors.faiss", "words.bin", "means.npz", "columns.npz"]
)
@pytest.mark.parametrize("harm", ["missing", "cut", "altered"])
def test_a_broken_snapshot_is_named_and_never_opened(
    write: Write, root: Path, file: str, harm: str
) -> None:
    path = write().folder / file
    content = path.read_bytes()
    if harm == "missing":
        path.unlink()
    else:
        path.write_bytes(content[:-1] if harm == "cut" else content[:-1] + b"\xff")
    with pytest.raises(BrokenSnapshotError, match=f"000001.*{file}"):
        Searcher.open(root, HashedWords())
    with pytest.raises(BrokenSnapshotError):
        activate(root, "000001")


@pytest.mark.parametrize("manifest", ["", "[]", "{}", '{"format": 2}', '{"files": 1}', None])
def test_a_broken_manifest_is_named(write: Write, root: Path, manifest: str | None) -> None:
    path = write().folder / "manifest.json"
    path.unlink() if manifest is None else path.write_text(manifest)
    with pytest.raises((BrokenSnapshotError, ForeignSnapshotError), match="000001"):
        Searcher.open(root, HashedWords())
    assert list_snapshots(root) == []


def test_a_pointer_to_nothing_is_named(write: Write, root: Path) -> None:
    write()
    (root / "CURRENT").write_text("000007")
    with pytest.raises(BrokenSnapshotError, match="000007"):
        Searcher.open(root, HashedWords())


def test_a_snapshot_of_another_model_is_never_opened(write: Write, root: Path) -> None:
    write()
    with pytest.raises(ForeignSnapshotError, match="hashed-words, not by another-model"):
        Searcher.open(root, HashedWords("another-model"))


@pytest.mark.parametrize("other", [1, 99])
def test_a_snapshot_of_another_format_is_never_opened(write: Write, root: Path, other: int) -> None:
    path = write().folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"format": other}))
    with pytest.raises(ForeignSnapshotError, match="another version"):
        Searcher.open(root, HashedWords())


def test_two_passages_with_one_key_are_refused(write: Write) -> None:
    with pytest.raises(SnapshotError, match="Two passages have the key casting"):
        write([*CORPUS, CORPUS[0]])


def test_an_asked_question_leaves_no_trace_on_the_disk(write: Write, tmp_path: Path) -> None:
    write(asked=["绝密的工艺问题"])
    vector = HashedWords().encode_questions(["绝密的工艺问题"]).tobytes()
    for path in tmp_path.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert "绝密".encode() not in content
            assert vector not in content
