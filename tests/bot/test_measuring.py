import json
from pathlib import Path

import pytest

from bot import measuring
from bot.measuring import Wanted, report
from bot.settings import Settings
from retrieval.errors import LabelledSetError
from tests.retrieval.fakes import CORPUS, HashedWords


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(measuring, "load_encoder", HashedWords)
    rows = "\n".join(json.dumps({"id": one.key, "text": one.text}) for one in CORPUS)
    asked = {"q1": "压铸件气孔", "q2": "shelf life of tofu"}
    queries = "\n".join(json.dumps({"id": key, "text": text}) for key, text in asked.items())
    (tmp_path / "corpus.jsonl").write_text(rows)
    (tmp_path / "queries.jsonl").write_text(queries)
    (tmp_path / "qrels.tsv").write_text("q1\tcasting\t1\nq2\ttofu\t1\n")
    return tmp_path


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(_env_file=None, var_folder=tmp_path / "var")


def test_json_is_one_object_of_the_four_stages_and_three_measures(
    folder: Path, settings: Settings
) -> None:
    (line,) = report(settings, [folder], Wanted(as_json=True))
    found = json.loads(line)
    assert list(found) == ["words", "vectors", "fused", "final"]
    assert all(list(one) == ["nDCG@10", "recall@10", "MRR@10"] for one in found.values())
    assert found["final"]["MRR@10"] == 1


def test_lines_hold_intervals_and_each_language_pair(folder: Path, settings: Settings) -> None:
    told = "\n".join(report(settings, [folder], Wanted()))
    assert "all, 2 questions" in told
    assert "zh->zh, 1 question\n" in told
    assert "final    nDCG@10 1.000 [1.000, 1.000]" in told


def test_a_saved_run_and_another_model_are_compared_with(folder: Path, settings: Settings) -> None:
    saved = folder / "run.json"
    list(report(settings, [folder], Wanted(save=saved)))
    for against in (str(saved), "EMBEDDING_MODEL=other", "ASKED=no"):
        told = "\n".join(report(settings, [folder], Wanted(compare=against)))
        assert "0 better, 0 worse, 2 alike" in told


def test_what_cannot_be_compared_is_said_before_anything_is_measured(
    folder: Path, settings: Settings
) -> None:
    with pytest.raises(ValueError, match="ASKED=no"):
        list(report(settings, [folder], Wanted(compare="COLOUR=red")))
    with pytest.raises(LabelledSetError, match="one DIR"):
        list(report(settings, [folder, folder], Wanted(compare="ASKED=no")))


def test_honesty_is_told_in_figures(folder: Path, settings: Settings) -> None:
    (line,) = report(settings, [folder], Wanted(as_json=True, honesty=True))
    assert 0.5 < json.loads(line)["auroc"] <= 1
