"""The embedded model: seconds to load, memory, milliseconds a question, passages a second.

python -m benchmarks.encoder
"""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

import torch

from retrieval import encoder as module
from retrieval.encoder import Encoder, load_encoder
from retrieval.means import shipped_questions

PASSAGES = 240


def main() -> None:
    before = resident()
    began = time.perf_counter()
    __import__("sentence_transformers")
    imported, after_import = time.perf_counter(), resident()
    model = load_encoder()
    model.encode_questions(["预热"])
    loaded = time.perf_counter()
    print(
        f"import of sentence-transformers  {imported - began:6.2f} s  {after_import - before} MiB"
    )
    taken = resident() - after_import
    print(f"model loaded and first question  {loaded - imported:6.2f} s  {taken} MiB")
    print(f"resident in all                  {resident()} MiB")
    for threads in (1, 2):
        torch.set_num_threads(threads)
        print(f"{threads} thread(s): {question_speed(model):5.1f} ms a question", end="")
        print(f"  {passage_speed(model):5.1f} passages a second")
    for size in (1, 2048, 4096, 8192, 32768):
        module.BATCH_BYTES = size
        print(f"batches of {size:6} bytes: {passage_speed(model):5.1f} passages a second")
    print(f"resident at the end              {resident()} MiB")


def question_speed(model: Encoder) -> float:
    """The median of a hundred, one at a time, in milliseconds."""
    return median(seconds(partial(model.encode_questions, [text])) for text in questions()) * 1000


def passage_speed(model: Encoder) -> float:
    texts = passages()
    return len(texts) / seconds(lambda: model.encode_passages(texts))


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
    main()
