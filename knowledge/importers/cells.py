"""One cell: from what a person wrote to a value, or a MendableError that says how to mend it.

An empty cell never comes here: a column that may be empty has a default.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from enum import StrEnum
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BeforeValidator

from knowledge.importers.problems import MendableError
from knowledge.industries import SECTIONS
from knowledge.regions import REGIONS

SHORT, TITLE, PROSE = 200, 500, 5000
MOST_LISTED = 100
_ID = re.compile(r"[A-Za-z0-9.-]{1,64}")
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|年(\d{1,2})月(\d{1,2})日)")
# U+FFFD is what is left of a character that a program could not read.
_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffd-\uffff]")
_SEPARATORS = re.compile(r"[;；、,，]")
_REGION_ENDING = re.compile(r"(省|市|(壮族|回族|维吾尔)?自治区|特别行政区)$")
_EXCEL_ERRORS = {"#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!"}


def written(value: object) -> str:
    """A cell as text; a whole number without its point, a date as YYYY-MM-DD."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, (int, date, time)):
        return str(value)
    if not isinstance(value, str):
        raise MendableError("这里应当是一段文字或一个数。", "one text or number is expected here.")
    unreadable = _UNREADABLE.search(value)
    if unreadable:
        code = f"U+{ord(unreadable.group()):04X}"
        raise MendableError(
            f"含有无法显示的字符 {code}，请删去后重新输入。",
            f"holds the unreadable character {code}: delete it and type the text anew.",
        )
    if value.strip() in _EXCEL_ERRORS:
        raise MendableError(
            f"公式出错（{value.strip()}）：请修正公式，或改填具体的值。",
            f"a formula failed ({value.strip()}): mend it, or write the value itself.",
        )
    return value.strip()


def _text(limit: int) -> Callable[[object], str]:
    def read(value: object) -> str:
        text = written(value)
        if len(text) > limit:
            raise MendableError(
                f"有 {len(text)} 个字，最多 {limit} 个：请缩短。",
                f"has {len(text)} characters, at most {limit} fit: shorten it.",
            )
        return text

    return read


def _id(value: object) -> str:
    text = written(value)
    if not _ID.fullmatch(text):
        raise MendableError(
            f"编号“{text[:40]}”不合要求：只能用英文字母、数字、- 和 .，最多 64 个。",
            f"the id {text[:40]!r} won't do: use letters a-z, digits, - and . only, at most 64.",
        )
    return text


def word_of(words: Iterable[StrEnum], in_chinese: dict[str, str]) -> Callable[[object], StrEnum]:
    """Reads one of `words`, or what `in_chinese` calls it."""
    known = {word.value: word for word in words}
    allowed = ", ".join(known)
    known |= {chinese: known[word] for chinese, word in in_chinese.items()}
    allowed_zh = "、".join(known)

    def read(value: object) -> StrEnum:
        text = written(value).casefold().replace(" ", "_")
        if text not in known:
            raise MendableError(
                f"“{text[:40]}”不在可选值之内，请改为其中之一：{allowed_zh}。",
                f"{text[:40]!r} is not allowed; write one of: {allowed}.",
            )
        return known[text]

    return read


def _flag(value: object) -> bool:
    text = written(value).casefold()
    if text in ("yes", "true", "1", "是", "y"):
        return True
    if text in ("no", "false", "0", "否", "n"):
        return False
    raise MendableError(
        f"“{text[:40]}”看不懂：请填 yes（是）或 no（否）。",
        f"{text[:40]!r} can't be understood: write yes or no.",
    )


def _day(value: object) -> date:
    text = written(value)
    found = _DATE.fullmatch(text)
    if found:
        year, month, day = (int(part) for part in found.groups() if part is not None)
        try:
            return date(year, month, day)
        except ValueError:
            raise MendableError(
                f"没有“{text}”这一天，请核对日期。", f"there is no day {text}: check the date."
            ) from None
    raise MendableError(
        f"“{text[:40]}”不是日期：请写成 2026-03-01（在 Excel 中把单元格格式设为日期）。",
        f"{text[:40]!r} is no date: write 2026-03-01 (in Excel, format the cell as a date).",
    )


def _year(value: object) -> int:
    text = written(value).removesuffix("年")
    if not re.fullmatch(r"(19|20)\d\d", text):
        raise MendableError(
            f"“{text[:40]}”不是年份：请写四位数字，如 2024。",
            f"{text[:40]!r} is no year: write four digits such as 2024.",
        )
    return int(text)


