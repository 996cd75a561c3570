"""Chinese in one script: traditional characters become simplified ones."""

from functools import cache

from opencc import OpenCC


def simplified(text: str) -> str:
    """The text as it is written in simplified characters; any other character stays.

    Faster than to look for traditional ones first (docs/benchmarks.md, Words).
    """
    # OpenCC takes UTF-8, which has no lone surrogates; nothing else can stand in their place.
    return text if text.isascii() else _converter().convert(text.encode(errors="replace").decode())


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")
