"""Statements compiled once and run by the driver itself.

On the way of every message SQLAlchemy's execution of a statement costs some ten times the
statement's own; what comes of it is the same here: types are converted both ways, and errors
become the ones that Connection.execute raises.
"""

from collections import namedtuple
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Dialect
from sqlalchemy.sql.selectable import ReturnsRows
from sqlmodel import Session

Convert = Callable[[Any], Any]


class Prepared:
    """A statement with all its parameters named by `bindparam`; no list in an IN.

    Safe to share between threads and databases. `columns`: those that an Insert is given; what
    stands in Python as their default is not looked at.
    """

    def __init__(self, statement: ReturnsRows, columns: Sequence[str] | None = None) -> None:
        self._statement = statement
        self._columns = columns

    def rows(self, session: Session, **values: Any) -> list[Any]:
        """Named tuples of what was selected or is returned, after what the session has changed."""
        session.flush()
        connection = _connection(session)
        return self._for(connection.dialect).rows(connection, values)

    def change(self, session: Session, **values: Any) -> int:
        """How many rows were changed, after what the session has changed."""
        session.flush()
        connection = _connection(session)
        return self._for(connection.dialect).change(connection, values)

    def change_each(self, session: Session, rows: Sequence[dict[str, Any]]) -> None:
        """Once for each of `rows`, which are at least one, in one call of the driver."""
        session.flush()
        connection = _connection(session)
        self._for(connection.dialect).change_each(connection, rows)

    def _for(self, dialect: Dialect) -> "_Compiled":
        # Kept by the dialect, of which each engine has its own: how a type is converted may depend
        # on the engine, as the key does that seals a text.
        kept: dict[Prepared, _Compiled] = dialect.__dict__.setdefault("xiaoqi_prepared", {})
        found = kept.get(self)
        if found is None:
            found = kept[self] = _compile(self._statement, self._columns, dialect)
        return found


@dataclass(frozen=True, slots=True)
class _Compiled:
    """`places`: name, value where it is the statement's own, and how a given one is converted."""

    text: str
    places: tuple[tuple[str, Any, Convert | None], ...]
    given: frozenset[str]
    positional: bool
    row: type[Any]
    converts: tuple[tuple[int, Convert], ...]

    def rows(self, connection: Connection, values: dict[str, Any]) -> list[Any]:
        cursor = self._run(connection, values)
        try:
            found = cursor.fetchall()
        except Exception as error:  # whatever the driver raises
            _raise(connection, error, self.text)
        finally:
            cursor.close()
        if not self.converts:
            return [self.row(*row) for row in found]
        return [self.row(*self._converted(row)) for row in found]

    def change(self, connection: Connection, values: dict[str, Any]) -> int:
        cursor = self._run(connection, values)
        changed: int = cursor.rowcount
        cursor.close()
        return changed

    def change_each(self, connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
        parameters = [self._bound(values) for values in rows]
        cursor = connection.connection.cursor()
        try:
            cursor.executemany(self.text, parameters)
        except Exception as error:  # whatever the driver raises
            _raise(connection, error, self.text)
        finally:
            cursor.close()

    def _run(self, connection: Connection, values: dict[str, Any]) -> Any:
        parameters = self._bound(values)
        cursor = connection.connection.cursor()
        try:
            cursor.execute(self.text, parameters)
        except Exception as error:  # whatever the driver raises
            cursor.close()
            _raise(connection, error, self.text)
        return cursor

    def _bound(self, values: dict[str, Any]) -> Any:
        if self.given != values.keys():
            raise TypeError(f"takes {sorted(self.given)}, not {sorted(values)}")
        bound = [
            (
                name,
                own if name not in values else convert(values[name]) if convert else values[name],
            )
            for name, own, convert in self.places
        ]
        return tuple(value for _, value in bound) if self.positional else dict(bound)

    def _converted(self, row: Sequence[Any]) -> list[Any]:
        values = list(row)
        for place, convert in self.converts:
            values[place] = convert(values[place])
        return values


def _compile(statement: ReturnsRows, columns: Sequence[str] | None, dialect: Dialect) -> _Compiled:
    compiled = statement.compile(dialect=dialect, column_keys=columns)
    binds = {name: bind for bind, name in compiled.bind_names.items()}
    places, given = [], set()
    for name in compiled.positiontup or list(binds):
        bind = binds[name]
        convert = bind.type.dialect_impl(dialect).bind_processor(dialect)
        if bind.required:
            given.add(name)
            places.append((name, None, convert))
        else:
            own = bind.effective_value
            places.append((name, convert(own) if convert else own, None))
    shown = list(statement.exported_columns)
    converts = [
        (place, convert)
        for place, column in enumerate(shown)
        if (convert := column.type.dialect_impl(dialect).result_processor(dialect, None))
    ]
    return _Compiled(
        str(compiled),
        tuple(places),
        frozenset(given),
        compiled.positiontup is not None,
        namedtuple("Row", [str(column.key) for column in shown]),
        tuple(converts),
    )


def _connection(session: Session) -> Connection:
    """The one that the session works on; without the session's own ado where that is known."""
    bound = session.bind
    return (
        bound if isinstance(bound, Connection) and bound.in_transaction() else session.connection()
    )


def _raise(connection: Connection, error: BaseException, text: str) -> None:
    """As Connection.execute does: named, told to the engine's listeners, a lost one given up."""
    connection._handle_dbapi_exception(error, text, None, None, None)
