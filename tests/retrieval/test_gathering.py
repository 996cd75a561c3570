from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from time import sleep

import numpy as np
import pytest

from retrieval.encoder import Encoder, Progress
from retrieval.gathering import Gathered
from tests.retrieval.fakes import Floats, HashedWords


class Held(HashedWords):
    """Holds its first batch until released; remembers the questions of every batch."""

    def __init__(self) -> None:
        super().__init__()
        self.batches: list[list[str]] = []
        self.began, self.released = Event(), Event()

    def encode_questions(self, texts: Sequence[str]) -> Floats:
        self.batches.append(list(texts))
        if len(self.batches) == 1:
            self.began.set()
            assert self.released.wait(10)
        if "poison" in texts:
            raise RuntimeError("the model came to grief")
        return super().encode_questions(texts)

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Floats:
        return super().encode_questions(texts)


@pytest.fixture
def held() -> Iterator[Held]:
    made = Held()
    yield made
    made.released.set()


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(12) as made:
        yield made


Ask = Callable[..., Future[Floats]]


@pytest.fixture
def ask(threads: ThreadPoolExecutor) -> Ask:
    """Asks in a thread of its own, and returns once the question waits its turn."""

    def asked(gathered: Gathered, *texts: str) -> Future[Floats]:
        before = len(gathered._waiting)
        future = threads.submit(gathered.encode_questions, texts)
        while len(gathered._waiting) == before:
            sleep(0.001)
        return future

    return asked


def first(gathered: Gathered, held: Held, threads: ThreadPoolExecutor) -> Future[Floats]:
    """A question that is being encoded when this returns."""
    future = threads.submit(gathered.encode_questions, ["first"])
    assert held.began.wait(10)
    return future


def test_it_serves_wherever_an_encoder_does() -> None:
    encoder: Encoder = Gathered(HashedWords())
    assert (encoder.identity, encoder.dimension) == ("hashed-words", 64)


def test_a_lone_question_is_encoded_at_once(held: Held) -> None:
    held.released.set()
    vectors = Gathered(held).encode_questions(["压铸", "气孔"])
    np.testing.assert_array_equal(vectors, HashedWords().encode_questions(["压铸", "气孔"]))
    assert held.batches == [["压铸", "气孔"]]


def test_questions_asked_during_a_batch_are_the_next_batch(
    held: Held, threads: ThreadPoolExecutor, ask: Ask
) -> None:
    gathered = Gathered(held)
    leading = first(gathered, held, threads)
    texts = [f"q{i}" for i in range(8)]
    following = [ask(gathered, text) for text in texts]
    held.released.set()
    assert leading.result(10).shape == (1, 64)
    plain = HashedWords()
    for text, future in zip(texts, following, strict=True):
        np.testing.assert_array_equal(future.result(10), plain.encode_questions([text]))
    assert held.batches == [["first"], texts]


def test_a_batch_is_bounded_and_the_rest_are_the_one_after(
    held: Held, threads: ThreadPoolExecutor, ask: Ask
) -> None:
    gathered = Gathered(held, together=3)
    first(gathered, held, threads)
    following = [ask(gathered, "a", "b"), ask(gathered, "c", "d"), ask(gathered, "e")]
    held.released.set()
    assert [len(future.result(10)) for future in following] == [2, 2, 1]
    assert held.batches == [["first"], ["a", "b"], ["c", "d", "e"]]


def test_more_questions_than_a_batch_holds_are_a_batch_of_their_own(held: Held) -> None:
    held.released.set()
    texts = [str(i) for i in range(9)]
    assert Gathered(held, together=3).encode_questions(texts).shape == (9, 64)
    assert held.batches == [texts]


def test_an_error_reaches_every_caller_of_its_batch_and_nobody_after(
    held: Held, threads: ThreadPoolExecutor, ask: Ask
) -> None:
    gathered = Gathered(held)
    first(gathered, held, threads)
    following = [ask(gathered, text) for text in ("one", "poison", "two")]
    held.released.set()
    for future in following:
        with pytest.raises(RuntimeError, match="came to grief"):
            future.result(10)
    assert gathered.encode_questions(["after"]).shape == (1, 64)


def test_passages_wait_for_no_question(held: Held, threads: ThreadPoolExecutor) -> None:
    gathered = Gathered(held)
    leading = first(gathered, held, threads)
    assert gathered.encode_passages(["焊接"]).shape == (1, 64)
    assert not leading.done()


def test_no_question_gives_no_vector() -> None:
    assert Gathered(HashedWords()).encode_questions([]).shape == (0, 64)
