"""Whatever the bytes: a reading ends in rows or in faults that can be told, never in a crash."""

import csv
import io
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.importers import Batch, FileKind, read_files
from tests.knowledge.making import BASE, csv_of, jsonl, xlsx_of, zipped

TABLE = [list(BASE["people"][0]), *(list(row.values()) for row in BASE["people"][:1])]
SAMPLES = {
    "people.xlsx": xlsx_of(TABLE),
    "people.zip": zipped({"people.csv": csv_of(BASE["people"])}),
    "people.csv": csv_of(BASE["people"], encoding="gb18030"),
    "people.jsonl": jsonl(BASE["people"]),
}
quickly = settings(derandomize=True, deadline=None, database=None, max_examples=150)
scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
# What a spreadsheet can hold: no control characters; csv itself can't tell "" from nothing.
texts = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Cn"), exclude_characters="\ufffd"),
    min_size=1,
    max_size=40,
).filter(lambda text: text.strip() == text)


def tellable(batch: Batch) -> bool:
    """There are rows or faults, and each fault can be sent and stored."""
    for problem in batch.problems:
        for message in (problem.message_zh, problem.message_en, problem.file, problem.column or ""):
            message.encode()
    return bool(batch.problem_count) or any(batch.rows.values())


@quickly
@given(
    content=st.binary(max_size=400), suffix=st.sampled_from(["csv", "xlsx", "jsonl", "zip", "x"])
)
def test_any_bytes_end_in_rows_or_faults(content: bytes, suffix: str) -> None:
    assert tellable(read_files([(f"people.{suffix}", content)]))


@quickly
@given(data=st.data(), name=st.sampled_from(sorted(SAMPLES)))
def test_a_damaged_file_ends_in_rows_or_faults(data: st.DataObject, name: str) -> None:
    content = bytearray(SAMPLES[name])
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(content)))
    assert tellable(read_files([(name, bytes(content))]))
    assert tellable(read_files([(name, bytes(content[:cut]))]))


@quickly
@given(kind=st.sampled_from(list(FileKind)), data=st.data())
def test_any_values_under_the_right_names_end_in_rows_or_faults(
    kind: FileKind, data: st.DataObject
) -> None:
    row: dict[str, Any] = dict(BASE[kind][0])
    for name in data.draw(st.lists(st.sampled_from(sorted(row)), max_size=4)):
        row[name] = data.draw(values)
    line = json.dumps(row).encode()
    assert tellable(read_files([(f"{kind}.jsonl", line)]))


@quickly
@given(
    names=st.lists(texts, min_size=1, max_size=5),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    delimiter=st.sampled_from([",", ";", "\t"]),
)
def test_what_a_spreadsheet_writes_is_read_back_as_it_was(
    names: list[str], encoding: str, delimiter: str
) -> None:
    target = io.StringIO()
    writer = csv.writer(target, delimiter=delimiter)
    writer.writerow(["id", "name_zh", "name_en"])
    writer.writerows([f"p{number}", name, "x"] for number, name in enumerate(names))
    batch = read_files([("people.csv", target.getvalue().encode(encoding))])
    assert [placed.row.model_dump()["name_zh"] for placed in batch.rows[FileKind.PEOPLE]] == names
