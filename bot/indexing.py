"""From the tables to the snapshot that serves them: where knowledge and retrieval meet."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from sqlalchemy import Engine, make_url
from sqlmodel import Session

from bot.settings import Settings
from knowledge.importers import read_files
from knowledge.queries import passages
from knowledge.reload import apply
from retrieval.apart import write_snapshot_apart
from retrieval.encoder import Encoder, load_encoder
from retrieval.passages import Passage
from retrieval.postgres.shelf import PostgresShelf
from retrieval.shelves import FolderShelf, Shelf
from retrieval.snapshot import Snapshot, TextCache, write_snapshot

Progress = Callable[[int, int], None]


def snapshots(var_folder: Path) -> Path:
    return var_folder / "snapshots"


def shelf_for(settings: Settings) -> Shelf:
    """Where the snapshots are; nothing is opened yet."""
    if settings.vector_store == "faiss":
        return FolderShelf(snapshots(settings.var_folder))
    url = make_url(settings.database_url).set(drivername="postgresql")
    return PostgresShelf(url.render_as_string(hide_password=False), settings.var_folder / "fetched")


def indexed_passages(session: Session) -> list[Passage]:
    """Every text that can be searched, as retrieval takes it."""
    return [Passage(*row) for row in passages(session)]


def build(
    var_folder: Path,
    texts: Sequence[Passage],
    encoder: Encoder,
    progress: Progress | None = None,
    asked: Sequence[str] = (),
    shelf: Shelf | None = None,
) -> Snapshot:
    """Write the snapshot that serves `texts`; only texts not seen before are embedded.

    `shelf` is the folder for snapshots, unless given. Of the questions `asked` before, the mean of
    their vectors is kept, and for each passage how near the nearest five are.
    """
    root, cache = shelf or snapshots(var_folder), TextCache(var_folder / "vectors.db")
    return write_snapshot(
        root, texts, encoder, cache=cache, progress=progress, asked=asked, sole=True
    )


def build_apart(
    settings: Settings,
    texts: Sequence[Passage],
    progress: Progress | None = None,
    asked: Sequence[str] = (),
) -> Snapshot:
    """`build` in a process of its own that gives way to this one; it loads a model of its own."""
    return write_snapshot_apart(
        partial(shelf_for, settings),
        texts,
        partial(load_encoder, settings.embedding_model),
        cache=settings.var_folder / "vectors.db",
        progress=progress,
        asked=asked,
    )


def load_files(
    engine: Engine,
    encoder: Encoder,
    var_folder: Path,
    paths: Sequence[Path],
    *,
    remove: bool,
    now: datetime,
    progress: Progress | None = None,
    asked: Sequence[str] = (),
    shelf: Shelf | None = None,
) -> Snapshot:
    """Write files (a folder stands for all in it) to the tables, and build the snapshot.

    Raises BadBatchError with everything that is wrong with them; then nothing was changed.
    """
    batch = read_files(paths)
    with Session(engine) as session:
        apply(session, batch, remove=remove, now=now)
        session.commit()
        texts = indexed_passages(session)
    return build(var_folder, texts, encoder, progress, asked, shelf)
