"""A question to hits: entries, how well each fits, and the passages that say why."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from retrieval.cache import checked
from retrieval.encoder import Encoder
from retrieval.errors import ForeignSnapshotError
from retrieval.fusion import FIRST, by_entry, fuse
from retrieval.index import VectorIndex, unpack_vectors
from retrieval.language import language_of
from retrieval.lexical import WordIndex, unpack_words
from retrieval.means import Means, unpack_means
from retrieval.passages import Passage
from retrieval.shelf import Snapshot, current, verified_files
from retrieval.snapshot import MEANS, PASSAGES, VECTORS, WORDS, read_lines
from retrieval.strength import Strength, strength_of, trust
from retrieval.words import tokens

Floats = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]

# Between passages that say the same, the one in the asker's language is quoted first.
OWN_LANGUAGE = 0.03
QUOTED = 3


@dataclass(frozen=True)
class Evidence:
    """A passage that speaks for a hit; `passage` is its key, a long one's best piece its text."""

    passage: str
    text: str
    language: str
    score: float


@dataclass(frozen=True)
class Hit:
    """An entry found. Scores order the hits of one question; `trust` compares across."""

    entry: str
    kind: str
    score: float
    trust: float
    evidence: tuple[Evidence, ...]

    @property
    def strength(self) -> Strength:
        return strength_of(self.trust)


@dataclass(frozen=True)
class Candidates:
    """The rows worth a look, with what vectors, words and both together say of each."""

    rows: Rows
    entries: tuple[str, ...]
    cosines: Floats
    shares: Floats
    fused: Floats


class Searcher:
    """One opened snapshot. Never changes, so any number of threads may search it."""

    def __init__(
        self,
        snapshot: Snapshot,
        encoder: Encoder,
        passages: Sequence[Passage],
        vectors: VectorIndex,
        words: WordIndex,
        means: Means,
    ) -> None:
        self.snapshot = snapshot
        self._encoder, self._passages = encoder, passages
        self._vectors, self._words, self._means = vectors, words, means
        self._languages = np.array([language_of(passage.text) for passage in passages], dtype=str)
        _, self._entries = np.unique([passage.entry for passage in passages], return_inverse=True)
        self._kinds = np.array([passage.kind for passage in passages], dtype=str)

    @classmethod
    def open(cls, root: Path, encoder: Encoder) -> "Searcher":
        """Open the current snapshot of `root`, every file verified. Raises SnapshotError."""
        snapshot = current(root)
        if (snapshot.model, snapshot.dimension) != (encoder.identity, encoder.dimension):
            raise ForeignSnapshotError(
                f"The snapshot {snapshot.folder} was made by the model {snapshot.model}, not by "
                f"{encoder.identity}. Run a reload, or set EMBEDDING_MODEL back."
            )
        files = verified_files(snapshot)
        tokens("预热")  # the dictionary is read now, not during somebody's question
        return cls(
            snapshot,
            encoder,
            read_lines(files[PASSAGES]),
            unpack_vectors(files[VECTORS]),
            unpack_words(files[WORDS]),
            unpack_means(files[MEANS]),
        )

    def search(
        self, question: str, *, limit: int = 50, kinds: frozenset[str] | None = None
    ) -> list[Hit]:
        """At most `limit` entries of these kinds (all, if None), best first.

        Empty if the question holds no word, or nothing is known.
        """
        if not tokens(question):
            return []
        vector = checked(self._encoder.encode_questions([question]), self._encoder)[0]
        return self.rank(question, vector, limit=limit, kinds=kinds)

    def rank(
        self,
        question: str,
        vector: Floats,
        *,
        limit: int = 50,
        kinds: frozenset[str] | None = None,
    ) -> list[Hit]:
        """`search` with the question already encoded, as many may have been together."""
        found = self.candidates(question, vector, depth=max(FIRST, 4 * limit), kinds=kinds)
        language = language_of(question)
        scored = list(by_entry(found.fused, found.entries).values())[:limit]
        return [self._hit(found, score, positions, language) for score, positions in scored]

    def candidates(
        self,
        question: str,
        vector: Floats,
        *,
        depth: int = FIRST,
        kinds: frozenset[str] | None = None,
    ) -> Candidates:
        """The `depth` best rows by vectors and the `depth` best by words, together, and with
        each all rows of its entry."""
        allowed = None if kinds is None else np.flatnonzero(np.isin(self._kinds, list(kinds)))
        laid = self._means.of_questions(vector[None], [language_of(question)])[0]
        shares = self._words.shares(question)
        near = self._vectors.nearest(laid, depth, allowed)
        rows = np.union1d(near, _highest(shares.sum(axis=0), depth, allowed))
        rows = np.flatnonzero(np.isin(self._entries, self._entries[rows]))
        entries = tuple(self._passages[row].entry for row in rows.tolist())
        cosines, shares = self._vectors.scores(laid, rows), shares[:, rows]
        fused = fuse(cosines, shares, self._languages[rows])
        return Candidates(rows, entries, cosines, shares.sum(axis=0), fused)

    def _hit(self, found: Candidates, score: float, positions: list[int], language: str) -> Hit:
        best = positions[0]
        first = self._passages[found.rows[best]]
        quoted = sorted(
            (self._evidence(found, position) for position in positions[: 2 * QUOTED]),
            key=lambda one: one.score + OWN_LANGUAGE * (one.language == language),
            reverse=True,
        )
        cosines = found.cosines[positions[:2]].tolist()
        trusted = trust(cosines[0], cosines[-1], float(found.shares[best]))
        return Hit(first.entry, first.kind, score, trusted, tuple(quoted[:QUOTED]))

    def _evidence(self, found: Candidates, position: int) -> Evidence:
        passage = self._passages[found.rows[position]]
        return Evidence(passage.key, passage.text, passage.language, float(found.fused[position]))


def _highest(shares: Floats, depth: int, allowed: Rows | None) -> Rows:
    """The rows of the `depth` highest shares above nothing."""
    rows = np.arange(len(shares)) if allowed is None else allowed
    rows = rows[shares[rows] > 0]
    if len(rows) > depth:
        rows = rows[np.argpartition(-shares[rows], depth)[:depth]]
    return rows
