"""How good the search is, on labelled sets in TREC form."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import ir_measures
import numpy as np
import numpy.typing as npt
from ir_measures import RR, R, nDCG

from retrieval.cache import VectorCache
from retrieval.encoder import Encoder
from retrieval.errors import LabelledSetError
from retrieval.language import language_of
from retrieval.passages import Passage
from retrieval.search import Searcher
from retrieval.snapshot import write_snapshot

Run = dict[str, dict[str, float]]
MEASURES = {"nDCG@10": nDCG @ 10, "recall@10": R @ 10, "MRR@10": RR @ 10}


def evaluate(
    directory: Path, encoder: Encoder, *, cache: VectorCache | None = None, asked: bool = True
) -> dict[str, dict[str, float]]:
    """nDCG@10, recall@10 and MRR@10 of words, vectors, fused and final on corpus.jsonl,
    queries.jsonl (id, text) and qrels.tsv (query, document, grade).

    `asked`: the questions' own mean is known, as on a desk that has been in use; their
    answers are not. Without it a desk in its first hour is measured. A document with
    an `entry` speaks for that entry, and qrels then name entries. Raises LabelledSetError.
    """
    passages, queries, qrels = labelled_set(directory)
    with TemporaryDirectory() as scratch:
        root = Path(scratch)
        write_snapshot(
            root,
            passages,
            encoder,
            cache=cache or VectorCache(root / "vectors.sqlite"),
            asked=list(queries.values()) if asked else (),
        )
        searcher = Searcher.open(root, encoder)
        runs = _runs(searcher, queries, encoder)
    return {stage: _measured(run, qrels) for stage, run in runs.items()}


def labelled_set(
    directory: Path,
) -> tuple[list[Passage], dict[str, str], dict[str, dict[str, int]]]:
    """Its passages, its questions by key, and by question the grades of entries."""
    passages = [_passage(row) for row in _rows(directory / "corpus.jsonl")]
    queries = {row["id"]: row["text"] for row in _rows(directory / "queries.jsonl")}
    return passages, queries, _qrels(directory / "qrels.tsv")


def _runs(searcher: Searcher, queries: Mapping[str, str], encoder: Encoder) -> dict[str, Run]:
    runs: dict[str, Run] = {"words": {}, "vectors": {}, "fused": {}, "final": {}}
    vectors = encoder.encode_questions(list(queries.values()))
    for (key, text), vector in zip(queries.items(), vectors, strict=True):
        found = searcher.candidates(text, vector)
        entries = searcher.keys(found.entries)
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


def _measured(run: Run, qrels: Mapping[str, Mapping[str, int]]) -> dict[str, float]:
    values = ir_measures.calc_aggregate(MEASURES.values(), qrels, run)
    return {name: float(values[measure]) for name, measure in MEASURES.items()}


def _passage(row: Mapping[str, Any]) -> Passage:
    text = row["text"]
    return Passage(row["id"], row.get("entry", row["id"]), "document", language_of(text), text)


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    for number, line in _lines(path):
        try:
            row = json.loads(line)
            yield {**row, "id": str(row["id"]), "text": str(row["text"])}
        except (ValueError, KeyError, TypeError) as error:
            raise LabelledSetError(
                f'{path}, line {number}: expected {{"id": ..., "text": ...}} ({error!r}).'
            ) from error


def _qrels(path: Path) -> dict[str, dict[str, int]]:
    qrels: dict[str, dict[str, int]] = {}
    for number, line in _lines(path):
        try:
            # TREC's own form has a second column that means nothing.
            query, *_, document, grade = line.split()
            qrels.setdefault(query, {})[document] = int(grade)
        except ValueError as error:
            raise LabelledSetError(
                f"{path}, line {number}: expected a query, a document and a grade."
            ) from error
    return qrels


def _lines(path: Path) -> list[tuple[int, str]]:
    """Lines with their numbers, blank ones left out."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise LabelledSetError(
            f"{path} cannot be read ({error}). A labelled set is a folder with corpus.jsonl, "
            "queries.jsonl and qrels.tsv in UTF-8."
        ) from error
    # Not splitlines: texts may hold other line separators.
    return [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
