"""What the running task is about, by ids alone, for the log."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType

_NOTHING: Mapping[str, int] = MappingProxyType({})
_ids: ContextVar[Mapping[str, int]] = ContextVar("about", default=_NOTHING)


@contextmanager
def about(**ids: int | None) -> Iterator[None]:
    """Meanwhile what this task logs is about these too (update, lane, consultation, delivery)."""
    known = {name: number for name, number in ids.items() if number is not None}
    token = _ids.set({**_ids.get(), **known})
    try:
        yield
    finally:
        _ids.reset(token)


def ids() -> Mapping[str, int]:
    return _ids.get()
