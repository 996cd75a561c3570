import numpy as np
import pytest

from retrieval.evaluation.labelled import LabelledSet
from retrieval.evaluation.refusing import area, as_told, first_hits, refused
from tests.retrieval.fakes import CORPUS, HashedWords

LABELLED = LabelledSet(
    CORPUS,
    {"q1": "铝合金压铸件气孔", "q2": "番茄黄化", "q3": "shelf life of tofu", "q4": "飞机"},
    {"q1": {"casting": 1}, "q2": {"tomato": 1}, "q3": {"tofu": 2}},
)


def test_a_question_is_asked_with_its_answer_and_without() -> None:
    hits = first_hits(LABELLED, HashedWords())
    assert [hit.known for hit in hits] == [True, False, True, False, True, False, False]
    assert [hit.right for hit in hits if hit.known] == [True, True, True]
    assert not any(hit.right for hit in hits if not hit.known)


def test_answers_that_are_there_are_told_from_those_taken_out() -> None:
    found = refused(LABELLED, HashedWords())
    assert found.questions == 3
    assert found.auroc > 0.9
    assert found.known["possible"] > found.missing["possible"]
    assert "3 questions with an answer" in next(as_told(found))


def test_the_area_is_the_share_of_pairs_in_order() -> None:
    assert area(np.array([0.9, 0.5]), np.array([0.1, 0.5])) == pytest.approx(3.5 / 4)
    assert np.isnan(area(np.array([]), np.array([0.1])))
