"""What sealing costs a relayed message, in microseconds of the thread that writes.

    python -m benchmarks.sealing [--rounds N]

On its way from an asker to a mentor a text of 40 characters is sealed once as the raw update, once
as the message kept, and opened again where it is read. Beside it: the same columns left plain.
"""

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable

from bot.sealing.ring import KEY_BYTES, KeyRing

TEXT = "浇口截面要改到多少平方毫米，压射速度要不要跟着提高？谢谢老师，我们周三试模。"
UPDATE = json.dumps(
    {
        "update_id": 123456789,
        "message": {
            "message_id": 4711,
            "from": {
                "id": 5000000001,
                "is_bot": False,
                "first_name": "王建国",
                "language_code": "zh",
            },
            "chat": {"id": 5000000001, "first_name": "王建国", "type": "private"},
            "date": 1795400000,
            "text": TEXT,
        },
    },
    ensure_ascii=False,
)


def microseconds(work: Callable[[], object], times: int = 2000) -> float:
    begun = time.thread_time()
    for _ in range(times):
        work()
    return (time.thread_time() - begun) / times * 1e6


def measure(rounds: int) -> dict[str, float]:
    """Medians of the rounds."""
    ring = KeyRing([os.urandom(KEY_BYTES)])
    sealed_update, sealed_text = ring.seal(UPDATE), ring.seal(TEXT)
    acts: dict[str, Callable[[], object]] = {
        "seal the raw update": lambda: ring.seal(UPDATE),
        "seal the message": lambda: ring.seal(TEXT),
        "open the raw update": lambda: ring.open(sealed_update),
        "open the message": lambda: ring.open(sealed_text),
    }
    found = {
        name: statistics.median(microseconds(act) for _ in range(rounds))
        for name, act in acts.items()
    }
    sizes = len(sealed_update) / len(UPDATE.encode()), len(sealed_text) / len(TEXT.encode())
    return found | {"update grows by": sizes[0], "message grows by": sizes[1]}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    for name, figure in measure(parser.parse_args().rounds).items():
        print(f"{name:22}{figure:8.2f}")
