import random
from pathlib import Path

import numpy as np
import pytest

from retrieval import lexical, postings
from retrieval.allowed import Allowed
from retrieval.lexical import WordIndex, build_words, open_words, pack_words, write_words
from retrieval.postings import Postings, build_postings, counted

PASSAGES = 3_000


def zipf_texts(count: int) -> list[str]:
    """Of 400 words, the common ones in most texts, the rare ones in few."""
    draw = random.Random(5)
    words = [f"w{number}x" for number in range(400)]
    weights = [1 / (place + 1) for place in range(400)]
    return [" ".join(draw.choices(words, weights, k=draw.randint(3, 20))) for _ in range(count)]


@pytest.fixture(scope="module")
def index() -> WordIndex:
    return build_words(zipf_texts(PASSAGES))


QUESTIONS = ["w0x w1x w350x", "w3x w5x w200x w301x", "w2x", "w399x w398x", "unheard w77x"]


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_best_are_those_of_the_highest_shares(index: WordIndex, question: str) -> None:
    asked = index.ask(question)
    shares = asked.shares(np.arange(PASSAGES)).sum(axis=0)
    best = asked.best(50)
    assert (np.diff(shares[best]) <= 0).all()
    assert np.allclose(shares[best], np.sort(shares)[::-1][:50])


@pytest.mark.parametrize("question", QUESTIONS)
def test_deferred_words_change_no_share_and_not_the_best(
    index: WordIndex, question: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = index.ask(question).shares(np.arange(PASSAGES))
    monkeypatch.setattr(lexical, "SPENT", 200)
    monkeypatch.setattr(lexical, "CANDIDATES", PASSAGES)
    asked = index.ask(question)
    assert np.allclose(asked.shares(np.arange(PASSAGES)), whole, atol=1e-6)
    best = asked.best(10)
    assert np.allclose(whole.sum(axis=0)[best], np.sort(whole.sum(axis=0))[::-1][:10], atol=1e-6)


def test_rows_that_are_not_allowed_are_not_found(index: WordIndex) -> None:
    mask = np.arange(PASSAGES) % 3 == 0
    best = index.ask("w0x w30x").best(40, Allowed(frozenset({"expert"}), mask))
    assert len(best) == 40
    assert (best % 3 == 0).all()


def test_nothing_of_no_share_is_found(index: WordIndex) -> None:
    assert len(index.ask("压铸").best(10)) == 0
    assert len(build_words([]).ask("压铸").best(10)) == 0


def test_a_written_index_is_read_where_it_lies(index: WordIndex, tmp_path: Path) -> None:
    write_words(index, tmp_path / "words.bin")
    opened = open_words(tmp_path / "words.bin")
    assert not opened.postings.rows.flags.owndata
    assert (tmp_path / "words.bin").read_bytes() == pack_words(index)
    assert (opened.shares("w7x w70x") == index.shares("w7x w70x")).all()


def test_an_index_built_in_chunks_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = zipf_texts(100)
    whole = pack_words(build_words(texts))
    monkeypatch.setattr(postings, "CHUNK", 7)
    assert pack_words(build_words(texts)) == whole


def test_a_cut_off_index_is_refused(index: WordIndex) -> None:
    with pytest.raises(ValueError, match="buffer"):
        lexical.unpack_words(pack_words(index)[:-100])


def test_an_impact_says_how_often_a_token_stands_and_in_how_long_a_passage() -> None:
    built: Postings = build_postings(
        map(counted, (["a"], ["a", "a", "b"], [])),
        lambda counts, lengths: counts / (counts + lengths),
    )
    (place,) = built.places(["a"])
    # Lengths 1, 3, 0 with a mean of 4/3.
    expected = [1 / (1 + 3 / 4), 2 / (2 + 9 / 4)]
    assert (built.impacts[place] / 256).tolist() == pytest.approx(expected, abs=1 / 256)


@pytest.mark.parametrize(
    ("question", "passage"),
    [
        ("壓鑄件氣孔", "压铸件的气孔"),
        ("铝合金阳极氧化", "鋁合金陽極氧化後處理"),
        ("GB/T1804-2000", "按GB/T 1804检验"),
        ("ESP32-C3", "ESP32C3开发板"),
        ("Wi-Fi", "支持WiFi"),
        ("6061‑T6", "6061T6铝板"),
        ("6061–T6", "6061-T6"),
        ("ＡＤＣ１２", "用ADC12压铸"),
        ("10 m²", "10m2"),
        ("porosty in castings", "porosity of the casting"),
    ],
)
def test_one_way_of_writing_finds_another(question: str, passage: str) -> None:
    others = ["番茄叶片发黄", "gear noise", "数控机床主轴"]
    best = build_words([*others, passage]).ask(question).best(1)
    assert best.tolist() == [3]
