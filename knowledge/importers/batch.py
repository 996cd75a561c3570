"""What was read: rows with the places they stand in, and everything that is wrong with them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from knowledge.importers.kinds import FileKind
from knowledge.importers.problems import Problem
from knowledge.importers.row import Refers, Row


class Placed(NamedTuple):
    """A row and where it stands: the file's name and the number that Excel shows."""

    row: Row
    file: str
    number: int


class Reference(NamedTuple):
    """An id that `column` of a row names."""

    refers: Refers
    id: str
    file: str
    number: int
    column: str


@dataclass(frozen=True)
class Batch:
    """`problems` are the first of `problem_count`; only a batch without any can be written.

    `unresolved`: ids that no row of the batch bears; the database may know them.
    """

    rows: Mapping[FileKind, Sequence[Placed]]
    problems: tuple[Problem, ...] = ()
    problem_count: int = 0
    unresolved: tuple[Reference, ...] = ()

    def placed(self) -> Iterator[tuple[FileKind, Placed]]:
        """Every row, in the order in which the kinds are written."""
        for kind in FileKind:
            for placed in self.rows.get(kind, ()):
                yield kind, placed
