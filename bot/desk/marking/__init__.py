"""What in a text looks identifying or secret, in Chinese and English.

Rules alone: they run where the text is, say why they mark, and are measured by
tests/bot/desk/marking. They are read by a person who keeps or redacts each, so they lean towards
marking; but what every engineer writes (6061-T6, GB/T 1804-2000, 380吨, 三元锂) is left alone.
"""

from collections.abc import Iterable, Sequence

from bot.desk.marking.companies import companies, named
from bot.desk.marking.numbers import numbers
from bot.desk.marking.people import persons
from bot.desk.marking.places import places
from bot.desk.marking.spans import Kind, Span, halved, redacted

__all__ = ["Kind", "Span", "marked", "redacted"]


def marked(text: str, names: Iterable[str] = (), people: Iterable[str] = ()) -> list[Span]:
    """Places to look at, in order and apart.

    `names`: the enterprise's own, `people`: of those who ask; known, they are marked wherever.
    """
    half = halved(text)
    return _apart(
        [
            *named(half, names, Kind.ENTERPRISE),
            *named(half, people, Kind.PERSON),
            *numbers(half),
            *places(half),
            *companies(half),
            *persons(half),
        ]
    )


def _apart(found: Sequence[Span]) -> list[Span]:
    """Of two that overlap the one whose rule is surer stays: it comes first."""
    kept: list[Span] = []
    for one in found:
        if all(one.end <= other.start or other.end <= one.start for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda one: one.start)
