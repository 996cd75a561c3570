"""Matching by words at scale: a question's time, bytes a passage, and what is lost, beside bm25s.

    python -m benchmarks.words [PASSAGES] [--alone]    (100,000)

Passages are mixed from the sentences of the sample knowledge base, half of them Chinese, half
English: each sentence with some of its words changed for others, drawn as they occur. Questions
are the sample's own. `--alone`: without bm25s, which holds everything in memory.
"""

import gc
import json
import random
import re
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import bm25s
import numpy as np

from retrieval.lexical import WordIndex, build_words, open_words, write_words
from retrieval.words import tokens

SAMPLE = Path("knowledge/sample")
DEPTH = 100
# Words drawn anew in a sentence; invented names give the long tail that a real million has.
CHANGED, INVENTED = 0.4, 0.02
_WORD = re.compile(r"[A-Za-z]+|[\u4e00-\u9fff]{2}")


def main(count: int, *, alone: bool) -> None:
    questions = sample_questions()
    with TemporaryDirectory(dir="var") as folder:
        file = Path(folder, "words.bin")
        began = time.perf_counter()
        write_words(build_words(passages(count)), file)
        print(f"{count:,} passages built in {time.perf_counter() - began:.0f} s")
        gc.collect()
        before = resident()
        index = open_words(file)
        tokens("预热")
        warm = resident()
        ours = timed("best 100 and their shares", questions, lambda text: searched(index, text))
        print(f"file {file.stat().st_size / count:.0f} bytes a passage")
        print(
            f"resident after {len(questions)} questions {(resident() - warm) / count:.0f} a passage"
        )
        print(f"opening it with the dictionary {(warm - before) / 2**20:.0f} MiB")
        print(f"of the exact best {DEPTH} found: {overlap(index, questions):.4f}")
        if not alone:
            other = timed("bm25s retrieve", questions, of_bm25s(count))
            print(f"ratio of the medians {ours[0] / other[0]:.2f}, p99 {ours[1] / other[1]:.2f}")


def searched(index: WordIndex, question: str) -> None:
    asked = index.ask(question)
    asked.shares(asked.best(DEPTH))


def overlap(index: WordIndex, questions: list[str]) -> float:
    """Of the `DEPTH` highest shares of all passages, how many are as high among the found."""
    everything = np.arange(index.postings.passages)
    kept = []
    for question in questions[:40]:
        asked = index.ask(question)
        exact = np.sort(asked.shares(everything).sum(axis=0))[::-1][:DEPTH]
        found = asked.shares(asked.best(DEPTH)).sum(axis=0)
        kept.append(np.mean(found[: len(exact)] >= exact[min(len(found), DEPTH) - 1] - 1e-6))
    return float(np.mean(kept))


def of_bm25s(count: int) -> Callable[[str], object]:
    """The baseline: the library's own search over the same tokens."""
    engine = bm25s.BM25(k1=1.2, b=0.9, method="lucene")
    engine.index([tokens(text) for text in passages(count)], show_progress=False)
    return lambda text: engine.retrieve([tokens(text)], k=DEPTH, show_progress=False)


def timed(what: str, questions: list[str], search: Callable[[str], object]) -> tuple[float, float]:
    """Median and 99th percentile in milliseconds of one thread, after a round that warms: time
    that others had the processor does not count."""
    for question in questions:
        search(question)
    took = []
    for question in questions * 3:
        began = time.thread_time()
        search(question)
        took.append(1000 * (time.thread_time() - began))
    p50, p99 = np.percentile(took, [50, 99]).tolist()
    print(f"{what}: p50 {p50:.1f} ms, p99 {p99:.1f} ms")
    return p50, p99


def passages(count: int) -> Iterator[str]:
    """The same ones each time."""
    draw = random.Random(7)
    by_language = [sample_texts("zh"), sample_texts("en")]
    words = [[word for text in texts for word in _WORD.findall(text)] for texts in by_language]
    for number in range(count):
        language = number % 2
        texts, others = by_language[language], words[language]

        def changed(found: re.Match[str], others: list[str] = others) -> str:
            chance = draw.random()
            if chance < INVENTED:
                return f"{draw.choice('ABCDEFGH')}{draw.randrange(10_000_000)}"
            return draw.choice(others) if chance < CHANGED else found[0]

        yield _WORD.sub(changed, draw.choice(texts))


def sample_texts(language: str) -> list[str]:
    rows = [row for file in sorted(SAMPLE.glob("*.jsonl")) for row in _rows(file)]
    names = [f"{name}_{language}" for name in ("text", "summary", "question", "answer")]
    return [row[name] for row in rows for name in names if row.get(name)]


def sample_questions() -> list[str]:
    return [row["text"] for file in sorted(SAMPLE.glob("questions/*.jsonl")) for row in _rows(file)]


def _rows(file: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line]


def resident() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096


if __name__ == "__main__":
    given = [word for word in sys.argv[1:] if word != "--alone"]
    main(int(given[0]) if given else 100_000, alone="--alone" in sys.argv)
