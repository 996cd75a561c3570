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
from functools import cached_property
from hashlib import blake2b
from typing import Any

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]

# Passages sorted at once while building: bounds what a build holds beside its result.
CHUNK = 1 << 16
# An impact of nearly 1 in a byte; no passage reaches 1, so that shares stay below it.
FULL = 256
_ARRAYS = {"keys": "<u8", "starts": "<i8", "rows": "<i4", "impacts": "|u1", "beside": "|u1"}


@dataclass(frozen=True)
class Postings:
    """Token i is the hash keys[i], ascending; its passages are rows[starts[i]:starts[i+1]],
    ascending, with their impacts (256ths). `beside` is what the caller keeps with them."""

    passages: int
    keys: npt.NDArray[np.uint64]
    starts: Numbers
    rows: npt.NDArray[np.int32]
    impacts: npt.NDArray[np.uint8]
    beside: npt.NDArray[np.uint8]

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


def build_postings(
    split: Iterable[Sequence[str]], saturation: Callable[[Any, Any], Any], beside: bytes = b""
) -> Postings:
    """Of the tokens of each passage. `saturation(counts, lengths)` is the impact, 0 to 1, of tokens
    that stand so often in passages so long; a length of 1 is the mean."""
    numbers: dict[str, int] = {}
    lengths = array("f")
    parts = list(_parts(split, numbers, lengths))
    keys = np.fromiter((_hash(token) for token in numbers), np.uint64, len(numbers))
    long = np.frombuffer(lengths, np.float32) / max(float(np.mean(lengths or [1])), 1e-9)
    holders = np.zeros(len(numbers), np.int64)
    for part in parts:
        holders[part.tokens] += part.holders
    order = np.argsort(keys)
    starts = np.concatenate([[0], holders[order].cumsum()]).astype(np.int64)
    free = np.empty_like(holders)
    free[order] = starts[:-1]
    rows, impacts = np.empty(starts[-1], np.int32), np.empty(starts[-1], np.uint8)
    while parts:
        part = parts.pop(0)
        place = np.repeat(free[part.tokens] - part.starts, part.holders) + np.arange(len(part.rows))
        free[part.tokens] += part.holders
        rows[place] = part.rows
        strong = saturation(part.counts.astype(np.float32), long[part.rows])
        impacts[place] = np.clip(strong * FULL, 1, FULL - 1)
    kept = np.frombuffer(beside, np.uint8)
    return Postings(len(lengths), keys[order], starts, rows, impacts, kept)


@dataclass(frozen=True)
class _Part:
    """Postings of CHUNK passages, by token: `tokens` has each once, `holders` its passages."""

    tokens: Numbers
    holders: Numbers
    rows: npt.NDArray[np.int32]
    counts: npt.NDArray[np.uint8]

    @cached_property
    def starts(self) -> Numbers:
        starts: Numbers = self.holders.cumsum() - self.holders
        return starts


def _parts(
    split: Iterable[Sequence[str]], numbers: dict[str, int], lengths: "array[float]"
) -> Iterator[_Part]:
    """Fills `numbers` and `lengths` as it goes."""
    tokens, rows, counts = array("i"), array("i"), array("B")
    for row, found in enumerate(split):
        lengths.append(len(found))
        for token, times in Counter(found).items():
            tokens.append(numbers.setdefault(token, len(numbers)))
            rows.append(row)
            counts.append(min(times, 255))
        if row % CHUNK == CHUNK - 1:
            yield _sorted(tokens, rows, counts)
            tokens, rows, counts = array("i"), array("i"), array("B")
    yield _sorted(tokens, rows, counts)


def _sorted(tokens: "array[int]", rows: "array[int]", counts: "array[int]") -> _Part:
    given = np.frombuffer(tokens, np.int32)
    order = np.argsort(given, kind="stable")
    each, holders = np.unique(given, return_counts=True)
    in_rows, times = np.frombuffer(rows, np.int32), np.frombuffer(counts, np.uint8)
    return _Part(each.astype(np.int64), holders.astype(np.int64), in_rows[order], times[order])


def _hash(token: str) -> int:
    digest = blake2b(token.encode(errors="surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little")
