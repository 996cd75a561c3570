"""Bytes to text: strictly, in the encodings that Excel and Chinese systems write."""

import codecs
from itertools import islice

from knowledge.importers.problems import MendableError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Almost any bytes can be read as GB18030, but only real text yields the common characters of
# GB 2312: 100% of simplified Chinese, 35% of UTF-8 misread, none of Latin-1 or Shift JIS.
_COMMON_SHARE = 0.7
_SAMPLE = 5000


def decoded(content: bytes) -> str:
    """The text of a file in UTF-8, UTF-16 or GB18030. Raises MendableError for anything else."""
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            return _strictly(content, encoding)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        return _gb18030(content, error)


def _strictly(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise _unreadable(content, error.start) from None


def _gb18030(content: bytes, utf8: UnicodeDecodeError) -> str:
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        raise _unreadable(content, utf8.start) from None
    foreign = list(islice((letter for letter in text if ord(letter) > 127), _SAMPLE))
    common = sum(bool(letter.encode("gb2312", "ignore")) for letter in foreign)
    if common < _COMMON_SHARE * len(foreign):
        raise _unreadable(content, utf8.start)
    return text


def _unreadable(content: bytes, position: int) -> MendableError:
    line = content.count(b"\n", 0, position) + 1
    return MendableError(
        f"文字编码无法识别（第 {line} 行附近）："
        "请在 Excel 中“另存为”→“CSV UTF-8（逗号分隔）”后重新发送。",
        f"the encoding can't be told (near line {line}): in Excel choose Save as, CSV UTF-8, and"
        " send the file again.",
    )
