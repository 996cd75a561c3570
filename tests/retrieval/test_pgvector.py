from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from retrieval.cache import TextCache
from retrieval.errors import BrokenSnapshotError, NoSnapshotError, SnapshotError, StoreAwayError
from retrieval.library import Library
from retrieval.postgres import tables
from retrieval.postgres.database import recent_enough
from retrieval.postgres.shelf import PostgresShelf
from retrieval.search import Searcher
from retrieval.shelf import KEPT, Snapshot
from retrieval.snapshot import write_snapshot
from tests.retrieval.fakes import BILINGUAL, CORPUS, HashedWords, passage

NewWorker = Callable[[], PostgresShelf]
QUESTIONS = ["压铸件气孔", "fresh tofu", "6061-T6 公差", "激光焊接烧穿", "scratches on steel"]


@pytest.fixture
def worker(postgres_url: str, tmp_path: Path) -> Iterator[NewWorker]:
    """Makes workers, each with a folder of its own, on one database."""
    opened: list[PostgresShelf] = []

    def new() -> PostgresShelf:
        opened.append(PostgresShelf(postgres_url, tmp_path / f"worker-{len(opened)}"))
        return opened[-1]

    yield new
    for shelf in opened:
        shelf.close()


@pytest.fixture
def shelf(worker: NewWorker) -> PostgresShelf:
    return worker()


@pytest.fixture
def cache(tmp_path: Path) -> TextCache:
    return TextCache(tmp_path / "vectors.db")


def written(shelf: PostgresShelf, cache: TextCache, passages=CORPUS) -> Snapshot:  # type: ignore[no-untyped-def]
    return write_snapshot(shelf, passages, HashedWords(), cache=cache)


def test_hits_are_those_of_the_folder(
    shelf: PostgresShelf, cache: TextCache, tmp_path: Path
) -> None:
    written(shelf, cache, BILINGUAL)
    write_snapshot(tmp_path / "folder", BILINGUAL, HashedWords(), cache=cache)
    shared = Searcher.open(shelf, HashedWords())
    own = Searcher.open(tmp_path / "folder", HashedWords())
    for question in QUESTIONS:
        found, expected = shared.search(question), own.search(question)
        assert [hit.entry for hit in found] == [hit.entry for hit in expected]
        assert [hit.score for hit in found] == pytest.approx(
            [hit.score for hit in expected], abs=0.002
        )
        assert [hit.evidence[0].text for hit in found] == [hit.evidence[0].text for hit in expected]


def test_only_the_kinds_asked_for_are_found(shelf: PostgresShelf, cache: TextCache) -> None:
    written(shelf, cache)
    found = Searcher.open(shelf, HashedWords()).search("气孔", kinds=frozenset({"platform"}))
    assert [hit.entry for hit in found] == ["tomato"]


def test_a_text_that_postgresql_could_not_hold_comes_back_as_it_was(
    shelf: PostgresShelf, cache: TextCache
) -> None:
    strange = "气孔 \ud800 \x00 \u2028"
    written(shelf, cache, [passage("strange", strange)])
    hit = Searcher.open(shelf, HashedWords()).search("气孔")[0]
    assert hit.evidence[0].text == strange


def test_an_empty_corpus_is_searched_in_vain(shelf: PostgresShelf, cache: TextCache) -> None:
    assert written(shelf, cache, []).passages == 0
    assert Searcher.open(shelf, HashedWords()).search("气孔") == []


def test_another_worker_takes_up_the_new_snapshot(worker: NewWorker, cache: TextCache) -> None:
    library = Library(worker(), HashedWords())
    assert isinstance(library.refresh(), NoSnapshotError)
    written(worker(), cache)
    assert library.refresh() is None
    before = library.searcher
    written(worker(), cache, CORPUS[:2])
    assert library.refresh() is None
    assert (before.snapshot.name, library.searcher.snapshot.name) == ("000001", "000002")
    # A question in flight ends on the one it began with.
    assert {hit.entry for hit in before.search("气孔 番茄")} >= {"casting", "tomato"}


