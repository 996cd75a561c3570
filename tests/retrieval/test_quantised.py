import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from sentence_transformers import SentenceTransformer

from retrieval import quantised
from retrieval.encoder import Encoder, load_encoder
from retrieval.errors import EncoderError
from retrieval.quantised import QuantisedE5, build
from retrieval.weights import SHA256

TEXTS = [
    "压铸件有气孔",
    "How do we keep thin stainless sheet from burning through under the laser?",
    "ADC12 铝合金 GB/T 1804-m",
    "",
    "豆腐保质期 " * 60,
    "a" * 3000,
]


def test_a_vector_is_the_same_whatever_its_batch(encoder: Encoder) -> None:
    model = build()
    together = model.encode_document(TEXTS, batch_size=len(TEXTS))
    alone = [model.encode_document([text])[0] for text in TEXTS]
    np.testing.assert_allclose(together, alone, atol=1e-5)
    np.testing.assert_allclose(encoder.encode_passages(TEXTS), together, atol=1e-5)


@pytest.mark.parametrize(
    "hostile",
    [
        "",
        " ",
        "\0",
        "\ud800 lone",
        "铸" * 100_000,
        "a" * 100_000,
        "😀" * 50,
        "</s><pad><unk>",
        "\u202e",
    ],
)
def test_hostile_text_gives_an_ordinary_vector(encoder: Encoder, hostile: str) -> None:
    vectors = encoder.encode_questions([hostile, "压铸"])
    assert vectors.shape == (2, 384)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)


def test_threads_encode_at_once_without_mixing(encoder: Encoder) -> None:
    alone = [encoder.encode_questions([text])[0] for text in TEXTS]
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(lambda text: encoder.encode_questions([text])[0], TEXTS))
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_nothing_of_the_transformer_stands_in_torch_too() -> None:
    assert list(QuantisedE5().parameters()) == []


def test_its_identity_names_the_weights_and_the_numerics(encoder: Encoder) -> None:
    assert encoder.identity == f"multilingual-e5-small-q4-int8-rare-{SHA256[:8]}"


def test_it_touches_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)
    assert load_encoder().encode_questions(["离线"]).shape == (1, 384)


def test_the_model_can_be_saved_and_read_by_sentence_transformers(
    tmp_path: Path, encoder: Encoder
) -> None:
    build().save(str(tmp_path), create_model_card=False)
    again = SentenceTransformer(str(tmp_path), trust_remote_code=True, local_files_only=True)
    expected = encoder.encode_questions(["气孔"])
    np.testing.assert_allclose(again.encode_query(["气孔"]), expected, atol=1e-5)


def test_a_graph_that_is_refused_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quantised, "_FUSED", "nobody.knows")
    with pytest.raises(EncoderError, match="EMBEDDING_MODEL=embedded-fp32"):
        build()
