import pytest

from retrieval.passages import LONGEST, pieces


def test_a_short_text_stays_whole() -> None:
    assert pieces("气孔。缩松。") == ["气孔。缩松。"]


@pytest.mark.parametrize(
    "text",
    ["铸" * 100_000, "a" * 100_000, "一句话。" * 5000, "A sentence. " * 5000, "\ud800" * 9000],
)
def test_a_long_text_loses_nothing_and_no_piece_is_too_long(text: str) -> None:
    cut = pieces(text)
    assert "".join(cut).replace(" ", "") == text.replace(" ", "")
    assert all(len(piece.encode(errors="replace")) <= LONGEST for piece in cut)


def test_pieces_end_where_sentences_end() -> None:
    cut = pieces("一句不长不短的话，说一件事。" * 200)
    assert len(cut) > 1
    assert all(piece.endswith("。") for piece in cut)


def test_a_long_blank_is_no_endless_text() -> None:
    assert len(pieces(" " * 10_000)) == 1
