"""Column types whose values are sealed on the way in and opened on the way out.

The ring belongs to the engine: `install` ties it to the engine's dialect, which SQLAlchemy hands to
each type. So nothing is built at import, two engines may have different keys, and statements of the
core and the ORM, prepared or not, with RETURNING or without, are all served.
"""

import json
from typing import Any

from sqlalchemy import ClauseElement, Dialect, Engine, String
from sqlalchemy.sql.operators import OperatorType, is_, is_not
from sqlalchemy.types import TypeDecorator

from bot.sealing.ring import KeyRing, SealError

_ATTRIBUTE = "xiaoqi_key_ring"
# What tells nothing is not sealed: most deliveries are copies, and have no values.
_EMPTY = ("{}", "[]", "null")


def install(engine: Engine, ring: KeyRing) -> None:
    """From now on this engine (and whatever options are derived from it) seals with `ring`."""
    give_ring(engine.dialect, ring)


def give_ring(dialect: Dialect, ring: KeyRing) -> None:
    """As `install`, for whoever has no more than the dialect."""
    setattr(dialect, _ATTRIBUTE, ring)


def has_ring(dialect: Dialect) -> bool:
    return hasattr(dialect, _ATTRIBUTE)


def ring_of(dialect: Dialect) -> KeyRing:
    """Raises SealError for an engine that was opened without keys."""
    ring: KeyRing | None = getattr(dialect, _ATTRIBUTE, None)
    if ring is None:
        raise SealError("This engine has no keys: open it through bot.app, or install a key ring.")
    return ring


class _Sealed(TypeDecorator[Any]):
    """Kept as text. It can't be searched for in SQL: each sealing of the same words differs."""

    impl = String

    class Comparator(TypeDecorator.Comparator[Any]):
        """Refuses what would quietly find nothing."""

        def operate(self, op: OperatorType, *other: Any, **kwargs: Any) -> Any:
            if op not in (is_, is_not) and any(not isinstance(it, ClauseElement) for it in other):
                raise TypeError("a sealed column can't be searched in SQL: read it instead")
            return super().operate(op, *other, **kwargs)

    comparator_factory = Comparator


class SealedText(_Sealed):
    """A text that people wrote."""

    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else ring_of(dialect).seal(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else ring_of(dialect).open(value)


class SealedJson(_Sealed):
    """Plain values, such as JSON can hold, with words of people among them."""

    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        if value is None:
            return None
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        return text if text in _EMPTY else ring_of(dialect).seal(text)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else json.loads(ring_of(dialect).open(value))
