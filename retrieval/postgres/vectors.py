"""The vectors of one snapshot, as the search asks for them."""

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from retrieval.allowed import Allowed
from retrieval.postgres.database import Database
from retrieval.postgres.tables import vector_table, worth_a_graph
from retrieval.rows import Columns, Rows

Floats = npt.NDArray[np.float32]

# The order is mended outside: a scan that goes on behind a filter brings its rows in bunches.
_NEAREST: Final = (
    "WITH near AS MATERIALIZED (SELECT row, vector <#> %(asked)s::halfvec AS distance"
    " FROM {table} {chosen} ORDER BY {order} LIMIT %(depth)s)"
    " SELECT row FROM near ORDER BY distance, row"
)
_BY_GRAPH: Final = "vector <#> %(asked)s::halfvec"
# Added to nothing, the distance is no longer what the graph is sorted by: every row that may be
# found is compared.
_BY_COMPARING: Final = f"({_BY_GRAPH}) + 0"


class PostgresVectors:
    """Halves of floats, as `uncrowded` made them."""

    def __init__(self, database: Database, number: int, columns: Columns) -> None:
        self._database, self._table = database, vector_table(number)
        self._columns = columns

    def nearest(self, question: Floats, depth: int, allowed: Allowed | None = None) -> Rows:
        """At most `depth` rows, best first; one round trip."""
        searched = self._searched(allowed)
        found = self._ask(question, depth, allowed, graph=worth_a_graph(searched))
        if worth_a_graph(searched) and len(found) < min(depth, searched):
            # The scan met its limits before enough rows of these kinds.
            found = self._ask(question, depth, allowed, graph=False)
        return np.array([row for (row,) in found], np.int64)

    def plan(self, question: Floats, depth: int, allowed: Allowed | None = None) -> str:
        """How the server would go about `nearest`, in its own words."""
        graph = worth_a_graph(self._searched(allowed))
        lines = self._ask(question, depth, allowed, graph=graph, verb="EXPLAIN")
        return "\n".join(line for (line,) in lines)

    def scores(self, question: Floats, rows: Rows) -> Floats:
        """The rows' cosines, less their crowding; one round trip."""
        found = self._database.read(
            f"SELECT -(vector <#> %(asked)s::halfvec)"  # noqa: S608 (our own names)
            f" FROM unnest(%(rows)s::integer[]) WITH ORDINALITY AS wanted (row, place)"
            f" JOIN {self._table} USING (row) ORDER BY place",
            {"asked": _asked(question), "rows": rows.tolist()},
        )
        return np.array([score for (score,) in found], np.float32)

    def _searched(self, allowed: Allowed | None) -> int:
        return len(self._columns.kinds) if allowed is None else len(allowed.rows)

    def _ask(
        self, question: Floats, depth: int, allowed: Allowed | None, *, graph: bool, verb: str = ""
    ) -> list[Any]:
        query = _NEAREST.format(
            table=self._table,
            chosen="" if allowed is None else "WHERE kind = ANY(%(kinds)s)",
            order=_BY_GRAPH if graph else _BY_COMPARING,
        )
        kinds = None if allowed is None else self._numbers(allowed.kinds)
        values = {"asked": _asked(question), "kinds": kinds, "depth": max(depth, 1)}
        return self._database.read(f"{verb} {query}", values)

    def _numbers(self, kinds: frozenset[str]) -> list[int]:
        return [place for place, name in enumerate(self._columns.kind_names) if name in kinds]


def _asked(question: Floats) -> str:
    """As it meets crowding (retrieval.crowding)."""
    return f"[{','.join(map(str, question.tolist()))},1]"
