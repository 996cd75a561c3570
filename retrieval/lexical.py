"""Matching by words: BM25, answered as the share of the question's own weight that was found."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from retrieval.allowed import Allowed
from retrieval.cache import TextCache
from retrieval.counting import kept_counts, split
from retrieval.postings import FULL, Postings, build_postings, unpack_postings
from retrieval.words import NAMES, WEIGHTS, names_in

Floats = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]

# Chosen on questions and passages of like length; flat around here.
SATURATION, LENGTH = 1.2, 0.9
# Rarity above BM25's own: what is rare in a question is what it is about.
RARITY = 1.5
# Postings added up in every passage. What is more common is looked up where rarer words point.
SPENT: Final = 200_000
# Passages that rarer words point at and that are looked up.
CANDIDATES: Final = 2_000


@dataclass(frozen=True)
class Told:
    """One token of a question: what its whole impact would add to a share, and where it stands."""

    value: float
    name: bool
    place: slice

    @property
    def holders(self) -> int:
        return int(self.place.stop - self.place.start)


class AskedWords:
    """A question's words found in an index.

    Shares are exact. So is `best` while the question's words stand in SPENT passages together, as
    they do among some ten thousand; beyond, common words decide only between the CANDIDATES
    that the rarer ones point at (docs/benchmarks.md, Words).
    """

    def __init__(self, postings: Postings, told: list[Told], names: Sequence[slice] = ()) -> None:
        """`names` are where the names stand that the question holds whole."""
        self._postings, self._names = postings, names
        told = sorted(told, key=lambda one: one.holders)
        spent = np.cumsum([one.holders for one in told])
        # The rarest is added up however common it is.
        added = max(1, int(np.searchsorted(spent, SPENT, side="right")))
        self._added, self._deferred = told[:added], told[added:]

    def best(self, depth: int, allowed: Allowed | None = None) -> Rows:
        """At most `depth` rows of the highest shares above nothing, best first."""
        found: Floats = self._found[0] + self._found[1]
        if allowed is not None:
            found *= allowed.mask
        # Deferred words can add this much, so less than the best lack more is no candidate.
        missing = sum(one.value for one in self._deferred)
        rows = np.flatnonzero(found > max(_floor(found, depth) - missing, 0.0))
        rows = rows[_highest(found[rows], max(depth, CANDIDATES))]
        shares = found[rows]
        for one in sorted(self._deferred, key=lambda one: -one.value):
            shares += one.value * self._impacts(one, rows)
            missing -= one.value
            if len(rows) > depth:
                kept = shares >= np.partition(shares, -depth)[-depth] - missing
                rows, shares = rows[kept], shares[kept]
        return rows[_highest(shares, depth)]

    def shares(self, rows: Rows) -> Floats:
        """(2, rows): the share found by words and by names; their sum is below 1.

        Words that no passage holds count as the rarest, so a question in another language than
        the passages' scores low throughout, and its few hits do not outweigh the vectors.
        """
        found: Floats = self._found[:, rows]
        for one in self._deferred:
            found[int(one.name)] += one.value * self._impacts(one, rows)
        return found

    def named(self, rows: Rows) -> npt.NDArray[np.bool_]:
        """(rows,) whether the question calls the row by a name of it."""
        found = np.zeros(len(rows), np.bool_)
        for place in self._names:
            found |= self._postings.at(place, rows.astype(np.int32)) > 0
        return found

    @cached_property
    def _found(self) -> Floats:
        """(2, passages) the shares of the words that are added up everywhere."""
        found = np.zeros((2, self._postings.passages), np.float32)
        for one in self._added:
            rows, impacts = self._postings.rows[one.place], self._postings.impacts[one.place]
            found[int(one.name), rows] += np.float32(one.value / FULL) * impacts
        return found

    def _impacts(self, one: Told, rows: Rows) -> Floats:
        impacts = self._postings.at(one.place, rows.astype(np.int32))
        return impacts.astype(np.float32) / np.float32(FULL)


@dataclass(frozen=True)
class WordIndex:
    """The words of every passage, and how a question is weighed against them."""

    postings: Postings

    def ask(self, question: str) -> AskedWords:
        """The question's words, each once, weighed by kind and rarity."""
        asked = list(dict.fromkeys(split(question)))
        places = self.postings.places(asked)
        values = [
            WEIGHTS[token[0]] * self._rarity(place.stop - place.start) ** RARITY
            for token, place in zip(asked, places, strict=True)
        ]
        most = sum(values) or 1.0
        told = [
            Told(value / most, token[0] in NAMES, place)
            for token, value, place in zip(asked, values, places, strict=True)
            if place.stop > place.start and value
        ]
        names = self.postings.places(names_in(question, self._known))
        return AskedWords(self.postings, told, names)

    def shares(self, question: str) -> Floats:
        """(2, passages) for small indexes: `AskedWords.shares` of every row."""
        return self.ask(question).shares(np.arange(self.postings.passages))

    def _known(self, tokens: Sequence[str]) -> list[bool]:
        return [place.stop > place.start for place in self.postings.places(tokens)]

    def _rarity(self, holders: int) -> float:
        """BM25's inverse document frequency as Lucene has it."""
        return float(np.log1p((self.postings.passages - holders + 0.5) / (holders + 0.5)))


def build_words(texts: Iterable[str], cache: TextCache | None = None) -> WordIndex:
    """Index the texts; none at all is an index that finds nothing. What `cache` knows of a text
    is not counted again."""
    return WordIndex(build_postings(kept_counts(texts, cache), _saturation))


def pack_words(index: WordIndex) -> bytes:
    """The index as bytes."""
    return b"".join(index.postings.packed())


def unpack_words(packed: Any) -> WordIndex:
    """What `pack_words` packed: bytes or any buffer, read in place."""
    return WordIndex(unpack_postings(packed))


def write_words(index: WordIndex, path: Path) -> None:
    """As `pack_words`, without holding it twice."""
    with path.open("wb") as stream:
        for piece in index.postings.packed():
            stream.write(piece)


def open_words(path: Path) -> WordIndex:
    """What `write_words` wrote, mapped: only what is asked for is read."""
    with path.open("rb") as stream:
        return unpack_words(mmap(stream.fileno(), 0, access=ACCESS_READ))


def _saturation(counts: Floats, lengths: Floats) -> Floats:
    impacts = counts / (counts + SATURATION * (1 - LENGTH + LENGTH * lengths))
    return impacts.astype(np.float32)


def _floor(found: Floats, depth: int) -> float:
    """Not above the share of the best `depth`th: of that many, each in a part of its own."""
    whole = len(found) // 64 * 64
    if whole // 64 <= depth:
        return 0.0
    tops = found[:whole].reshape(64, -1).max(axis=0)
    return float(np.partition(tops, -depth)[-depth])


def _highest(shares: Floats, depth: int) -> Rows:
    """The places of the `depth` highest, highest first; the earlier before an equal one."""
    places: Rows = np.arange(len(shares))
    if len(places) > depth:
        places = np.sort(np.argpartition(-shares, depth)[:depth])
    return places[np.argsort(-shares[places], kind="stable")]
