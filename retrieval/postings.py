"""Which passages hold a token and how strongly: five bytes a posting, read where they lie.

A packed index is one run of bytes: a line of JSON with the sizes, then each array at a multiple
of eight. Tokens are kept as 64-bit hashes, so no string is held: of ten million tokens two share
a hash once in 400,000 indexes, and would then only count as one.
"""

import json
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import blake2b
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]

# Passages sorted at once while building: bounds what a build holds beside its result.
CHUNK = 1 << 16
# An impact of nearly 1 in a byte; no passage reaches 1, so that shares stay below it.
FULL = 256
_ARRAYS = {"keys": "<u8", "starts": "<i8", "rows": "<i4", "impacts": "|u1"}
_NO_KEYS, _NO_COUNTS = np.zeros(0, np.uint64), np.zeros(0, np.uint8)


@dataclass(frozen=True)
class Postings:
    """Token i is the hash keys[i], ascending; its passages are rows[starts[i]:starts[i+1]],
    ascending, with their impacts (256ths)."""

    passages: int
    keys: npt.NDArray[np.uint64]
    starts: Numbers
    rows: npt.NDArray[np.int32]
    impacts: npt.NDArray[np.uint8]

    def places(self, tokens: Sequence[str]) -> list[slice]:
        """For each token where its postings stand; nowhere is an empty slice."""
        wanted = np.array([_hash(token) for token in tokens], np.uint64)
        at = np.searchsorted(self.keys, wanted)
        known = np.flatnonzero(at < len(self.keys))
        known = known[self.keys[at[known]] == wanted[known]]
        found = [slice(0, 0)] * len(tokens)
        for one in known.tolist():
            found[one] = slice(int(self.starts[at[one]]), int(self.starts[at[one] + 1]))
        return found

    def at(self, place: slice, rows: npt.NDArray[np.int32]) -> npt.NDArray[np.uint8]:
        """The impacts of one token in these rows, 0 where it does not stand."""
        holders = self.rows[place]
        found = np.minimum(np.searchsorted(holders, rows), len(holders) - 1)
        impacts: npt.NDArray[np.uint8] = self.impacts[place][found] * (holders[found] == rows)
        return impacts

    def packed(self) -> Iterator[bytes | memoryview]:
        """The index in pieces to be written one after the other."""
        sizes = {name: len(getattr(self, name)) for name in _ARRAYS}
        head = json.dumps({"passages": self.passages, **sizes}).encode()
        yield head + b" " * (-(len(head) + 1) % 8) + b"\n"
        for name, form in _ARRAYS.items():
            column = np.ascontiguousarray(getattr(self, name), form)
            yield column.view(np.uint8).data
            yield bytes(-column.nbytes % 8)


def unpack_postings(packed: Any) -> Postings:
    """What `packed` gave, read in place: a mapped file stays on the disk until it is asked.

    Raises ValueError if it is cut off or something else.
    """
    head = bytes(packed[:256]).split(b"\n", 1)[0]
    sizes = json.loads(head)
    at = len(head) + 1
    columns = {}
    for name, form in _ARRAYS.items():
        columns[name] = np.frombuffer(packed, form, sizes[name], at)
        at += columns[name].nbytes + -columns[name].nbytes % 8
    return Postings(sizes["passages"], **columns)


class Counted(NamedTuple):
    """The tokens of one passage, each once as its hash, and how often each stands there (255 at
    most); `length` counts every one."""

    keys: npt.NDArray[np.uint64]
    counts: npt.NDArray[np.uint8]
    length: int


def counted(tokens: Sequence[str]) -> Counted:
    found = Counter(tokens)
    keys = np.fromiter(map(_hash, found), np.uint64, len(found))
    counts = np.fromiter((min(times, 255) for times in found.values()), np.uint8, len(found))
    return Counted(keys, counts, len(tokens))


def build_postings(passages: Iterable[Counted], saturation: Callable[[Any, Any], Any]) -> Postings:
    """`saturation(counts, lengths)` is the impact, 0 to 1, of tokens that stand so often in
    passages so long; a length of 1 is the mean."""
    lengths = array("f")
    parts = list(_parts(passages, lengths))
    keys = np.unique(np.concatenate([part.keys for part in parts]))
    tokens = [np.searchsorted(keys, part.keys) for part in parts]
    long = np.frombuffer(lengths, np.float32) / max(float(np.mean(lengths or [1])), 1e-9)
    holders = np.zeros(len(keys), np.int64)
    for part, found in zip(parts, tokens, strict=True):
        holders[found] += part.holders
    starts = np.concatenate([[0], holders.cumsum()]).astype(np.int64)
    free = starts[:-1].copy()
    rows, impacts = np.empty(starts[-1], np.int32), np.empty(starts[-1], np.uint8)
    while parts:
        part, found = parts.pop(0), tokens.pop(0)
        place = np.repeat(free[found] - part.starts, part.holders) + np.arange(len(part.rows))
        free[found] += part.holders
        rows[place] = part.rows
        strong = saturation(part.counts.astype(np.float32), long[part.rows])
        impacts[place] = np.clip(strong * FULL, 1, FULL - 1)
    return Postings(len(lengths), keys, starts, rows, impacts)


@dataclass(frozen=True)
class _Part:
    """Postings of CHUNK passages: `keys` has each token once, ascending, `holders` its passages."""

    keys: npt.NDArray[np.uint64]
    holders: Numbers
    rows: npt.NDArray[np.int32]
    counts: npt.NDArray[np.uint8]

    @cached_property
    def starts(self) -> Numbers:
        starts: Numbers = self.holders.cumsum() - self.holders
        return starts


def _parts(passages: Iterable[Counted], lengths: "array[float]") -> Iterator[_Part]:
    """Fills `lengths` as it goes; one part at least."""
    whole = iter(passages)
    some = list(islice(whole, CHUNK))
    while True:
        first = len(lengths)
        lengths.extend(one.length for one in some)
        yield _part(some, first)
        if not (some := list(islice(whole, CHUNK))):
            return


def _part(passages: Sequence[Counted], first: int) -> _Part:
    given = np.concatenate([_NO_KEYS, *(one.keys for one in passages)])
    counts = np.concatenate([_NO_COUNTS, *(one.counts for one in passages)])
    sizes = [len(one.keys) for one in passages]
    rows = np.repeat(np.arange(first, first + len(passages), dtype=np.int32), sizes)
    order = np.argsort(given, kind="stable")
    keys, holders = np.unique(given, return_counts=True)
    return _Part(keys, holders.astype(np.int64), rows[order], counts[order])


# The same words come again and again; half a million of them take some 60 MB while one indexes.
@lru_cache(maxsize=1 << 19)
def _hash(token: str) -> int:
    digest = blake2b(token.encode(errors="surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little")
