"""Question to card through the real process, against the encoder alone, in one run.

    python -m benchmarks.ask [--questions N]

Each question is encoded once by itself and asked once in the chat, in turn, so that a change of the
machine's speed meets both. Target: p50 of the card at most 1.25 times p50 of the encoder.
"""

import argparse
import asyncio
import json
import statistics
import time
from itertools import cycle, islice

from benchmarks.desk import bench
from knowledge.sample import sample_folder
from retrieval.encoder import Encoder, load_encoder


def questions(number: int) -> list[str]:
    lines = (sample_folder() / "questions" / "queries.jsonl").read_text("utf-8").splitlines()
    return list(islice(cycle(json.loads(line)["text"] for line in lines), number))


async def measure(texts: list[str]) -> tuple[list[float], list[float]]:
    """Milliseconds of the encoder alone, and of question to card."""
    encoder = await asyncio.to_thread(load_encoder)
    alone, cards = [], []
    async with bench() as desk:
        asker = desk.owner()
        for warm_up, text in enumerate([*texts[:5], *texts], start=-5):
            encoding = await asyncio.to_thread(encode, encoder, text)
            begun = time.perf_counter()
            sent = asker.send_text(text)
            await desk.card(asker, sent.id)
            asked = (time.perf_counter() - begun) * 1000
            if warm_up >= 0:
                alone.append(encoding)
                cards.append(asked)
    return alone, cards


def encode(encoder: Encoder, text: str) -> float:
    begun = time.perf_counter()
    encoder.encode_questions([text])
    return (time.perf_counter() - begun) * 1000


def report(alone: list[float], cards: list[float]) -> None:
    for name, times in (("encoder alone", alone), ("question to card", cards)):
        p99 = statistics.quantiles(times, n=100)[98]
        print(f"{name:17} p50 {statistics.median(times):7.1f} ms   p99 {p99:7.1f} ms")
    ratio = statistics.median(cards) / statistics.median(alone)
    print(f"ratio of p50s     {ratio:.2f}   (target at most 1.25)")
    print(f"not the encoder   {1 - 1 / ratio:.0%} of p50")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=200)
    report(*asyncio.run(measure(questions(parser.parse_args().questions))))
