"""Two configurations, or two states of the code, on the same questions."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from retrieval import fusion
from retrieval.errors import LabelledSetError
from retrieval.evaluation.measures import MEASURES, Difference, Values, difference

# Whatever else the two differ in, this is what a difference is tested on.
TESTED = "nDCG@10"


def save_run(path: Path, stages: Mapping[str, Values]) -> None:
    """Each question's measures, by its key; no question's text. OSError if it cannot be written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"stages": stages}, indent=1), encoding="utf-8")


def saved_run(path: Path) -> dict[str, Values]:
    """What `save_run` wrote. Raises LabelledSetError for anything else."""
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
        return {
            stage: {
                name: {key: float(value) for key, value in values[name].items()}
                for name in MEASURES
            }
            for stage, values in read["stages"].items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise LabelledSetError(
            f"{path} is no saved run ({error!r}). Save one with `xiaoqi evaluate DIR --save FILE`."
        ) from error


def compared(
    ours: Mapping[str, Values], theirs: Mapping[str, Values], measure: str = TESTED
) -> dict[str, Difference]:
    """By stage that both hold: ours less theirs. LabelledSetError if no question is common."""
    try:
        return {
            stage: difference(values[measure], theirs[stage][measure])
            for stage, values in ours.items()
            if stage in theirs
        }
    except ValueError as error:
        raise LabelledSetError(str(error)) from error


@contextmanager
def without_words() -> Iterator[None]:
    """Every search of this process goes by vectors alone meanwhile: for measuring, not serving."""
    before = fusion.WORDS
    fusion.WORDS = 0.0
    try:
        yield
    finally:
        fusion.WORDS = before
