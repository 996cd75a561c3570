from pathlib import Path

import pytest

from knowledge.importers import MAX_PROBLEMS, FileKind, read_files
from knowledge.importers.entries import AchievementRow
from knowledge.importers.headings import columns_of
from knowledge.importers.people import PersonRow
from knowledge.importers.row import chinese_headings
from knowledge.importers.rows import ROWS
from tests.knowledge.making import BASE, base, csv_of, jsonl, read, told, xlsx_of

PERSON = BASE["people"][0]
PEOPLE = BASE["people"]


def one(content: str, name: str = "people.csv") -> list[str]:
    return told(read_files([(name, content.encode())]))


def person(content: bytes, name: str = "people.csv") -> PersonRow:
    """The first person of a file, and not a fault in it."""
    batch = read_files([(name, content)])
    assert told(batch) == []
    row = batch.rows[FileKind.PEOPLE][0].row
    assert isinstance(row, PersonRow)
    return row


def test_the_small_knowledge_base_has_no_fault() -> None:
    batch = base()
    assert told(batch) == []
    assert {kind.value: len(rows) for kind, rows in batch.rows.items()} == {
        kind: len(rows) for kind, rows in BASE.items()
    }
    assert batch.unresolved == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_is_read_as_chinese_systems_write_it(encoding: str, delimiter: str) -> None:
    row = person(csv_of(PEOPLE, encoding=encoding, delimiter=delimiter))
    assert (row.name_zh, row.languages, row.fictional) == ("林望舒", ("zh", "en"), True)


def test_the_same_rows_come_from_every_format() -> None:
    table = [list(PEOPLE[0]), *([row.get(name) for name in PEOPLE[0]] for row in PEOPLE)]
    contents = {"people.csv": csv_of(PEOPLE), "people.jsonl": jsonl(PEOPLE)}
    contents["people.xlsx"] = xlsx_of(table)
    rows = [
        [placed.row for placed in read_files([(name, content)]).rows[FileKind.PEOPLE]]
        for name, content in contents.items()
    ]
    assert rows[0] == rows[1] == rows[2]
    assert len(rows[0]) == 2


def test_chinese_headings_words_and_dates_are_understood() -> None:
    text = "编号,导师编号,企业编号,开始日期,结束日期\na1,lin,qinghe,2026/1/1,2027年12月31日\n"
    batch = read_files([("双聘-2026.csv", text.encode("gb18030"))])
    assert told(batch) == []
    bond = batch.rows[FileKind.APPOINTMENTS][0].row.model_dump(mode="json")
    assert (bond["starts_on"], bond["ends_on"]) == ("2026-01-01", "2027-12-31")
    text = "编号（必填）*,姓名,角色,语言,虚构\np1,王,导师；联络员,中文、英文,否\n"
    row = person(text.encode())
    assert (row.roles, row.languages, row.fictional) == (("mentor", "liaison"), ("zh", "en"), False)


@pytest.mark.parametrize("kind", FileKind)
def test_every_heading_means_one_column(kind: FileKind) -> None:
    fields = ROWS[kind].model_fields
    headings = [name for f in fields.values() for name in chinese_headings(f)] + list(fields)
    assert len(columns_of(kind)) == len({heading.casefold() for heading in headings})


def test_a_file_whose_name_tells_nothing_is_known_by_its_columns() -> None:
    batch = read_files([("upload (3).csv", csv_of(BASE["evidence"]))])
    assert list(batch.rows) == [FileKind.EVIDENCE]
    batch = read_files([("x.jsonl", jsonl(BASE["dispatches"]))])
    assert list(batch.rows) == [FileKind.DISPATCHES]


def test_a_file_that_could_be_anything_asks_for_a_name() -> None:
    assert "begin its name with one of organisations, people" in one("a,b\n1,2\n", "x.csv")[0]


def test_a_row_is_counted_as_excel_counts_it() -> None:
    text = 'id,name_zh,roles\n\np1,"two\nlines",mentor\n\np2,王,teacher\n'
    assert one(text) == [
        "people.csv, row 5, column roles: 'teacher' is not allowed; write one of: mentor, liaison,"
        " officer."
    ]


