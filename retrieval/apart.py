"""A snapshot written by a process of its own that gives way to everything else.

Embedding and indexing in the process that answers would take turns with every question: they
share Python's lock, and the threads of the model.
"""

import os
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from retrieval.cache import TextCache
from retrieval.encoder import Encoder, Floats, Progress
from retrieval.errors import EncoderError, SnapshotError
from retrieval.passages import Passage
from retrieval.rows import read_texts, write_texts
from retrieval.shelf import Snapshot
from retrieval.shelves import Shelf, shelf_of
from retrieval.snapshot import write_snapshot

Load = Callable[[], Encoder]
OpenShelf = Callable[[], Shelf]


def write_snapshot_apart(
    root: Path | OpenShelf,
    passages: Sequence[Passage],
    load: Load,
    *,
    cache: Path,
    progress: Progress | None = None,
    asked: Sequence[str] = (),
) -> Snapshot:
    """`write_snapshot` by another process; `load`, and `root` where it is no folder, are called
    there, so they must be importable: no connection and no model goes from here to there.

    Raises SnapshotError as that does, and where the process is ended from outside.
    """
    with tempfile.TemporaryDirectory() as scratch:
        # Through a file, line by line: pickling a list of a hundred thousand holds Python's lock.
        texts = Path(scratch) / "passages.jsonl"
        write_texts(texts, passages)
        context = get_context("spawn")
        ours, theirs = context.Pipe(duplex=False)
        given = (theirs, root, texts, load, cache, list(asked))
        worker = context.Process(target=_work, args=given, name="index", daemon=True)
        worker.start()
        theirs.close()
        try:
            return _told(ours, progress)
        finally:
            worker.terminate()
            worker.join()
            ours.close()


class Loading:
    """A model that is loaded beside what can be done without it; whoever asks it first waits."""

    def __init__(self, load: Load) -> None:
        threads = ThreadPoolExecutor(1, thread_name_prefix="model")
        self._loading = threads.submit(load)
        threads.shutdown(wait=False)

    @property
    def identity(self) -> str:
        return self._loading.result().identity

    @property
    def dimension(self) -> int:
        return self._loading.result().dimension

    def encode_questions(self, texts: Sequence[str]) -> Floats:
        return self._loading.result().encode_questions(texts)

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Floats:
        return self._loading.result().encode_passages(texts, progress)


def _told(told: Connection, progress: Progress | None) -> Snapshot:
    """The outcome, once it has come."""
    while True:
        try:
            match told.recv():
                case Snapshot() as snapshot:
                    return snapshot
                case SnapshotError() | EncoderError() as error:
                    raise error
                case (done, total) if progress:
                    progress(done, total)
        except EOFError:
            raise SnapshotError(
                "The process that writes the index was ended, perhaps for want of memory. "
                "The former index stays in use; make room, and reload."
            ) from None


def _work(
    told: Connection,
    root: Path | OpenShelf,
    texts: Path,
    load: Load,
    cache: Path,
    asked: Sequence[str],
) -> None:
    os.nice(19)

    def progress(done: int, total: int) -> None:
        told.send((done, total))

    try:
        encoder, kept = Loading(load), TextCache(cache)
        passages = read_texts(texts)
        with closing(shelf_of(root) if isinstance(root, Path) else root()) as shelf:
            written = write_snapshot(
                shelf, passages, encoder, cache=kept, progress=progress, asked=asked, sole=True
            )
        told.send(written)
    except (SnapshotError, EncoderError) as error:
        told.send(error)
