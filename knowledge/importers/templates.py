"""An empty XLSX for whoever prepares a file: headings, one example row, and what columns mean."""

from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from knowledge.importers.kinds import IN_CHINESE, kind_of_word
from knowledge.importers.row import Row, meaning_zh
from knowledge.importers.rows import ROWS

_BOLD = Font(bold=True)
_WRAPPED = Alignment(wrap_text=True, vertical="top")


def template(kind: str) -> bytes:
    """The workbook for a kind of file, such as "experts". Raises ValueError for another word."""
    wanted = kind_of_word(kind)
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = wanted.value
    _fill(sheet, ROWS[wanted])
    notes = book.create_sheet(f"说明 {IN_CHINESE[wanted]} notes")
    _explain(notes, ROWS[wanted])
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def _fill(sheet: Worksheet, model: type[Row]) -> None:
    for place, (name, field) in enumerate(model.model_fields.items(), start=1):
        heading = sheet.cell(1, place, f"{name}（{field.title}）")
        heading.font = _BOLD
        example = sheet.cell(2, place, str((field.examples or [""])[0]))
        example.alignment = _WRAPPED
        # Excel would turn ids and dates into numbers of its own.
        example.number_format = "@"
        sheet.column_dimensions[get_column_letter(place)].width = 24
    sheet.freeze_panes = "B2"


def _explain(sheet: Worksheet, model: type[Row]) -> None:
    sheet.append(["column", "列", "must be there 必填", "meaning", "含义"])
    for name, field in model.model_fields.items():
        needed = "yes 是" if field.is_required() else ""
        sheet.append([name, field.title, needed, field.description, meaning_zh(field)])
    for pair in model.pairs:
        sheet.append([f"{pair}_zh / {pair}_en", "", "one of them 二选一", "", ""])
    for letter, width in zip("ABCDE", (22, 18, 18, 60, 60), strict=True):
        sheet.column_dimensions[letter].width = width
