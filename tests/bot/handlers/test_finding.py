"""What a hit's line quotes."""

from bot.handlers.finding import quoted
from retrieval.search import Evidence, Hit


def hit(*evidence: tuple[str, str]) -> Hit:
    found = tuple(Evidence(f"p/{text}", text, language, 0.5) for language, text in evidence)
    return Hit("expert-1", "expert", 0.5, 0.3, found)


def test_the_best_evidence_in_the_askers_language_is_quoted() -> None:
    assert quoted(hit(("en", "Pores"), ("zh", "气孔"), ("zh", "缩孔")), "zh") == "气孔"


def test_evidence_in_another_language_is_better_than_none() -> None:
    assert quoted(hit(("en", "Pores")), "zh") == "Pores"
    assert quoted(hit(), "zh") == ""
