from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import BertConfig, BertForSequenceClassification, BertTokenizer

from retrieval.errors import EncoderError
from retrieval.reranking import DEPTH, load_reranker, reranked
from tests.retrieval.fakes import Floats

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "weld", "cast", "pore", "steel", "tofu"]


def saved(folder: Path, labels: int = 1) -> str:
    """A cross-encoder of two small layers and ten words, its weights drawn by chance."""
    folder.mkdir()
    (folder / "vocab.txt").write_text("\n".join(WORDS))
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=len(WORDS),
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=64,
        num_labels=labels,
        initializer_range=0.5,
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    BertTokenizer(str(folder / "vocab.txt")).save_pretrained(folder)
    return str(folder)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    return saved(tmp_path_factory.mktemp("models") / "cross")


def test_no_name_is_no_reranker() -> None:
    assert load_reranker() is None


def test_a_cross_encoder_reads_question_and_text_together(folder: str) -> None:
    reranker = load_reranker(folder)
    assert reranker is not None
    scores = reranker.scores("weld", ["pore", "tofu", "steel weld"])
    assert (scores.shape, scores.dtype) == ((3,), np.float32)
    assert len(set(scores.tolist())) == 3
    assert not np.allclose(scores, reranker.scores("cast", ["pore", "tofu", "steel weld"]))


def test_no_text_has_no_score_and_a_long_one_is_cut(folder: str) -> None:
    reranker = load_reranker(folder)
    assert reranker is not None
    assert reranker.scores("weld", []).shape == (0,)
    assert np.isfinite(reranker.scores("weld " * 30_000, ["", "pore " * 30_000])).all()


def test_threads_may_ask_it_at_once(folder: str) -> None:
    reranker = load_reranker(folder)
    assert reranker is not None
    texts = [["pore", "tofu"], ["steel weld cast pore"], ["weld"] * 5]
    alone = [reranker.scores("cast", some) for some in texts]
    with ThreadPoolExecutor(3) as threads:
        together = list(threads.map(lambda some: reranker.scores("cast", some), texts))
    for one, other in zip(alone, together, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)


def test_a_folder_without_a_model_says_what_to_set(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="RERANKING_MODEL empty"):
        load_reranker(str(tmp_path))


def test_a_model_of_several_scores_a_pair_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="gives 3 scores a pair"):
        load_reranker(saved(tmp_path / "classifier", labels=3))


@dataclass(frozen=True)
class Found:
    text: str
    score: float


@dataclass(frozen=True)
class Told:
    """Gives the scores it was told; remembers what it read."""

    by_text: dict[str, float]
    read: list[str]

    def scores(self, question: str, texts: Sequence[str]) -> Floats:
        self.read.extend(texts)
        return np.array([self.by_text.get(text, 0) for text in texts], np.float32)


def order(told: Told, hits: list[Found]) -> list[str]:
    found = reranked(told, "?", hits, text=lambda hit: hit.text, score=lambda hit: hit.score)
    return [hit.text for hit in found]


HITS = [Found("a", 0.9), Found("b", 0.8), Found("c", 0.5)]


def test_what_the_model_prefers_clearly_comes_first() -> None:
    assert order(Told({"b": 9, "a": -4, "c": -9}, []), HITS) == ["b", "a", "c"]


def test_where_the_model_sees_no_difference_the_searchs_order_stands() -> None:
    assert order(Told({}, []), HITS) == ["a", "b", "c"]
    alike = [Found(text, 0.5) for text in "xyz"]
    assert order(Told({}, []), alike) == ["x", "y", "z"]


def test_only_the_first_are_read_and_the_rest_follow_as_they_were() -> None:
    hits = [Found(f"{i}", 1 - i / 100) for i in range(DEPTH + 3)]
    told = Told({f"{DEPTH - 1}": 5.0, f"{DEPTH + 2}": 50.0}, [])
    found = order(told, hits)
    assert told.read == [f"{i}" for i in range(DEPTH)]
    assert found[0] == f"{DEPTH - 1}"
    assert found[DEPTH:] == [f"{DEPTH + i}" for i in range(3)]


def test_a_model_that_answers_with_no_numbers_changes_nothing() -> None:
    assert order(Told({"c": float("nan"), "b": 9}, []), HITS) == ["a", "b", "c"]


def test_no_hit_is_no_hit() -> None:
    assert order(Told({}, []), []) == []
