"""How good the search is, on labelled sets: each stage by itself."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt

from retrieval.cache import TextCache, kept_vectors
from retrieval.encoder import Encoder, Floats, Progress
from retrieval.evaluation.experts import held_out
from retrieval.evaluation.labelled import LabelledSet, labelled_set
from retrieval.evaluation.measures import MEASURES, Run, Values, by_question
from retrieval.language import language_of
from retrieval.lexical import WordIndex
from retrieval.search import Searcher
from retrieval.shelves import shelf_of
from retrieval.snapshot import write_snapshot

STAGES = ("words", "vectors", "fused", "final")
# Each taught by the questions of all the others.
ROUNDS = 5
Stages = dict[str, Values]


class Remembering:
    """The model, asked for each question of a set once; what it said stays in memory, or in
    `cache` where questions may be kept."""

    def __init__(
        self, model: Encoder, questions: Sequence[str], cache: TextCache | None = None
    ) -> None:
        self.identity, self.dimension = model.identity, model.dimension
        self._model = model
        known = (
            kept_vectors(questions, model, cache, questions=True)
            if cache
            else model.encode_questions(list(questions))
        )
        self._known: dict[str, Floats] = dict(zip(questions, known, strict=True))

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Floats:
        return self._model.encode_passages(texts, progress)

    def encode_questions(self, texts: Sequence[str]) -> Floats:
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known |= zip(new, self._model.encode_questions(new), strict=True)
        return np.array([self._known[text] for text in texts], np.float32).reshape(
            -1, self.dimension
        )


def evaluate(
    directory: Path, encoder: Encoder, *, cache: TextCache | None = None, asked: bool = True
) -> dict[str, dict[str, float]]:
    """Stage to nDCG@10, recall@10 and MRR@10 of a folder, as `labelled_set` and `measured` say."""
    return means(measured(labelled_set(directory), encoder, cache=cache, asked=asked))


def measured(
    labelled: LabelledSet,
    encoder: Encoder,
    *,
    cache: TextCache | None = None,
    asked: bool = True,
    keep_questions: bool = True,
) -> Stages:
    """By stage, by measure, by question.

    `asked`: as on a desk that the set's other questions were asked before. Without it a desk in its
    first hour is measured. Questions that real people asked must not be kept in a `cache`.
    """
    kept = cache if keep_questions else None
    remembering = Remembering(encoder, list(labelled.queries.values()), kept)
    runs: dict[str, Run] = {stage: {} for stage in STAGES}
    for searcher, questions in desks(labelled, remembering, cache=cache, asked=asked):
        for stage, run in _runs(searcher, questions, remembering).items():
            runs[stage] |= run
    return {stage: by_question(run, labelled.qrels) for stage, run in runs.items()}


def measured_experts(
    labelled: LabelledSet,
    encoder: Encoder,
    *,
    cache: TextCache | None = None,
    asked: bool = True,
) -> Stages:
    """`measured`, the questions being evidence held out of the set's passages, round by round."""
    stages: Stages = {stage: {name: {} for name in MEASURES} for stage in STAGES}
    for turn in held_out(labelled.passages):
        for stage, values in measured(turn, encoder, cache=cache, asked=asked).items():
            for name, found in values.items():
                stages[stage][name] |= found
    return stages


def means(stages: Mapping[str, Values]) -> dict[str, dict[str, float]]:
    """Over the judged questions."""
    return {
        stage: {name: float(np.mean(list(found.values()))) for name, found in values.items()}
        for stage, values in stages.items()
    }


def desks(
    labelled: LabelledSet, encoder: Encoder, *, cache: TextCache | None, asked: bool
) -> Iterator[tuple[Searcher, dict[str, str]]]:
    """Searchers of the set's passages, each with the questions to put to it. Where `asked`, each
    was taught by the questions that are put to the others: none teaches what answers it."""
    queries = labelled.queries
    rounds = min(ROUNDS, len(queries)) if asked and len(queries) > 1 else 1
    words: WordIndex | None = None
    with TemporaryDirectory() as scratch:
        kept = cache or TextCache(Path(scratch) / "vectors.sqlite")
        for turn in range(rounds):
            now = list(queries)[turn::rounds]
            before = sorted(queries[key] for key in queries.keys() - now)
            shelf = shelf_of(Path(scratch) / str(turn))
            # Questions teach nothing about the passages' words: one index serves all rounds.
            write_snapshot(shelf, labelled.passages, encoder, cache=kept, asked=before, words=words)
            words = words or shelf.open(shelf.current()).words
            yield Searcher.open(shelf, encoder), {key: queries[key] for key in now}


def language_pairs(labelled: LabelledSet) -> dict[str, list[str]]:
    """The judged questions by their language and that of their answers: "zh->en", or
    "zh->en+zh" where the answers speak both."""
    spoken: dict[str, set[str]] = {}
    for passage in labelled.passages:
        spoken.setdefault(passage.entry, set()).add(passage.language)
    pairs: dict[str, list[str]] = {}
    for key in labelled.qrels:
        told = sorted({name for entry in labelled.answers(key) for name in spoken.get(entry, ())})
        pair = f"{language_of(labelled.queries[key])}->{'+'.join(told) or 'nothing'}"
        pairs.setdefault(pair, []).append(key)
    return dict(sorted(pairs.items(), key=lambda one: (-len(one[1]), one[0])))


def _runs(searcher: Searcher, queries: Mapping[str, str], encoder: Encoder) -> dict[str, Run]:
    runs: dict[str, Run] = {stage: {} for stage in STAGES}
    names: dict[int, str] = {}
    vectors = encoder.encode_questions(list(queries.values()))
    for (key, text), vector in zip(queries.items(), vectors, strict=True):
        found = searcher.candidates(text, vector)
        # Each key is read once: reading all candidates' keys again would cost more than searching.
        new = np.setdiff1d(found.entries, list(names))
        names |= zip(new.tolist(), searcher.keys(new), strict=True)
        entries = [names[number] for number in found.entries.tolist()]
        runs["words"][key] = _best(entries, found.shares)
        runs["vectors"][key] = _best(entries, found.cosines)
        runs["fused"][key] = _best(entries, found.fused)
        hits = searcher.rank(text, vector, limit=10)
        runs["final"][key] = {hit.entry: hit.score for hit in hits}
    return runs


def _best(entries: Sequence[str], scores: npt.NDArray[np.float32]) -> dict[str, float]:
    """Each entry's best score."""
    # Ascending, so that the best is written last.
    return {entries[i]: float(scores[i]) for i in np.argsort(scores, kind="stable")}
