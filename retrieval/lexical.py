"""Matching by words: BM25, answered as the share of the question's own weight that was found."""

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass

import bm25s
import numpy as np
import numpy.typing as npt

from retrieval.words import NAMES, WEIGHTS, tokens

Floats = npt.NDArray[np.float32]

# Chosen on questions and passages of like length; flat around here.
SATURATION, LENGTH = 1.2, 0.9


@dataclass(frozen=True)
class WordIndex:
    """Postings by token: weights[starts[i]:starts[i+1]] are token i's BM25 weights in rows[...]."""

    passages: int
    vocabulary: dict[str, int]
    weights: Floats
    rows: npt.NDArray[np.int32]
    starts: npt.NDArray[np.int64]

    def shares(self, question: str) -> Floats:
        """(2, passages): the share found by words and by names; their sum is below 1.

        Words that no passage holds count as the rarest, so a question in another language than
        the passages' scores low throughout, and its few hits do not outweigh the vectors.
        """
        found = np.zeros((2, self.passages), np.float32)
        most = 0.0
        for token in dict.fromkeys(tokens(question)):
            weight, place = WEIGHTS[token[0]], self._place(token)
            most += weight * self._rarity(place.stop - place.start)
            found[int(token[0] in NAMES), self.rows[place]] += weight * self.weights[place]
        return found / most if most else found

    def _place(self, token: str) -> slice:
        number = self.vocabulary.get(token)
        return slice(0, 0) if number is None else slice(*self.starts[number : number + 2])

    def _rarity(self, holders: int) -> float:
        """BM25's inverse document frequency, as bm25s' lucene method has it."""
        return float(np.log1p((self.passages - holders + 0.5) / (holders + 0.5)))


def build_words(texts: Sequence[str]) -> WordIndex:
    """Index the texts; none at all is an index that finds nothing."""
    split = [tokens(text) for text in texts]
    if not any(split):
        empty = np.zeros(0, np.float32)
        return WordIndex(len(texts), {}, empty, empty.astype(np.int32), np.zeros(1, np.int64))
    engine = bm25s.BM25(k1=SATURATION, b=LENGTH, method="lucene")
    engine.index(split, show_progress=False)
    scores = engine.scores
    return WordIndex(
        len(texts),
        {token: number for token, number in engine.vocab_dict.items() if token},
        scores["data"].astype(np.float32),
        scores["indices"].astype(np.int32),
        scores["indptr"].astype(np.int64),
    )


def pack_words(index: WordIndex) -> bytes:
    """The index as the bytes of an .npz file."""
    buffer = io.BytesIO()
    names = json.dumps(list(index.vocabulary.items()), ensure_ascii=False).encode()
    np.savez(
        buffer,
        passages=np.array(index.passages),
        vocabulary=np.frombuffer(names, np.uint8),
        weights=index.weights,
        rows=index.rows,
        starts=index.starts,
    )
    return buffer.getvalue()


def unpack_words(packed: bytes) -> WordIndex:
    """What `pack_words` packed."""
    with np.load(io.BytesIO(packed), allow_pickle=False) as stored:
        return WordIndex(
            int(stored["passages"]),
            dict(json.loads(stored["vocabulary"].tobytes())),
            stored["weights"],
            stored["rows"],
            stored["starts"],
        )
