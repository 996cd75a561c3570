"""A second opinion on the first hits: a model that reads question and passage together."""

from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Protocol, TypeVar

import numpy as np

from retrieval.encoder import READ, Floats
from retrieval.errors import EncoderError

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

Hit = TypeVar("Hit")

# Hits read again: each costs a whole pass through the model.
DEPTH = 20
# The model's share of the blend, the search's being the rest. Chosen, not fitted: with no
# cross-encoder at hand there was nothing to fit it on.
SHARE = 0.6


class Reranker(Protocol):
    """Scores of texts for a question, the higher the better. Safe to call from several threads."""

    def scores(self, question: str, texts: Sequence[str]) -> Floats:
        """(n,) float32, comparable within one question only."""


class CrossReranker:
    """Any sentence-transformers CrossEncoder with one score a pair."""

    def __init__(self, model: "CrossEncoder") -> None:
        self._model = model
        # Its tokenizer is reconfigured at each call, which two threads may not do at once.
        self._turn = Lock()

    def scores(self, question: str, texts: Sequence[str]) -> Floats:
        if not texts:
            return np.empty(0, np.float32)
        pairs = [(question[:READ], text[:READ]) for text in texts]
        with self._turn:
            found = self._model.predict(pairs, show_progress_bar=False)
        return np.asarray(found, np.float32)


def load_reranker(model: str = "") -> Reranker | None:
    """A cross-encoder by its name or folder; None where nothing is named. Raises EncoderError."""
    if not model:
        return None
    # Imported here: it takes seconds, and most desks name no model.
    from sentence_transformers import CrossEncoder  # noqa: PLC0415

    try:
        loaded = CrossEncoder(str(Path(model).expanduser()) if model[0] == "~" else model)
    except (OSError, ValueError, RuntimeError, ImportError, LookupError) as error:
        raise EncoderError(
            f"The model {model} cannot be loaded ({error}). Name a folder that holds a "
            "cross-encoder, connect to a model hub, or leave RERANKING_MODEL empty."
        ) from error
    if loaded.num_labels != 1:
        raise EncoderError(
            f"The model {model} gives {loaded.num_labels} scores a pair. Name a cross-encoder that "
            "gives one, or leave RERANKING_MODEL empty."
        )
    return CrossReranker(loaded)


def reranked(
    reranker: Reranker,
    question: str,
    hits: Sequence[Hit],
    *,
    text: Callable[[Hit], str],
    score: Callable[[Hit], float],
) -> list[Hit]:
    """The first DEPTH hits by both scores together, the rest as they were.

    Both are stretched to 0..1 over those hits, then SHARE of the model's is added to the rest
    of the search's. A model that answers with what is no number changes nothing.
    """
    first = hits[:DEPTH]
    given = np.array([score(hit) for hit in first], np.float32)
    read = reranker.scores(question, [text(hit) for hit in first])
    if not np.isfinite(read).all():
        return list(hits)
    blend = SHARE * _stretched(read) + (1 - SHARE) * _stretched(given)
    # Stable: where the blend ties, the search's order stands.
    return [first[i] for i in np.argsort(-blend, kind="stable")] + list(hits[DEPTH:])


def _stretched(scores: Floats) -> Floats:
    """To 0..1; all alike are all 0."""
    lowered = scores - scores.min(initial=np.inf)
    return np.asarray(lowered / max(float(lowered.max(initial=0)), 1e-9), np.float32)
