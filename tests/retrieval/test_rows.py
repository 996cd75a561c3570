from pathlib import Path

import numpy as np

from retrieval.rows import (
    LANGUAGES,
    MappedTexts,
    columns_of,
    in_order,
    read_columns,
    write_columns,
    write_texts,
)
from tests.retrieval.fakes import passage

TOLD = [
    passage("a", "番茄病害", entry="li"),
    passage("b", "Robots", entry="wang", kind="platform"),
    passage("c", "压铸气孔", entry="li"),
    passage("d", "123", entry="zhao"),
]


def test_the_rows_of_one_entry_stand_together() -> None:
    assert [row.key for row in in_order(TOLD)] == ["a", "c", "b", "d"]


def test_columns_number_entries_kinds_and_languages() -> None:
    columns = columns_of(in_order(TOLD))
    assert columns.entries.tolist() == [0, 0, 1, 2]
    assert columns.starts.tolist() == [0, 2, 3, 4]
    assert columns.passages.tolist() == [0, 1, 2, 3]
    assert [columns.kind_names[kind] for kind in columns.kinds] == [
        "expert",
        "expert",
        "platform",
        "expert",
    ]
    assert [LANGUAGES[place] for place in columns.languages] == ["zh", "zh", "en", "other"]


def test_an_entrys_other_rows_come_along() -> None:
    columns = columns_of(in_order(TOLD))
    assert columns.with_siblings(np.array([3, 1])).tolist() == [0, 1, 3]
    assert columns.with_siblings(np.array([], np.int64)).tolist() == []


def test_rows_are_told_by_kind() -> None:
    columns = columns_of(in_order(TOLD))
    assert columns.of_kinds(frozenset({"platform", "unheard of"})).tolist() == [
        False,
        False,
        True,
        False,
    ]


def test_columns_are_written_and_read(tmp_path: Path) -> None:
    written = columns_of(in_order(TOLD))
    write_columns(tmp_path / "columns.npz", written, np.array([1, 2, 3, 4]))
    read, ends = read_columns(tmp_path / "columns.npz")
    assert ends.tolist() == [1, 2, 3, 4]
    assert read.kind_names == written.kind_names
    for name in ("entries", "starts", "kinds", "languages", "groups"):
        assert getattr(read, name).tolist() == getattr(written, name).tolist()
        assert getattr(read, name).dtype == getattr(written, name).dtype


def test_passages_are_read_back_from_their_file_one_by_one(tmp_path: Path) -> None:
    strange = passage("e", "two\nlines,\u2028 a lone \ud800 and 汉字")
    ends = write_texts(tmp_path / "passages", [*TOLD, strange])
    texts = MappedTexts(tmp_path / "passages", ends)
    assert texts.of(np.array([4, 0, 2])) == [strange, TOLD[0], TOLD[2]]
    assert texts.of(np.array([], np.int64)) == []


def test_no_passages_at_all_can_be_mapped(tmp_path: Path) -> None:
    texts = MappedTexts(tmp_path / "passages", write_texts(tmp_path / "passages", []))
    assert texts.of(np.array([], np.int64)) == []


def test_pieces_of_one_passage_have_one_number() -> None:
    pieces = [passage("a", "气孔"), passage("a", "缩孔"), passage("b", "冷隔")]
    columns = columns_of(pieces)
    assert columns.passages.tolist() == [0, 0, 1]
    assert columns_of([]).starts.tolist() == [0]
