"""Labelled sets: passages, questions, and which entries answer them."""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from retrieval.errors import LabelledSetError
from retrieval.language import language_of
from retrieval.passages import Passage

Qrels = dict[str, dict[str, int]]
_HEADINGS = frozenset({"score", "grade", "relevance", "rel", "label"})


class LabelledSet(NamedTuple):
    """Questions by their key; `qrels` give, by question, the grades of entries."""

    passages: list[Passage]
    queries: dict[str, str]
    qrels: Qrels

    def answers(self, question: str) -> frozenset[str]:
        """The entries that answer it."""
        graded = self.qrels.get(question, {})
        return frozenset(entry for entry, grade in graded.items() if grade > 0)


class Judgement(NamedTuple):
    """A person's word on an entry: grade 0 is not relevant."""

    question: str
    entry: str
    grade: int


def labelled_set(directory: Path, *, taken_out: bool = False) -> LabelledSet:
    """corpus.jsonl (id, text; perhaps entry, kind, title, also, names), queries.jsonl (id, text),
    qrels.tsv (question, document, grade). A document with an `entry` speaks for it; qrels name
    entries or documents.

    Raises LabelledSetError, also for a document not in the corpus unless some were `taken_out`.
    """
    passages = corpus(directory)
    queries = {row["id"]: row["text"] for row in _rows(directory / "queries.jsonl")}
    entries = {one.key: one.entry for one in passages} | {one.entry: one.entry for one in passages}
    qrels = _qrels(directory / "qrels.tsv", queries, entries, taken_out=taken_out)
    for name, held in (("queries.jsonl", queries), ("qrels.tsv", qrels)):
        if not held:
            raise LabelledSetError(f"{directory / name} is empty: there is nothing to measure.")
    return LabelledSet(passages, queries, qrels)


def corpus(directory: Path) -> list[Passage]:
    """The passages of corpus.jsonl alone. Raises LabelledSetError, also if there are none."""
    passages = [_passage(row) for row in _rows(directory / "corpus.jsonl")]
    if not passages:
        raise LabelledSetError(
            f"{directory / 'corpus.jsonl'} is empty: there is nothing to measure."
        )
    return passages


def replayed(passages: list[Passage], judgements: Iterable[Judgement]) -> LabelledSet:
    """What people chose, solved and refused, as a set; a judged entry since removed is left out.

    Where one was judged more than once for the same question, the highest grade counts. Keys are
    numbers, so that no key tells a question. Raises LabelledSetError if nothing was judged.
    """
    known = {passage.entry for passage in passages}
    keys: dict[str, str] = {}
    qrels: Qrels = {}
    for question, entry, grade in judgements:
        if entry in known:
            graded = qrels.setdefault(keys.setdefault(question, f"asked-{len(keys) + 1}"), {})
            graded[entry] = max(grade, graded.get(entry, 0))
    answered = {key: graded for key, graded in qrels.items() if any(graded.values())}
    if not answered:
        raise LabelledSetError(
            "Nobody has chosen an entry yet, so there is nothing to replay. Measure a labelled set."
        )
    queries = {key: question for question, key in keys.items() if key in answered}
    return LabelledSet(passages, queries, answered)


def _passage(row: Mapping[str, Any]) -> Passage:
    text = row["text"]
    entry, kind = str(row.get("entry", row["id"])), str(row.get("kind", "document"))
    further = {name: str(row.get(name, "")) for name in ("also", "names")}
    return Passage(row["id"], entry, kind, language_of(text), text, **further)


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    """With `id` and `text` as text, BEIR's `_id` and `title` taken in; no id twice."""
    seen: dict[str, int] = {}
    for number, line in _lines(path):
        try:
            row = json.loads(line)
            key = str(row["id"] if "id" in row else row["_id"])
            text = "\n".join(filter(None, (row.get("title"), str(row["text"]))))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise LabelledSetError(
                f'{path}, line {number}: expected {{"id": ..., "text": ...}} ({error!r}).'
            ) from error
        if key in seen:
            raise LabelledSetError(
                f"{path}, line {number}: line {seen[key]} has the id {key} too; ids must differ."
            )
        seen[key] = number
        yield {**row, "id": key, "text": text}


def _qrels(
    path: Path, queries: Mapping[str, str], entries: Mapping[str, str], *, taken_out: bool
) -> Qrels:
    qrels: Qrels = {}
    for number, line in _lines(path):
        columns = [column.strip() for column in line.split("\t" if "\t" in line else None)]
        if number == 1 and columns[-1].lower() in _HEADINGS:
            continue
        try:
            # TREC's own form has a second column that means nothing.
            query, *_, document, grade = columns
            graded = int(grade)
        except ValueError as error:
            raise LabelledSetError(
                f"{path}, line {number}: expected a query, a document and a grade."
            ) from error
        if query not in queries:
            raise LabelledSetError(f"{path}, line {number}: queries.jsonl has no question {query}.")
        if document not in entries and not taken_out:
            raise LabelledSetError(
                f"{path}, line {number}: corpus.jsonl has no document {document}."
            )
        entry = entries.get(document, document)
        known = qrels.setdefault(query, {})
        known[entry] = max(graded, known.get(entry, graded))
    return qrels


def _lines(path: Path) -> list[tuple[int, str]]:
    """Lines with their numbers, blank ones left out."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise LabelledSetError(
            f"{path} cannot be read ({error}). A labelled set is a folder with corpus.jsonl, "
            "queries.jsonl and qrels.tsv in UTF-8."
        ) from error
    # Not splitlines: texts may hold other line separators.
    return [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
