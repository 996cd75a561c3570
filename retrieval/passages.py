"""What is searched: passages, each an indexed text of one entry."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

# The embedded model reads 512 tokens, about 2,000 bytes in either language; the rest would be lost.
LONGEST = 1600
# Stands in nobody's text: a control character made for this.
NAMED = "\x1f"
_SENTENCE = re.compile(r"[^。！？；!?;\n]*[。！？；!?;\n]+|[^。！？；!?;\n]+")


@dataclass(frozen=True)
class Passage:
    """`entry` is the key of the entry it speaks for; `kind` that entry's kind, opaque here.
    Found by words alone and quoted nowhere: `also`, such as titles in other languages, and
    `names`, of people and institutions, a line each; a question that holds one whole means it."""

    key: str
    entry: str
    kind: str
    language: str
    text: str
    also: str = ""
    names: str = ""

    @property
    def worded(self) -> str:
        """All that words find it by, each name behind a NAMED."""
        text = f"{self.text}\n{self.also}" if self.also else self.text
        return NAMED.join([text.replace(NAMED, " "), *self.names.splitlines()])


def pieces(text: str) -> list[str]:
    """The text cut at sentence ends into runs of at most LONGEST bytes; short texts stay whole."""
    if len(text.encode(errors="replace")) <= LONGEST:
        return [text]
    runs = [""]
    for sentence in _short_sentences(text):
        if len((runs[-1] + sentence).encode(errors="replace")) > LONGEST:
            runs.append("")
        runs[-1] += sentence
    return [run.strip() for run in runs if run.strip()] or [text[:1]]


def _short_sentences(text: str) -> Iterator[str]:
    for found in _SENTENCE.finditer(text):
        sentence = found.group()
        # A character is at most four bytes.
        for start in range(0, len(sentence), LONGEST // 4):
            yield sentence[start : start + LONGEST // 4]
