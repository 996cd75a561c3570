import json
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import delete
from sqlmodel import Session, select

from bot import measuring
from bot.app import prepare_database
from bot.desk import closing, learning
from bot.desk.tables import Judgement
from bot.measuring import REPLAYED, Wanted, report
from bot.settings import Settings
from knowledge.database import open_engine
from knowledge.tables import Entry, Passage
from retrieval import fusion
from retrieval.errors import LabelledSetError
from retrieval.evaluation.comparing import without_words
from tests.bot.desk.conftest import ASKER, NOW, QUESTION, furnish
from tests.retrieval.fakes import CORPUS, HashedWords

STRUCK = "不锈钢薄板焊接烧穿"


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
    for against in (str(saved), "EMBEDDING_MODEL=other", "ASKED=no", "WORDS=no"):
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


def test_without_words_the_fused_order_is_that_of_vectors(folder: Path, settings: Settings) -> None:
    (line,) = report(settings, [folder], Wanted(as_json=True, compare="WORDS=no"))
    assert set(json.loads(line)["compared"]) == {"words", "vectors", "fused", "final"}
    with without_words():
        (line,) = report(settings, [folder], Wanted(as_json=True))
    found = json.loads(line)
    assert found["fused"] == found["vectors"]
    assert fusion.WORDS > 0


@pytest.fixture
def desk(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A desk's own file after two consultations: one was solved, of one a line was struck."""
    monkeypatch.setattr(measuring, "load_encoder", HashedWords)
    settings.var_folder.mkdir()
    settings.database_url = f"sqlite:///{settings.var_folder / 'xiaoqi.db'}"
    engine = prepare_database(settings)
    with Session(engine) as session:
        office = furnish(session)
        for entry in session.exec(select(Entry)):
            text = CORPUS[int(entry.key[-1])].text
            key = f"{entry.key}/zh"
            row = Passage(key=key, entry_id=entry.id, kind="paper", language="zh", text=text)
            session.add(row)
        closing.settle(session, ASKER, office.talk(), True, now=NOW)
        office.ask(text=STRUCK)
        line = office.last(ASKER, "shortlist")["candidates"][0]["id"]
        learning.strike(session, ASKER, line, now=NOW)
        session.commit()
    engine.dispose()
    return settings


def test_what_was_solved_here_is_replayed(desk: Settings) -> None:
    told = "\n".join(report(desk, [], Wanted(replay=True)))
    assert told.startswith(REPLAYED)
    # Of the question whose line was struck nothing is known that fits.
    assert "all, 1 question\n" in told
    assert "final    nDCG@10 1.000" in told
    (line,) = report(
        desk, [], Wanted(replay=True, as_json=True, intervals=True, compare="ASKED=no")
    )
    found = json.loads(line)
    assert list(found["pairs"]) == ["zh->zh"]
    assert found["compared"]["final"]["ties"] == 1


def test_a_replayed_question_never_reaches_the_disk(desk: Settings) -> None:
    database = desk.var_folder / "xiaoqi.db"
    before = {path for path in desk.var_folder.rglob("*") if path.name.startswith(database.name)}
    saved = desk.var_folder / "runs" / "now.json"
    list(report(desk, [], Wanted(replay=True, save=saved, compare="EMBEDDING_MODEL=other")))
    written = {path for path in desk.var_folder.rglob("*") if path.is_file()} - before
    assert {path.name for path in written} >= {"evaluation.db", "now.json"}
    for path in written:
        for question in (QUESTION, STRUCK):
            assert question.encode() not in path.read_bytes()
            assert sha256(question.encode()).digest() not in path.read_bytes()


def test_a_desk_where_nothing_fitted_yet_has_nothing_to_replay(desk: Settings) -> None:
    with Session(open_engine(desk.database_url)) as session:
        session.execute(delete(Judgement))
        session.commit()
    with pytest.raises(LabelledSetError, match="nothing to replay"):
        list(report(desk, [], Wanted(replay=True)))


def test_without_a_database_none_is_made_and_its_name_is_told(settings: Settings) -> None:
    settings.database_url = f"sqlite:///{settings.var_folder / 'none.db'}"
    with pytest.raises(LabelledSetError, match=r"no database at .*none\.db"):
        list(report(settings, [], Wanted(replay=True)))
    assert not (settings.var_folder / "none.db").exists()


def test_a_database_without_our_tables_says_to_bring_it_up_to_date(settings: Settings) -> None:
    settings.var_folder.mkdir()
    (settings.var_folder / "empty.db").touch()
    settings.database_url = f"sqlite:///{settings.var_folder / 'empty.db'}"
    with pytest.raises(LabelledSetError, match="xiaoqi run"):
        list(report(settings, [], Wanted(replay=True)))


@pytest.mark.parametrize(
    ("folders", "wanted"),
    [
        ([], Wanted()),
        ([Path("set")], Wanted(replay=True)),
        ([], Wanted(replay=True, experts=True)),
        ([], Wanted(replay=True, honesty=True)),
    ],
)
def test_what_cannot_be_measured_together_is_refused(
    settings: Settings, folders: list[Path], wanted: Wanted
) -> None:
    with pytest.raises(LabelledSetError, match="--replay"):
        list(report(settings, folders, wanted))


@pytest.mark.parametrize("compare", ["WORDS=perhaps", "EMBEDDING_MODEL=", "words=no", "run.json"])
def test_a_comparison_that_is_none_says_what_one_is(
    folder: Path, settings: Settings, compare: str
) -> None:
    with pytest.raises(ValueError, match=r"WORDS=no|--save FILE"):
        list(report(settings, [folder], Wanted(compare=compare)))


def test_experts_are_measured_on_a_corpus_that_nobody_asked(
    folder: Path, settings: Settings
) -> None:
    rows = [("p1", "li", "压铸件气孔"), ("p2", "li", "压铸件真空"), ("p3", "wang", "番茄黄叶")]
    lines = [json.dumps({"id": key, "entry": who, "text": text}) for key, who, text in rows]
    (folder / "corpus.jsonl").write_text("\n".join(lines))
    for name in ("queries.jsonl", "qrels.tsv"):
        (folder / name).unlink()
    (line,) = report(settings, [folder], Wanted(as_json=True, experts=True))
    assert json.loads(line)["final"]["MRR@10"] == 1


def test_a_question_may_be_answered_by_a_person_of_many_papers(
    folder: Path, settings: Settings
) -> None:
    rows = [("p1", "li", "压铸件气孔"), ("p2", "li", "压铸件真空"), ("p3", "wang", "番茄黄叶")]
    lines = [json.dumps({"id": key, "entry": who, "text": text}) for key, who, text in rows]
    (folder / "corpus.jsonl").write_text("\n".join(lines))
    (folder / "queries.jsonl").write_text(json.dumps({"id": "q", "text": "压铸件有气孔"}))
    (folder / "qrels.tsv").write_text("q\tli\t1\n")
    (line,) = report(settings, [folder], Wanted(as_json=True))
    assert json.loads(line)["final"] == {"nDCG@10": 1, "recall@10": 1, "MRR@10": 1}