def number(least: float, most: float) -> Callable[[object], float]:
    """Reads a number within both bounds, in plain digits."""

    def read(value: object) -> float:
        text = written(value)
        plain = re.fullmatch(r"-?\d{1,15}(\.\d{1,15})?", text)
        if not plain or not least <= float(text) <= most:
            raise MendableError(
                f"“{text[:40]}”不对：请只写数字，不带单位和千分号，{least:g} 到 {most:g} 之间。",
                f"{text[:40]!r} won't do: write digits alone, no unit and no thousands separator,"
                f" from {least:g} to {most:g}.",
            )
        return float(text)

    return read


def whole(least: int, most: int) -> Callable[[object], int]:
    read = number(least, most)

    def read_whole(value: object) -> int:
        found = read(value)
        if not found.is_integer():
            raise MendableError(f"{found:g} 应为整数。", f"{found:g} must be a whole number.")
        return int(found)

    return read_whole


def _listed(value: object) -> list[str]:
    parts = value if isinstance(value, list) else _SEPARATORS.split(written(value))
    texts = [written(part) for part in parts]
    if len(texts) > MOST_LISTED:
        raise MendableError(
            f"列了 {len(texts)} 项，最多 {MOST_LISTED} 项。",
            f"lists {len(texts)} things, at most {MOST_LISTED} fit.",
        )
    return [text for text in texts if text]


def each(read: Callable[[object], Any]) -> Callable[[object], tuple[Any, ...]]:
    """Reads a list: real, or written with semicolons. What is named twice counts once."""

    def read_all(value: object) -> tuple[Any, ...]:
        return tuple(dict.fromkeys(read(text) for text in _listed(value)))

    return read_all


def _industry(value: object) -> str:
    text = written(value).upper()
    if text in SECTIONS:
        return text
    section = next((letter for letter, names in SECTIONS.items() if names.zh == text), None)
    if section is None:
        nearest = f"，是不是 {text[0]}" if text[:1] in SECTIONS else ""
        raise MendableError(
            f"“{text[:40]}”不是国民经济行业门类（GB/T 4754）的字母 A 到 T{nearest}？",
            f"{text[:40]!r} is no section of GB/T 4754: write its letter, A to T.",
        )
    return section


def _region(value: object) -> str:
    text = written(value)
    short = _REGION_ENDING.sub("", text)
    if short in REGIONS:
        return short
    english = next((zh for zh, en in REGIONS.items() if en.casefold() == text.casefold()), None)
    if english is None:
        raise MendableError(
            f"“{text[:40]}”不是省级行政区：请写简称，如 浙江、内蒙古（城市写在“城市”一列）。",
            f"{text[:40]!r} is no province-level region: write its short name, such as 浙江 or"
            " Zhejiang (a city belongs in the column city).",
        )
    return english


def _url(value: object) -> str:
    text = _text(TITLE)(value)
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise MendableError(
            f"“{text[:60]}”不是网址：请以 https:// 开头完整填写。",
            f"{text[:60]!r} is no address: write it in full, beginning with https://",
        )
    return text


def _language(value: object) -> str:
    text = written(value).casefold()
    found = {"zh": "zh", "en": "en", "中文": "zh", "汉语": "zh", "英文": "en", "英语": "en"}.get(
        text
    )
    if found is None:
        raise MendableError(
            f"“{text[:40]}”不在可选值之内：请写 zh（中文）或 en（英文）。",
            f"{text[:40]!r} is not allowed; write zh or en.",
        )
    return found


Id = Annotated[str, BeforeValidator(_id)]
Ids = Annotated[tuple[str, ...], BeforeValidator(each(_id))]
Short = Annotated[str, BeforeValidator(_text(SHORT))]
Title = Annotated[str, BeforeValidator(_text(TITLE))]
Prose = Annotated[str, BeforeValidator(_text(PROSE))]
Flag = Annotated[bool, BeforeValidator(_flag)]
Day = Annotated[date, BeforeValidator(_day)]
Year = Annotated[int, BeforeValidator(_year)]
Industry = Annotated[str, BeforeValidator(_industry)]
Industries = Annotated[tuple[str, ...], BeforeValidator(each(_industry))]
Region = Annotated[str, BeforeValidator(_region)]
Url = Annotated[str, BeforeValidator(_url)]
Languages = Annotated[tuple[str, ...], BeforeValidator(each(_language))]
