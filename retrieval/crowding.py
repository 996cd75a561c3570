"""Passages that lie near everything come up for every question, so what they are crowded by is
taken off their scores: first told from the other passages, then from questions really asked."""

from typing import Final

import faiss
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

# Shares of the mean cosine to the nearest: of ten passages, of five asked questions. Questions
# tell it better: nDCG@10 rises by 1 to 2 points (docs/benchmarks.md, Retrieval).
PASSAGES, BY_PASSAGES = 10, 0.25
QUESTIONS, BY_QUESTIONS = 5, 0.5
# How many asked questions weigh as much as the passages' own word.
DOUBT: Final = 50
# Enough of a large corpus to know who is crowded; all against all would take minutes.
COMPARED = 5000


def uncrowded(vectors: Floats, asked: Floats | None = None) -> Floats:
    """Unit vectors (n, d) with one more dimension, what is taken off: questions meet it by a 1.

    `asked` are unit vectors (m, d) of questions really asked, as they are laid for a search.
    """
    taken = BY_PASSAGES * by_passages(vectors)
    if asked is not None and len(asked):
        told = len(asked) / (len(asked) + DOUBT)
        taken = (1 - told) * taken + told * BY_QUESTIONS * by_questions(vectors, asked)
    return np.hstack([vectors, -taken[:, None]]).astype(np.float32)


def by_passages(vectors: Floats) -> Floats:
    """(n,) the mean cosine to the nearest others, itself left out."""
    if not len(vectors):
        return np.zeros(0, np.float32)
    step = -(-len(vectors) // COMPARED)
    others = _exact(vectors[::step])
    depth = min(PASSAGES + 1, others.ntotal)
    found, rows = others.search(np.ascontiguousarray(vectors), depth)
    itself = rows * step == np.arange(len(vectors))[:, None]
    kept = np.where(itself, 0, found)
    # Where it did not meet itself, its furthest is one too many.
    kept[~itself.any(axis=1), -1] = 0
    crowded: Floats = kept.sum(axis=1) / max(depth - 1, 1)
    return crowded


def by_questions(vectors: Floats, asked: Floats) -> Floats:
    """(n,) the mean cosine to the nearest of the questions."""
    if not len(vectors):
        return np.zeros(0, np.float32)
    found, _ = _exact(asked).search(np.ascontiguousarray(vectors), min(QUESTIONS, len(asked)))
    crowded: Floats = found.mean(axis=1)
    return crowded


def met(question: Floats) -> Floats:
    """A question (d,) as it meets `uncrowded` vectors: (d + 1,)."""
    return np.append(question, np.float32(1)).astype(np.float32)


def _exact(vectors: Floats) -> faiss.IndexFlatIP:
    made = faiss.IndexFlatIP(vectors.shape[1])
    made.add(np.ascontiguousarray(vectors))
    return made
