"""Reads one file from its standard input: `python -m bot.excerpts KIND`; see `apart`.

The answer is JSON: `text`, or `why` it can't be read.
"""

import json
import sys

from bot.excerpts.formats import BombError, LockedError, first_words
from bot.excerpts.limits import CPU_SECONDS, MOST_MEMORY

try:
    import resource
except ImportError:  # Windows: the parent's patience is the only bound
    resource = None  # type: ignore[assignment]


def bound() -> None:
    """Where the system can, no more memory and time than reading takes, and no file written."""
    if resource is None:
        return
    for what, most in (
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
    ):
        try:
            resource.setrlimit(what, (most, most))
        except (ValueError, OSError):
            continue


def read(kind: str, content: bytes) -> dict[str, str]:
    try:
        text = first_words(kind, content)
    except LockedError:
        return {"why": "locked"}
    except (BombError, MemoryError, RecursionError):
        return {"why": "too_much"}
    except Exception:  # a broken file breaks a library in ways that it does not name
        return {"why": "broken"}
    has_words = any(letter.isalpha() for letter in text)
    return {"text": text} if has_words else {"why": "no_text"}


if __name__ == "__main__":
    bound()
    answer = read(sys.argv[1], sys.stdin.buffer.read())
    sys.stdout.buffer.write(json.dumps(answer).encode())
