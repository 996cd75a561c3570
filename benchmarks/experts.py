"""Which score of an entry finds the person of a held-out piece of evidence best.

    python -m benchmarks.experts DIR [KIND]

DIR is a labelled set whose passages name the entry they speak for; KIND restricts who is looked
for (expert in that of benchmarks.sample_set). Each piece of evidence, with its translations, is
taken out and asked: its text, then its first clause alone. Beside it what the same scores reach on
the set's own judged questions. Vectors are kept in var/benchmarks.
"""

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.aggregations import AGGREGATIONS, DEPTH, PRESENT, Floats, learned
from retrieval.cache import TextCache, kept_vectors
from retrieval.crowding import uncrowded
from retrieval.encoder import Encoder, load_encoder
from retrieval.evaluation.experts import piece_of
from retrieval.evaluation.labelled import LabelledSet, Qrels, labelled_set
from retrieval.evaluation.measures import MEASURES, Run, Values, by_question, interval
from retrieval.fusion import fuse
from retrieval.language import language_of
from retrieval.lexical import WordIndex, build_words
from retrieval.means import learn_means, shipped_questions
from retrieval.passages import Passage
from retrieval.rows import LANGUAGES

STAGES = ("vectors", "fused")
_CLAUSE = re.compile(r"[^。；;，,：:.!?！？]{6,}")


@dataclass(frozen=True)
class Asked:
    """Questions, and what may be found for each: `kept` (questions, passages)."""

    texts: Sequence[str]
    qrels: Qrels
    kept: npt.NDArray[np.bool_]