def test_an_older_snapshot_is_activated_and_the_oldest_are_dropped(
    shelf: PostgresShelf, cache: TextCache
) -> None:
    for _ in range(KEPT + 1):
        written(shelf, cache)
    names = [one.name for one in shelf.list_snapshots()]
    assert names == [f"{n:06}" for n in range(2, KEPT + 2)]
    assert shelf.activate("000002") == shelf.current()
    written(shelf, cache)
    assert shelf.current().name == f"{KEPT + 2:06}"
    for missing in ("000001", "2", "../x"):
        with pytest.raises(NoSnapshotError, match="There is no snapshot"):
            shelf.activate(missing)


def test_a_writer_that_dies_leaves_the_old_snapshot_and_no_table(
    shelf: PostgresShelf,
    cache: TextCache,
    postgres_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written(shelf, cache)

    def dies(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tables, "_index", dies)
    with pytest.raises(SnapshotError, match="No space left"):
        written(shelf, cache, BILINGUAL)
    assert shelf.current().name == "000001"
    assert _tables(postgres_url) == ["passage_000001", "vector_000001"]


def test_two_writers_follow_each_other(worker: NewWorker, cache: TextCache) -> None:
    with ThreadPoolExecutor(2) as threads:
        names = threads.map(lambda shelf: written(shelf, cache).name, [worker(), worker()])
    assert sorted(names) == ["000001", "000002"]


def test_a_file_altered_on_this_machine_is_fetched_again(
    shelf: PostgresShelf, cache: TextCache
) -> None:
    folder = written(shelf, cache).folder
    Searcher.open(shelf, HashedWords())
    (folder / "words.bin").write_bytes(b"cut short")
    assert Searcher.open(shelf, HashedWords()).search("气孔")[0].entry == "casting"


def test_a_snapshot_that_lost_rows_is_refused(
    shelf: PostgresShelf,
    cache: TextCache,
    postgres_url: str,
) -> None:
    written(shelf, cache)
    with psycopg.connect(postgres_url) as connection:
        connection.execute("DELETE FROM retrieval.vector_000001 WHERE row = 1")
    with pytest.raises(BrokenSnapshotError, match="rows are missing"):
        Searcher.open(shelf, HashedWords())


def test_connections_that_the_server_closed_are_opened_again(
    shelf: PostgresShelf,
    cache: TextCache,
    postgres_url: str,
) -> None:
    written(shelf, cache)
    searcher = Searcher.open(shelf, HashedWords())
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        # What a restart of the server does to them.
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert searcher.search("气孔")[0].entry == "casting"


def test_a_server_away_is_named_without_its_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retrieval.postgres.database.CONNECT_SECONDS", 0.2)
    shelf = PostgresShelf("postgresql://me:secret@127.0.0.1:1/desk", tmp_path)
    with pytest.raises(StoreAwayError, match=r"desk at 127\.0\.0\.1 can't be reached") as raised:
        shelf.current()
    assert "secret" not in str(raised.value)
    shelf.close()


def test_a_user_without_rights_is_told_what_an_administrator_must_run(
    postgres_url: str,
    tmp_path: Path,
) -> None:
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS clerk")
        connection.execute("CREATE ROLE clerk LOGIN")
    clerk = PostgresShelf(f"{postgres_url}&user=clerk", tmp_path)
    with pytest.raises(SnapshotError, match="CREATE EXTENSION vector"):
        clerk.current()
    clerk.close()


def test_pgvector_must_be_able_to_scan_on_behind_a_filter() -> None:
    assert [recent_enough(one) for one in ("0.7.4", "0.8.0", "0.10.1", "1.0")] == [
        False,
        True,
        True,
        True,
    ]


def _tables(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        found = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'retrieval'"
            " AND tablename ~ '[0-9]$' ORDER BY 1"
        )
        return [name for (name,) in found.fetchall()]
