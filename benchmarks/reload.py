"""What a reload costs, and what questions asked during it wait: `python -m benchmarks.reload`.

Passages are those of labelled sets; where more are asked for, further ones are put together of as
many of all their sentences. They are indexed in full, then again with one in a hundred changed, in
a process of its own as the desk does and in this one for comparison.
"""

import argparse
import random
import resource
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Thread

import numpy as np

from benchmarks.scale import SENTENCE
from retrieval.apart import write_snapshot_apart
from retrieval.encoder import load_encoder
from retrieval.evaluation.labelled import labelled_set
from retrieval.language import language_of
from retrieval.passages import Passage
from retrieval.search import Searcher
from retrieval.snapshot import TextCache, write_snapshot

# Searches before and, at the same pace, during a reload: a question every fifth of a second.
BEFORE, PACE = 100, 0.2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", type=Path, nargs="+", help="labelled sets")
    parser.add_argument("--passages", type=int, default=2000)
    given = parser.parse_args()
    labelled = [labelled_set(one) for one in given.sets]
    known = [
        replace(passage, key=f"{name}/{passage.key}", entry=f"{name}/{passage.entry}")
        for name, one in zip(given.sets, labelled, strict=True)
        for passage in one.passages
    ]
    passages = [*known, *drawn(known, given.passages - len(known))][: given.passages]
    questions = [question for one in labelled for question in one.queries.values()]
    with tempfile.TemporaryDirectory() as scratch:
        measure(Path(scratch), passages, questions)


def drawn(known: Sequence[Passage], count: int) -> Iterator[Passage]:
    """Passages of as many sentences as the known ones have, in their order again and again."""
    sentences = [SENTENCE.findall(passage.text) for passage in known]
    whole, chosen = [one for some in sentences for one in some], random.Random(0)
    for place in range(count):
        said = chosen.choices(whole, k=len(sentences[place % len(known)]))
        key = f"drawn-{place}"
        yield Passage(key, key, "document", language_of(said[0]), "".join(said))


def measure(scratch: Path, passages: Sequence[Passage], questions: Sequence[str]) -> None:
    encoder, root, cache = load_encoder(threads=1), scratch / "index", scratch / "vectors.db"
    here = partial(write_snapshot, root, encoder=encoder, cache=TextCache(cache))
    apart = partial(write_snapshot_apart, root, load=load_encoder, cache=cache)
    full, spent = timed(lambda: apart(passages)), children()
    print(f"full build of {len(passages):,}: {full:.1f} s, {len(passages) / full:.0f} a second")
    print(f"  {spent:.1f} s of the processor")
    searcher = Searcher.open(root, encoder)
    ask(searcher, questions, lambda taken: taken < 10)
    for name, write in (("apart", apart), ("in this process", here)):
        before = ask(searcher, questions, lambda taken: taken < BEFORE)
        some = changed(passages, name)
        cost, during = reloaded(partial(write, some), searcher, questions)
        print(f"1% changed, {name}: {cost:.1f} s, {cost / full:.1%} of the full build")
        if name == "apart":
            again = children() - spent
            print(f"  {again:.1f} s of the processor, {again / spent:.1%}")
        for share in (50, 99):
            first, then = np.percentile(before, share), np.percentile(during, share)
            print(f"  p{share} {first:.1f} ms before, {then:.1f} during: {then / first:.2f} x")
        print(f"  {len(during)} questions during it")


def reloaded(
    write: Callable[[], object], searcher: Searcher, questions: Sequence[str]
) -> tuple[float, list[float]]:
    """The seconds it took, and the milliseconds of each search meanwhile."""
    reloading = Thread(target=write)
    start = time.perf_counter()
    reloading.start()
    during = ask(searcher, questions, lambda _: reloading.is_alive())
    reloading.join()
    return time.perf_counter() - start, during


def changed(passages: Sequence[Passage], how: str) -> list[Passage]:
    """One in a hundred says something new."""
    return [
        replace(one, text=f"{one.text} {how}") if place % 100 == 0 else one
        for place, one in enumerate(passages)
    ]


def ask(searcher: Searcher, questions: Sequence[str], go_on: Callable[[int], bool]) -> list[float]:
    """Milliseconds of each search, one every PACE seconds as long as it shall go on."""
    taken: list[float] = []
    while go_on(len(taken)):
        cost = timed(lambda: searcher.search(questions[len(taken) % len(questions)], limit=50))
        taken.append(cost * 1000)
        time.sleep(max(0.0, PACE - cost))
    return taken


def children() -> float:
    """Seconds of the processor that ended children have taken: other programs do not count."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
