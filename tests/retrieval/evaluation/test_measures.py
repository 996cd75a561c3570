import math
from pathlib import Path

import pytest

from retrieval.errors import LabelledSetError
from retrieval.evaluation.comparing import compared, save_run, saved_run
from retrieval.evaluation.measures import by_question, difference, interval


def test_each_question_has_its_own_figures_and_one_that_found_nothing_has_none() -> None:
    run = {"a": {"x": 2.0, "y": 1.0}}
    values = by_question(run, {"a": {"y": 1}, "b": {"x": 1}})
    assert values["MRR@10"] == {"a": 0.5, "b": 0.0}
    assert values["recall@10"] == {"a": 1.0, "b": 0.0}
    assert values["nDCG@10"]["a"] == pytest.approx(1 / math.log2(3))


def test_an_interval_holds_its_mean_and_narrows_with_more_questions() -> None:
    few, many = interval([0.0, 1.0] * 10), interval([0.0, 1.0] * 500)
    assert few.low < few.mean == 0.5 < few.high
    # 1.96 standard errors of a mean of coin tosses.
    assert many.high - many.low == pytest.approx(2 * 1.96 * 0.5 / 1000**0.5, rel=0.1)
    assert few.high - few.low > 5 * (many.high - many.low)
    assert interval([0.0, 1.0] * 10) == few


def test_a_difference_on_every_question_is_no_chance_and_one_on_none_is() -> None:
    worse = {str(one): 0.5 for one in range(20)}
    better = {key: value + 0.1 for key, value in worse.items()}
    found = difference(better, worse)
    assert found.interval.mean == pytest.approx(0.1)
    assert found.p < 0.001
    assert (found.wins, found.losses, found.ties) == (20, 0, 0)
    assert difference(worse, worse).p == 1


def test_a_difference_that_could_as_well_be_the_other_way_is_told_so() -> None:
    first = {str(one): one % 2 / 1 for one in range(20)}
    second = {str(one): (one + 1) % 2 / 1 for one in range(20)}
    assert difference(first, second).p > 0.9


def test_a_saved_run_is_compared_question_by_question(tmp_path: Path) -> None:
    values = by_question({"a": {"x": 1.0}}, {"a": {"x": 1}, "b": {"x": 1}})
    save_run(tmp_path / "kept" / "run.json", {"final": values})
    theirs = saved_run(tmp_path / "kept" / "run.json")
    assert compared({"final": values}, theirs)["final"].ties == 2


def test_runs_of_different_sets_and_files_that_are_no_runs_are_refused(tmp_path: Path) -> None:
    ours = {"final": {"nDCG@10": {"a": 1.0}}}
    with pytest.raises(LabelledSetError, match="no question in common"):
        compared(ours, {"final": {"nDCG@10": {"b": 1.0}}})
    (tmp_path / "run.json").write_text("[]")
    with pytest.raises(LabelledSetError, match="no saved run"):
        saved_run(tmp_path / "run.json")
