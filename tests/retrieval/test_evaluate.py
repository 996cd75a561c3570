import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from retrieval.cache import TextCache
from retrieval.encoder import Encoder
from retrieval.errors import LabelledSetError
from retrieval.evaluate import desks, evaluate
from retrieval.evaluation.labelled import labelled_set
from retrieval.lexical import WordIndex, build_words
from retrieval.search import Searcher
from retrieval.snapshot import write_snapshot
from tests.retrieval.fakes import BILINGUAL, HashedWords

QUERIES = {"q1": "压铸气孔", "q2": "番茄黄叶", "q3": "豆腐保质期", "q4": "slurry of pigs"}
QRELS = ["q1\tcasting\t2", "q2\ttomato\t1", "q3\ttofu\t1", "q4\tslurry\t1"]


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    rows = [{"id": one.key, "text": one.text} for one in BILINGUAL]
    asked = [{"id": key, "text": text} for key, text in QUERIES.items()]
    for name, lines in (("corpus", rows), ("queries", asked)):
        text = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
        (tmp_path / f"{name}.jsonl").write_text(text, encoding="utf-8")
    (tmp_path / "qrels.tsv").write_text("\n".join(QRELS) + "\n")
    return tmp_path


def test_every_stage_is_measured(labelled: Path, encoder: Encoder, kept: TextCache) -> None:
    figures = evaluate(labelled, encoder, cache=kept)
    assert list(figures) == ["words", "vectors", "fused", "final"]
    assert list(figures["final"]) == ["nDCG@10", "recall@10", "MRR@10"]
    assert all(0 <= value <= 1 for stage in figures.values() for value in stage.values())
    assert figures["final"]["MRR@10"] > 0.9
    assert figures["words"]["MRR@10"] < figures["final"]["MRR@10"], "豆腐 is no word of tofu"


def test_documents_of_one_entry_are_one_answer(labelled: Path) -> None:
    rows = [
        {"id": f"{one.key}-{part}", "entry": one.key, "text": one.text}
        for one in BILINGUAL
        for part in (1, 2)
    ]
    corpus = "\n".join(json.dumps(row) for row in rows)
    (labelled / "corpus.jsonl").write_text(corpus)
    assert evaluate(labelled, HashedWords())["words"]["nDCG@10"] > 0.5


def test_judgements_in_trecs_four_columns_are_read_too(labelled: Path) -> None:
    three = evaluate(labelled, HashedWords())
    lines = [line.replace("\t", " 0 ", 1).replace("\t", " ") for line in QRELS]
    (labelled / "qrels.tsv").write_text("\n".join(lines))
    assert evaluate(labelled, HashedWords()) == three


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("corpus.jsonl", '{"id": "a"}', "corpus.jsonl, line 1: expected"),
        ("queries.jsonl", "\n{oops", "queries.jsonl, line 2: expected"),
        ("qrels.tsv", "q1 casting high", "qrels.tsv, line 1: expected"),
        ("qrels.tsv", None, "cannot be read"),
    ],
)
def test_a_faulty_set_is_named_by_file_and_line(
    labelled: Path, file: str, content: str | None, said: str
) -> None:
    path = labelled / file
    path.unlink() if content is None else path.write_text(content)
    with pytest.raises(LabelledSetError, match=said):
        evaluate(labelled, HashedWords())


def test_no_question_teaches_the_index_that_answers_it(
    labelled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taught: list[list[str]] = []

    def write(*given: object, asked: list[str], **more: object) -> None:
        taught.append(asked)
        write_snapshot(*given, asked=asked, **more)  # type: ignore[arg-type]

    monkeypatch.setattr("retrieval.evaluate.write_snapshot", write)
    known = labelled_set(labelled)
    put: list[str] = []
    for turn, (_, questions) in enumerate(desks(known, HashedWords(), cache=None, asked=True)):
        assert not set(questions.values()) & set(taught[turn])
        assert len(taught[turn]) == len(known.queries) - len(questions)
        put += questions
    assert sorted(put) == sorted(known.queries)
    [(_, questions)] = desks(known, HashedWords(), cache=None, asked=False)
    assert (questions, taught[-1]) == (known.queries, [])


def test_rounds_share_one_index_of_words_and_find_what_an_index_of_their_own_finds(
    labelled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built: list[int] = []

    def build(texts: Iterable[str], cache: TextCache) -> WordIndex:
        built.append(1)
        return build_words(texts, cache)

    monkeypatch.setattr("retrieval.snapshot.build_words", build)
    known = labelled_set(labelled)
    for turn, (searcher, questions) in enumerate(
        desks(known, HashedWords(), cache=None, asked=True)
    ):
        assert len(built) == 1, turn
        before = sorted(known.queries[key] for key in known.queries.keys() - questions.keys())
        cache = TextCache(tmp_path / "vectors.db")
        root = tmp_path / str(turn)
        write_snapshot(root, known.passages, HashedWords(), cache=cache, asked=before)
        built.pop()
        own = Searcher.open(root, HashedWords())
        for question in known.queries.values():
            assert searcher.search(question) == own.search(question)
