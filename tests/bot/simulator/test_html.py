"""Telegram's HTML: what becomes of it, and what is said of a mistake."""

import pytest

from bot.simulator.entities import formatted
from bot.simulator.errors import ApiError


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("<b>粗</b>体", "粗体", [("bold", 0, 1)]),
        ("<STRONG>a</strong><em>b</em>", "ab", [("bold", 0, 1), ("italic", 1, 1)]),
        ("😀<u>x</u>", "😀x", [("underline", 2, 1)]),
        ("<b>a<i>b</i></b>", "ab", [("bold", 0, 2), ("italic", 1, 1)]),
        ("a &lt;b&gt; &amp; &quot;c&quot; &#20013;", 'a <b> & "c" 中', []),
        ("&nbsp; stays", "&nbsp; stays", []),
        ("<tg-spoiler>x</tg-spoiler>", "x", [("spoiler", 0, 1)]),
        ('<span class="tg-spoiler">x</span>', "x", [("spoiler", 0, 1)]),
        ("<blockquote expandable>x</blockquote>", "x", [("expandable_blockquote", 0, 1)]),
        ("<b></b>x", "x", []),
        ("  <b>x</b>  ", "x", [("bold", 0, 1)]),
    ],
)
def test_tags_become_entities(source: str, text: str, entities: list[tuple[str, int, int]]) -> None:
    found, marked = formatted(source, "HTML", None)
    assert found == text
    assert [(e["type"], e["offset"], e["length"]) for e in marked] == entities


def test_links_and_code_keep_what_they_carry() -> None:
    assert formatted('<a href="https://a.cn/?x=1&amp;y=2">l</a>', "html", None)[1] == [
        {"type": "text_link", "offset": 0, "length": 1, "url": "https://a.cn/?x=1&y=2"}
    ]
    assert formatted('<a href="nonsense">l</a>', "HTML", None) == ("l", [])
    block = '<pre><code class="language-python">x = 1</code></pre>'
    assert formatted(block, "HTML", None)[1] == [
        {"type": "pre", "offset": 0, "length": 5, "language": "python"}
    ]


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<p>x</p>", 'Unsupported start tag "p" at byte offset 0'),
        ("中<br>", 'Unsupported start tag "br" at byte offset 3'),
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_a_mistake_is_told_in_telegrams_words(source: str, why: str) -> None:
    with pytest.raises(ApiError) as caught:
        formatted(source, "HTML", None)
    assert caught.value.description == f"Bad Request: can't parse entities: {why}"
    assert caught.value.code == 400


def test_telegram_finds_links_commands_mentions_and_tags_by_itself() -> None:
    text = "😀 /start https://a.cn/b, @someone #标签 a@b.cn"
    found = [(e["type"], e["offset"]) for e in formatted(text, None, None)[1]]
    assert found == [
        ("bot_command", 3),
        ("url", 10),
        ("mention", 26),
        ("hashtag", 35),
        ("email", 39),
    ]


def test_nothing_is_found_inside_code_and_links() -> None:
    _, entities = formatted("<code>/start</code> /help", "HTML", None)
    assert [(e["type"], e["offset"]) for e in entities] == [("code", 0), ("bot_command", 7)]


def test_markdown_is_refused_as_not_simulated_and_nonsense_as_telegram_does() -> None:
    with pytest.raises(ApiError) as markdown:
        formatted("*x*", "MarkdownV2", None)
    assert markdown.value.not_simulated
    with pytest.raises(ApiError) as nonsense:
        formatted("x", "bbcode", None)
    assert nonsense.value.description == "Bad Request: unsupported parse_mode"
