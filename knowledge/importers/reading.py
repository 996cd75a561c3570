"""Files to a batch: every row checked, every fault reported at its place."""

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from knowledge.importers import headings
from knowledge.importers.batch import Batch, Placed
from knowledge.importers.budget import Budget
from knowledge.importers.decoding import decoded
from knowledge.importers.kinds import FileKind, kind_of_name
from knowledge.importers.limits import MAX_ROWS
from knowledge.importers.problems import MendableError, Problems
from knowledge.importers.references import duplicates, unresolved
from knowledge.importers.row import Row
from knowledge.importers.rows import ROWS
from knowledge.importers.sheets import Cells, Sheet, csv_sheet, jsonl_sheet
from knowledge.importers.unpacking import Source, unpacked
from knowledge.importers.workbooks import OLD_EXCEL, workbook_sheet

_ZIP = b"PK\x03\x04"


def read_files(sources: Iterable[Source]) -> Batch:
    """Read tables from paths, folders and (name, bytes) pairs, ZIPs of them included.

    Nothing is raised for bad content: it is among the batch's problems.
    """
    reading = _Reading()
    for name, content in unpacked(sources, reading.budget, reading.problems):
        reading.read(name, content)
    return reading.batch()


class _Reading:
    def __init__(self) -> None:
        self.budget = Budget()
        self.problems = Problems()
        self.rows: dict[FileKind, list[Placed]] = {}
        self.broken: set[tuple[str, str]] = set()
        # Rows were lost whose ids nobody knows: any of them may be what others refer to.
        self.rows_lost = False
        self.rows_left = MAX_ROWS

    def batch(self) -> Batch:
        if not self.rows and not self.problems.count:
            self.problems.add("", _nothing())
        lost = self.rows_lost or any(problem.row is None for problem in self.problems.kept)
        duplicates(self.rows, self.problems)
        left = tuple(
            reference
            for reference in unresolved(self.rows, self.problems)
            # What names a row that has a fault of its own is right.
            if not lost and (reference.refers.kind.space, reference.id) not in self.broken
        )
        return Batch(self.rows, tuple(self.problems.kept), self.problems.count, left)

    def read(self, name: str, content: bytes) -> None:
        try:
            sheet = _sheet(name, content, self.budget)
            kind, rows = _told_kind(name, sheet)
        except MendableError as error:
            self.problems.add(name, error)
            return
        if sheet.headings is None or self._may_be_read(name, kind, sheet):
            self._read_rows(name, kind, sheet, rows)

    def _may_be_read(self, name: str, kind: FileKind, sheet: Sheet) -> bool:
        """Report faults of the first row; where a column is missing, every row would be a fault."""
        found = sheet.headings or []
        for error in headings.faults(kind, found):
            self.problems.add(name, error, sheet.header_row)
        missing = headings.missing_columns(kind, headings.matched(kind, found))
        self.rows_lost |= bool(missing)
        return not missing

    def _read_rows(
        self,
        name: str,
        kind: FileKind,
        sheet: Sheet,
        rows: Iterator[tuple[int, Cells | MendableError]],
    ) -> None:
        found = self.rows.setdefault(kind, [])
        count, unknown = 0, set[str]()
        for number, cells in rows:
            count += 1
            self.rows_left -= 1
            if self.rows_left < 0:
                self.problems.add(name, _too_many_rows(), number)
                self.rows_lost = True
                return
            if isinstance(cells, MendableError):
                self.problems.add(name, cells, number)
                self.rows_lost = True
                continue
            if sheet.headings is None:
                self._report_unknown(name, kind, number, cells, unknown)
            row = self._checked(name, kind, number, cells)
            if row is not None:
                found.append(Placed(row, name, number))
        if not count:
            self.problems.add(name, _no_rows())

    def _report_unknown(
        self, name: str, kind: FileKind, number: int, cells: Cells, told: set[str]
    ) -> None:
        """Once for each unknown name of a JSONL file."""
        known = headings.columns_of(kind)
        for heading in cells:
            if heading not in told and headings.normal(heading) not in known:
                told.add(heading)
                self.problems.add(name, headings.unknown_column(kind, heading), number)

    def _checked(self, name: str, kind: FileKind, number: int, cells: Cells) -> Row | None:
        columns = headings.matched(kind, cells)
        written = {column: heading for heading, column in columns.items()}
        try:
            return ROWS[kind].model_validate({columns[h]: cells[h] for h in columns})
        except ValidationError as error:
            self.broken.add((kind.space, str(cells.get(written.get("id", ""), "")).strip()))
            for detail in error.errors(include_url=False):
                fault, column = _fault(detail)
                self.problems.add(name, fault, number, written.get(column, column) or None)
        return None


def _sheet(name: str, content: bytes, budget: Budget) -> Sheet:
    suffix = Path(name).suffix.lower()
    if suffix in (".xlsx", ".xlsm"):
        return workbook_sheet(content, budget)
    if content.startswith((_ZIP, OLD_EXCEL)):
        raise MendableError(
            f"内容是 Excel 工作簿，扩展名却是 {suffix}："
            "请改为 .xlsx，或在 Excel 中另存为 CSV UTF-8。",
            f"this is an Excel workbook named {suffix}: name it .xlsx, or save it in Excel as CSV"
            " UTF-8.",
        )
    text = decoded(content)
    return jsonl_sheet(text) if suffix in (".jsonl", ".ndjson") else csv_sheet(text)


def _told_kind(
    name: str, sheet: Sheet
) -> tuple[FileKind, Iterator[tuple[int, Cells | MendableError]]]:
    """What a file holds, by its name or else its columns, and its rows from the first on."""
    first = list(islice(sheet.rows, 1))
    kind = kind_of_name(name)
    if kind is None:
        cells = first[0][1] if first else {}
        named = list(cells) if isinstance(cells, dict) else []
        kind = headings.kind_of_columns(sheet.headings or named)
    if kind is None:
        raise MendableError(
            f"看不出这个文件的内容：文件名请以这些词之一开头，如 experts.csv："
            f"{'、'.join(FileKind)}。",
            f"what this file holds can't be told: begin its name with one of {', '.join(FileKind)},"
            " as in experts.csv.",
        )
    return kind, chain(first, sheet.rows)


def _fault(detail: ErrorDetails) -> tuple[MendableError, str]:
    """The error of one cell, and the column it stands in (empty for the whole row)."""
    column = str(detail["loc"][0]) if detail["loc"] else ""
    error = detail.get("ctx", {}).get("error")
    if isinstance(error, MendableError):
        return error, column or error.column or ""
    if detail["type"] == "missing":
        return MendableError("必填，不能空着：请填写。", "must not be empty: fill it in."), column
    message = detail["msg"]
    return MendableError(f"内容不合要求：{message}", f"won't do: {message}"), column


def _too_many_rows() -> MendableError:
    return MendableError(
        f"总行数超过 {MAX_ROWS:,}：请分几次发送。",
        f"there are more than {MAX_ROWS:,} rows: send them in parts.",
    )


def _no_rows() -> MendableError:
    return MendableError(
        "只有列名，没有内容：请填写至少一行，或不要发送这个文件。",
        "there are no rows: write at least one, or leave the file out.",
    )


def _nothing() -> MendableError:
    return MendableError(
        "没有可读的文件：请发送 CSV、XLSX、JSONL 或它们的 ZIP。",
        "there is no file to read: send CSV, XLSX, JSONL or a ZIP of them.",
    )
