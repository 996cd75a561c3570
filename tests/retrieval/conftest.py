import pytest

from retrieval.cache import TextCache
from retrieval.encoder import Encoder, load_encoder
from retrieval.search import Searcher
from retrieval.snapshot import write_snapshot
from tests.retrieval.fakes import BILINGUAL


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The embedded model, loaded once: it takes seconds."""
    return load_encoder()


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> TextCache:
    """One cache for all that use the embedded model, so that each text is embedded once."""
    return TextCache(tmp_path_factory.mktemp("kept") / "vectors.db")


@pytest.fixture(scope="session")
def bilingual(
    encoder: Encoder, kept: TextCache, tmp_path_factory: pytest.TempPathFactory
) -> Searcher:
    """A dozen passages in two languages, searched with the embedded model."""
    root = tmp_path_factory.mktemp("bilingual")
    write_snapshot(root, BILINGUAL, encoder, cache=kept)
    return Searcher.open(root, encoder)