def test_a_line_of_jsonl_is_counted_as_an_editor_counts_it() -> None:
    text = '\n{"id": "p1", "name_zh": "a\u2028b"}\n{"id": "p2"\n[1]\n'
    found = one(text, "people.jsonl")
    assert [line.split(":")[0] for line in found] == ["people.jsonl, row 3", "people.jsonl, row 4"]


def test_a_fault_names_the_heading_as_it_is_written() -> None:
    assert one("编号,姓名,角色\np1,王,老师\n")[0].startswith("people.csv, row 2, column 角色: ")


def test_a_problem_speaks_both_languages() -> None:
    (problem,) = read_files([("people.csv", b"id,name_zh,roles\np1,x,boss\n")]).problems
    assert "不在可选值之内，请改为其中之一：mentor、liaison、officer、导师" in problem.message_zh
    assert "write one of: mentor, liaison, officer." in problem.message_en


@pytest.mark.parametrize(
    ("heading", "meant"),
    [("nmae_zh", "name_zh"), ("Organization", "organisation"), ("姓 名字", "name_zh")],
)
def test_a_misspelt_column_is_answered_with_the_nearest(heading: str, meant: str) -> None:
    found = one(f"id,name_en,{heading}\np1,Wang,x\n")
    assert f"did you mean {meant}?" in found[0]


def test_a_column_of_remarks_is_passed_over() -> None:
    assert person(b"id,name_zh,# note\np1,x,to be asked\n").name_zh == "x"
    assert person(b'{"id": "p1", "name_zh": "x", "#note": 1}', "people.jsonl").name_zh == "x"


def test_an_unknown_name_in_jsonl_is_told_once() -> None:
    rows = [{"id": f"p{n}", "name_zh": "x", "salary": n} for n in range(5)]
    assert len(told(read(people=rows))) == 1


def test_a_missing_column_is_told_once_and_not_for_every_row() -> None:
    text = "id,title_zh\n" + "".join(f"e{n},x\n" for n in range(50))
    found = one(text, "experts.csv")
    assert [line.partition(":")[0] for line in found] == [
        "experts.csv, row 1, column person",
        "experts.csv, row 1, column summary_zh",
    ]


def test_one_language_of_a_pair_is_enough() -> None:
    assert person(b"id,name_en\np1,Wang\n").name_zh == ""
    assert "both name_zh and name_en are empty" in one("id,name_en,name_zh\np1,,\n")[0]


def test_a_title_above_the_headings_is_named_as_the_fault() -> None:
    found = one("2026 年专家库,,\nid,name_zh,roles\np1,王,mentor\n")
    assert found == [
        "people.csv, row 1: the first row must hold the column names (id, name_zh ...), but holds"
        " '2026 年专家库': delete the rows above the names, or begin with the template."
    ]


def test_two_columns_of_one_meaning_are_a_fault() -> None:
    assert "are the same" in one("id,name_zh,姓名\np1,王,李\n")[0]
    assert "are the same" in one("id,name_zh,name_zh\np1,王,李\n")[0]


def test_a_cell_beyond_the_headings_is_not_lost_unsaid() -> None:
    assert "cell 3 holds something" in one("id,name_zh\np1,王,forgotten\n")[0]
    assert "cell 2 holds something" in one("id,,name_zh\np1,lost,王\n")[0]
    assert person("id,name_zh,\np1,王,\n".encode()).name_zh == "王"


def test_a_quotation_mark_left_open_loses_no_row_unsaid() -> None:
    rows = "".join(f"p{n},王,\n" for n in range(2, 9))
    found = one(f'id,name_zh,name_en\np1,"王,\n{rows}')
    assert "the quotation marks don't match" in found[0]


def test_an_id_used_twice_names_both_places() -> None:
    batch = read_files([("people-a.csv", csv_of(PEOPLE)), ("people-b.csv", csv_of(PEOPLE[:1]))])
    assert told(batch) == [
        "people-b.csv, row 2, column id: the id 'lin' is taken by row 2 of people-a.csv: change"
        " one of them, or delete one of the rows."
    ]


def test_entries_share_one_space_of_ids_and_people_have_their_own() -> None:
    clash = [{**BASE["policies"][0], "id": "platform-1"}]
    assert "taken by row 1 of platforms.jsonl" in told(base(policies=clash))[0]
    person_too = [{**BASE["people"][0], "id": "platform-1"}, *BASE["people"]]
    assert told(base(people=person_too)) == []


