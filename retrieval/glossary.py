"""The knowledge base's own terms: each is one token, whichever of its forms a text uses.

A term with a form in each language lets a question in one match a passage in the other; one with
a single form counts as a word of its own, whatever the segmenter makes of it. Only whole forms
of at least two characters or words match: a lone word ("distribution") means too much.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from retrieval.words import tokens

# Kinds that spell a text out: characters, words and names.
_SPELT = "ctn"


class Glossary:
    """Forms of terms, and the token that each stands for."""

    def __init__(self, terms: Iterable[Sequence[str]] = ()) -> None:
        """Each term by its forms, in any language. Terms that share a form are one."""
        self._terms = [list(term) for term in terms]

    def packed(self) -> bytes:
        return json.dumps(self._terms).encode()

    @classmethod
    def unpack(cls, packed: bytes) -> "Glossary":
        return cls(json.loads(packed))

    def tokens(self, text: Sequence[str]) -> Iterator[str]:
        """One `k:` token for each term in a text given as its tokens; of two that begin at one
        place the longer."""
        if not self._terms:
            return
        units, at = _units(text), 0
        while at < len(units):
            for form, token in self._forms.get(units[at], ()):
                if units[at : at + len(form)] == form:
                    yield token
                    at += len(form) - 1
                    break
            at += 1

    @cached_property
    def _forms(self) -> dict[str, list[tuple[list[str], str]]]:
        """By their first unit, long ones first."""
        known: dict[tuple[str, ...], str] = {}
        for term in self._terms:
            forms = [tuple(units) for each in term if len(units := _units(tokens(each))) > 1]
            token = next((known[form] for form in forms if form in known), None)
            for form in forms:
                known.setdefault(form, token or f"k:{' '.join(forms[0])}")
        by_first: dict[str, list[tuple[list[str], str]]] = {}
        for long, token in sorted(known.items(), key=lambda one: -len(one[0])):
            by_first.setdefault(long[0], []).append((list(long), token))
        return by_first


def _units(found: Sequence[str]) -> list[str]:
    return [token for token in found if token[0] in _SPELT]
