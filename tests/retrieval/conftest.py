import pytest

from retrieval.cache import VectorCache
from retrieval.encoder import Encoder, load_encoder
from retrieval.search import Searcher
from retrieval.snapshot import write_snapshot
from tests.retrieval.fakes import BILINGUAL


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The embedded model, loaded once: it takes seconds."""
    return load_encoder()


@pytest.fixture(scope="session")
def bilingual(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    """A dozen passages in two languages, searched with the embedded model."""
    root = tmp_path_factory.mktemp("bilingual")
    write_snapshot(root, BILINGUAL, encoder, cache=VectorCache(root / "vectors.db"))
    return Searcher.open(root, encoder)