def test_an_id_that_no_row_bears_is_left_for_the_database() -> None:
    batch = base("patents")
    assert told(batch) == []
    assert {(r.refers.kind, r.id, r.column) for r in batch.unresolved} == {
        ("organisations", "zju", "organisation"),
        ("people", "lin", "inventors"),
    }


def test_who_names_a_faulty_row_is_not_blamed_as_well() -> None:
    batch = base(people=[{**PERSON, "roles": "boss"}, PEOPLE[1]])
    assert len(told(batch)) == 1
    assert batch.unresolved == ()


@pytest.mark.parametrize(
    "people",
    [
        b"id\nlin\n",
        b"\xff\xff\xff",
        b'id,name_zh\n"lin,x\n',
    ],
)
def test_nobody_is_blamed_for_naming_what_could_not_be_read(people: bytes) -> None:
    batch = read_files([("people.csv", people), ("experts.jsonl", jsonl(BASE["experts"]))])
    assert batch.problem_count == 1
    assert batch.unresolved == ()


def test_a_university_is_no_enterprise() -> None:
    bond = {**BASE["appointments"][0], "enterprise": "zju"}
    assert "'zju' is no enterprise" in told(base(appointments=[bond]))[0]


def test_a_term_that_ends_before_it_begins_is_a_fault() -> None:
    bond = {**BASE["appointments"][0], "ends_on": "2025-01-01"}
    assert "comes before the first" in told(base(appointments=[bond]))[0]


def test_problems_are_kept_to_a_thousand_and_counted_to_the_last() -> None:
    text = "id,name_zh,roles\n" + "".join(f"p{n},x,boss\n" for n in range(1500))
    batch = read_files([("people.csv", text.encode())])
    assert (len(batch.problems), batch.problem_count) == (MAX_PROBLEMS, 1500)


def test_formula_like_texts_are_plain_text() -> None:
    rows = [{**BASE["achievements"][0], "title_zh": "=1+1", "summary_zh": "@SUM(A1)", "people": ""}]
    batch = read_files([("achievements.csv", csv_of(rows))])
    row = batch.rows[FileKind.ACHIEVEMENTS][0].row
    assert isinstance(row, AchievementRow)
    assert (row.title_zh, row.summary_zh) == ("=1+1", "@SUM(A1)")


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b" \r\n \r\n"])
def test_an_empty_file_is_a_fault(content: bytes) -> None:
    assert "people.csv: the file is empty" in told(read_files([("people.csv", content)]))[0]


@pytest.mark.parametrize("content", ["id,name_zh\n", "id,name_zh\n,\n\n"])
def test_a_file_with_headings_alone_is_a_fault(content: str) -> None:
    assert "there are no rows" in one(content)[0]


def test_a_file_of_another_encoding_says_how_to_save_it() -> None:
    big5 = "id,name_zh\np1,國立臺灣大學機械工程學系鑄造研究室\n".encode("big5")
    assert "Save as, CSV UTF-8" in told(read_files([("people.csv", big5)]))[0]
    broken = "id,name_zh\np1,王\np2,李".encode()[:-1]
    assert "near line 3" in told(read_files([("people.csv", broken)]))[0]


def test_a_workbook_named_csv_is_recognised() -> None:
    content = xlsx_of([["id", "name_zh"], ["p1", "x"]])
    assert "name it .xlsx" in told(read_files([("people.csv", content)]))[0]


def test_a_path_and_a_folder_are_read_alike(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_bytes(csv_of(PEOPLE))
    (tmp_path / ".DS_Store").write_bytes(b"\0")
    (tmp_path / "__init__.py").write_text("")
    assert read_files([tmp_path]).rows == read_files([tmp_path / "people.csv"]).rows
    missing = told(read_files([tmp_path / "nobody.csv"]))
    assert missing == [
        "nobody.csv: the file can't be read (No such file or directory): check its path and rights."
    ]


def test_nothing_to_read_is_a_fault(tmp_path: Path) -> None:
    for sources in ([], [tmp_path]):
        assert "there is no file to read" in told(read_files(sources))[0]


def test_more_rows_than_the_limit_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("knowledge.importers.reading.MAX_ROWS", 3)
    rows = "".join(f"p{n},x\n" for n in range(5))
    found = one(f"id,name_zh\n{rows}")
    assert found == ["people.csv, row 5: there are more than 3 rows: send them in parts."]
