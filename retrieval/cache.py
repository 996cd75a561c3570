"""Vectors once made are kept by model and text, so that a reload embeds only what is new."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path

import numpy as np
import numpy.typing as npt

from retrieval.encoder import Encoder, Progress
from retrieval.errors import EncoderError, SnapshotError

Floats = npt.NDArray[np.float32]

# Texts embedded between two commits: what a crash may cost, a few seconds' work.
COMMITTED = 128
# SQLite's own limit on values in one statement is far above.
_ASKED = 500
_TABLE = """CREATE TABLE IF NOT EXISTS vectors
    (model TEXT, digest BLOB, vector BLOB, PRIMARY KEY (model, digest)) WITHOUT ROWID"""


class VectorCache:
    """A file of vectors. Anything wrong with it costs time, never correctness: a file that is
    no cache is set aside as *.broken and begun anew."""

    def __init__(self, path: Path) -> None:
        """SnapshotError where the file cannot be made."""
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._create()
        except (OSError, sqlite3.OperationalError) as error:
            raise SnapshotError(f"The file of vectors {path} cannot be used ({error}).") from error
        except sqlite3.DatabaseError:
            path.replace(path.with_suffix(".broken"))
            self._create()

    def find(self, model: str, digests: Sequence[bytes]) -> dict[bytes, Floats]:
        """The vectors that are known, by digest."""
        found: dict[bytes, Floats] = {}
        with self._open() as connection:
            for start in range(0, len(digests), _ASKED):
                some = digests[start : start + _ASKED]
                marks = ",".join("?" * len(some))
                rows = connection.execute(
                    f"SELECT digest, vector FROM vectors WHERE model = ? AND digest IN ({marks})",  # noqa: S608  only marks
                    (model, *some),
                )
                found |= {digest: np.frombuffer(vector, "<f4") for digest, vector in rows}
        return found

    def keep(self, model: str, vectors: dict[bytes, Floats]) -> None:
        """Committed when it returns."""
        rows = [
            (model, digest, vector.astype("<f4").tobytes()) for digest, vector in vectors.items()
        ]
        with self._open() as connection:
            connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", rows)

    def _create(self) -> None:
        with self._open() as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(_TABLE)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        # A connection a call: calls come from worker threads, and seconds lie between them.
        with closing(sqlite3.connect(self.path, timeout=30)) as connection, connection:
            yield connection


def kept_vectors(
    texts: Sequence[str],
    encoder: Encoder,
    cache: VectorCache,
    *,
    questions: bool = False,
    progress: Progress | None = None,
) -> Floats:
    """(n, dimension), known ones from the cache, new ones kept batch by batch.

    `progress(done, total)` counts distinct texts. Raises EncoderError on vectors that are no
    numbers, and keeps none of their batch.
    """
    encode = encoder.encode_questions if questions else encoder.encode_passages
    model = f"{encoder.identity} questions" if questions else encoder.identity
    digests = [sha256(text.encode(errors="replace")).digest() for text in texts]
    distinct = dict(zip(digests, texts, strict=True))
    known = cache.find(model, list(distinct))
    # By length, so that batches are of like texts; by digest, so that their order is one.
    missing = sorted(
        distinct.keys() - known.keys(), key=lambda digest: (len(distinct[digest]), digest)
    )
    for start in range(0, len(missing), COMMITTED):
        batch = missing[start : start + COMMITTED]
        vectors = checked(encode([distinct[digest] for digest in batch]), encoder)
        made = dict(zip(batch, vectors, strict=True))
        cache.keep(model, made)
        known |= made
        if progress:
            progress(len(known), len(distinct))
    return np.array([known[digest] for digest in digests], np.float32).reshape(
        -1, encoder.dimension
    )


def checked(vectors: Floats, encoder: Encoder) -> Floats:
    """The vectors, or EncoderError if they have the wrong length or are not finite."""
    if vectors.shape[1:] != (encoder.dimension,) or not np.isfinite(vectors).all():
        raise EncoderError(
            f"The model {encoder.identity} answered with vectors that are no numbers or of another "
            "length than it says. Nothing was indexed; choose another model in EMBEDDING_MODEL."
        )
    return vectors
