"""Statements built once: on the way of every message, building one costs more than running it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Executable, Row
from sqlmodel import Session


def fetch(session: Session, statement: Executable, **values: Any) -> Sequence[Row[Any]]:
    """Rows of columns, with what the session has changed so far; no objects are made."""
    session.flush()
    return session.connection().execute(statement, values).all()
