"""From the tables to the snapshot that serves them: where knowledge and retrieval meet."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from knowledge.queries import passages
from knowledge.reload import apply
from sqlalchemy import Engine
from sqlmodel import Session

from knowledge.importers import Problem, read_files
from retrieval.encoder import Encoder
from retrieval.passages import Passage
from retrieval.snapshot import Snapshot, VectorCache, write_snapshot

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Loaded:
    """What became of files given on the command line; with problems nothing was changed."""

    problems: tuple[Problem, ...]
    problem_count: int
    snapshot: Snapshot | None


def snapshots(var_folder: Path) -> Path:
    return var_folder / "snapshots"


def indexed_passages(session: Session) -> list[Passage]:
    """Every text that can be searched, as retrieval takes it."""
    return [Passage(*row) for row in passages(session)]


def build(
    var_folder: Path, texts: Sequence[Passage], encoder: Encoder, progress: Progress | None = None
) -> Snapshot:
    """Write the snapshot that serves `texts`; only texts not seen before are embedded."""
    cache = VectorCache(var_folder / "vectors.db")
    return write_snapshot(snapshots(var_folder), texts, encoder, cache=cache, progress=progress)


def load_files(
    engine: Engine,
    encoder: Encoder,
    var_folder: Path,
    paths: Sequence[Path],
    *,
    remove: bool,
    now: datetime,
    progress: Progress | None = None,
) -> Loaded:
    """Check files (a folder stands for all in it), write them to the tables, build a snapshot."""
    batch = read_files(_files_in(paths))
    if batch.problems:
        return Loaded(tuple(batch.problems), batch.problem_count, None)
    with Session(engine) as session:
        apply(session, batch, remove=remove, now=now)
        session.commit()
        texts = indexed_passages(session)
    return Loaded((), 0, build(var_folder, texts, encoder, progress))


def _files_in(paths: Sequence[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        if not path.exists():
            raise FileNotFoundError(f"{path}: no such file or folder")
        files = sorted(path.iterdir()) if path.is_dir() else [path]
        found += [file for file in files if file.is_file()]
    return found
