import json
from pathlib import Path

import pytest

from retrieval.errors import LabelledSetError
from retrieval.evaluation.labelled import Judgement, labelled_set, replayed
from tests.retrieval.fakes import CORPUS


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rows = [
        {"_id": 1, "title": "压铸", "text": "铝合金气孔"},
        {"id": "p2", "entry": "zhang", "text": "TIG welding"},
    ]
    corpus = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    (tmp_path / "corpus.jsonl").write_text(corpus, encoding="utf-8")
    (tmp_path / "queries.jsonl").write_text('{"_id": 7, "text": "porosity"}\n')
    (tmp_path / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\n7\t1\t2\n7\tp2\t1\n")
    return tmp_path


def test_beirs_headings_ids_and_titles_are_read(folder: Path) -> None:
    labelled = labelled_set(folder)
    assert labelled.passages[0].key == "1"
    assert labelled.passages[0].text == "压铸\n铝合金气孔"
    assert labelled.queries == {"7": "porosity"}


def test_a_judged_document_speaks_for_its_entry(folder: Path) -> None:
    assert labelled_set(folder).qrels == {"7": {"1": 2, "zhang": 1}}


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("qrels.tsv", "7\tp9\t1", "line 1: corpus.jsonl has no document p9"),
        ("qrels.tsv", "8\tp2\t1", "line 1: queries.jsonl has no question 8"),
        ("qrels.tsv", "\n", "qrels.tsv is empty"),
        ("queries.jsonl", '{"id": "a", "text": ""}\n{"id": "a", "text": ""}', "line 1 has the id"),
        ("corpus.jsonl", "[]", "line 1: expected"),
    ],
)
def test_what_does_not_fit_together_is_named(
    folder: Path, file: str, content: str, said: str
) -> None:
    (folder / file).write_text(content)
    with pytest.raises(LabelledSetError, match=said):
        labelled_set(folder)


def test_answers_that_were_taken_out_may_be_missing(folder: Path) -> None:
    (folder / "qrels.tsv").write_text("7\tp9\t1")
    assert labelled_set(folder, taken_out=True).answers("7") == {"p9"}


def test_judgements_are_replayed_without_what_was_removed_and_the_best_word_counts() -> None:
    judged = [
        Judgement("气孔", "casting", 1),
        Judgement("气孔", "casting", 2),
        Judgement("气孔", "welding", 0),
        Judgement("气孔", "gone", 2),
        Judgement("黄叶", "tofu", 0),
    ]
    labelled = replayed(CORPUS, judged)
    assert labelled.queries == {"asked-1": "气孔"}
    assert labelled.qrels == {"asked-1": {"casting": 2, "welding": 0}}


def test_nothing_to_replay_is_said() -> None:
    with pytest.raises(LabelledSetError, match="nothing to replay"):
        replayed(CORPUS, [Judgement("气孔", "casting", 0)])
