from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from retrieval.encoder import Encoder
from retrieval.library import Library
from retrieval.passages import Passage
from retrieval.search import Searcher
from retrieval.snapshot import (
    BrokenSnapshotError,
    NoSnapshotError,
    TextCache,
    activate,
    current,
    write_snapshot,
)
from tests.retrieval.fakes import BILINGUAL, CORPUS, HashedWords, passage


def opened(
    root: Path,
    passages: list[Passage],
    encoder: Encoder | None = None,
    cache: TextCache | None = None,
) -> Searcher:
    encoder = encoder or HashedWords()
    write_snapshot(root, passages, encoder, cache=cache or TextCache(root / "vectors.db"))
    return Searcher.open(root, encoder)


@pytest.mark.parametrize(
    ("question", "entry"),
    [
        ("压铸气孔", "casting"),
        ("ADC12", "casting"),
        ("tofu goes bad", "tofu"),
        ("6061T6", "tolerance"),
        ("gb/t1804", "tolerance"),
    ],
)
def test_the_entry_that_fits_comes_first(bilingual: Searcher, question: str, entry: str) -> None:
    assert bilingual.search(question)[0].entry == entry


def test_hits_come_best_first_each_entry_once(tmp_path: Path) -> None:
    doubled = [*CORPUS, passage("casting-2", "压铸模具冷却", entry="casting")]
    hits = opened(tmp_path, doubled).search("压铸")
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert len({hit.entry for hit in hits}) == len(hits) == 5


def test_the_passage_that_won_is_quoted_first(tmp_path: Path) -> None:
    told = [
        passage("a", "番茄病害", entry="li"),
        passage("b", "压铸气孔与真空压铸", entry="li"),
        passage("c", "焊接变形", entry="wang"),
    ]
    hit = opened(tmp_path, told).search("压铸气孔")[0]
    assert (hit.entry, hit.evidence[0].passage) == ("li", "b")
    assert hit.evidence[0].text == "压铸气孔与真空压铸"


def test_between_equals_the_askers_language_is_quoted(
    tmp_path: Path, encoder: Encoder, kept: TextCache
) -> None:
    both = [
        passage("zh", "压铸件气孔的控制", entry="li"),
        passage("en", "Control of porosity in die castings", entry="li", language="en"),
        passage("other", "番茄", entry="wang"),
    ]
    searcher = opened(tmp_path, both, encoder, kept)
    assert searcher.search("压铸件有气孔")[0].evidence[0].language == "zh"
    assert searcher.search("porosity in castings")[0].evidence[0].language == "en"


@pytest.mark.parametrize(
    ("question", "entry"),
    [
        ("porosity in aluminium die castings", "casting"),
        ("tomato leaves curl", "tomato"),
        ("豆腐保质期太短", "tofu"),
        ("猪场粪污怎么处理", "slurry"),
        ("布料防水又要透气", "fabric"),
    ],
)
def test_a_question_finds_evidence_in_the_other_language(
    bilingual: Searcher, question: str, entry: str
) -> None:
    assert bilingual.search(question)[0].entry == entry


def test_only_the_kinds_asked_for_are_found(tmp_path: Path) -> None:
    searcher = opened(tmp_path, CORPUS)
    found = searcher.search("压铸气孔 番茄", kinds=frozenset({"platform", "patent"}))
    assert {hit.kind for hit in found} == {"platform", "patent"}
    assert searcher.search("压铸", kinds=frozenset()) == []
    assert searcher.search("压铸", kinds=frozenset({"no-such-kind"})) == []


def test_no_more_than_the_limit_is_found(tmp_path: Path) -> None:
    many = [passage(f"p{i}", f"压铸工艺第{i}篇") for i in range(300)]
    searcher = opened(tmp_path, many)
    assert [len(searcher.search("压铸", limit=limit)) for limit in (1, 50, 200)] == [1, 50, 200]


@pytest.mark.parametrize("empty", ["", "   ", "😀👍", "？？？", "\0", "\ud800", "的 了 吗"])
def test_a_question_without_a_word_finds_nothing(tmp_path: Path, empty: str) -> None:
    assert opened(tmp_path, CORPUS).search(empty) == []


def test_a_very_long_hostile_question_is_answered(bilingual: Searcher) -> None:
    assert bilingual.search("\0\ud800压铸气孔" * 5000)[0].entry == "casting"


def test_an_empty_corpus_finds_nothing(tmp_path: Path) -> None:
    assert opened(tmp_path, []).search("压铸") == []


@pytest.mark.parametrize("text", ["", "  ", "。", "イチゴの温室栽培", "\ud800", "长" * 100_000])
def test_odd_passages_are_indexed_or_left_out_but_harm_nothing(tmp_path: Path, text: str) -> None:
    searcher = opened(tmp_path, [*CORPUS, passage("odd", text)])
    assert searcher.search("压铸气孔")[0].entry == "casting"


def test_a_long_passage_is_found_by_its_end_and_quotes_it(
    tmp_path: Path, encoder: Encoder, kept: TextCache
) -> None:
    long = "我们研究大棚番茄。" * 300 + "也研究硅片切割线痕的成因。"
    searcher = opened(tmp_path, [*CORPUS, passage("long", long)], encoder, kept)
    hit = searcher.search("硅片切割线痕")[0]
    assert (hit.entry, hit.evidence[0].passage) == ("long", "long")
    assert "硅片" in hit.evidence[0].text
    assert len(hit.evidence[0].text) < 1000


