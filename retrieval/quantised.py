"""The embedded model in int8: its transformer as an onnxruntime graph, built at each start.

Weights are int8 with a scale a column. Activations are uint8 with a scale a token, found as the
token passes, so that a vector does not depend on the texts of its batch and one odd token coarsens
no other. Made from the packed weights in a fifth of a second, which needs no file to be kept.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper
from sentence_transformers import SentenceTransformer
from torch import Tensor

from retrieval import embedded
from retrieval.errors import EncoderError
from retrieval.weights import SHA256, Floats, Weights, open_weights

# Of these numerics: vectors made otherwise are never mixed with them.
IDENTITY = f"multilingual-e5-small-q4-int8-rare-{SHA256[:8]}"

# Largest weight. Beyond 64, processors without VNNI overflow where they add two products.
WEIGHT = 64
# GELU falls no lower than -0.16998: added to it, all 256 steps serve what lies above nothing.
FLOOR = 0.17
_FUSED = "com.microsoft"


class QuantisedE5(embedded.E5Input):
    """Tokens to token vectors in int8."""

    def __init__(self) -> None:
        weights = open_weights()
        super().__init__(weights)
        self._session = _session(_Graph(weights).serialised())

    def forward(self, features: dict[str, Tensor], **_: Any) -> dict[str, Tensor]:
        ids, mask = features["input_ids"], features["attention_mask"]
        fed = {"words": self.words(ids), "mask": mask.numpy().astype(np.int32)}
        states = self._session.run(None, fed)[0]
        return self.weighed(features, torch.from_numpy(states))


def build() -> SentenceTransformer:
    return embedded.build(QuantisedE5())


def _session(graph: bytes) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = torch.get_num_threads()
    # Threads that wait actively take the cores from the conversation beside them.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # Its errors have no common class of their own.
        raise EncoderError(
            f"onnxruntime refuses the embedded model ({error}). Reinstall onnxruntime, or set "
            "EMBEDDING_MODEL=embedded-fp32, which needs none."
        ) from error


class _Steps(NamedTuple):
    """Names in the graph: a uint8 tensor, its largest value a token, the step, the zero."""

    values: str
    largest: str
    step: str
    zero: str


class _Graph:
    """BERT's layers: summed embeddings (texts, length, width) and their mask to token vectors."""

    def __init__(self, weights: Weights) -> None:
        self._weights, self._sizes = weights, weights.sizes
        self._nodes: list[Any] = []
        self._tensors: list[Any] = []
        self._constants()
        states = self._node("LayerNormalization", ["words", *self._norm("emb.ln")], "first")
        for i in range(self._sizes.layers):
            states = self._layer(states, f"l{i}")
        self._node("Identity", [states], "states")

    def serialised(self) -> bytes:
        shape: list[str | int | None] = ["texts", "length", self._sizes.width]
        graph = helper.make_graph(
            self._nodes,
            "e5",
            [
                helper.make_tensor_value_info("words", TensorProto.FLOAT, shape),
                helper.make_tensor_value_info("mask", TensorProto.INT32, shape[:2]),
            ],
            [helper.make_tensor_value_info("states", TensorProto.FLOAT, shape)],
            self._tensors,
        )
        opsets = [helper.make_opsetid("", 18), helper.make_opsetid(_FUSED, 1)]
        made = helper.make_model(graph, opset_imports=opsets, ir_version=9)
        return bytes(made.SerializeToString())

    def _constants(self) -> None:
        self._tensor("signed_step", np.float32(1 / 127))
        self._tensor("signed_zero", np.uint8(128))
        self._tensor("step", np.float32(1 / 255))
        self._tensor("zero", np.uint8(0))
        self._tensor("floor", np.float32(FLOOR))
        self._tensor("last", np.array([-1]))
        self._tensor("thirds", np.full(3, self._sizes.width))

    def _layer(self, states: str, name: str) -> str:
        """Attention, then two dense maps, each added and normalised after."""
        # One product for queries, keys and values instead of three.
        qkv = self._dense(self._signed(states), [f"{name}.{part}" for part in "qkv"])
        looks = self._node("Add", qkv, f"{name}.looks")
        split = [f"{name}.{part}" for part in ("queries", "keys", "values")]
        self._nodes.append(helper.make_node("Split", [looks, "thirds"], split, axis=-1))
        inputs = [*split, "", "mask"]
        seen = self._fused(
            "MultiHeadAttention", inputs, f"{name}.seen", num_heads=self._sizes.heads
        )
        joined = self._dense(self._signed(seen), [f"{name}.ao"])
        states = self._added(states, joined, f"{name}.aln")
        widened = self._dense(self._signed(states), [f"{name}.fi"])
        bent = self._fused("BiasGelu", widened, f"{name}.bent")
        return self._added(states, self._dense(self._raised(bent), [f"{name}.fo"]), f"{name}.oln")

    def _added(self, states: str, change: list[str], norm: str) -> str:
        """Two tensors' sum, normalised: `change` is a product with its bias."""
        product, bias = change
        inputs = [product, states, *self._norm(norm), bias]
        epsilon = self._sizes.epsilon
        return self._fused("SkipLayerNormalization", inputs, f"{norm}.out", epsilon=epsilon)

    def _signed(self, states: str) -> _Steps:
        """In steps of a 127th of each token's largest value."""
        sizes = self._node("Abs", [states], f"{states}.sizes")
        largest = self._node("ReduceMax", [sizes, "last"], f"{states}.largest")
        shares = self._node("Div", [states, largest], f"{states}.shares")
        return self._stepped(_Steps(shares, largest, "signed_step", "signed_zero"))

    def _raised(self, states: str) -> _Steps:
        """GELU's values above their floor, in steps of a 255th of each token's largest."""
        above = self._node("Add", [states, "floor"], f"{states}.above")
        largest = self._node("ReduceMax", [above, "last"], f"{states}.largest")
        shares = self._node("Div", [above, largest], f"{states}.shares")
        return self._stepped(_Steps(shares, largest, "step", "zero"))

    def _stepped(self, shares: _Steps) -> _Steps:
        inputs = [shares.values, shares.step, shares.zero]
        values = self._node("QuantizeLinear", inputs, f"{shares.values}.steps")
        return shares._replace(values=values)

    def _dense(self, given: _Steps, names: Sequence[str]) -> list[str]:
        """Product and bias apart: what follows adds the bias as it goes."""
        name = f"{names[0]}.dense"
        bias = np.concatenate([self._weights.tensor(f"{one}.b") for one in names])
        kernel = np.concatenate([self._matrix(one) for one in names])
        scale = np.abs(kernel).max(axis=1) / np.float32(WEIGHT)
        rounded = np.rint(kernel / scale[:, None]).astype(np.int8)
        if given.step == "step":
            # Every input stands FLOOR too high.
            bias -= np.float32(FLOOR) * rounded.sum(axis=1, dtype=np.float32) * scale
        weights = self._tensor(f"{name}.weights", rounded.T)
        scales = self._tensor(f"{name}.scales", scale)
        zeros = self._tensor(f"{name}.zeros", np.zeros(len(bias), np.int8))
        inputs = [given.values, weights, given.step, scales, given.zero, zeros]
        shares = self._fused("MatMulIntegerToFloat", inputs, f"{name}.shares")
        product = self._node("Mul", [shares, given.largest], f"{name}.product")
        return [product, self._tensor(f"{name}.bias", bias)]

    def _matrix(self, name: str) -> Floats:
        """(out, in)."""
        width = self._sizes.inner if name.endswith(".fo") else self._sizes.width
        return self._weights.tensor(f"{name}.w").reshape(-1, width)

    def _norm(self, name: str) -> list[str]:
        return [
            self._tensor(f"{name}.{part}", self._weights.tensor(f"{name}.{part}")) for part in "wb"
        ]

    def _tensor(self, name: str, values: npt.ArrayLike) -> str:
        self._tensors.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def _node(self, operator: str, inputs: Sequence[str], name: str, **attributes: Any) -> str:
        self._nodes.append(helper.make_node(operator, inputs, [name], **attributes))
        return name

    def _fused(self, operator: str, inputs: Sequence[str], name: str, **attributes: Any) -> str:
        return self._node(operator, inputs, name, domain=_FUSED, **attributes)