class Ground:
    """Passages with everything that scores a question against each of them."""

    def __init__(self, passages: Sequence[Passage], encoder: Encoder, cache: TextCache) -> None:
        self.passages, self._encoder, self._cache = passages, encoder, cache
        texts = [one.text for one in passages]
        spoken = [language_of(text) for text in texts]
        self.languages = np.array([LANGUAGES.index(name) for name in spoken], np.uint8)
        vectors = kept_vectors(texts, encoder, cache)
        shipped = {
            name: kept_vectors(some, encoder, cache, questions=True)
            for name, some in shipped_questions().items()
        }
        self._means = learn_means(vectors, spoken, shipped, {})
        self.laid = self._means.of_passages(vectors, spoken)
        self.words: WordIndex = build_words(texts)
        numbers: dict[str, int] = {}
        self.owners = np.array([numbers.setdefault(one.entry, len(numbers)) for one in passages])
        self.entries = list(numbers)

    def questions(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """As they are laid for a search."""
        vectors = kept_vectors(texts, self._encoder, self._cache, questions=True)
        return self._means.of_questions(vectors, [language_of(text) for text in texts])

    def scores(self, asked: Asked) -> dict[str, Floats]:
        """By stage (questions, passages); -inf for what is not there."""
        spread = uncrowded(self.laid)
        cosines = self.questions(asked.texts) @ spread[:, :-1].T + spread[:, -1]
        found = {name: np.full(cosines.shape, -np.inf) for name in STAGES}
        for row, text in enumerate(asked.texts):
            kept, own = asked.kept[row], LANGUAGES.index(language_of(text))
            found["vectors"][row, kept] = cosines[row, kept]
            shares = self.words.shares(text)[:, kept]
            languages, owners = self.languages[kept], self.owners[kept]
            found["fused"][row, kept] = fuse(cosines[row, kept], shares, languages, owners, own)
        return found

    def best(self, scores: Floats, groups: Sequence[str] | None = None) -> Floats:
        """(questions, entries, depth): by entry the passages' scores, best first; of those of one
        group, as translations are, only the best."""
        names = groups or [one.key for one in self.passages]
        places: list[dict[str, list[int]]] = [{} for _ in self.entries]
        for row, (owner, name) in enumerate(zip(self.owners.tolist(), names, strict=True)):
            places[owner].setdefault(name, []).append(row)
        found = np.full((len(scores), len(self.entries), max(map(len, places)) + DEPTH), -np.inf)
        for entry, own in enumerate(places):
            for place, rows in enumerate(own.values()):
                found[:, entry, place] = scores[:, rows].max(axis=1)
        return -np.sort(-found, axis=2)


def held_out(ground: Ground, *, short: bool) -> Asked:
    """Every piece of every entry that has two, in each of its languages."""
    pieces = np.array([piece_of(one.key) for one in ground.passages])
    several = {
        entry
        for number, entry in enumerate(ground.entries)
        if len(set(pieces[ground.owners == number])) > 1
    }
    asked = [row for row, one in enumerate(ground.passages) if one.entry in several]
    texts = [ground.passages[row].text for row in asked]
    return Asked(
        [first_clause(text) for text in texts] if short else texts,
        {str(place): {ground.passages[row].entry: 1} for place, row in enumerate(asked)},
        np.stack([pieces != pieces[row] for row in asked]),
    )


def judged(ground: Ground, labelled: LabelledSet) -> Asked:
    texts = [labelled.queries[key] for key in labelled.qrels]
    qrels = {str(place): graded for place, graded in enumerate(labelled.qrels.values())}
    return Asked(texts, qrels, np.ones((len(texts), len(ground.passages)), bool))


def first_clause(text: str) -> str:
    """Or a title: up to the first sign that ends a clause of six characters."""
    found = _CLAUSE.search(text)
    return found.group().strip() if found else text


def measured(scored: Floats, asked: Asked, entries: Sequence[str]) -> Values:
    """By measure, by question."""
    best = np.argsort(-scored, axis=1, kind="stable")[:, :20]
    run: Run = {
        str(row): {
            entries[one]: float(scored[row, one])
            for one in best[row].tolist()
            if np.isfinite(scored[row, one])
        }
        for row in range(len(scored))
    }
    return by_question(run, asked.qrels)


class Persons:
    """An entry as one: all its texts in one long text, or their centroid. Both once whole, and once
    without each piece that is held out."""

    def __init__(self, ground: Ground, asked: Asked, encoder: Encoder, cache: TextCache) -> None:
        self._ground, self._asked = ground, asked
        # By question, its own entry's rows that are left; whole entries before them.
        whole = [ground.owners == number for number in range(len(ground.entries))]
        left = [
            whole[ground.entries.index(next(iter(graded)))] & kept
            for graded, kept in zip(asked.qrels.values(), asked.kept, strict=True)
        ]
        packed = {rows.tobytes(): rows for rows in [*whole, *left]}
        places = {key: place for place, key in enumerate(packed)}
        self._rows = list(packed.values())
        self._left = [places[rows.tobytes()] for rows in left]
        self.texts = Ground(
            [self._together(place, rows) for place, rows in enumerate(self._rows)], encoder, cache
        )

    def scores(self) -> dict[str, dict[str, Floats]]:
        """By way, by stage (questions, entries)."""
        questions = self._ground.questions(self._asked.texts)
        middle = np.stack([self._ground.laid[rows].mean(axis=0) for rows in self._rows])
        middle /= np.linalg.norm(middle, axis=1, keepdims=True)
        long = self.texts.questions(self._asked.texts) @ self.texts.laid.T
        by_passages = PRESENT(self._ground.best(self._ground.scores(self._asked)["vectors"]))
        return {
            "one long text": self._staged(self._of_persons(long)),
            "the centroid": self._staged(self._of_persons(questions @ middle.T)),
            "vectors as they are, words of the long text": self._staged(by_passages),
        }

    def _of_persons(self, scores: npt.NDArray[np.float32]) -> Floats:
        """(questions, entries) of (questions, whole and lessened entries)."""
        return np.stack([scores[row, self._chosen(row)] for row in range(len(scores))])

    def _chosen(self, row: int) -> npt.NDArray[np.int64]:
        """By entry the place of its text: whole, but for the one that is looked for."""
        chosen = np.arange(len(self._ground.entries))
        left = self._left[row]
        chosen[self._ground.owners[self._rows[left]][0]] = left
        return chosen

    def _staged(self, cosines: Floats) -> dict[str, Floats]:
        """(questions, entries) alone, and with the words of the long texts."""
        # A text in both languages is of neither: its words are compared with all.
        alike = np.zeros(cosines.shape[1], np.uint8)
        words = [
            self.texts.words.shares(text)[:, self._chosen(row)]
            for row, text in enumerate(self._asked.texts)
        ]
        each = np.arange(cosines.shape[1], dtype=np.int32)
        fused = [fuse(one, two, alike, each, 0) for one, two in zip(cosines, words, strict=True)]
        return {"vectors": cosines, "fused": np.stack(fused)}

    def _together(self, place: int, rows: npt.NDArray[np.bool_]) -> Passage:
        of = [self._ground.passages[row] for row in np.flatnonzero(rows).tolist()]
        text = "\n".join(one.text for one in of)
        return Passage(str(place), str(place), of[0].kind, language_of(text), text)


def rows_of(ground: Ground, asked: Asked, measure: str) -> Iterator[tuple[str, str, Values]]:
    """Name, stage, measures of every way to score by passages."""
    owners = np.array([ground.entries.index(next(iter(one))) for one in asked.qrels.values()])
    found = ground.scores(asked)
    pieces = [piece_of(one.key) for one in ground.passages]
    for stage in STAGES:
        best = ground.best(found[stage])
        for name, aggregate in AGGREGATIONS.items():
            yield name, stage, measured(aggregate(best), asked, ground.entries)
        once = PRESENT(ground.best(found[stage], pieces))
        yield "as it is, translations counted once", stage, measured(once, asked, ground.entries)

        def gain(scored: Floats) -> Floats:
            return np.array(list(measured(scored, asked, ground.entries)[measure].values()))

        scored, weights = learned(best, owners, gain)
        told = " or ".join(sorted({"/".join(format(w, "g") for w in one) for one in weights}))
        yield f"learned on others: {told}", stage, measured(scored, asked, ground.entries)


def told(title: str, rows: Iterator[tuple[str, str, Values]]) -> None:
    """A table, each mean with its 95% interval."""
    print(f"\n{title}\n\n| an entry's score | stage | {' | '.join(MEASURES)} |")
    print(f"|---|---|{'---|' * len(MEASURES)}")
    for name, stage, values in rows:
        shown = [
            "{:.3f} [{:.3f}, {:.3f}]".format(*interval(list(found.values())))
            for found in values.values()
        ]
        print(f"| {name} | {stage} | {' | '.join(shown)} |", flush=True)


def persons_rows(
    persons: Persons, asked: Asked, entries: Sequence[str]
) -> Iterator[tuple[str, str, Values]]:
    for name, stages in persons.scores().items():
        for stage, scored in stages.items():
            yield name, stage, measured(scored, asked, entries)


def main(folder: Path, kind: str = "") -> None:
    encoder, cache = load_encoder(), TextCache(Path("var/benchmarks/vectors.db"))
    labelled = labelled_set(folder)
    searched = [one for one in labelled.passages if kind in ("", one.kind)]
    ground = Ground(searched, encoder, cache)
    for short, title in ((False, "held out, the whole text asked"), (True, "its first clause")):
        asked = held_out(ground, short=short)
        persons = Persons(ground, asked, encoder, cache)
        told(
            f"{title}: {len(asked.texts)} questions, {len(ground.entries)} entries",
            chain(persons_rows(persons, asked, ground.entries), rows_of(ground, asked, "MRR@10")),
        )
    everything = Ground(labelled.passages, encoder, cache)
    asked = judged(everything, labelled)
    persons = Persons(everything, asked, encoder, cache)
    told(
        f"judged: {len(asked.texts)} questions, {len(everything.entries)} entries",
        chain(
            persons_rows(persons, asked, everything.entries),
            rows_of(everything, asked, "nDCG@10"),
        ),
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:3])
