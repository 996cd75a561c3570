"""PDF, DOCX and plain text as their first words. Runs in a process of its own: see `apart`."""

import io
import zipfile
from collections.abc import Callable, Iterator

from charset_normalizer import from_bytes
from docx import Document
from docx.table import Table
from docx.text.paragraph import Paragraph
from pypdf import PdfReader

from bot.excerpts.limits import MOST_CHARACTERS, MOST_PAGES, MOST_PARTS, MOST_UNPACKED


class LockedError(ValueError):
    """It opens with a password alone."""


class BombError(ValueError):
    """It would unpack to more than a document has."""


def first_words(kind: str, content: bytes) -> str:
    """At most MOST_CHARACTERS, blanks and empty lines joined; empty where it has no text.

    Raises whatever the libraries raise for a file that is broken.
    """
    words: list[str] = []
    room = MOST_CHARACTERS
    for piece in FORMATS[kind](content):
        line = " ".join(piece.split())
        if line:
            words.append(line[:room])
            room -= len(line) + 1
        if room <= 0:
            break
    return "\n".join(words)


def _pdf(content: bytes) -> Iterator[str]:
    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted and not reader.decrypt(""):  # many are locked with no password at all
        raise LockedError
    for number, page in enumerate(reader.pages):
        if number == MOST_PAGES:
            return
        yield from page.extract_text().splitlines()


def _docx(content: bytes) -> Iterator[str]:
    _check_unpacked(content)
    document = Document(io.BytesIO(content))
    for block in document.iter_inner_content():
        if isinstance(block, Paragraph):
            yield block.text
        elif isinstance(block, Table):
            for row in block.rows:
                yield " ".join(cell.text for cell in row.cells)


def _check_unpacked(content: bytes) -> None:
    """By what the archive says of itself; one that lies runs into the limits of memory."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
            raise BombError


def _text(content: bytes) -> Iterator[str]:
    # Four bytes make at most one character, and the beginning is enough to tell the encoding by.
    found = from_bytes(content[: 8 * MOST_CHARACTERS]).best()
    yield from str(found).splitlines() if found is not None else ()


FORMATS: dict[str, Callable[[bytes], Iterator[str]]] = {"pdf": _pdf, "docx": _docx, "text": _text}
