"""Questions to an index that several workers share."""

from pathlib import Path

import pytest

from bot.desk.errors import RefusedError
from bot.handlers.finding import Finder
from bot.indexing import shelf_for
from bot.settings import Settings
from retrieval.cache import TextCache
from retrieval.postgres.shelf import PostgresShelf
from retrieval.shelves import FolderShelf
from retrieval.snapshot import write_snapshot
from tests.retrieval.fakes import CORPUS, HashedWords


def settings(tmp_path: Path, store: str, url: str) -> Settings:
    values = {"vector_store": store, "database_url": url, "var_folder": tmp_path}
    return Settings.model_validate(values)


def test_the_store_is_the_one_that_the_settings_name(tmp_path: Path) -> None:
    url = "postgresql+psycopg://me:s3cret@host/desk"
    own = shelf_for(settings(tmp_path, "faiss", url))
    shared = shelf_for(settings(tmp_path, "pgvector", url))
    assert isinstance(own, FolderShelf)
    assert own.place == str(tmp_path / "snapshots")
    assert isinstance(shared, PostgresShelf)
    assert shared.place == "the database desk at host"


async def test_each_worker_takes_up_what_another_one_wrote(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.handlers.finding.load_encoder", lambda *_, **__: HashedWords())
    shelves = [
        shelf_for(settings(tmp_path / name, "pgvector", postgres_url)) for name in ("one", "two")
    ]
    finders = [Finder("embedded", shelf) for shelf in shelves]
    with pytest.raises(RefusedError):
        await finders[1].find("气孔")

    write_snapshot(shelves[0], CORPUS, HashedWords(), cache=TextCache(tmp_path / "vectors.db"))
    for finder in finders:
        await finder.refresh()
        found = await finder.find("铝合金压铸件气孔")
        assert found[0].entry == "casting"
        assert found[0].evidence == CORPUS[0].text
        finder.close()
    for shelf in shelves:
        shelf.close()
