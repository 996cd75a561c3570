from pathlib import Path

import numpy as np
import pytest
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import StaticEmbedding
from tokenizers import Tokenizer, models, pre_tokenizers

from retrieval.encoder import Encoder, _batches, load_encoder
from retrieval.errors import EncoderError


@pytest.fixture
def small_model(tmp_path: Path) -> Path:
    """A sentence-transformers model of three words in a folder."""
    tokenizer = Tokenizer(models.WordLevel({"weld": 0, "cast": 1, "?": 2}, unk_token="?"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    words = StaticEmbedding(tokenizer, embedding_weights=np.eye(3, dtype=np.float32) * 5)
    folder = tmp_path / "small-model"
    SentenceTransformer(modules=[words], device="cpu").save(str(folder), create_model_card=False)
    return folder


def test_any_sentence_transformers_folder_serves(small_model: Path) -> None:
    encoder = load_encoder(str(small_model))
    vectors = encoder.encode_passages(["weld", "cast", "weld cast"])
    assert encoder.dimension == 3
    assert str(small_model) in encoder.identity
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_e5_without_its_prompts_is_given_them(small_model: Path) -> None:
    named = small_model.with_name("my-e5-copy")
    small_model.rename(named)
    encoder = load_encoder(str(named))
    # "query" is no word of the model, so the prompt shows as the unknown word.
    assert encoder.encode_questions(["weld"])[0][2] > 0.5


def test_a_folder_that_does_not_exist_is_refused() -> None:
    with pytest.raises(EncoderError, match="does not exist"):
        load_encoder("./no/such/folder")


def test_a_folder_without_a_model_says_what_to_set(tmp_path: Path) -> None:
    (tmp_path / "modules.json").write_text("[{}]")
    with pytest.raises(EncoderError, match="EMBEDDING_MODEL=embedded"):
        load_encoder(str(tmp_path))


def test_batches_hold_like_texts_within_their_budget() -> None:
    texts = ["a" * length for length in (10, 3000, 20, 2000, 9000, 1500, 5)]
    batches = list(_batches(texts, 4096))
    assert sorted(i for batch in batches for i in batch) == list(range(len(texts)))
    for batch in batches:
        longest = max(len(texts[i]) for i in batch)
        assert len(batch) == 1 or longest * len(batch) <= 4096


def test_traditional_characters_are_read_as_simplified_ones(encoder: Encoder) -> None:
    traditional, simplified = encoder.encode_passages(["壓鑄件的氣孔", "压铸件的气孔"])
    np.testing.assert_allclose(traditional, simplified, atol=1e-6)
