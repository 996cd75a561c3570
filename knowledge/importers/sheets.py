"""CSV and JSONL as rows of cells under headings."""

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from knowledge.importers.headings import is_remark, known_headings
from knowledge.importers.limits import MAX_COLUMNS
from knowledge.importers.problems import MendableError

Cells = dict[str, object]
DELIMITERS = (",", ";", "\t")


@dataclass(frozen=True)
class Sheet:
    """`headings` is None where each row names its own; `header_row` is where they stand.

    `rows`: (row number, cells or what is wrong with the row). The number is the one that Excel
    (JSONL: an editor) shows; empty rows and empty cells are left out.
    """

    headings: list[str] | None
    header_row: int
    rows: Iterator[tuple[int, Cells | MendableError]]


def csv_sheet(text: str) -> Sheet:
    """Delimited by comma, semicolon or tab, whichever yields most of the known headings."""
    if "\n" not in text:
        text = text.replace("\r", "\n")
    first = next((line for line in _lines(text) if line.strip()), "")
    delimiter = max(DELIMITERS, key=lambda mark: known_headings(_cut(first, mark)))
    return sheet_of(_records(text, delimiter))


def jsonl_sheet(text: str) -> Sheet:
    return Sheet(None, 0, _objects(text))


def sheet_of(records: Iterator[tuple[int, Sequence[object] | MendableError]]) -> Sheet:
    """The first record that is not empty holds the headings. Raises MendableError without one."""
    for number, record in records:
        if isinstance(record, MendableError):
            raise record
        headings = ["" if cell is None else str(cell).strip() for cell in record]
        while headings and not headings[-1]:
            headings.pop()
        if len(headings) > MAX_COLUMNS:
            raise too_wide(len(headings))
        if headings:
            return Sheet([name for name in headings if name], number, _rows(headings, records))
    raise MendableError(
        "文件是空的：第一行写列名，下面每行一条。",
        "the file is empty: write the column names in the first row and one item a row below.",
    )


def too_wide(width: int) -> MendableError:
    return MendableError(
        f"有 {width} 列，最多 {MAX_COLUMNS} 列：请删去右边多余的列。",
        f"there are {width} columns, at most {MAX_COLUMNS} fit: delete those on the right.",
    )


def is_empty(value: object) -> bool:
    return value is None or value == [] or (isinstance(value, str) and not value.strip())


def _cut(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def _records(text: str, delimiter: str) -> Iterator[tuple[int, Sequence[object] | MendableError]]:
    reader = csv.reader(_lines(text), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, record in enumerate(reader, start=1):
            yield number, record
    except csv.Error:
        yield (
            number + 1,
            MendableError(
                '引号不成对：含有引号、逗号或换行的内容要整个放进一对英文双引号，其中的引号写两遍（""）。'
                "从这一行起都没有读。",
                "the quotation marks don't match: put a text with quotes, commas or line breaks"
                ' into "..." and double the quotes within (""). Nothing from this row on was read.',
            ),
        )


def _lines(text: str) -> Iterator[str]:
    """Line by line: a whole copy, as StringIO makes it, would take four bytes a character."""
    start = 0
    while start < len(text):
        end = text.find("\n", start) + 1 or len(text)
        yield text[start:end]
        start = end


def _rows(
    headings: Sequence[str], records: Iterator[tuple[int, Sequence[object] | MendableError]]
) -> Iterator[tuple[int, Cells | MendableError]]:
    for number, record in records:
        if isinstance(record, MendableError):
            yield number, record
            continue
        full = [(place, cell) for place, cell in enumerate(record) if not is_empty(cell)]
        stray = next((p for p, _ in full if p >= len(headings) or not headings[p]), None)
        if stray is not None:
            yield number, _stray(stray)
        elif full:
            yield number, {headings[place]: cell for place, cell in full}


def _stray(place: int) -> MendableError:
    return MendableError(
        f"第 {place + 1} 格有内容，但这一列没有列名："
        "请补上列名，或给含有分隔符的内容加上英文双引号。",
        f"cell {place + 1} holds something, but its column has no name: name the column, or put a"
        ' text that contains the delimiter into "...".',
    )


def _objects(text: str) -> Iterator[tuple[int, Cells | MendableError]]:
    # Not splitlines: a text may well contain the other characters that it would split at.
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip("\ufeff \t\r"):
            continue
        yield number, _object(line)


def _object(line: str) -> Cells | MendableError:
    try:
        found = json.loads(line.strip("\ufeff \t\r"), parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        place = getattr(error, "colno", 1)
        return MendableError(
            f"第 {place} 个字符起不是合法的 JSON：每行写一个 {{...}}，行内不要换行。",
            f"from character {place} on this is no JSON: write one {{...}} a line, without breaks.",
        )
    if not isinstance(found, dict):
        return MendableError("每行应当是一个 {...} 对象。", "each line must be one {...} object.")
    return {
        name: value for name, value in found.items() if not is_empty(value) and not is_remark(name)
    }


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no value")
