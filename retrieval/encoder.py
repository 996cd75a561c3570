"""Texts to vectors: one protocol, and sentence-transformers behind it whatever the model."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

from retrieval.errors import EncoderError
from retrieval.language import language_of
from retrieval.script import simplified

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Floats = npt.NDArray[np.float32]
Progress = Callable[[int, int], None]

EMBEDDED = "embedded"
# The same in float32 on every processor: what the quick one is measured by.
EMBEDDED_FP32 = "embedded-fp32"
# Bytes of a padded batch, about 1,000 tokens: on two cores twice as fast as 32 texts at a time,
# whose activations fall out of the cache (docs/benchmarks.md, The encoder).
BATCH_BYTES = 4096
# Characters read of one text: more than any model here attends to, so that none can stall us.
READ = 10_000


class Encoder(Protocol):
    """Questions and passages to unit vectors. Safe to call from several threads.

    All questions of one call are encoded together, so that a caller may gather those that
    arrive at the same moment.
    """

    @property
    def identity(self) -> str:
        """Names the weights: vectors of different identities are never mixed."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    def encode_questions(self, texts: Sequence[str]) -> Floats:
        """(n, dimension) float32."""

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Floats:
        """(n, dimension) float32; `progress(done, total)` after each batch."""


class SentenceEncoder:
    """Any sentence-transformers model, with its own prompts for questions and passages."""

    def __init__(
        self, model: "SentenceTransformer", identity: str, turn: AbstractContextManager[Any]
    ) -> None:
        """`turn` is held during a batch: a tokenizer that bears no threads needs a lock."""
        self.identity = identity
        self.dimension = int(model.get_embedding_dimension() or 0)
        self._model, self._turn = model, turn

    def encode_questions(self, texts: Sequence[str]) -> Floats:
        return self._encode(self._model.encode_query, texts, None)

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Floats:
        return self._encode(self._model.encode_document, texts, progress)

    def _encode(
        self, encode: Callable[..., Any], texts: Sequence[str], progress: Progress | None
    ) -> Floats:
        found, done = np.empty((len(texts), self.dimension), np.float32), 0
        clean = [_readable(text) for text in texts]
        for batch in _batches(clean, BATCH_BYTES):
            chosen = [clean[i] for i in batch]
            with self._turn:
                found[batch] = encode(
                    chosen,
                    batch_size=len(chosen),
                    normalize_embeddings=True,
                    show_progress_bar=False,
                )
            done += len(batch)
            if progress:
                progress(done, len(texts))
        return found


def load_encoder(model: str = EMBEDDED, *, threads: int | None = None) -> Encoder:
    """The embedded model, or any other by its sentence-transformers name or folder.

    `threads`: how many cores a call may take, in the whole process; all of them if None. Beside a
    conversation one: threads that wait for each other at every product stand still whenever
    another program takes a core. Raises EncoderError.
    """
    # Imported here: torch and sentence-transformers take seconds, and not every command needs them.
    if threads is not None:
        import torch  # noqa: PLC0415

        torch.set_num_threads(threads)
    if model in (EMBEDDED, EMBEDDED_FP32):
        from retrieval import embedded  # noqa: PLC0415

        # The embedded model's tokenizer is never reconfigured, so threads need no turns.
        exact = model == EMBEDDED_FP32
        identity = f"{embedded.IDENTITY}-fp32" if exact else embedded.IDENTITY
        return SentenceEncoder(embedded.build(exact=exact), identity, nullcontext())
    if model.startswith((".", "/", "~")) and not Path(model).expanduser().is_dir():
        raise EncoderError(f"EMBEDDING_MODEL names the folder {model}, which does not exist.")
    return SentenceEncoder(_load_named(model), f"sentence-transformers:{model}", Lock())


def _load_named(model: str) -> "SentenceTransformer":
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415

    try:
        loaded = SentenceTransformer(str(Path(model).expanduser()) if model[0] in "~" else model)
    except (OSError, ValueError, RuntimeError, ImportError, LookupError) as error:
        raise EncoderError(
            f"The model {model} cannot be loaded ({error}). Name a folder that holds it, connect "
            f"to a model hub, or set EMBEDDING_MODEL={EMBEDDED}, which needs neither."
        ) from error
    if "e5" in model.lower() and not any(loaded.prompts.values()):
        # E5 is useless without its prompts, and older copies do not carry them.
        loaded.prompts |= {"query": "query: ", "document": "passage: "}
    return loaded


def _readable(text: str) -> str:
    """Without lone surrogates and NULs, which tokenizers refuse; Chinese in simplified characters,
    for the model sets the two scripts apart."""
    clean = text[:READ].replace("\0", " ").encode(errors="replace").decode()
    return simplified(clean) if language_of(clean) == "zh" else clean


def _batches(texts: list[str], most: int) -> Iterator[list[int]]:
    """Positions of texts of like length, each batch within `most` bytes once padded."""
    sizes = [len(text.encode()) for text in texts]
    batch: list[int] = []
    for i in sorted(range(len(texts)), key=sizes.__getitem__):
        if batch and sizes[i] * (len(batch) + 1) > most:
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch
