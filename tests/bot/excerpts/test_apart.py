"""Files of strangers, good and hostile, read in a process of their own."""

import zipfile
from io import BytesIO

import pytest

from bot.excerpts import Reader, UnreadableError, kind_of
from bot.excerpts.limits import MOST_BYTES, MOST_CHARACTERS, MOST_PAGES, MOST_UNPACKED
from tests.bot.excerpts.documents import a_bomb, a_docx, a_pdf, locked

PAGES = tuple(f"page {number}" for number in range(MOST_PAGES + 3))


async def why(kind: str, content: bytes, patience: float = 30.0) -> str:
    with pytest.raises(UnreadableError) as refused:
        await Reader(patience).read(kind, content)
    return refused.value.why


async def test_the_words_of_a_docx_and_of_its_tables_are_read() -> None:
    content = a_docx("铝压铸件  气孔", "", cells=("浇口速度", "45 m/s"))
    assert await Reader().read("docx", content) == "铝压铸件 气孔\n浇口速度 45 m/s"


async def test_only_the_first_pages_of_a_pdf_are_read() -> None:
    read = (await Reader().read("pdf", a_pdf(*PAGES))).splitlines()
    assert read == list(PAGES[:MOST_PAGES])


async def test_text_is_read_in_the_encodings_of_chinese_systems() -> None:
    text = "压铸模具的冷却水路应当怎样设计才能减少缩孔"
    assert await Reader().read("text", text.encode("gb18030")) == text


async def test_no_more_is_read_than_a_question_is_matched_by() -> None:
    assert len(await Reader().read("docx", a_docx(*["气孔" * 300] * 9))) == MOST_CHARACTERS


async def test_a_pdf_that_needs_a_password_is_locked_and_one_that_needs_none_is_not() -> None:
    assert await why("pdf", locked(a_pdf("secret"), "word")) == "locked"
    assert await Reader().read("pdf", locked(a_pdf("open"), "")) == "open"


async def test_what_is_broken_or_has_no_words_says_so() -> None:
    assert await why("pdf", b"%PDF-1.4 nothing") == "broken"
    assert await why("docx", b"PK\3\4 nothing") == "broken"
    assert await why("pdf", a_pdf("")) == "no_text"
    assert await why("text", b"\0\1\2") == "no_text"


async def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    assert await why("docx", a_bomb(MOST_UNPACKED // 2**20 + 1)) == "too_much"


async def test_an_archive_that_lies_about_its_size_ends_with_its_process() -> None:
    content = bytearray(a_docx("x" * 1000))
    with zipfile.ZipFile(BytesIO(bytes(content))) as archive:
        size = archive.getinfo("word/document.xml").file_size
    said = size.to_bytes(4, "little")
    assert content.count(said) >= 1
    lying = bytes(content).replace(said, (1).to_bytes(4, "little"))
    assert await why("docx", lying) == "broken"


async def test_a_file_that_takes_too_long_is_given_up() -> None:
    assert await why("docx", a_docx("x"), patience=0.0) == "too_slow"


async def test_a_large_file_is_not_even_begun() -> None:
    assert await why("pdf", bytes(MOST_BYTES + 1)) == "too_large"


@pytest.mark.parametrize(
    ("name", "mime", "kind"),
    [
        ("说明书.PDF", "", "pdf"),
        ("a.docx", "application/zip", "docx"),
        ("", "application/pdf", "pdf"),
        ("a.xlsx", "application/octet-stream", ""),
        ("pdf", "", ""),
    ],
)
def test_a_kind_is_told_by_the_name_and_else_by_the_type(name: str, mime: str, kind: str) -> None:
    assert kind_of(name, mime) == kind
