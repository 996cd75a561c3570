"""What was once made of a text is kept by its maker and the text, so that a reload makes only
what is new: vectors by models, counts of words."""

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
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
_TABLE = """CREATE TABLE IF NOT EXISTS made
    (maker TEXT, digest BLOB, made BLOB, PRIMARY KEY (maker, digest))"""
# Room for what is no longer asked for, as a share of what is: texts that come back cost nothing.
SPARE = 1.0


class TextCache:
    """A file. Anything wrong with it costs time, never correctness: one that is no cache is set
    aside as *.broken and begun anew."""

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

    def find(self, maker: str, digests: Sequence[bytes]) -> dict[bytes, bytes]:
        """What is known, by digest."""
        found: dict[bytes, bytes] = {}
        with self._open() as connection:
            for start in range(0, len(digests), _ASKED):
                some = digests[start : start + _ASKED]
                marks = ",".join("?" * len(some))
                rows = connection.execute(
                    f"SELECT digest, made FROM made WHERE maker = ? AND digest IN ({marks})",  # noqa: S608  only marks
                    (maker, *some),
                )
                found.update(rows)
        return found

    def keep(self, maker: str, made: Mapping[bytes, bytes]) -> None:
        """Committed when it returns."""
        rows = [(maker, digest, one) for digest, one in made.items()]
        with self._open() as connection:
            connection.executemany("INSERT OR REPLACE INTO made VALUES (?, ?, ?)", rows)

    def makers(self) -> set[str]:
        with self._open() as connection:
            return {maker for (maker,) in connection.execute("SELECT DISTINCT maker FROM made")}

    def prune(self, maker: str, digests: Collection[bytes]) -> int:
        """Forget what the maker made of other texts, once it is more than SPARE of what it made
        of these; how many."""
        with self._open() as connection:
            (held,) = connection.execute(
                "SELECT count(*) FROM made WHERE maker = ?", (maker,)
            ).fetchone()
            if held <= (1 + SPARE) * len(digests):
                return 0
            connection.execute("CREATE TEMP TABLE used (digest BLOB PRIMARY KEY)")
            connection.executemany(
                "INSERT OR IGNORE INTO used VALUES (?)", ((one,) for one in digests)
            )
            return connection.execute(
                "DELETE FROM made WHERE maker = ? AND digest NOT IN (SELECT digest FROM used)",
                (maker,),
            ).rowcount

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
    cache: TextCache,
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
    digests = digests_of(texts)
    distinct = dict(zip(digests, texts, strict=True))
    known = cache.find(model, list(distinct))
    # By length, so that batches are of like texts; by digest, so that their order is one.
    missing = sorted(
        distinct.keys() - known.keys(), key=lambda digest: (len(distinct[digest]), digest)
    )
    for start in range(0, len(missing), COMMITTED):
        batch = missing[start : start + COMMITTED]
        vectors = checked(encode([distinct[digest] for digest in batch]), encoder)
        made = {key: one.tobytes() for key, one in zip(batch, vectors.astype("<f4"), strict=True)}
        cache.keep(model, made)
        known |= made
        if progress:
            progress(len(known), len(distinct))
    # One piece of memory at once: an array a text costs more than its vector.
    whole = bytearray().join(known[digest] for digest in digests)
    return np.frombuffer(whole, "<f4").reshape(-1, encoder.dimension).astype(np.float32, copy=False)


def digests_of(texts: Iterable[str]) -> list[bytes]:
    """By which a text is known."""
    return [sha256(text.encode(errors="surrogatepass")).digest() for text in texts]


def checked(vectors: Floats, encoder: Encoder) -> Floats:
    """The vectors, or EncoderError if they have the wrong length or are not finite."""
    if vectors.shape[1:] != (encoder.dimension,) or not np.isfinite(vectors).all():
        raise EncoderError(
            f"The model {encoder.identity} answered with vectors that are no numbers or of another "
            "length than it says. Nothing was indexed; choose another model in EMBEDDING_MODEL."
        )
    return vectors
