"""A small encoder and corpora for tests that need no real model."""

from collections.abc import Callable, Sequence
from hashlib import sha256

import numpy as np
import numpy.typing as npt

from retrieval.passages import Passage
from retrieval.words import tokens

Floats = npt.NDArray[np.float32]


class HashedWords:
    """Texts that share words get like vectors. Remembers every passage it was given."""

    dimension = 64

    def __init__(self, identity: str = "hashed-words") -> None:
        self.identity = identity
        self.embedded: list[str] = []

    def encode_questions(self, texts: Sequence[str]) -> Floats:
        return np.array([self._vector(text) for text in texts], np.float32).reshape(
            -1, self.dimension
        )

    def encode_passages(
        self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None
    ) -> Floats:
        self.embedded += texts
        return self.encode_questions(texts)

    def _vector(self, text: str) -> Floats:
        summed = np.zeros(self.dimension)
        for token in tokens(text) or [text]:
            seed = int.from_bytes(sha256(token.encode(errors="replace")).digest()[:8])
            summed += np.random.default_rng(seed).normal(size=self.dimension)
        return np.asarray(summed / np.linalg.norm(summed), np.float32)


class NotANumber(HashedWords):
    """A model that has come to grief."""

    def encode_passages(
        self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None
    ) -> Floats:
        return super().encode_passages(texts, progress) * np.float32("nan")


def passage(
    key: str, text: str, *, entry: str = "", kind: str = "expert", language: str = "zh"
) -> Passage:
    return Passage(key, entry or key, kind, language, text)


CORPUS = [
    passage("casting", "铝合金压铸件气孔缺陷的成因与真空压铸工艺，牌号ADC12"),
    passage("welding", "不锈钢薄板激光焊接烧穿的控制"),
    passage("tomato", "大棚番茄黄化曲叶病毒的防治", kind="platform"),
    passage("tofu", "Longer shelf life of fresh tofu by pasteurisation", language="en"),
    passage("tolerance", "按 GB/T 1804-m 检验未注公差，材料6061-T6", kind="patent"),
]

# Large enough for the languages' means to mean something.
BILINGUAL = [
    *CORPUS,
    passage("slurry", "Treating pig slurry with anaerobic digestion", language="en"),
    passage("vision", "Machine vision for scratches on rolled sheet", language="en"),
    passage("battery", "Self discharge of lithium cells in storage", language="en"),
    passage("fabric", "Waterproof and breathable fabric for outdoor wear", language="en"),
    passage("scheduling", "Scheduling small batches in a job shop", language="en"),
    passage("concrete", "早期混凝土开裂与养护"),
    passage("liquor", "白酒杂醇油的控制"),
]
