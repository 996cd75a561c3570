"""The embedded model over both stores."""

from pathlib import Path

from retrieval.cache import TextCache
from retrieval.encoder import Encoder
from retrieval.postgres.shelf import PostgresShelf
from retrieval.search import Searcher
from retrieval.shelves import FolderShelf
from retrieval.snapshot import write_snapshot
from tests.retrieval.fakes import BILINGUAL

QUESTIONS = [
    "压铸件里有气孔怎么办",
    "How do I stop burn-through when welding thin sheet?",
    "a crop disease",
    "豆腐保鲜",
]


def test_both_stores_rank_alike(
    encoder: Encoder, kept: TextCache, postgres_url: str, tmp_path: Path
) -> None:
    shared = PostgresShelf(postgres_url, tmp_path / "worker")
    own = FolderShelf(tmp_path / "folder")
    for shelf in (shared, own):
        write_snapshot(shelf, BILINGUAL, encoder, cache=kept)
    for question in QUESTIONS:
        found, expected = (Searcher.open(one, encoder).search(question) for one in (shared, own))
        assert len(expected) > 3
        assert [hit.entry for hit in found] == [hit.entry for hit in expected]
        worst = max(abs(a.score - b.score) for a, b in zip(found, expected, strict=True))
        assert worst < 0.005
    shared.close()
