"""From passages to a snapshot: embed what is new, learn the means, index, write, swap."""

import sqlite3
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from retrieval.cache import TextCache, checked, digests_of, kept_vectors
from retrieval.counting import prune_counts
from retrieval.crowding import uncrowded
from retrieval.doubles import groups
from retrieval.encoder import Encoder, Progress
from retrieval.errors import (
    BrokenSnapshotError,
    EncoderError,
    ForeignSnapshotError,
    NoSnapshotError,
    SnapshotError,
)
from retrieval.language import language_of
from retrieval.lexical import WordIndex, build_words
from retrieval.means import Means, learn_means, pack_means, shipped_questions
from retrieval.passages import Passage, pieces
from retrieval.rows import columns_of, in_order
from retrieval.shelf import Snapshot, activate, current, list_snapshots
from retrieval.shelves import Contents, Shelf, shelf_of

__all__ = [
    "BrokenSnapshotError",
    "ForeignSnapshotError",
    "NoSnapshotError",
    "Snapshot",
    "SnapshotError",
    "TextCache",
    "activate",
    "current",
    "list_snapshots",
    "write_snapshot",
]

Floats = npt.NDArray[np.float32]

# More would take longer to encode than they are worth: 400 come within half a point of 1,000.
ASKED = 1000


def write_snapshot(
    root: Path | Shelf,
    passages: Sequence[Passage],
    encoder: Encoder,
    *,
    cache: TextCache,
    progress: Progress | None = None,
    asked: Sequence[str] = (),
    words: WordIndex | None = None,
    sole: bool = False,
) -> Snapshot:
    """Index the passages and make them the current snapshot; the old one stays till the last step.

    `asked` are questions that were really asked: of them the mean is kept, and for each passage
    how near the nearest are. `words` is the index of the same passages' words, if one stands.
    `sole`: the cache serves no other index, so that it need not grow for ever.
    `progress(done, total)` counts texts embedded. Raises SnapshotError, and then what was embedded
    stays in the cache: a second try goes on from there.
    """
    _refuse_doubles(passages)
    rows = in_order(
        [
            replace(passage, text=text)
            for passage in passages
            for text in pieces(passage.text)
            if text.strip()
        ]
    )
    try:
        contents = _prepared(rows, encoder, cache, progress, asked, words)
    except (EncoderError, sqlite3.Error) as error:
        raise SnapshotError(f"{error} The former index stays in use.") from error
    facts: dict[str, str | int] = {
        "model": encoder.identity,
        "dimension": encoder.dimension,
        "entries": len({passage.entry for passage in passages}),
        "passages": len(passages),
    }
    published = shelf_of(root).publish(contents, facts)
    if sole:
        cache.prune(encoder.identity, digests_of(row.text for row in rows))
        prune_counts(cache, (row.worded for row in rows))
    return published


def _prepared(
    rows: list[Passage],
    encoder: Encoder,
    cache: TextCache,
    progress: Progress | None,
    asked: Sequence[str],
    words: WordIndex | None,
) -> Contents:
    """Everything but the writing."""
    texts = [row.text for row in rows]
    with ThreadPoolExecutor(1, thread_name_prefix="words") as beside:
        # Beside the model, which leaves Python's lock alone for most of the time.
        counting = beside.submit(lambda: words or build_words((row.worded for row in rows), cache))
        # By script, not by what the entry says of itself: a Chinese row often holds an English
        # title.
        languages = [language_of(text) for text in texts]
        vectors = kept_vectors(texts, encoder, cache, progress=progress)
        shipped, questions = _questions(encoder, cache, asked)
        means = learn_means(vectors, languages, shipped, questions)
        laid = means.of_passages(vectors, languages)
        columns = columns_of(rows, languages, groups(texts, laid))
        spread = uncrowded(laid, _together(questions, means))
        return Contents(rows, columns, spread, counting.result(), pack_means(means))


def _together(questions: Mapping[str, Floats], means: Means) -> Floats | None:
    """All of them as they are laid for a search."""
    laid = [means.of_questions(some, [name] * len(some)) for name, some in questions.items()]
    return np.concatenate(laid) if laid else None


def _questions(
    encoder: Encoder, cache: TextCache, asked: Sequence[str]
) -> tuple[dict[str, Floats], dict[str, Floats]]:
    shipped = {
        language: kept_vectors(texts, encoder, cache, questions=True)
        for language, texts in shipped_questions().items()
    }
    # Not through the cache: a person's question leaves no trace of its own on the disk.
    recent = list(asked)[-ASKED:]
    vectors = checked(encoder.encode_questions(recent), encoder)
    spoken = np.array([language_of(text) for text in recent], dtype=str)
    return shipped, {name: vectors[spoken == name] for name in np.unique(spoken).tolist()}


def _refuse_doubles(passages: Sequence[Passage]) -> None:
    seen: set[str] = set()
    for passage in passages:
        if passage.key in seen:
            raise SnapshotError(f"Two passages have the key {passage.key}; keys must differ.")
        seen.add(passage.key)
