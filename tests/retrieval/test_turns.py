"""The turns of a conversation become one question."""

from retrieval.turns import question_of


def test_the_turns_stand_in_their_order_a_line_each() -> None:
    assert question_of(["304的水管漏针眼", " 那316呢 "]) == "304的水管漏针眼\n那316呢"


def test_a_turn_without_words_leaves_no_line() -> None:
    assert question_of(["weld porosity", "  ", "and humid air?"]) == "weld porosity\nand humid air?"
