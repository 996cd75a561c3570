"""Whether a question is vague, and which fields separate the people found for it."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from bot.desk.views import Found
from knowledge.queries import entries_by_key
from knowledge.views import EntryView

# A question is vague from here on: one with a strong hit (trust 0.6) never is.
VAGUE = 0.4
# Words; whoever said more has said more of what there is to ask. Fitted on half of the labelled
# questions (docs/benchmarks.md, Vague questions).
BRIEF = 5
# Chinese is written without spaces: a word is about so many characters.
CHARACTERS = 1.7

# People are told apart who are among the first DEPTH entries found, PEOPLE of them at most.
DEPTH, PEOPLE = 20, 8
FEWEST, MOST = 2, 4
# Shares of the trust in those people: a label needs the first of itself, and has the second at
# most, as one that all share asks nothing; together the labels cover the third.
LEAST, SHARED, TOGETHER = 0.1, 0.7, 0.5
# Of a label as its button shows it, in characters.
LENGTH = 20

_HAN = re.compile(r"[\u4e00-\u9fff]")
_RUNS = re.compile(r"[\u4e00-\u9fff]+|[^\W_\u4e00-\u9fff]+")
_RANK = re.compile(
    r"(教授|研究员|讲师|实验师|工程师|高工|博士|院士"
    r"|\b(professor|lecturer|engineer|researcher|fellow|reader))$",
    re.IGNORECASE,
)
_JOINTS = re.compile(r"[、与和及]|\s(?:of|for|in|on|to|over|under|at|with)\s", re.IGNORECASE)
# Whether a text has a label: of pairs of characters some join two words, so half are enough.
_HAVING_ZH, _HAVING_EN = 0.5, 0.6
_STEM = 6


@dataclass(frozen=True)
class Label:
    """A field, and the places of the people who have it."""

    text: str
    covers: frozenset[int]


def vagueness(question: str, found: Sequence[Found]) -> float:
    """0 to 1: how little the best hit is trusted, and less so the more was said."""
    best = max((hit.trust for hit in found[:DEPTH]), default=1.0)
    return (1 - best) * min(1.0, BRIEF / max(word_count(question), 1.0))


def word_count(text: str) -> float:
    """Words of a text in either language, as near as can be told without a dictionary."""
    runs: list[str] = _RUNS.findall(text)
    return sum(len(run) / CHARACTERS if _HAN.match(run) else 1.0 for run in runs)


def choices_for(
    session: Session, question: str, found: Sequence[Found], language: str
) -> list[str]:
    """Two to four fields that separate what was found; none unless the question is vague.

    One statement for a vague question, none for another.
    """
    if vagueness(question, found) < VAGUE:
        return []
    first = found[:DEPTH]
    entries = entries_by_key(session, [hit.entry for hit in first])
    people = [
        (entries[hit.entry], hit.trust)
        for hit in first
        if hit.entry in entries and entries[hit.entry].kind == "expert"
    ]
    return separating(question, people[:PEOPLE], language)


def separating(
    question: str, people: Sequence[tuple[EntryView, float]], language: str
) -> list[str]:
    """The fields whose choice tells most of whom is meant: each person with their trust.

    Empty where fewer than two are good, or where they leave out most of the people.
    """
    total = sum(trust for _, trust in people)
    if not total:
        return []
    shares = [trust / total for _, trust in people]
    chosen = _most_telling(_labels(question, [one for one, _ in people], language), shares)
    covered = frozenset().union(*(label.covers for label in chosen))
    enough = len(chosen) >= FEWEST and _share(covered, shares) >= TOGETHER
    return [label.text for label in chosen] if enough else []


def fields_of(title: str) -> list[str]:
    """What follows the rank in an expert's title; a long field by its parts.

    An English part gives up its first words: what it is about comes last.
    """
    named = [part.strip() for part in re.split(r"[，,；;]", title)]
    fields: list[str] = []
    for field in (part for part in named if part and not _RANK.search(part)):
        fields += [field] if len(field) <= LENGTH else _parts(field)
    return list(dict.fromkeys(fields))


def _parts(field: str) -> list[str]:
    shortened = [_last_words(half) for part in _JOINTS.split(field) for half in _halves(part)]
    # Of a cut field, one English word alone ("life") names nothing.
    return [part for part in shortened if 1 < len(part) <= LENGTH and _says_enough(part)]


def _says_enough(part: str) -> bool:
    return bool(_HAN.search(part)) or " " in part


def _halves(part: str) -> list[str]:
    """Two where each is named by itself: corrosion in "corrosion and failure analysis" is not."""
    left, joined, right = part.strip().partition(" and ")
    return [left, right] if joined and " " in left else [part.strip()]


def _last_words(part: str) -> str:
    while len(part) > LENGTH and " " in part:
        part = part.partition(" ")[2].removeprefix("and ")
    return part


def _labels(question: str, people: Sequence[EntryView], language: str) -> list[Label]:
    """Every field of these people that the question does not name already."""
    titles = [_in(one, "title", language) for one in people]
    summaries = [_in(one, "summary", language) for one in people]
    texts = [_units(f"{title} {said}") for title, said in zip(titles, summaries, strict=True)]
    asked = _units(question)
    fields = dict.fromkeys(field for title in titles for field in fields_of(title))
    return [
        Label(field, frozenset(place for place, text in enumerate(texts) if _has(text, field)))
        for field in fields
        if not _units(field) <= asked
    ]


def _in(entry: EntryView, name: str, language: str) -> str:
    """In the language asked for, or else in the other."""
    texts = {"zh": getattr(entry, f"{name}_zh"), "en": getattr(entry, f"{name}_en")}
    return str(texts[language] or texts["zh"] or texts["en"])


def _units(text: str) -> frozenset[str]:
    """Pairs of Chinese characters, and the beginnings of other words."""
    units: set[str] = set()
    for run in _RUNS.findall(text.lower()):
        if _HAN.match(run):
            units |= {run[at : at + 2] for at in range(max(1, len(run) - 1))}
        elif len(run) > 2:
            units.add(run[:_STEM])
    return frozenset(units)


def _has(text: frozenset[str], field: str) -> bool:
    units = _units(field)
    needed = _HAVING_ZH if _HAN.search(field) else _HAVING_EN
    return bool(units) and len(units & text) >= needed * len(units)


def _most_telling(labels: Sequence[Label], shares: Sequence[float]) -> list[Label]:
    """By greed: each next label is the one that, with those before, tells most of whom is meant.

    Somebody who has several labels counts for the first of them.
    """
    chosen: list[Label] = []
    left, parts = frozenset(range(len(shares))), list[float]()
    while len(chosen) < MOST:
        worth = [
            (_entropy([*parts, new, _share(left - label.covers, shares)]), label)
            for label in labels
            if (new := _share(label.covers & left, shares)) >= LEAST
            and _share(label.covers, shares) <= SHARED
        ]
        if not worth:
            break
        # Of equal ones the first: of who was found first, what their title says first.
        best = max(worth, key=lambda one: round(one[0], 9))[1]
        parts.append(_share(best.covers & left, shares))
        chosen.append(best)
        left -= best.covers
    return chosen


def _share(places: frozenset[int], shares: Sequence[float]) -> float:
    return sum(shares[place] for place in sorted(places))


def _entropy(parts: Sequence[float]) -> float:
    return -sum(part * math.log(part) for part in parts if part > 0)
