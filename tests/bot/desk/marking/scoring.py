"""Texts with their marks written in, and how well marks are found in them.

python -m tests.bot.desk.marking.scoring
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from bot.desk.marking import Kind, Span, marked
from tests.bot.desk.marking.texts import HARD, HELD, LOOSE, TUNED

_WRITTEN = re.compile(r"\{(\w+):([^}]*)\}")


@dataclass(frozen=True)
class Score:
    """Right: a mark of the right kind that overlaps what is to be marked and no more than that
    by a few characters; `exact` of those are so to the character."""

    right: int
    exact: int
    wanted: int
    found: int

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.wanted if self.wanted else 1.0


def read(written: str) -> tuple[str, list[Span]]:
    """The text without its marks, and the marks."""
    text, spans, at = "", [], 0
    for one in _WRITTEN.finditer(written):
        text += written[at : one.start()]
        spans.append(Span(len(text), len(text) + len(one[2]), Kind(one[1])))
        text, at = text + one[2], one.end()
    return text + written[at:], spans


def covers(found: Span, wanted: Span, slack: int = 2) -> bool:
    """Whether nothing of what is to be hidden stays, and hardly more is hidden."""
    return (
        found.kind is wanted.kind
        and wanted.start - slack <= found.start <= wanted.start
        and wanted.end <= found.end <= wanted.end + slack
    )


def score(texts: Iterable[str]) -> Score:
    right = exact = wanted = found = 0
    for written in texts:
        text, spans = read(written)
        marks = marked(text)
        right += sum(any(covers(mark, span) for mark in marks) for span in spans)
        exact += len(set(spans) & set(marks))
        wanted += len(spans)
        found += len(marks)
    return Score(right, exact, wanted, found)


def misses(texts: Iterable[str]) -> list[str]:
    """What was not found (-) and what was found beside (+), a line each."""
    lines = []
    for written in texts:
        text, spans = read(written)
        marks = marked(text)
        lines += [
            f"- {span.kind}: {span.of(text)}"
            for span in spans
            if not any(covers(mark, span) for mark in marks)
        ]
        lines += [
            f"+ {mark.kind}: {mark.of(text)}   in {text[:40]}"
            for mark in marks
            if not any(covers(mark, span) for span in spans)
        ]
    return lines


def by_kind(texts: Iterable[str]) -> dict[str, str]:
    wanted: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for written in texts:
        text, spans = read(written)
        marks = marked(text)
        for span in spans:
            wanted[span.kind] += 1
            right[span.kind] += any(covers(mark, span) for mark in marks)
    return {kind: f"{right[kind]}/{count}" for kind, count in sorted(wanted.items())}


if __name__ == "__main__":
    for name, texts in (("tuned", TUNED), ("held", HELD), ("loose", LOOSE), ("hard", HARD)):
        found = score(texts)
        print(
            f"{name:6} {len(texts)} texts: precision {found.precision:.3f},"
            f" recall {found.recall:.3f} ({found.right}/{found.wanted},"
            f" {found.exact} exact), {found.found} marks"
        )
        print("      ", by_kind(texts) if found.wanted else misses(texts))
        if name != "held":
            print("\n".join(misses(texts)))
