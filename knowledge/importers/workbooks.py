"""XLSX: the first sheet, as it was last stored by the program that calculated it."""

import re
from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import islice
from posixpath import join, normpath
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

from openpyxl import load_workbook

from knowledge.importers.budget import Budget
from knowledge.importers.kinds import kind_of_name
from knowledge.importers.limits import MAX_COLUMNS, MAX_SHEET_ROWS
from knowledge.importers.problems import MendableError
from knowledge.importers.sheets import Sheet, is_empty, sheet_of, too_wide

OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]+\d+:[A-Z]+\d+)"')
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>]")
_CHUNK, _LONGEST_TAG = 2**20, 200
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def workbook_sheet(content: bytes, budget: Budget) -> Sheet:
    """Raises MendableError for what is no workbook, or whose cells are merged."""
    if content.startswith(OLD_EXCEL):
        raise MendableError(
            "这是旧版 .xls 或加了密码的工作簿：请在 Excel 中另存为不加密的 .xlsx。",
            "this is an old .xls or a workbook with a password: save it in Excel as .xlsx, without"
            " one.",
        )
    try:
        formulas = _inspected(content, budget)
        values = _opened(content, stored=True)
        return sheet_of(_records(values, _opened(content, stored=False) if formulas else None))
    except MendableError:
        raise
    except Exception as error:  # openpyxl lets out whatever its parsers stumble over
        raise _damaged(error) from error


def _damaged(error: Exception) -> MendableError:
    reason = type(error).__name__
    return MendableError(
        f"这个 .xlsx 打不开（{reason}）：请在 Excel 中打开并重新另存为 .xlsx。",
        f"this .xlsx can't be opened ({reason}): open it in Excel and save it as .xlsx again.",
    )


def _inspected(content: bytes, budget: Budget) -> bool:
    """Whether the sheet has formulas. Raises MendableError for a bomb and for merged cells."""
    with ZipFile(BytesIO(content)) as archive:
        budget.take(sum(part.file_size for part in archive.infolist()))
        merged: list[str] = []
        formulas, rest = False, b""
        with archive.open(_first_sheet(archive)) as part:
            while chunk := part.read(_CHUNK):
                window = rest + chunk
                merged += [found.decode() for found in _MERGED.findall(window)]
                formulas = formulas or _FORMULA.search(window) is not None
                rest = window[-_LONGEST_TAG:]
    if merged:
        raise _merged(list(dict.fromkeys(merged)))
    return formulas


def _first_sheet(archive: ZipFile) -> str:
    """The path of the first sheet within the archive."""
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 (see below)
    wanted = next(node.get(_RELATION) for node in book.iter() if node.tag.endswith("}sheet"))
    # Expat itself has refused to blow entities up since 2.4.1.
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    target = next(node.get("Target", "") for node in relations if node.get("Id") == wanted)
    return normpath(join("/xl", target)).lstrip("/")


def _merged(ranges: Sequence[str]) -> MendableError:
    shown = ", ".join(ranges[:10]) + (" ..." if len(ranges) > 10 else "")
    return MendableError(
        f"有合并单元格：{shown}。请选中它们，点“取消合并单元格”，并把内容填进每一格。",
        f"cells are merged: {shown}. Select them, choose Unmerge Cells, and fill in every cell.",
    )


def _opened(content: bytes, *, stored: bool) -> Iterator[tuple[Any, ...]]:
    book = load_workbook(BytesIO(content), read_only=True, data_only=stored, keep_links=False)
    first, *others = book.worksheets
    for other in others:
        if kind_of_name(other.title) is not None:
            raise MendableError(
                f"只读第一张工作表，“{other.title}”不会被读：请把它另存为单独的文件。",
                f"only the first sheet is read, {other.title!r} would not be: save it as a file of"
                " its own.",
            )
    # Some programs write a wrong size of the sheet, and cells beyond it would be lost.
    first.reset_dimensions()
    return islice(first.iter_rows(values_only=True), MAX_SHEET_ROWS)


def _records(
    values: Iterator[Sequence[object]], formulas: Iterator[Sequence[object]] | None
) -> Iterator[tuple[int, Sequence[object] | MendableError]]:
    number = 0
    try:
        for number, record in enumerate(values, start=1):
            if len(record) > MAX_COLUMNS and any(not is_empty(c) for c in record[MAX_COLUMNS:]):
                raise too_wide(len(record))
            sources = next(formulas, ()) if formulas else ()
            unknown = _uncalculated(record, sources)
            yield number, (record[:MAX_COLUMNS] if unknown is None else unknown)
    except MendableError as error:
        yield number, error
    except Exception as error:  # openpyxl reads row by row and lets out what it stumbles over
        yield number + 1, _damaged(error)


def _uncalculated(record: Sequence[object], sources: Sequence[object]) -> MendableError | None:
    """A formula whose result was never stored would be read as an empty cell."""
    for place, (value, source) in enumerate(zip(record, sources, strict=False), start=1):
        if value is None and source is not None:
            return MendableError(
                f"第 {place} 格是没有结果的公式：请在 Excel 中打开并保存，或改填具体的值。",
                f"cell {place} is a formula without a stored result: open and save the file in"
                " Excel, or write the value itself.",
            )
    return None
