"""Vectors laid on a common ground, so that languages compare.

The embedded model packs its vectors into a narrow cone, one a language, and questions beside
passages. Taking each language's mean away, and then the direction in which the whole corpus
varies most (what everything in it is about), lifts nDCG@10 in a mixed pool from 0.42 to 0.70
(docs/benchmarks.md, Retrieval). The means are learnt at index time and kept with the snapshot.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Samples = Mapping[str, Floats]

# How many passages, or asked questions, weigh as much as the guess made without them.
PASSAGES_DOUBT, QUESTIONS_DOUBT = 5, 10
# Fewer passages do not show which direction is common to them.
ENOUGH = 100


@dataclass(frozen=True)
class Means:
    """By language: what to take from a passage's vector, what from a question's; and the common
    direction (dimension,), zero where the corpus is too small to show one."""

    passages: Mapping[str, Floats]
    questions: Mapping[str, Floats]
    common: Floats

    def of_passages(self, vectors: Floats, languages: Sequence[str]) -> Floats:
        return self._lay(vectors, languages, self.passages)

    def of_questions(self, vectors: Floats, languages: Sequence[str]) -> Floats:
        return self._lay(vectors, languages, self.questions)

    def _lay(self, vectors: Floats, languages: Sequence[str], means: Samples) -> Floats:
        if not len(vectors):
            return vectors
        moved = vectors - np.stack([means[language] for language in languages])
        moved -= np.outer(moved @ self.common, self.common)
        return _unit(moved)


def learn_means(
    passages: Floats, languages: Sequence[str], shipped: Samples, asked: Samples
) -> Means:
    """From passages' vectors and their languages. `shipped` are vectors of the sample questions
    by language, which say how far apart the languages lie; `asked` vectors of real questions."""
    spoken = np.array(languages, dtype=str)
    own = {name: passages[spoken == name] for name in ("zh", "en", "other")}
    offsets = {name: vectors.mean(axis=0) for name, vectors in shipped.items()}
    guesses = {name: _guess(name, own, offsets) for name in own}
    means = {name: _blend(own[name], guesses[name], PASSAGES_DOUBT) for name in own}
    # A few stray passages of a language (a title, a line of code) are right for themselves and
    # wrong for questions in it.
    stray = PASSAGES_DOUBT + len(passages) // 20
    expected = {name: _blend(own[name], guesses[name], stray) for name in own}
    for name, offset in offsets.items():
        # Half way to the shipped questions: the subject is the passages', the manner theirs.
        expected[name] = (expected[name] + offset) / 2
    questions = {
        name: _blend(asked.get(name, passages[:0]), expected[name], QUESTIONS_DOUBT) for name in own
    }
    return Means(means, questions, _common(passages, spoken, means))


def shipped_questions() -> dict[str, list[str]]:
    """The sample questions by language, each pair one question in two languages."""
    text = files("retrieval").joinpath("questions.txt").read_text(encoding="utf-8")
    pairs = [line.split(" | ") for line in text.splitlines() if line and line[0] != "#"]
    return {"zh": [chinese for chinese, _ in pairs], "en": [english for _, english in pairs]}


def pack_means(means: Means) -> bytes:
    """As the bytes of an .npz file."""
    buffer = io.BytesIO()
    named: dict[str, Any] = {f"passages_{name}": mean for name, mean in means.passages.items()}
    named |= {f"questions_{name}": mean for name, mean in means.questions.items()}
    np.savez(buffer, common=means.common, **named)
    return buffer.getvalue()


def unpack_means(packed: bytes) -> Means:
    """What `pack_means` packed."""
    with np.load(io.BytesIO(packed), allow_pickle=False) as stored:
        sides: dict[str, dict[str, Floats]] = {"passages": {}, "questions": {}}
        for key in stored.files:
            side, _, name = key.partition("_")
            if name:
                sides[side][name] = stored[key]
        return Means(sides["passages"], sides["questions"], stored["common"])


def _guess(name: str, own: Samples, offsets: Samples) -> Floats:
    """Where a language would lie that has no passages: beside the corpus's largest other
    language, as far as the shipped questions lie apart; without any, at the shipped questions."""
    largest = max(own, key=lambda other: len(own[other]) if other != name else -1)
    if not len(own[largest]) or largest == name:
        anywhere: Floats = np.mean(list(offsets.values()), axis=0)
        return offsets.get(name, anywhere)
    centre: Floats = own[largest].mean(axis=0)
    if name in offsets and largest in offsets:
        centre = centre + offsets[name] - offsets[largest]
    return centre


def _blend(vectors: Floats, guess: Floats, doubt: int) -> Floats:
    blended: Floats = (vectors.sum(axis=0) + doubt * guess) / (len(vectors) + doubt)
    return blended.astype(np.float32)


def _common(passages: Floats, spoken: npt.NDArray[np.str_], means: Samples) -> Floats:
    if len(passages) < ENOUGH:
        return np.zeros(passages.shape[1], np.float32)
    moved = passages - np.stack([means[name] for name in spoken])
    _, directions = np.linalg.eigh(moved.T @ moved)
    return np.ascontiguousarray(directions[:, -1], dtype=np.float32)


def _unit(vectors: Floats) -> Floats:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Floats = (vectors / np.maximum(lengths, 1e-9)).astype(np.float32)
    return unit
