import pytest

from retrieval.encoder import Encoder, load_encoder


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The embedded model, loaded once: it takes seconds."""
    return load_encoder()