@pytest.mark.parametrize(
    "question",
    ["南开大学有没有人做这个", "Anyone at Nankai University?", "想请教李明老师", "李 明"],
)
def test_whoever_is_called_by_name_comes_first_in_either_language_and_is_trusted(
    tmp_path: Path, question: str
) -> None:
    names = "李明\nLi Ming\n南开大学\nNankai University"
    named = replace(passage("li", "不锈钢薄板的激光加工"), names=names)
    found = opened(tmp_path, [*BILINGUAL, named]).search(question)[0]
    assert (found.entry, found.evidence[0].text) == ("li", named.text)
    assert found.strength == "possible"


@pytest.mark.parametrize("question", ["李老师", "Nankai district laser welding", "大学"])
def test_a_part_of_a_name_calls_nobody(tmp_path: Path, question: str) -> None:
    names = "李明\nLi Ming\n南开大学\nNankai University"
    named = replace(passage("li", "番茄黄化曲叶病毒"), names=names)
    searcher = opened(tmp_path, [*BILINGUAL, named])
    vector = HashedWords().encode_questions([question])[0]
    assert not searcher.candidates(question, vector).named.any()


def test_the_library_takes_up_a_newer_snapshot_while_searches_go_on(tmp_path: Path) -> None:
    encoder, cache = HashedWords(), TextCache(tmp_path / "vectors.db")
    library = Library(tmp_path, encoder)
    assert isinstance(library.refresh(), NoSnapshotError)
    with pytest.raises(NoSnapshotError):
        _ = library.searcher
    write_snapshot(tmp_path, CORPUS[:1], encoder, cache=cache)
    assert library.refresh() is None
    in_flight = library.searcher
    write_snapshot(tmp_path, CORPUS, encoder, cache=cache)
    assert library.searcher is in_flight
    assert library.refresh() is None
    assert (in_flight.snapshot.passages, library.searcher.snapshot.passages) == (1, 5)
    assert len(in_flight.search("压铸")) == 1


def test_the_library_keeps_its_searcher_when_nothing_is_newer(tmp_path: Path) -> None:
    library = Library(tmp_path, HashedWords())
    opened(tmp_path, CORPUS)
    library.refresh()
    before = library.searcher
    assert library.refresh() is None
    assert library.searcher is before


def test_the_library_keeps_the_old_one_when_the_new_one_is_broken(tmp_path: Path) -> None:
    library = Library(tmp_path, HashedWords())
    opened(tmp_path, CORPUS)
    library.refresh()
    opened(tmp_path, CORPUS[:2])
    (current(tmp_path).folder / "words.bin").write_bytes(b"")
    assert isinstance(library.refresh(), BrokenSnapshotError)
    assert library.searcher.snapshot.name == "000001"
    activate(tmp_path, "000001")
    assert library.refresh() is None


def test_many_questions_can_be_encoded_together_and_ranked_one_by_one(tmp_path: Path) -> None:
    encoder = HashedWords()
    searcher = opened(tmp_path, CORPUS, encoder)
    questions = ["压铸气孔", "tofu"]
    together = encoder.encode_questions(questions)
    for question, vector in zip(questions, together, strict=True):
        assert searcher.rank(question, vector) == searcher.search(question)


def test_a_model_that_answers_nonsense_to_a_question_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder = HashedWords()
    searcher = opened(tmp_path, CORPUS, encoder)
    monkeypatch.setattr(encoder, "encode_questions", lambda _: np.full((1, 64), np.nan))
    with pytest.raises(ValueError, match="no numbers"):
        searcher.search("压铸")


def test_of_entries_that_say_the_same_one_is_shown(tmp_path: Path) -> None:
    again = [
        *CORPUS,
        passage("copy", "铝合金压铸件气孔缺陷的成因与真空压铸工艺, 牌号 ADC12。"),
        passage("colleague", "铝合金压铸件气孔缺陷的成因与真空压铸工艺，牌号ADC12", entry="li"),
        passage("more", "压铸模具的冷却", entry="li"),
    ]
    found = [hit.entry for hit in opened(tmp_path, again).search("压铸气孔")]
    assert len({"casting", "copy"} & set(found)) == 1
    assert "li" in found, "one who says something else besides is somebody else"


def test_evidence_is_not_quoted_twice(tmp_path: Path) -> None:
    told = [
        passage("a", "压铸气孔与真空压铸", entry="li"),
        passage("b", "压铸气孔与真空压铸。", entry="li"),
        passage("c", "焊接变形"),
    ]
    assert len(opened(tmp_path, told).search("压铸气孔")[0].evidence) == 1


class Contrary:
    """Likes best what the search likes least."""

    def scores(self, question: str, texts: Sequence[str]) -> np.ndarray:
        return np.arange(len(texts), dtype=np.float32)


def test_a_reranker_reorders_hits_and_scores_stay_with_the_places(tmp_path: Path) -> None:
    plain = opened(tmp_path, CORPUS)
    contrary = Searcher.open(tmp_path, HashedWords(), Contrary())
    before, after = plain.search("压铸气孔"), contrary.search("压铸气孔")
    assert after[0].entry == before[-1].entry
    assert [hit.score for hit in after] == [hit.score for hit in before]
    trust = {hit.entry: hit.trust for hit in before}
    assert {hit.entry: hit.trust for hit in after} == trust


def test_two_questions_are_alike_by_their_subject(tmp_path: Path) -> None:
    searcher = opened(tmp_path, CORPUS)
    same = searcher.likeness("tofu goes bad", "tofu goes bad")
    assert same == pytest.approx(1, abs=1e-5)
    near = searcher.likeness("tofu goes bad", "tofu goes off")
    assert searcher.likeness("tofu goes bad", "casting pores") < near < same
