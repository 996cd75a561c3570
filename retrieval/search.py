"""A question to hits: entries, how well each fits, and the passages that say why."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from retrieval.allowed import Allowed
from retrieval.cache import checked
from retrieval.encoder import Encoder
from retrieval.errors import ForeignSnapshotError
from retrieval.fusion import FIRST, by_entry, fuse
from retrieval.index import Vectors
from retrieval.language import language_of
from retrieval.lexical import WordIndex
from retrieval.means import Means
from retrieval.passages import Passage
from retrieval.reranking import Reranker, reranked
from retrieval.rows import LANGUAGES, Columns, Rows, Texts
from retrieval.shelf import Snapshot
from retrieval.shelves import Shelf, shelf_of
from retrieval.strength import Ground, Strength, strength_of
from retrieval.words import tokens

Floats = npt.NDArray[np.float32]
# An entry's score and its candidates' positions, best first.
Scored = tuple[float, list[int]]

# Between passages that say the same, the one in the asker's language is quoted first.
OWN_LANGUAGE = 0.03
QUOTED = 3
# Whoever is asked for by name is shown, whatever the question is about.
CALLED_TRUST = 0.5


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
    """The rows worth a look, with what vectors, words and both together say of each; `entries`
    are the numbers of their entries, ascending, `passages` of what they are pieces of."""

    rows: Rows
    entries: npt.NDArray[np.int32]
    passages: npt.NDArray[np.int32]
    cosines: Floats
    shares: Floats
    fused: Floats
    named: npt.NDArray[np.bool_]


class Searcher:
    """One opened snapshot. Never changes, so any number of threads may search it."""

    def __init__(
        self,
        snapshot: Snapshot,
        encoder: Encoder,
        columns: Columns,
        texts: Texts,
        vectors: Vectors,
        words: WordIndex,
        means: Means,
        reranker: Reranker | None = None,
    ) -> None:
        self.snapshot = snapshot
        self._encoder, self._columns, self._texts = encoder, columns, texts
        self._vectors, self._words, self._means = vectors, words, means
        self._reranker = reranker
        self._allowed: dict[frozenset[str], Allowed] = {}

    @classmethod
    def open(
        cls, root: Path | Shelf, encoder: Encoder, reranker: Reranker | None = None
    ) -> "Searcher":
        """Open the current snapshot of `root`, everything verified. Raises SnapshotError."""
        shelf = shelf_of(root)
        snapshot = shelf.current()
        if (snapshot.model, snapshot.dimension) != (encoder.identity, encoder.dimension):
            raise ForeignSnapshotError(
                f"The snapshot {snapshot.folder} was made by the model {snapshot.model}, not by "
                f"{encoder.identity}. Run a reload, or set EMBEDDING_MODEL back."
            )
        parts = shelf.open(snapshot)
        tokens("预热")  # the dictionary is read now, not during somebody's question
        return cls(
            snapshot,
            encoder,
            parts.columns,
            parts.texts,
            parts.vectors,
            parts.words,
            parts.means,
            reranker,
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
        entries = by_entry(found.fused, found.entries, found.passages)
        scored = self._distinct(found, entries.values(), limit)
        language = language_of(question)
        quoted = [self._quoted(found, positions, language) for _, positions in scored]
        passages = iter(self._texts.of(found.rows[[one for some in quoted for one in some]]))
        ground = Ground(found.cosines, found.shares, found.entries)

        def trusted(positions: list[int]) -> float:
            trust = ground.trust(positions)
            return max(trust, CALLED_TRUST) if found.named[positions].any() else trust

        hits = [
            self._hit(found, trusted(positions), score, chosen, [next(passages) for _ in chosen])
            for (score, positions), chosen in zip(scored, quoted, strict=True)
        ]
        return self._read_again(question, hits) if self._reranker else hits

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
        allowed = None if kinds is None else self._of_kinds(kinds)
        language = language_of(question)
        laid = self._means.of_questions(vector[None], [language])[0]
        asked = self._words.ask(question)
        near = self._vectors.nearest(laid, depth, allowed)
        told = asked.best(depth, allowed)
        rows = self._columns.with_siblings(np.concatenate([near, told]))
        cosines, shares = self._vectors.scores(laid, rows), asked.shares(rows)
        columns = self._columns
        entries, passages = columns.entries[rows], columns.passages[rows]
        spoken = columns.languages[rows]
        named = asked.named(rows)
        fused = fuse(cosines, shares, spoken, entries, LANGUAGES.index(language), named)
        return Candidates(rows, entries, passages, cosines, shares.sum(axis=0), fused, named)

    def likeness(self, first: str, second: str) -> float:
        """The cosine of two questions on their common ground: about nought for two subjects."""
        vectors = checked(self._encoder.encode_questions([first, second]), self._encoder)
        one, other = self._means.of_questions(vectors, [language_of(first), language_of(second)])
        return float(one @ other)

    def keys(self, entries: npt.NDArray[np.int32]) -> list[str]:
        """The keys of entries by their numbers."""
        return [passage.entry for passage in self._texts.of(self._columns.starts[entries])]

    def _of_kinds(self, kinds: frozenset[str]) -> Allowed:
        if kinds not in self._allowed:
            self._allowed[kinds] = Allowed(kinds, self._columns.of_kinds(kinds))
        return self._allowed[kinds]

    def _read_again(self, question: str, hits: list[Hit]) -> list[Hit]:
        """In the order of the reranker too, the scores staying with the places."""
        assert self._reranker is not None
        again = reranked(
            self._reranker,
            question,
            hits,
            text=lambda hit: hit.evidence[0].text,
            score=lambda hit: hit.score,
        )
        return [replace(new, score=old.score) for new, old in zip(again, hits, strict=True)]

    def _distinct(self, found: Candidates, scored: Iterable[Scored], limit: int) -> list[Scored]:
        """The first `limit` entries, of those that say the same throughout the best alone."""
        seen: set[bytes] = set()
        kept: list[Scored] = []
        for one in scored:
            _, positions = one
            said = np.unique(self._columns.groups[found.rows[positions]]).tobytes()
            if said not in seen:
                seen.add(said)
                kept.append(one)
            if len(kept) == limit:
                break
        return kept

    def _quoted(self, found: Candidates, positions: list[int], language: str) -> list[int]:
        """The best few that say different things, the asker's language before an equal one."""
        rows = found.rows
        own = self._columns.languages[rows] == LANGUAGES.index(language)
        promoted = found.fused + OWN_LANGUAGE * own
        told = {self._columns.groups[rows[one]]: one for one in reversed(positions[: 2 * QUOTED])}
        return sorted(told.values(), key=lambda one: -promoted[one])[:QUOTED]

    def _hit(
        self,
        found: Candidates,
        trusted: float,
        score: float,
        chosen: list[int],
        passages: list[Passage],
    ) -> Hit:
        evidence = tuple(
            Evidence(passage.key, passage.text, passage.language, float(found.fused[one]))
            for one, passage in zip(chosen, passages, strict=True)
        )
        return Hit(passages[0].entry, passages[0].kind, score, trusted, evidence)
