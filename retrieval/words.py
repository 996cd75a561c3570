"""Texts to word tokens, Chinese and English in one stream, for matching by words.

A token is its kind's letter, a colon and the word. Chinese gives three kinds: jieba's words wins on
technical prose, characters and pairs on names, patents and traditional text; together they
beat each alone (docs/benchmarks.md, Retrieval). Everything else is terms, and those with a
figure in them names: part numbers, alloy grades and standards, which stay whole beside their
parts, also inside Chinese text, and mean the same in every language.
"""

import logging
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Final

import jieba
import Stemmer

from retrieval.script import simplified

# What a match by one token of a kind counts for.
WEIGHTS: Final = {
    "t": 1.0,
    "n": 1.0,
    "j": 0.5,
    "w": 1 / 3,
    "c": 1 / 3,
    "p": 1 / 3,
    "g": 0.1,
}
# Kinds that are the same in any language: names, and terms joined of parts.
NAMES: Final = "nj"
# Kinds that have grams.
GRAMS: Final = "tn"

# Characters or words of a name or title that tell it; what is longer begins so.
LONGEST_NAME: Final = 16

_WRITTEN_WITHOUT_SPACES = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af"
_RUN: Final = re.compile(
    rf"(?P<dense>[{_WRITTEN_WITHOUT_SPACES}]+)"
    rf"|(?P<term>[^\W_{_WRITTEN_WITHOUT_SPACES}]+(?:[-./_][^\W_{_WRITTEN_WITHOUT_SPACES}]+)*[+#]*)"
)
_JOINTS: Final = re.compile(r"[-./_]")
_HYPHENS: Final = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-"))
_NUMBER: Final = re.compile(r"[0-9]{3,}")
_LETTERS: Final = re.compile(r"[^\W\d_]{2,}")

# Words that say nothing of the matter; without them a question in one language no longer
# matches stray "to" and "is" in passages of the other.
_SAYING_NOTHING: Final = """
a an and are as at be but by can could do does for from had has have how i if in into is it its
me my no not of on or our should so such than that the their then there these they this to was
we were what when where which who why will with would you your
的 了 吗 呢 吧 啊 是 在 和 与 及 或 我 你 他 它 们 这 那 有 个 么 什么 怎么 如何 怎样 请问 为什么
哪些 是否 可以 能 能否 我们 你们 一个 会 对 都 也 就 要 用 让 请
"""
_SILENT: Final = frozenset(_SAYING_NOTHING.split())


def tokens(text: str) -> list[str]:
    """Every token of the text in order, repeats kept.

    Forms are NFKC and lower case, Chinese is simplified, and every hyphen is the same.
    """
    found: list[str] = []
    for run in _RUN.finditer(_plain(text)):
        found += _dense(run["dense"]) if run["dense"] else _term(run["term"])
    return found


def called(name: str) -> list[str]:
    """What an entry is called, as one token, and how that begins; nothing for a lone word or
    character, which means too much."""
    units = _units(name)[:LONGEST_NAME]
    return [_whole(units), _begun(units)] if len(units) > 1 else []


def names_in(text: str, known: Callable[[Sequence[str]], Sequence[bool]]) -> list[str]:
    """The tokens of all names that stand whole in a text. `known` says which tokens there are."""
    units = _units(text)
    begun = known([_begun(units[at:]) for at in range(len(units) - 1)])
    possible = [
        _whole(units[at:end])
        for at, one in enumerate(begun)
        if one
        for end in range(at + 2, min(at + LONGEST_NAME, len(units)) + 1)
    ]
    return [token for token, one in zip(possible, known(possible), strict=True) if one]


def grams(token: str) -> Iterator[str]:
    """Three letters each of the word and its borders: spelling mistakes and kin share some."""
    word = f"^{token[2:]}$"
    for i in range(max(1, len(word) - 2)):
        yield f"g:{word[i : i + 3]}"


def _plain(text: str) -> str:
    return simplified(unicodedata.normalize("NFKC", text)).lower().translate(_HYPHENS)


def _units(text: str) -> list[str]:
    """Characters of what is written without spaces, words of the rest."""
    found: list[str] = []
    for run in _RUN.finditer(_plain(text)):
        found += run["dense"] or [run["term"]]
    return found


def _whole(units: Sequence[str]) -> str:
    return f"o:{' '.join(units)}"


def _begun(units: Sequence[str]) -> str:
    return f"b:{' '.join(units[:2])}"


def _term(word: str) -> Iterator[str]:
    """ADC12 as it is; 6061-T6 as its parts and, however it was joined, as 6061t6."""
    parts = [part.rstrip("+#") for part in _JOINTS.split(word)]
    joined = _JOINTS.sub("", word)
    if len(parts) > 1 or word[-1] in "+#" or not word.isalpha():
        # Wi-Fi is the word WiFi; what holds a figure counts half, for its parts count too.
        yield _stem(joined) if joined.isalpha() else f"j:{joined}"
    for part in parts:
        if not part.isalpha():
            yield from _name(part)
        elif part not in _SILENT:
            yield _stem(part)


def _name(part: str) -> Iterator[str]:
    """Also its long number and its letters alone: one writes GB/T1804, 6061T6 and ESP32, another
    GB/T 1804, 6061-T6 and ESP."""
    yield f"n:{part}"
    for number in _NUMBER.findall(part):
        if number != part:
            yield f"n:{number}"
    for letters in _LETTERS.findall(part):
        yield _stem(letters)


def _stem(word: str) -> str:
    return f"t:{_stemmer().stemWord(word)}"


def _dense(run: str) -> Iterator[str]:
    for word in _segmenter().cut_for_search(run, HMM=False):
        if word not in _SILENT:
            yield f"w:{word}"
    for i, character in enumerate(run):
        if character not in _SILENT:
            yield f"c:{character}"
        if len(pair := run[i : i + 2]) == 2 and pair not in _SILENT:
            yield f"p:{pair}"


@cache
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("english")


@cache
def _segmenter() -> jieba.Tokenizer:
    """jieba with its dictionary loaded, about a second once a process."""
    jieba.setLogLevel(logging.WARNING)
    made = jieba.Tokenizer()
    # By hand: its own way leaves a marshal file of a guessable name in the shared temporary folder.
    made.FREQ, made.total = made.gen_pfdict(made.get_dict_file())
    made.initialized = True
    return made
