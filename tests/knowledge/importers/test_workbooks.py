import io
import zipfile
from datetime import date, datetime

import pytest
from openpyxl import Workbook, load_workbook

from knowledge.importers import FileKind, read_files, template
from tests.knowledge.making import saved, told, xlsx_of

HEADINGS = ["id", "mentor", "enterprise", "starts_on", "ends_on"]


def read(content: bytes, name: str = "appointments.xlsx") -> list[str]:
    return told(read_files([(name, content)]))


def replaced(content: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """The workbook with one of its parts changed, as a careless program could write it; an empty
    element is written in either of its two ways."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w") as copy:
        for name in source.namelist():
            inside = source.read(name)
            if name == part:
                inside = inside.replace(b"<v></v>", b"<v />")
                assert old in inside
                inside = inside.replace(old, new)
            copy.writestr(name, inside)
    return target.getvalue()


def test_dates_and_numbers_of_excel_are_what_they_show() -> None:
    first = datetime(2026, 1, 1)  # noqa: DTZ001 (as Excel stores a day)
    batch = read_files(
        [("appointments.xlsx", xlsx_of([HEADINGS, [1, "lin", 2.0, first, date(2027, 12, 31)]]))]
    )
    assert told(batch) == []
    assert batch.rows[FileKind.APPOINTMENTS][0].row.model_dump(mode="json") == {
        "id": "1",
        "mentor": "lin",
        "enterprise": "2",
        "starts_on": "2026-01-01",
        "ends_on": "2027-12-31",
    }


def test_merged_cells_are_named_with_their_range() -> None:
    book = Workbook()
    for row in (["id", "name_zh"], ["p1", "王"], ["p2", None]):
        book.active.append(row)  # type: ignore[union-attr]
    book.active.merge_cells("B2:B3")  # type: ignore[union-attr]
    assert read(saved(book), "people.xlsx") == [
        "people.xlsx: cells are merged: B2:B3. Select them, choose Unmerge Cells, and fill in"
        " every cell."
    ]


def test_a_formula_counts_by_its_stored_result() -> None:
    calculated = replaced(
        xlsx_of([["id", "name_zh"], ["p1", "=UPPER(A2)"]]),
        "xl/worksheets/sheet1.xml",
        b'<c r="B2"><f>UPPER(A2)</f><v /></c>',
        b'<c r="B2" t="str"><f>UPPER(A2)</f><v>P1</v></c>',
    )
    batch = read_files([("people.xlsx", calculated)])
    assert told(batch) == []
    assert batch.rows[FileKind.PEOPLE][0].row.model_dump()["name_zh"] == "P1"


def test_a_formula_without_a_result_is_not_taken_for_an_empty_cell() -> None:
    content = xlsx_of([["id", "name_zh", "name_en"], ["p1", "王", "=UPPER(A2)"]])
    assert "row 2: cell 3 is a formula without a stored result" in read(content, "people.xlsx")[0]


def test_a_formula_that_failed_is_told() -> None:
    content = xlsx_of([["id", "name_zh"], ["p1", "#REF!"]])
    assert "a formula failed (#REF!)" in read(content, "people.xlsx")[0]


def test_rows_are_numbered_as_excel_shows_them() -> None:
    content = xlsx_of([[], ["id", "name_zh", "roles"], [], ["p1", "王", "boss"]])
    assert read(content, "people.xlsx")[0].startswith("people.xlsx, row 4, column roles: ")


def test_columns_beyond_a_wrong_dimension_are_read() -> None:
    content = xlsx_of([["id", "name_zh", "roles"], ["p1", "王", "boss"]])
    small = replaced(content, "xl/worksheets/sheet1.xml", b'ref="A1:C2"', b'ref="A1:A1"')
    assert "column roles" in read(small, "people.xlsx")[0]


def test_another_sheet_that_holds_something_is_not_passed_over() -> None:
    book = Workbook()
    book.active.append(["id", "name_zh"])  # type: ignore[union-attr]
    book.create_sheet("experts")
    assert (
        "only the first sheet is read, 'experts' would not be"
        in read(saved(book), "people.xlsx")[0]
    )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"id,name_zh\np1,x\n", "can't be opened (BadZipFile)"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "password"),
        (b"PK\x03\x04" + b"\0" * 100, "can't be opened"),
    ],
)
def test_what_is_no_workbook_says_so(content: bytes, reason: str) -> None:
    assert reason in read(content)[0]


def test_a_sheet_that_breaks_off_keeps_nothing_back() -> None:
    content = xlsx_of([["id", "name_zh"], ["p1", "王"], ["p2", "李"]])
    torn = replaced(content, "xl/worksheets/sheet1.xml", b"</row></sheetData>", b"</row><row><c")
    assert "can't be opened (ParseError)" in read(torn, "people.xlsx")[0]


def test_a_sheet_that_claims_endless_rows_is_refused_quickly() -> None:
    content = xlsx_of([["id", "name_zh"], ["p1", "王"]])
    far = replaced(content, "xl/worksheets/sheet1.xml", b'<row r="2"', b'<row r="999999999999"')
    assert "there are no rows" in read(far, "people.xlsx")[0]


def test_a_sheet_that_is_too_wide_is_refused() -> None:
    row = ["p1", "王", *[None] * 200, "x"]
    assert "at most 100 fit" in read(xlsx_of([["id", "name_zh"], row]), "people.xlsx")[0]


@pytest.mark.parametrize("kind", FileKind)
def test_a_template_is_read_without_a_fault_and_shows_an_example(kind: FileKind) -> None:
    content = template(kind)
    batch = read_files([(f"{kind}.xlsx", content)])
    assert told(batch) == []
    assert len(batch.rows[kind]) == 1
    book = load_workbook(io.BytesIO(content))
    assert len(book.worksheets) == 2


def test_a_template_goes_by_any_name_of_its_kind() -> None:
    assert template("expert")
    assert template("专家")
    with pytest.raises(ValueError, match="there are organisations, people"):
        template("cars")
