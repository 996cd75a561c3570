"""The table of refusals."""

import re
from pathlib import Path

import bot.simulator
from bot.simulator.errors import SENTENCES

HERE = Path(bot.simulator.__file__).parent
PREFIXES = {
    400: "Bad Request: ",
    401: "Unauthorized",
    403: "Forbidden: ",
    404: "Not Found",
    409: "Conflict: ",
    413: "Request Entity Too Large",
    429: "Too Many Requests: retry after ",
    500: "Internal Server Error",
    502: "Bad Gateway",
}


def test_every_sentence_has_a_source_and_the_prefix_of_its_code() -> None:
    for name, sentence in SENTENCES.items():
        assert sentence.source, name
        assert sentence.text.startswith(PREFIXES[sentence.code]), name


def test_every_sentence_is_used_and_none_stands_elsewhere() -> None:
    sources = [path.read_text(encoding="utf-8") for path in HERE.rglob("*.py")]
    code = "\n".join(text for text in sources if "SENTENCES: Final" not in text)
    for name in SENTENCES:
        assert f'"{name}"' in code, f"{name} is never refused"
    assert not re.search(r'"(Bad Request|Forbidden|Conflict|Unauthorized)\b', code)
