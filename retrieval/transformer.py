"""BERT's layers in torch, from the packed weights: in half width where the processor has tiles
for it, where that is three times as fast, and in float32 elsewhere."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from retrieval.weights import Weights


def quickest() -> torch.dtype:
    """bfloat16 where the processor multiplies it by tiles or vectors of its own. Vectors differ
    from those in float32 by a cosine of 0.9999 at least, so both serve one index."""
    able = torch.cpu.get_capabilities()
    return torch.bfloat16 if able.get("amx_bf16") or able.get("avx512_bf16") else torch.float32


class Transformer(nn.Module):
    """Summed embeddings (texts, length, width) to token vectors of the same shape, float32."""

    def __init__(self, weights: Weights, dtype: torch.dtype) -> None:
        super().__init__()
        self._dtype = dtype
        self._norm = _Norm(weights, "emb.ln", torch.float32)
        self._layers = nn.ModuleList(
            _Layer(weights, f"l{i}", dtype) for i in range(weights.sizes.layers)
        )

    def forward(self, embeddings: Tensor, mask: Tensor) -> Tensor:
        states = self._norm(embeddings).to(self._dtype)
        # Without padding no mask: torch then takes its faster attention.
        allowed = None if bool(mask.all()) else mask.bool()[:, None, None, :]
        for layer in self._layers:
            states = layer(states, allowed)
        vectors: Tensor = states.float()
        return vectors


class _Norm(nn.Module):
    def __init__(self, weights: Weights, name: str, dtype: torch.dtype) -> None:
        super().__init__()
        self._epsilon = weights.sizes.epsilon
        self._scale = _tensor(weights, f"{name}.w", -1).to(dtype)
        self._shift = _tensor(weights, f"{name}.b", -1).to(dtype)

    def forward(self, states: Tensor) -> Tensor:
        shape = self._scale.shape
        return functional.layer_norm(states, shape, self._scale, self._shift, self._epsilon)


class _Layer(nn.Module):
    """Attention, then two dense maps, each added and normalised after."""

    def __init__(self, weights: Weights, name: str, dtype: torch.dtype) -> None:
        super().__init__()
        sizes = weights.sizes
        self._heads = sizes.heads
        # One product for queries, keys and values instead of three.
        self._looks = _Dense(weights, [f"{name}.{part}" for part in "qkv"], sizes.width, dtype)
        self._joins = _Dense(weights, [f"{name}.ao"], sizes.width, dtype)
        self._widens = _Dense(weights, [f"{name}.fi"], sizes.width, dtype, bent=True)
        self._narrows = _Dense(weights, [f"{name}.fo"], sizes.inner, dtype)
        self._first, self._second = (
            _Norm(weights, f"{name}.{part}", dtype) for part in ("aln", "oln")
        )

    def forward(self, states: Tensor, allowed: Tensor | None) -> Tensor:
        batch, length, width = states.shape
        split = self._looks(states).view(batch, length, 3, self._heads, width // self._heads)
        queries, keys, values = split.permute(2, 0, 3, 1, 4)
        seen = functional.scaled_dot_product_attention(queries, keys, values, attn_mask=allowed)
        joined = self._joins(seen.transpose(1, 2).reshape(states.shape))
        states = self._first(states + joined)
        narrowed: Tensor = self._second(states + self._narrows(self._widens(states)))
        return narrowed


class _Dense(nn.Module):
    """Dense maps of one input, side by side; GELU after where `bent`."""

    def __init__(
        self,
        weights: Weights,
        names: Sequence[str],
        width: int,
        dtype: torch.dtype,
        *,
        bent: bool = False,
    ) -> None:
        super().__init__()
        kernel = torch.cat([_tensor(weights, f"{name}.w", -1, width) for name in names])
        self._bias = torch.cat([_tensor(weights, f"{name}.b", -1) for name in names]).to(dtype)
        self._bent, self._packed = bent, dtype is torch.bfloat16
        # Laid out once for the processor's tiles: torch's own linear does so at each product,
        # which takes as long as the product of one question.
        self._kernel = (
            torch.ops.mkldnn._reorder_linear_weight(kernel.to(dtype), None)
            if self._packed
            else kernel
        )

    def forward(self, states: Tensor) -> Tensor:
        if self._packed:
            after, how = ("gelu", "none") if self._bent else ("none", "")
            bent: Tensor = torch.ops.mkldnn._linear_pointwise(
                states, self._kernel, self._bias, after, [], how
            )
            return bent
        mapped = functional.linear(states, self._kernel, self._bias)
        return functional.gelu(mapped) if self._bent else mapped


def _tensor(weights: Weights, name: str, *shape: int) -> Tensor:
    return torch.from_numpy(weights.tensor(name)).view(*shape)
