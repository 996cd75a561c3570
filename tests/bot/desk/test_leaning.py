"""A text goes on with a draft by its words, its length and its subject."""

import pytest

from bot.desk.leaning import GOES_ON, chance, goes_on

APART, NEAR = -0.05, 0.2


@pytest.mark.parametrize(
    "text",
    ["那成本呢", "and for stainless?", "换成铝呢", "What about chromium?", "要多少钱", "cheaper?"],
)
def test_a_short_text_that_leans_on_what_was_said_goes_on(text: str) -> None:
    assert goes_on(text)
    assert chance(text, APART) >= GOES_ON


@pytest.mark.parametrize(
    "text",
    [
        "那台老冲床怎么修",
        "锂电池涂布厚边怎么办",
        "Our tablets cap on the press",
        "还有一个问题，模具变形",
        "and " + "our conveyor reducer howls at one speed only " * 3,
    ],
)
def test_a_text_that_stands_by_itself_is_a_question_of_its_own(text: str) -> None:
    assert not goes_on(text)
    assert chance(text, APART) < GOES_ON


@pytest.mark.parametrize("text", ["刀具材料要换吗", "could it be the needles"])
def test_a_short_text_of_the_same_subject_goes_on_without_saying_so(text: str) -> None:
    assert chance(text, NEAR) >= GOES_ON


@pytest.mark.parametrize("text", ["还有一个问题，模具变形", "Another question: the mould warps"])
def test_a_text_that_says_it_is_about_something_else_is_new_whatever_its_subject(
    text: str,
) -> None:
    assert chance(text, 1.0) == 0


def test_a_long_text_is_taken_as_new_unless_its_subject_is_plainly_the_same() -> None:
    text = "客户要求密封圈在高温防冻液里泡两年不漏，我们试过三家的料都压扁回不去"
    assert chance(text, APART) < 0.05
    assert chance(text, 0.6) >= GOES_ON
