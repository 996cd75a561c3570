"""What holds between rows: no id twice, and every id that is named exists."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from knowledge.importers.batch import Placed, Reference
from knowledge.importers.kinds import IN_CHINESE, FileKind
from knowledge.importers.people import OrganisationRow
from knowledge.importers.problems import MendableError, Problems
from knowledge.importers.row import Refers
from knowledge.importers.rows import ROWS
from knowledge.tables import OrganisationKind

Rows = Mapping[FileKind, Sequence[Placed]]


def duplicates(rows: Rows, problems: Problems) -> None:
    """Report every row whose id another row bears already, and where that one stands."""
    seen: dict[tuple[str, str], Placed] = {}
    for kind in FileKind:
        for placed in rows.get(kind, ()):
            first = seen.setdefault((kind.space, placed.row.id), placed)
            if first is not placed:
                problems.add(placed.file, _twice(placed, first), placed.number, "id")


def references(kind: FileKind, placed: Placed) -> Iterator[Reference]:
    """Every id that a row names."""
    for column, refers in _referring(kind):
        value = getattr(placed.row, column)
        for key in value if isinstance(value, tuple) else (value,):
            if key:
                yield Reference(refers, key, placed.file, placed.number, column)


def unresolved(rows: Rows, problems: Problems) -> list[Reference]:
    """The references that the batch itself can't follow; those to the wrong sort are problems."""
    known = {kind: {placed.row.id: placed for placed in rows.get(kind, ())} for kind in FileKind}
    left = []
    for kind in FileKind:
        for placed in rows.get(kind, ()):
            for reference in references(kind, placed):
                target = known[reference.refers.kind].get(reference.id)
                if target is None:
                    left.append(reference)
                elif reference.refers.enterprise and not _is_enterprise(target):
                    report(problems, reference, not_an_enterprise(reference))
    return left


def report(problems: Problems, reference: Reference, error: MendableError) -> None:
    problems.add(reference.file, error, reference.number, reference.column)


def dangling(reference: Reference) -> MendableError:
    kind = reference.refers.kind
    return MendableError(
        f"编号“{reference.id}”在{IN_CHINESE[kind]}（{kind}）中找不到："
        f"请更正，或在 {kind} 文件中加上这一行。",
        f"no row of {kind} has the id {reference.id!r}: correct it, or add that row to {kind}.",
    )


def not_an_enterprise(reference: Reference) -> MendableError:
    return MendableError(
        f"“{reference.id}”不是企业：请填写类型为 enterprise 的单位编号。",
        f"{reference.id!r} is no enterprise: name an organisation whose kind is enterprise.",
    )


@cache
def _referring(kind: FileKind) -> list[tuple[str, Refers]]:
    return [
        (name, mark)
        for name, field in ROWS[kind].model_fields.items()
        for mark in field.metadata
        if isinstance(mark, Refers)
    ]


def _is_enterprise(placed: Placed) -> bool:
    return (
        isinstance(placed.row, OrganisationRow) and placed.row.kind is OrganisationKind.ENTERPRISE
    )


def _twice(placed: Placed, first: Placed) -> MendableError:
    key, where = placed.row.id, f"{first.file}"
    return MendableError(
        f"编号“{key}”重复：{where} 第 {first.number} 行已经用过，请改成另一个编号或删去其中一行。",
        f"the id {key!r} is taken by row {first.number} of {where}: change one of them, or delete"
        " one of the rows.",
    )
