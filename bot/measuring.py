"""What `xiaoqi evaluate` measures and prints."""

import json
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError, OperationalError, ProgrammingError
from sqlmodel import Session

from bot.desk.learning import judged
from bot.indexing import indexed_passages
from bot.sealing.keys import give_keys
from bot.settings import Settings
from knowledge.database import open_engine, read_only
from retrieval.cache import TextCache
from retrieval.encoder import load_encoder
from retrieval.errors import LabelledSetError
from retrieval.evaluate import Stages, language_pairs, measured, measured_experts
from retrieval.evaluation.comparing import TESTED, compared, save_run, saved_run, without_words
from retrieval.evaluation.labelled import Judgement, LabelledSet, corpus, labelled_set, replayed
from retrieval.evaluation.refusing import as_told, refused
from retrieval.evaluation.telling import as_lines, as_object, differences

REPLAYED = "what was asked here"
_SWITCHED: Final = {"yes": True, "no": False}


@dataclass(frozen=True)
class Wanted:
    """What was asked for; `compare` is "", a saved run's path, or NAME=VALUE."""

    as_json: bool = False
    intervals: bool = False
    experts: bool = False
    honesty: bool = False
    replay: bool = False
    compare: str = ""
    save: Path | None = None


@dataclass(frozen=True)
class Configuration:
    """What may differ between two measurements of one state of the code."""

    embedding_model: str
    asked: bool = True
    words: bool = True


def report(settings: Settings, folders: Sequence[Path], wanted: Wanted) -> Iterator[str]:
    """The lines to print; as JSON one object, of several sets one by set.

    Raises LabelledSetError, ValueError for what cannot be compared, DatabaseAwayError.
    """
    _refuse_clashes(folders, wanted)
    ours = Configuration(settings.embedding_model)
    # Before the minutes that measuring may take, so that a wrong name is told at once.
    other = _other(ours, wanted.compare)
    cache = TextCache(settings.var_folder / "evaluation.db")
    objects = {}
    for name, labelled in _sets(settings, folders, wanted):
        found, lines = (
            _honesty(labelled, ours, cache)
            if wanted.honesty
            else _quality(labelled, ours, other, cache, wanted)
        )
        objects[name] = found
        if not wanted.as_json:
            yield from (name, *lines, "")
    if wanted.as_json:
        shown = objects if len(objects) > 1 else next(iter(objects.values()))
        yield json.dumps(shown, indent=2)


def judged_set(settings: Settings) -> LabelledSet:
    """The knowledge base with what people here judged of it; the database is only read.

    Raises LabelledSetError if nothing was judged yet, and DatabaseAwayError.
    """
    _require_file(settings.database_url)
    try:
        engine = open_engine(settings.database_url)
        give_keys(engine, settings)
        with Session(read_only(engine)) as session:
            given = [Judgement(one.question, one.entry_key, one.grade) for one in judged(session)]
            return replayed(indexed_passages(session), given)
    except (OperationalError, ProgrammingError) as error:
        raise LabelledSetError(
            "The database has not the tables that are read: it is empty, or of an older Xiaoqi. "
            "Start Xiaoqi once (xiaoqi run), which brings it up to date."
        ) from error


def _refuse_clashes(folders: Sequence[Path], wanted: Wanted) -> None:
    if wanted.replay and (folders or wanted.experts or wanted.honesty):
        raise LabelledSetError("--replay measures this desk: no DIR, --experts or --honesty.")
    if not (wanted.replay or folders):
        raise LabelledSetError("Name a DIR to measure, or --replay for what was asked here.")
    if (wanted.save or wanted.compare) and (len(folders) > 1 or wanted.honesty):
        raise LabelledSetError("--save and --compare take one DIR, and no --honesty.")


def _sets(
    settings: Settings, folders: Sequence[Path], wanted: Wanted
) -> Iterator[tuple[str, LabelledSet]]:
    if wanted.replay:
        yield REPLAYED, judged_set(settings)
    for folder in folders:
        # Evidence held out is its own question, so no other is needed.
        yield (
            str(folder),
            LabelledSet(corpus(folder), {}, {})
            if wanted.experts
            else labelled_set(folder, taken_out=wanted.honesty),
        )


def _require_file(url: str) -> None:
    """SQLite would make an empty database where none is."""
    try:
        target = make_url(url)
    except ArgumentError:
        return  # told when it is opened
    if target.get_backend_name() == "sqlite" and not Path(target.database or "").is_file():
        raise LabelledSetError(
            f"There is no database at {target.database}, so nothing was asked here yet. Name the "
            "desk's own in DATABASE_URL, or measure a labelled set: xiaoqi evaluate DIR."
        )


def _quality(
    labelled: LabelledSet,
    ours: Configuration,
    other: Configuration | Stages | None,
    cache: TextCache,
    wanted: Wanted,
) -> tuple[dict[str, Any], list[str]]:
    stages = _measured(labelled, ours, cache, wanted)
    pairs = {} if wanted.experts else language_pairs(labelled)
    found = as_object(stages, pairs, intervals=wanted.intervals)
    lines = list(as_lines(stages, pairs))
    if wanted.save:
        save_run(wanted.save, stages)
    if other is not None:
        if isinstance(other, Configuration):
            other = _measured(labelled, other, cache, wanted)
        apart = compared(stages, other)
        lines += ["", *differences(apart, TESTED, wanted.compare)]
        found["compared"] = {
            stage: one._asdict() | {"interval": one.interval._asdict()}
            for stage, one in apart.items()
        }
    return found, lines


def _measured(
    labelled: LabelledSet, configuration: Configuration, cache: TextCache, wanted: Wanted
) -> Stages:
    encoder, asked = load_encoder(configuration.embedding_model), configuration.asked
    with nullcontext() if configuration.words else without_words():
        if wanted.experts:
            return measured_experts(labelled, encoder, cache=cache, asked=asked)
        # What people here asked leaves no trace on the disk.
        kept = not wanted.replay
        return measured(labelled, encoder, cache=cache, asked=asked, keep_questions=kept)


def _other(ours: Configuration, compare: str) -> Configuration | Stages | None:
    if not compare:
        return None
    name, told, value = compare.partition("=")
    if not told or Path(compare).exists():
        return saved_run(Path(compare))
    if name == "EMBEDDING_MODEL" and value:
        return replace(ours, embedding_model=value)
    if name == "ASKED" and value in _SWITCHED:
        return replace(ours, asked=_SWITCHED[value])
    if name == "WORDS" and value in _SWITCHED:
        return replace(ours, words=_SWITCHED[value])
    raise ValueError(
        f"{compare}: compare with a saved run, EMBEDDING_MODEL=name, ASKED=no or WORDS=no."
    )


def _honesty(
    labelled: LabelledSet, ours: Configuration, cache: TextCache
) -> tuple[dict[str, Any], list[str]]:
    found = refused(labelled, load_encoder(ours.embedding_model), cache=cache, asked=ours.asked)
    return found._asdict(), list(as_told(found))
