import pytest

from retrieval.glossary import Glossary
from retrieval.lexical import build_words, pack_words, unpack_words
from retrieval.words import tokens

TERMS = [
    ("压铸", "die casting"),
    ("高压铸造",),
    ("配电", "distribution"),
    ("压铸", "pressure casting"),
]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("铝件压铸后起泡", 1),
        ("blisters on die castings", 1),
        ("高压铸造", 1),
        ("casting by a die", 0),
        ("distribution of pores", 0),
        ("配电柜和压铸机", 2),
        ("番茄", 0),
    ],
)
def test_only_whole_terms_count(text: str, count: int) -> None:
    assert len(list(Glossary(TERMS).tokens(tokens(text)))) == count


def test_every_form_of_a_term_is_the_same_token() -> None:
    glossary = Glossary(TERMS)
    forms = ["壓鑄", "die casting", "pressure castings"]
    assert len({token for form in forms for token in glossary.tokens(tokens(form))}) == 1


def test_a_question_finds_a_term_in_the_other_language_and_by_names() -> None:
    texts = ["blisters on die castings", "gear noise in a pump", "番茄叶片发黄"]
    index = unpack_words(pack_words(build_words(texts, TERMS)))
    asked = index.ask("压铸件起泡怎么办")
    best = asked.best(3)
    assert best.tolist() == [0]
    assert asked.shares(best)[1, 0] > 0
    assert len(build_words(texts).ask("压铸件起泡怎么办").best(3)) == 0


def test_indexes_with_other_terms_do_not_see_each_other() -> None:
    texts = ["blisters on die castings"]
    with_terms, without = build_words(texts, TERMS), build_words(texts)
    assert with_terms.shares("压铸").any()
    assert not without.shares("压铸").any()
