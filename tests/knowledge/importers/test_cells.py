from datetime import date, datetime
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from knowledge.importers import cells
from knowledge.importers.entries import Maturity
from knowledge.importers.patents import Fee, LicenceSort


def read(kind: Any, value: object) -> Any:
    return TypeAdapter(kind).validate_python(value)


def refused(kind: Any, value: object) -> str:
    with pytest.raises(ValidationError) as raised:
        read(kind, value)
    return str(raised.value.errors()[0]["ctx"]["error"])


@pytest.mark.parametrize(
    ("kind", "written", "meant"),
    [
        (cells.Id, 1001, "1001"),
        (cells.Id, 1001.0, "1001"),
        (cells.Id, " Zju-1.a ", "Zju-1.a"),
        (cells.Short, datetime(2026, 3, 1), "2026-03-01"),  # noqa: DTZ001 (as openpyxl reads it)
        (cells.Short, True, "yes"),
        (cells.Prose, " two\nlines ", "two\nlines"),
        (cells.Day, "2026-3-1", date(2026, 3, 1)),
        (cells.Day, "2026/03/01", date(2026, 3, 1)),
        (cells.Day, "2026年3月1日", date(2026, 3, 1)),
        (cells.Day, datetime(2026, 3, 1), date(2026, 3, 1)),  # noqa: DTZ001
        (cells.Year, "2024年", 2024),
        (cells.Flag, "是", True),
        (cells.Flag, 0, False),
        (cells.Region, "广西壮族自治区", "广西"),
        (cells.Region, "新疆维吾尔自治区", "新疆"),
        (cells.Region, "上海市", "上海"),
        (cells.Region, "香港特别行政区", "香港"),
        (cells.Region, "inner mongolia", "内蒙古"),
        (cells.Industries, "C; i、制造业", ("C", "I")),
        (cells.Industries, ["A", "C"], ("A", "C")),
        (cells.Ids, "a;b,c，d；", ("a", "b", "c", "d")),
        (cells.Languages, "中文;en", ("zh", "en")),
        (cells.Url, "https://www.gov.cn/x?y=1", "https://www.gov.cn/x?y=1"),
        (Fee, "0.5", 0.5),
        (Fee, 30000, 30000.0),
        (Maturity, 7.0, 7),
        (LicenceSort, "先使用后付费", "use_first"),
        (LicenceSort, "Lump Sum", "lump_sum"),
    ],
)
def test_a_cell_means_what_its_writer_meant(kind: Any, written: object, meant: object) -> None:
    assert read(kind, written) == meant


@pytest.mark.parametrize(
    ("kind", "written", "told"),
    [
        (cells.Id, "林 望舒", "use letters"),
        (cells.Id, "x" * 65, "at most 64"),
        (cells.Id, ["a"], "one text or number"),
        (cells.Short, "x" * 201, "has 201 characters, at most 200"),
        (cells.Prose, "x" * 5001, "at most 5000"),
        (cells.Prose, "a\0b", "U+0000"),
        (cells.Prose, "锟\ufffd斤", "U+FFFD"),
        (cells.Prose, "\ud83d", "U+D83D"),
        (cells.Prose, "#REF!", "a formula failed (#REF!)"),
        (cells.Day, "2026-02-30", "no day 2026-02-30"),
        (cells.Day, "01/03/2026", "write 2026-03-01"),
        (cells.Day, 45000, "format the cell as a date"),
        (cells.Day, "2026", "is no date"),
        (cells.Year, "24", "four digits"),
        (cells.Flag, "maybe", "write yes or no"),
        (cells.Region, "宁波", "a city belongs in the column city"),
        (cells.Industries, "C35", "write its letter"),
        (cells.Ids, [["a"]], "one text or number"),
        (cells.Ids, ["a"] * 101, "at most 100"),
        (cells.Url, "www.gov.cn", "beginning with https://"),
        (cells.Url, "http://[", "beginning with https://"),
        (Fee, "3万", "digits alone"),
        (Fee, "30,000", "no thousands separator"),
        (Fee, -1, "from 0 to"),
        (Fee, "nan", "digits alone"),
        (Maturity, "7.5", "whole number"),
        (Maturity, 10, "from 1 to 9"),
        (LicenceSort, "cheap", "free, lump_sum, instalments"),
    ],
)
def test_a_cell_that_can_not_be_meant_says_how_to_mend_it(
    kind: Any, written: object, told: str
) -> None:
    assert told in refused(kind, written)
