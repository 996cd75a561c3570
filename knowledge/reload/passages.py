"""The texts that an entry is found by, in each language that it is written in."""

from collections.abc import Iterator
from typing import NamedTuple

from knowledge.importers.entries import PlatformRow
from knowledge.importers.experts import AnswerRow, EvidenceRow
from knowledge.importers.patents import PatentRow
from knowledge.importers.row import Row

LANGUAGES = ("zh", "en")
_STOPS = {"zh": "。", "en": ". "}
_ENDS = "。．.!！?？;；"


class Text(NamedTuple):
    """A passage before it is stored; its key is unique over all passages."""

    key: str
    kind: str
    language: str
    text: str
    year: int | None = None


def passages_of(row: Row) -> Iterator[Text]:
    """The passages of an entry's own row. An expert's evidence has rows of its own."""
    for language in LANGUAGES:
        for kind, columns in _parts(row):
            text = _joined([getattr(row, f"{name}_{language}") for name in columns], language)
            if text:
                yield Text(f"{row.id}/{kind}/{language}", kind, language, text)


def evidence_passages(row: EvidenceRow) -> Iterator[Text]:
    for language in LANGUAGES:
        text = getattr(row, f"text_{language}")
        if text:
            yield Text(f"{row.id}/{language}", row.kind.value, language, text, row.year)


def answer_passages(key: str, question: str, answer: str, language: str) -> Iterator[Text]:
    """As of an answer of a file: the question, and both together."""
    yield Text(f"{key}/question/{language}", "question", language, question)
    together = _joined([question, answer], language)
    yield Text(f"{key}/answer/{language}", "answer", language, together)


def _parts(row: Row) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Each kind of passage with the columns that it is joined from."""
    if isinstance(row, PlatformRow):
        return ("capability", ("name", "capability")), ("equipment", ("name", "equipment"))
    if isinstance(row, PatentRow):
        return (("abstract", ("title", "abstract")),)
    if isinstance(row, AnswerRow):
        return ("question", ("question",)), ("answer", ("question", "answer"))
    return (("summary", ("title", "summary")),)


def _joined(texts: list[str], language: str) -> str:
    """A title alone says too little to be worth a second passage, so the last text is needed."""
    if not texts[-1]:
        return ""
    *heads, last = [text for text in texts if text]
    return "".join(head.rstrip(_ENDS + " ") + _STOPS[language] for head in heads) + last
