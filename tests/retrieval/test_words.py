import subprocess
import sys

import pytest

from retrieval.lexical import build_words, pack_words, unpack_words
from retrieval.words import tokens


@pytest.mark.parametrize(
    ("text", "token"),
    [
        ("我们用ADC12做壳体", "n:adc12"),
        ("材料是6061-T6的板", "j:6061t6"),
        ("材料是6061T6的板", "n:6061t6"),
        ("按GB/T 1804-m检验", "n:1804"),
        ("按ＧＢ／Ｔ１８０４检验", "j:gbt1804"),
        ("用C++写的上位机", "j:c++"),
        ("M8x1.25螺纹", "j:m8x125"),
        ("casting defects", "t:cast"),
        ("压铸件", "w:压铸"),
        ("压铸件", "p:铸件"),
        ("зубчатые колёса", "t:колёса"),
    ],
)
def test_a_text_holds_the_token(text: str, token: str) -> None:
    assert token in tokens(text)


def test_words_that_say_nothing_are_left_out() -> None:
    assert tokens("how do we do this with the 的 了") == []


def test_full_width_and_ordinary_forms_are_one() -> None:
    assert tokens("ＡＤＣ１２ Ⅲ型") == tokens("ADC12 III型")


@pytest.mark.parametrize("empty", ["", " \n", "😀👍", "。，！", "\0"])
def test_a_text_without_words_has_no_token(empty: str) -> None:
    assert tokens(empty) == []


def test_the_segmenter_says_nothing_and_leaves_no_file() -> None:
    """In a process of its own: the dictionary is read once a process."""
    code = (
        "import tempfile, os; d = tempfile.mkdtemp(); tempfile.tempdir = d\n"
        "from retrieval.words import tokens; tokens('压铸件气孔'); print(os.listdir(d))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def test_importing_the_module_reads_no_dictionary() -> None:
    code = "import retrieval.words as w; print(w._segmenter.cache_info().currsize)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "0"


TEXTS = ["ADC12压铸件气孔", "6061-T6 阳极氧化", "weld porosity in aluminium", "番茄叶片发黄"]


@pytest.mark.parametrize(
    ("question", "best"),
    [("adc12", 0), ("6061T6 氧化", 1), ("porosity", 2), ("番茄黄叶", 3), ("气孔", 0)],
)
def test_the_passage_with_the_words_has_the_highest_share(question: str, best: int) -> None:
    shares = build_words(TEXTS).shares(question).sum(axis=0)
    assert shares.argmax() == best
    assert 0 < shares[best] < 1


def test_a_question_whose_words_nobody_holds_has_no_share() -> None:
    assert not build_words(TEXTS).shares("qux zyzzyva").any()


def test_a_share_falls_with_each_word_not_found() -> None:
    index = build_words(TEXTS)
    assert index.shares("气孔 qux zyzzyva")[0, 0] < index.shares("气孔")[0, 0] / 2


def test_a_repeated_word_counts_once() -> None:
    index = build_words(TEXTS)
    assert (index.shares("adc12 adc12 gizmo") == index.shares("adc12 gizmo")).all()


@pytest.mark.parametrize("texts", [[], [""], ["", "。"], ["", "压铸"]])
def test_an_index_of_little_or_nothing_is_packed_and_unpacked(texts: list[str]) -> None:
    index = unpack_words(pack_words(build_words(texts)))
    shares = index.shares("压铸")
    assert shares.shape == (2, len(texts))
    assert [bool(share) for share in shares[0]] == ["压铸" in text for text in texts]
