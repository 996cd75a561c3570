"""The tokens of texts counted for their index, and kept by text: a reload counts only new ones."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from inspect import getsource
from itertools import islice
from typing import Final

import numpy as np

from retrieval import script, words
from retrieval.cache import TextCache, digests_of
from retrieval.passages import NAMED
from retrieval.postings import Counted, counted
from retrieval.words import GRAMS, called, grams, tokens

# Texts counted between two commits, some seconds' work.
COMMITTED: Final = 4096
_COUNTS: Final = "words "
# Kept as eight bytes a token, one its count, and before them four of the length.
_HEAD, _KEY, _EACH = 4, 8, 9


def split(text: str) -> list[str]:
    """The tokens of a text and the pieces of its words."""
    found = tokens(text)
    return found + [gram for token in found if token[0] in GRAMS for gram in grams(token)]


def counted_text(text: str) -> Counted:
    """What stands behind a NAMED is a name: also one token by itself, that makes no text longer."""
    found = split(text)
    names = [token for name in text.split(NAMED)[1:] for token in called(name)]
    return counted(found + names)._replace(length=len(found))


def kept_counts(texts: Iterable[str], kept: TextCache | None = None) -> Iterator[Counted]:
    """For each text in order."""
    if kept is None:
        yield from (counted_text(text) for text in texts)
        return
    whole = iter(texts)
    while some := list(islice(whole, COMMITTED)):
        yield from _looked_up(some, kept)


def prune_counts(kept: TextCache, texts: Iterable[str]) -> None:
    """Forget the counts of other texts once they are many, and those of a former way to count."""
    kept.prune(_counter(), digests_of(texts))
    for maker in kept.makers() - {_counter()}:
        if maker.startswith(_COUNTS):
            kept.prune(maker, ())


def _looked_up(texts: Sequence[str], kept: TextCache) -> Iterator[Counted]:
    digests = digests_of(texts)
    distinct = dict(zip(digests, texts, strict=True))
    known = kept.find(_counter(), list(distinct))
    made = {
        digest: _packed(counted_text(text))
        for digest, text in distinct.items()
        if digest not in known
    }
    kept.keep(_counter(), made)
    known |= made
    return (_unpacked(known[digest]) for digest in digests)


def _packed(one: Counted) -> bytes:
    length = one.length.to_bytes(_HEAD, "little")
    return length + one.keys.astype("<u8").tobytes() + one.counts.tobytes()


def _unpacked(packed: bytes) -> Counted:
    size = (len(packed) - _HEAD) // _EACH
    return Counted(
        np.frombuffer(packed, "<u8", size, _HEAD),
        np.frombuffer(packed, "|u1", size, _HEAD + size * _KEY),
        int.from_bytes(packed[:_HEAD], "little"),
    )


@cache
def _counter() -> str:
    """Who counted: another way to split a text counts all of them anew."""
    ways = "".join(getsource(module) for module in (words, script))
    others = " ".join(version(name) for name in ("jieba", "opencc", "pystemmer"))
    return f"{_COUNTS}{sha256(f'{ways} {others}'.encode()).hexdigest()[:16]}"
