"""What an error means, and how to name it without quoting anybody."""

import traceback
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from knowledge.database import DatabaseAwayError

# PostgreSQL's SQLSTATE classes for a lost connection, too few resources, a server going or coming.
_AWAY = ("08", "53", "57P")
# Serialization failure and deadlock: the same transaction may pass at the next try.
_COLLISIONS = frozenset({"40001", "40P01"})
_OWN = Path(__file__).parents[1]


def is_away(error: BaseException) -> bool:
    """Whether the database could not be asked at all: waiting mends it, another try alone won't."""
    if isinstance(error, DatabaseAwayError):
        return True
    return isinstance(error, DBAPIError) and (_state(error) or "").startswith(_AWAY)


def is_collision(error: BaseException) -> bool:
    """Whether two transactions met, and this one was sent back."""
    return isinstance(error, DBAPIError) and _state(error) in _COLLISIONS


def named(error: BaseException) -> str:
    """The error's class and the driver's code: not its text, which may quote somebody's words."""
    orig = error.orig if isinstance(error, DBAPIError) else None
    code = getattr(orig, "sqlite_errorname", None) or getattr(orig, "sqlstate", None)
    return f"{type(error).__name__} {code}" if code else type(error).__name__


def placed(error: BaseException) -> str:
    """An error's class and where it was raised, in our own code if it passed there: no text."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(_OWN)]
    if not frames:
        return named(error)
    frame = (own or frames)[-1]
    return f"{named(error)} in {Path(frame.filename).stem}.{frame.name}, line {frame.lineno}"


def _state(error: DBAPIError) -> str | None:
    state: str | None = getattr(error.orig, "sqlstate", None)
    return state
