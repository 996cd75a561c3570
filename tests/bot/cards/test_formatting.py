"""Telegram's entities as HTML: whatever they are, the tags close and people's words are text."""

from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards.formatting import formatted


class Reader(HTMLParser):
    """Reads a page: its text, its links, and that every tag closes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text, self.links = "", list[str]()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.feed(str(page))  # a slice of Markup would be escaped again
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def entity(kind: str, offset: int, length: int, **more: Any) -> dict[str, Any]:
    return {"type": kind, "offset": offset, "length": length, **more}


def test_offsets_count_utf16_units() -> None:
    assert formatted("😀铝合金", [entity("bold", 2, 3)]) == "😀<b>铝合金</b>"


def test_nested_and_overlapping_entities_close_their_tags() -> None:
    made = formatted("abcdef", [entity("bold", 0, 4), entity("italic", 2, 4)])
    assert made == "<b>ab</b><i><b>cd</b></i><i>ef</i>"


def test_words_are_never_markup() -> None:
    made = formatted("<script>x</script>", [entity("bold", 0, 8)])
    assert Reader(made).tags == {"b"}
    assert Reader(made).text == "<script>x</script>"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd"])
def test_only_links_to_pages_are_links(url: str) -> None:
    assert Reader(formatted("here", [entity("text_link", 0, 4, url=url)])).links == []
    assert Reader(formatted(url, [entity("url", 0, len(url))])).links == []


def test_a_link_cannot_leave_its_attribute() -> None:
    url = 'https://a.cn/"><script>x'
    read = Reader(formatted("here", [entity("text_link", 0, 4, url=url)]))
    assert read.links == [url]
    assert read.tags == {"a"}


kinds = st.sampled_from(["bold", "italic", "pre", "text_link", "url", "spoiler", "blockquote", "?"])
entities = st.builds(
    entity, kinds, st.integers(0, 20), st.integers(1, 20), url=st.just("https://a.cn")
)


@given(st.text(max_size=12).filter(lambda text: "\r" not in text), st.lists(entities, max_size=5))
def test_whatever_is_formatted_reads_as_it_was_written(text: str, some: list[Any]) -> None:
    plain = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    read = Reader(formatted(plain, some))
    if all(ord(letter) < 0x10000 for letter in plain):  # else a cut may fall inside one
        assert read.text == plain
