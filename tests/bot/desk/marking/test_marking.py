"""What looks identifying or secret is marked, and what every engineer writes is not."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.marking import Kind, Span, marked, redacted
from bot.desk.marking.numbers import is_bank_card, is_credit_code, is_id_card
from knowledge.sample import sample_folder
from tests.bot.desk.marking.scoring import misses, score
from tests.bot.desk.marking.texts import HARD, HELD, LOOSE, TUNED


@pytest.mark.parametrize(
    ("texts", "precision", "recall"),
    [(TUNED, 0.97, 0.97), (HELD, 0.97, 0.97), (LOOSE, 0.97, 0.93)],
    ids=["tuned", "held", "loose"],
)
def test_what_is_to_be_marked_is_found_and_little_else(
    texts: tuple[str, ...], precision: float, recall: float
) -> None:
    found = score(texts)
    assert found.precision >= precision, misses(texts)
    assert found.recall >= recall, misses(texts)


def test_what_every_engineer_writes_is_left_alone() -> None:
    assert len(misses(HARD)) <= 1, misses(HARD)


def test_none_of_the_samples_own_questions_is_marked() -> None:
    """They were written for another purpose, and name nobody."""
    questions = [
        json.loads(line)["text"]
        for path in sorted((sample_folder() / "questions").glob("queries*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if line
    ]
    assert len(questions) > 100
    assert [(one.of(text), text) for text in questions for one in marked(text)] == []


def kinds(text: str) -> list[tuple[str, Kind]]:
    return [(one.of(text), one.kind) for one in marked(text)]


@pytest.mark.parametrize(
    "text",
    [
        "6061-T6",
        "GB/T 1804-2000",
        "2026年",
        "ADC12",
        "三元锂电池",
        "45号钢",
        "DN100 PN16",
        "施工",
        "谢谢",
    ],
)
def test_the_known_traps_are_no_marks(text: str) -> None:
    assert kinds(f"材料{text}，怎么办") == []


def test_full_width_figures_are_read_as_figures() -> None:
    assert kinds("电话：１３８１２３４５６７８") == [("１３８１２３４５６７８", Kind.PHONE)]


def test_the_enterprises_own_name_is_marked_whole_and_as_people_shorten_it() -> None:
    text = "宏达的件，宁波宏达模具有限公司盖章"
    found = marked(text, names=("宁波宏达模具有限公司", ""))
    assert [(one.of(text), one.kind) for one in found] == [
        ("宏达", Kind.ENTERPRISE),
        ("宁波宏达模具有限公司", Kind.ENTERPRISE),
    ]


def test_an_english_name_is_marked_as_a_word_whatever_its_case() -> None:
    text = "HONGDA parts; hongdaxyz is a code"
    assert [one.of(text) for one in marked(text, names=("", "Hongda"))] == ["HONGDA"]


def test_the_askers_own_name_is_marked_without_any_title() -> None:
    text = "这是王芳问的"
    assert [(one.of(text), one.kind) for one in marked(text, people=("王芳", ""))] == [
        ("王芳", Kind.PERSON)
    ]


@pytest.mark.parametrize("number", ["11010519491231002X", "11010519491231002x"])
def test_an_identity_card_has_a_birthday_and_a_check_character(number: str) -> None:
    assert is_id_card(number)
    assert not is_id_card(number.replace("1949", "1950"))
    assert not is_id_card(number.replace("1231", "1331"))


def test_a_credit_code_has_a_check_character() -> None:
    assert is_credit_code("91350100M000100Y43")
    assert not is_credit_code("91350100M000100Y44")


@pytest.mark.parametrize(
    ("number", "holds"),
    [("4111111111111111", True), ("6222 0212 0800 1234 564", True), ("4111111111111112", False)],
)
def test_a_bank_card_keeps_luhns_rule(number: str, holds: bool) -> None:
    assert is_bank_card(number) is holds
    assert bool(kinds(f"卡号 {number} 谢谢")) is holds


def test_what_is_redacted_is_labelled_in_the_language_of_the_text() -> None:
    text = "王总，13812345678"
    spans = marked(text)
    assert redacted(text, spans, "zh") == "[姓名]，[电话]"
    assert redacted(text, spans, "en") == "[name]，[phone]"
    assert marked(redacted(text, spans, "zh")) == []


def test_the_key_of_a_mark_does_not_tell_it() -> None:
    text = "13812345678"
    assert Span(0, 11, Kind.PHONE).key(text) not in text
    assert Span(0, 11, Kind.PHONE).key(text) != Span(0, 11, Kind.PERSON).key(text)


@given(st.text(alphabet="王总厂公司有限路号市1358@.-,（）元万 aAz+\n电话图", max_size=60))
def test_marks_are_in_order_apart_and_within_the_text(text: str) -> None:
    found = marked(text)
    edges = [edge for one in found for edge in (one.start, one.end)]
    assert edges == sorted(edges)
    assert all(one.of(text) for one in found)
    assert not edges or (edges[0] >= 0 and edges[-1] <= len(text))
