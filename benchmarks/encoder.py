"""The embedded model at the width the processor is quick at, against float32, in one run.

    python -m benchmarks.encoder [DIR ...]

Questions and passages a second by one thread and by all, in turns, medians of several rounds;
sixteen people asking at once, gathered and each alone; then what it costs in nDCG@10 on labelled
sets.
"""

import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from statistics import median

import torch

from retrieval.cache import TextCache
from retrieval.encoder import EMBEDDED, EMBEDDED_FP32, Encoder, load_encoder
from retrieval.evaluate import evaluate
from retrieval.gathering import Gathered
from retrieval.means import shipped_questions

PASSAGES, ROUNDS, ASKERS = 120, 5, 16


def main(folders: list[Path]) -> None:
    started()
    exact, quick = load_encoder(EMBEDDED_FP32), load_encoder(EMBEDDED)
    for threads in (1, torch.get_num_threads()):
        torch.set_num_threads(threads)
        print(f"{threads} threads   float32     quick     ratio")
        row("ms a question", *in_turns(question_speed, exact, quick), smaller=True)
        row("passages/s", *in_turns(passage_speed, exact, quick))
    torch.set_num_threads(1)
    print(f"{ASKERS} asking at once, questions/s, by one thread")
    row("float32", *in_turns(asked_at_once, exact, Gathered(exact)), names="alone, gathered")
    row("quick", *in_turns(asked_at_once, quick, Gathered(quick)), names="alone, gathered")
    for folder in folders:
        quality(folder, exact, quick)


def started() -> None:
    """Seconds and memory until the first question is answered."""
    before, began = resident(), time.perf_counter()
    __import__("sentence_transformers")
    imported, after = time.perf_counter(), resident()
    load_encoder().encode_questions(["预热"])
    loaded = time.perf_counter()
    print(f"import of sentence-transformers  {imported - began:5.2f} s  {after - before} MiB")
    print(f"model and its first question     {loaded - imported:5.2f} s  {resident() - after} MiB")


def row(name: str, first: float, second: float, *, smaller: bool = False, names: str = "") -> None:
    ratio = first / second if smaller else second / first
    print(f"{name:14} {first:10.1f} {second:9.1f} {ratio:9.2f}  {names}", flush=True)


def in_turns(
    speed: Callable[[Encoder], float], first: Encoder, second: Encoder
) -> tuple[float, float]:
    """Medians of rounds that alternate, so that other work on the machine falls on both."""
    rounds = [(speed(first), speed(second)) for _ in range(ROUNDS)]
    return median(one for one, _ in rounds), median(other for _, other in rounds)


def question_speed(model: Encoder) -> float:
    """The median of a hundred, one at a time, in milliseconds."""
    return median(seconds(partial(model.encode_questions, [text])) for text in questions()) * 1000


def passage_speed(model: Encoder) -> float:
    texts = passages()
    return len(texts) / seconds(lambda: model.encode_passages(texts))


def asked_at_once(model: Encoder) -> float:
    """Questions a second of threads that each ask one after another."""
    texts = questions() * 3
    with ThreadPoolExecutor(ASKERS) as threads:
        asked = partial(threads.map, lambda text: model.encode_questions([text]), texts)
        return len(texts) / seconds(lambda: list(asked()))


def quality(folder: Path, exact: Encoder, quick: Encoder) -> None:
    cache = TextCache(Path("var/benchmarks/vectors.db"))
    print(f"{folder.name:14}", end="")
    figures = [evaluate(folder, model, cache=cache) for model in (exact, quick)]
    for stage in ("vectors", "final"):
        before, after = (one[stage]["nDCG@10"] for one in figures)
        print(f"  {stage} {before:.4f} {after:.4f} loss {before - after:+.4f}", end="")
    print(flush=True)


def questions() -> list[str]:
    shipped = shipped_questions()
    return shipped["zh"][:50] + shipped["en"][:50]


def passages() -> list[str]:
    """Of one to twelve sentences, as abstracts and summaries are."""
    asked = questions()
    return ["。".join(asked[(i + j) % 100] for j in range(1 + i % 12)) for i in range(PASSAGES)]


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def resident() -> int:
    """MiB of this process in memory now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 // 2**20


if __name__ == "__main__":
    main([Path(folder) for folder in sys.argv[1:]])
