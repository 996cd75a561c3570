"""The words of a text are counted once, by whoever counts now."""

from pathlib import Path

import pytest

from retrieval import counting
from retrieval.cache import TextCache
from retrieval.counting import kept_counts, prune_counts, split
from retrieval.lexical import build_words, pack_words

TEXTS = ["铝合金压铸件气孔 ADC12 ADC12", "", "Longer shelf life of tofu", "压铸", "压铸"]


@pytest.fixture
def cache(tmp_path: Path) -> TextCache:
    return TextCache(tmp_path / "vectors.db")


def counted_texts(cache: TextCache, monkeypatch: pytest.MonkeyPatch, texts: list[str]) -> list[str]:
    """What is split while the texts are indexed."""
    seen: list[str] = []

    def watched(text: str) -> list[str]:
        seen.append(text)
        return split(text)

    monkeypatch.setattr(counting, "split", watched)
    list(kept_counts(texts, cache))
    return seen


def test_an_index_of_kept_counts_is_the_same(cache: TextCache) -> None:
    fresh = pack_words(build_words(TEXTS))
    assert pack_words(build_words(TEXTS, cache)) == fresh
    assert pack_words(build_words(TEXTS, cache)) == fresh


def test_only_new_texts_are_counted(cache: TextCache, monkeypatch: pytest.MonkeyPatch) -> None:
    assert counted_texts(cache, monkeypatch, TEXTS) == list(dict.fromkeys(TEXTS))
    assert counted_texts(cache, monkeypatch, [*TEXTS, "new"]) == ["new"]


def test_another_way_to_count_counts_anew_and_the_former_goes(
    cache: TextCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    list(kept_counts(TEXTS, cache))
    monkeypatch.setattr(counting, "_counter", lambda: "words of another way")
    assert counted_texts(cache, monkeypatch, TEXTS) == list(dict.fromkeys(TEXTS))
    prune_counts(cache, TEXTS)
    assert cache.makers() == {"words of another way"}
