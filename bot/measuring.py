"""What `xiaoqi evaluate` measures and prints."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bot.settings import Settings
from retrieval.cache import VectorCache
from retrieval.encoder import Encoder, load_encoder
from retrieval.errors import LabelledSetError
from retrieval.evaluate import Stages, language_pairs, measured, measured_experts
from retrieval.evaluation.comparing import TESTED, compared, save_run, saved_run
from retrieval.evaluation.labelled import LabelledSet, labelled_set
from retrieval.evaluation.refusing import as_told, refused
from retrieval.evaluation.telling import as_lines, as_object, differences


@dataclass(frozen=True)
class Wanted:
    """What was asked for; `compare` is "", a saved run's path, or NAME=VALUE."""

    as_json: bool = False
    intervals: bool = False
    experts: bool = False
    honesty: bool = False
    compare: str = ""
    save: Path | None = None


@dataclass(frozen=True)
class Configuration:
    """What may differ between two measurements of one state of the code."""

    embedding_model: str
    asked: bool = True


def report(settings: Settings, folders: Sequence[Path], wanted: Wanted) -> Iterator[str]:
    """The lines to print; as JSON one object, of several folders one by folder.

    Raises LabelledSetError, ValueError for what cannot be compared.
    """
    if (wanted.save or wanted.compare) and (len(folders) > 1 or wanted.honesty):
        raise LabelledSetError("--save and --compare take one DIR, and no --honesty.")
    cache = VectorCache(settings.var_folder / "evaluation.db")
    ours = Configuration(settings.embedding_model)
    objects = {}
    for folder in folders:
        found, lines = (
            _honesty(folder, ours, cache)
            if wanted.honesty
            else _quality(folder, ours, cache, wanted)
        )
        objects[str(folder)] = found
        if not wanted.as_json:
            yield from (str(folder), *lines, "")
    if wanted.as_json:
        shown = objects if len(objects) > 1 else next(iter(objects.values()))
        yield json.dumps(shown, indent=2)


def _quality(
    folder: Path, ours: Configuration, cache: VectorCache, wanted: Wanted
) -> tuple[dict[str, Any], list[str]]:
    labelled = labelled_set(folder)
    # Before the minutes that measuring may take, so that a wrong name is told at once.
    other = _other(ours, wanted.compare)
    stages = _measured(labelled, load_encoder(ours.embedding_model), ours, cache, wanted)
    pairs = {} if wanted.experts else language_pairs(labelled)
    found = as_object(stages, pairs, intervals=wanted.intervals)
    lines = list(as_lines(stages, pairs))
    if wanted.save:
        save_run(wanted.save, stages)
    if other is not None:
        if isinstance(other, Configuration):
            encoder = load_encoder(other.embedding_model)
            other = _measured(labelled, encoder, other, cache, wanted)
        apart = compared(stages, other)
        lines += ["", *differences(apart, TESTED, wanted.compare)]
        found["compared"] = {
            stage: one._asdict() | {"interval": one.interval._asdict()}
            for stage, one in apart.items()
        }
    return found, lines


def _measured(
    labelled: LabelledSet,
    encoder: Encoder,
    configuration: Configuration,
    cache: VectorCache,
    wanted: Wanted,
) -> Stages:
    measure = measured_experts if wanted.experts else measured
    return measure(labelled, encoder, cache=cache, asked=configuration.asked)


def _other(ours: Configuration, compare: str) -> Configuration | Stages | None:
    if not compare:
        return None
    name, told, value = compare.partition("=")
    if not told or Path(compare).exists():
        return saved_run(Path(compare))
    if name == "EMBEDDING_MODEL":
        return replace(ours, embedding_model=value)
    if name == "ASKED" and value in ("yes", "no"):
        return replace(ours, asked=value == "yes")
    raise ValueError(f"{compare}: compare with a saved run, EMBEDDING_MODEL=name or ASKED=no.")


def _honesty(
    folder: Path, ours: Configuration, cache: VectorCache
) -> tuple[dict[str, Any], list[str]]:
    labelled = labelled_set(folder, taken_out=True)
    found = refused(labelled, load_encoder(ours.embedding_model), cache=cache, asked=ours.asked)
    return found._asdict(), list(as_told(found))
