"""Questions asked at the same moment are encoded together."""

from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Lock

from retrieval.encoder import Encoder, Floats, Progress

# Questions of one batch: a larger one keeps its first askers waiting and is no faster.
TOGETHER = 32


@dataclass(frozen=True)
class _Asked:
    texts: Sequence[str]
    vectors: Future[Floats] = field(default_factory=Future)


class Gathered:
    """An encoder whose callers share batches: a lone question goes at once, those that arrive
    while a batch runs are the next batch. Nothing waits for a clock.

    What an encoder raises is raised to each caller of that batch.
    """

    def __init__(self, encoder: Encoder, together: int = TOGETHER) -> None:
        """`together`: a batch takes no further caller beyond so many questions."""
        self.identity, self.dimension = encoder.identity, encoder.dimension
        self._encoder, self._together = encoder, together
        self._waiting: deque[_Asked] = deque()
        self._turn = Lock()

    def encode_questions(self, texts: Sequence[str]) -> Floats:
        mine = _Asked(texts)
        self._waiting.append(mine)
        with self._turn:
            # Often done by now, in the batch of whoever held the turn before.
            while not mine.vectors.done():
                self._encode(self._next())
        return mine.vectors.result()

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Floats:
        """Straight to the encoder: a reload takes minutes, and no question waits for it."""
        return self._encoder.encode_passages(texts, progress)

    def _next(self) -> list[_Asked]:
        """The first who waits, and those after while there is room. Held by the turn."""
        taken = [self._waiting.popleft()]
        room = self._together - len(taken[0].texts)
        while self._waiting and len(self._waiting[0].texts) <= room:
            taken.append(self._waiting.popleft())
            room -= len(taken[-1].texts)
        return taken

    def _encode(self, batch: list[_Asked]) -> None:
        try:
            found = self._encoder.encode_questions([text for one in batch for text in one.texts])
        except BaseException as error:  # Whatever it is, no caller may be left to wait.
            for one in batch:
                one.vectors.set_exception(error)
            return
        at = 0
        for one in batch:
            one.vectors.set_result(found[at : at + len(one.texts)])
            at += len(one.texts)
