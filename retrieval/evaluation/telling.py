"""Figures as lines of text and as one JSON object."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from retrieval.evaluation.measures import Difference, Values, interval

Stages = Mapping[str, Values]
Pairs = Mapping[str, Sequence[str]]


def as_lines(stages: Stages, pairs: Pairs) -> Iterator[str]:
    """Each stage over all questions, then by language pair where there are several."""
    everyone = next(iter(next(iter(stages.values())).values()))
    yield from _table(stages, f"all, {_counted(everyone)}", list(everyone))
    if len(pairs) > 1:
        for pair, keys in pairs.items():
            yield ""
            yield from _table(stages, f"{pair}, {_counted(keys)}", keys)


def as_object(stages: Stages, pairs: Pairs, *, intervals: bool) -> dict[str, Any]:
    """Stage to measure to mean; with `intervals` to mean, low and high, and the same again by
    language pair."""
    if not intervals:
        return {
            stage: {name: interval(list(found.values())).mean for name, found in values.items()}
            for stage, values in stages.items()
        }
    spoken = {pair: _intervals(stages, keys) for pair, keys in pairs.items()}
    everyone = list(next(iter(next(iter(stages.values())).values())))
    return {**_intervals(stages, everyone), "pairs": spoken}


def differences(found: Mapping[str, Difference], measure: str, against: str) -> Iterator[str]:
    """A line a stage."""
    yield f"{measure} less that of {against}: [95% interval], p of a paired randomisation test"
    for stage, one in found.items():
        mean, low, high = one.interval
        yield (
            f"{stage:8} {mean:+.4f} [{low:+.4f}, {high:+.4f}]  p {one.p:.4f}"
            f"  {one.wins} better, {one.losses} worse, {one.ties} alike"
        )


def _table(stages: Stages, title: str, keys: Sequence[str]) -> Iterator[str]:
    yield title
    for stage, values in stages.items():
        shown = "  ".join(
            "{} {:.3f} [{:.3f}, {:.3f}]".format(name, *interval([found[key] for key in keys]))
            for name, found in values.items()
        )
        yield f"{stage:8} {shown}"


def _intervals(stages: Stages, keys: Sequence[str]) -> dict[str, Any]:
    return {
        stage: {
            name: interval([found[key] for key in keys])._asdict() for name, found in values.items()
        }
        for stage, values in stages.items()
    }


def _counted(keys: Sequence[str] | Mapping[str, float]) -> str:
    return f"{len(keys)} question{'' if len(keys) == 1 else 's'}"
