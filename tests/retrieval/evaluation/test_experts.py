import pytest

from retrieval.errors import LabelledSetError
from retrieval.evaluate import measured_experts
from retrieval.evaluation.experts import held_out
from retrieval.evaluation.labelled import LabelledSet
from tests.retrieval.fakes import HashedWords, passage

EVIDENCE = [
    passage("ev-1/zh", "压铸件气孔", entry="li"),
    passage("ev-1/en", "porosity of castings", entry="li", language="en"),
    passage("ev-2/zh", "压铸件气孔与真空", entry="li"),
    passage("ev-3", "番茄黄叶", entry="wang"),
    passage("ev-4", "番茄黄叶病毒", entry="wang"),
    passage("ev-5", "豆腐", entry="zhao"),
]


def test_a_piece_is_held_out_in_both_languages_and_its_entry_keeps_another() -> None:
    first, second = held_out(EVIDENCE)
    assert set(first.queries) == {"ev-1/zh", "ev-1/en", "ev-3"}
    assert [one.key for one in first.passages] == ["ev-2/zh", "ev-4", "ev-5"]
    assert first.qrels["ev-1/en"] == {"li": 1}
    assert set(second.queries) == {"ev-2/zh", "ev-4"}


def test_evidence_finds_its_person_over_all_rounds() -> None:
    stages = measured_experts(LabelledSet(EVIDENCE, {}, {}), HashedWords())
    found = stages["final"]["MRR@10"]
    assert set(found) == {"ev-1/zh", "ev-1/en", "ev-2/zh", "ev-3", "ev-4"}
    assert found["ev-4"] == 1


def test_entries_of_one_passage_have_nothing_to_hold_out() -> None:
    with pytest.raises(LabelledSetError, match="No entry has two"):
        next(held_out(EVIDENCE[-1:]))
