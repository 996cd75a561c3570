import numpy as np

from retrieval.rows import LANGUAGES, columns_of, in_order
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
