"""The words a question is asked by, wherever they stand."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from telegram.error import BadRequest

from bot.desk.errors import RefusedError
from bot.desk.views import Heard
from bot.excerpts import Reader, UnreadableError
from bot.excerpts.limits import MOST_BYTES
from bot.handlers.wording import SentFiles, readable, worded
from tests.bot.excerpts.documents import a_docx

SENT = Heard(5, 6, "document", file={"id": "f", "name": "说明.docx", "size": 900})
CONTENT = a_docx("铝压铸件气孔", "ADC12，380 吨")


class Fetched:
    """A bot from which one file can be fetched; `asked` are the ids."""

    def __init__(self, content: bytes = CONTENT, *, gone: bool = False) -> None:
        self.content, self.gone = content, gone
        self.asked: list[str] = []

    async def get_file(self, file_id: str) -> Any:
        self.asked.append(file_id)
        if self.gone:
            raise BadRequest("file is temporarily unavailable")

        async def download() -> bytearray:
            return bytearray(self.content)

        return SimpleNamespace(download_as_bytearray=download)


def reads(bot: Fetched) -> SentFiles:
    return SentFiles(bot, Reader())  # type: ignore[arg-type]


async def test_a_file_without_a_caption_asks_by_its_own_first_words() -> None:
    asked = await worded(SENT, reads(Fetched()).read)
    assert asked.text == "铝压铸件气孔 ADC12，380 吨"
    assert asked.read == "铝压铸件气孔\nADC12，380 吨"


async def test_with_a_caption_that_is_the_question_and_the_file_is_read_beside() -> None:
    asked = await worded(replace(SENT, text="  怎么办 "), reads(Fetched()).read)
    assert (asked.text, asked.read[:6]) == ("怎么办", "铝压铸件气孔")


@pytest.mark.parametrize(
    ("bot", "sent", "code"),
    [
        (Fetched(gone=True), SENT, "unread_unfetched"),
        (Fetched(b"PK broken"), SENT, "unread_broken"),
        (Fetched(), replace(SENT, file=SENT.file | {"size": MOST_BYTES + 1}), "unread_too_large"),
    ],
)
async def test_why_a_file_was_not_read_is_kept_with_it(
    bot: Fetched, sent: Heard, code: str
) -> None:
    asked = await worded(sent, reads(bot).read)
    assert (asked.text, asked.unread) == ("", code)
    captioned = await worded(replace(sent, text="怎么办"), reads(bot).read)
    assert (captioned.text, captioned.unread) == ("怎么办", code)


async def test_a_file_that_is_too_large_is_not_fetched() -> None:
    bot = Fetched()
    with pytest.raises(UnreadableError):
        await reads(bot).read(replace(SENT, file=SENT.file | {"size": MOST_BYTES + 1}))
    assert bot.asked == []


async def test_what_is_no_document_is_not_fetched() -> None:
    bot = Fetched()
    for kind in ("photo", "voice", "text"):
        assert not readable(replace(SENT, kind=kind))
        assert await reads(bot).read(replace(SENT, kind=kind)) == ""
    assert bot.asked == []


async def test_a_caption_without_a_word_is_no_question() -> None:
    with pytest.raises(RefusedError):
        await worded(replace(SENT, kind="photo", text="👍"), reads(Fetched()).read)
